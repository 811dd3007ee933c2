"""A target as a file of its kind holds it."""

from heatdeath.targets import Target


def stored_target(record) -> Target:
    """Return the target that a record of the kind ``"target"`` holds, without labels."""
    return Target(record.attributes["target"], record.values("probability"))
