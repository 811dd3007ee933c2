"""Quality gates: whether a family learns real data well enough that its collapse says something."""

from typing import NamedTuple


class Gate(NamedTuple):
    """What a fit to real data alone reached, and what it had to reach.

    Parameters
    ----------
    name : str
        What is judged, for example ``"frechet_distance"``.
    value : float
        What the fit reached.
    threshold : float
        The bound; its side is in the name's description.
    passed : bool
        Whether the value is on the right side of the threshold.
    """

    name: str
    value: float
    threshold: float
    passed: bool
