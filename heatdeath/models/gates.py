"""What the quality gate of a family reports: one number held against one threshold."""

from typing import NamedTuple


class Gate(NamedTuple):
    """One quality of a model that was fitted to real data alone.

    Parameters
    ----------
    name : str
        What was measured.
    value : float
        The measurement.
    threshold : float
        What it was held against.
    passed : bool
        Whether the model is good enough to enter a closed loop.
    """

    name: str
    value: float
    threshold: float
    passed: bool
