"""The roles that studies play where claims are judged."""

FAMILIES = "families"
"""Role of studies of families of generative models; each is judged on its own."""

SEEDS_OF = ("plane", "neutral", FAMILIES)
"""Roles of studies of which the trajectories are read."""

AGGREGATE_OF = (
    "relaxation",
    "collapse_time",
    "growth",
    "recovery",
    "tolerance_scan",
    "capture",
)
"""Roles of studies of which the aggregate is read; each is the kind of its studies."""
