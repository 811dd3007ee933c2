"""The exact engine: counts of a closed loop, one trajectory at a time."""
