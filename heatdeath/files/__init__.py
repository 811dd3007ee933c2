"""Files: what they may hold, and how they are written, verified and read."""
