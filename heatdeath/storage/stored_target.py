"""A target as a file of its kind holds it."""

from heatdeath.targets import Target


def stored_target(record) -> Target:
    """Return the target that a record of the kind ``"target"`` holds, without labels.

    Parameters
    ----------
    record : heatdeath.storage.record.Record
        The record.

    Returns
    -------
    heatdeath.targets.Target
        Of its name and probabilities.
    """
    return Target(record.attributes["target"], record.values("probability"))
