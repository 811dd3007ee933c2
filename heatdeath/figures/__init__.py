"""The figures: each module draws one from aggregates, as PDF and PNG."""
