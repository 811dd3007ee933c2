"""Where a share that falls from one to nought crosses one half."""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

_POSITIONS, _WIDTHS = 801, 48
# Widths of the fitted curve: a fall within a hundredth of a step is a jump, and one over three
# times the range no fall at all.
_STEEPEST, _FLATTEST = 0.01, 3.0


class HalfPoint(NamedTuple):
    """Where the share crosses one half."""

    bracketed: bool
    estimate: float
    lower: float
    upper: float


def half_point(places, successes, trials, *, confidence=0.95) -> HalfPoint:
    """Find where a falling share crosses one half.

    A logistic curve 1/(1 + exp((x − h)/w)) is fitted to binomial counts by maximum likelihood; the
    interval of h holds all values whose likelihood, at their best w, is not below the largest one
    by more than Wilks's limit. Where the share jumps between two places, every h between them is as
    likely, and the interval holds all of them.
    """
    places = np.asarray(places, float)
    successes = np.asarray(successes, float)
    first, last = places[0], places[-1]
    centres = np.linspace(first, last, _POSITIONS)
    steep = _STEEPEST * np.diff(places).min()
    widths = np.geomspace(steep, _FLATTEST * (last - first), _WIDTHS)
    likelihood = np.full(_POSITIONS, -np.inf)
    for width in widths:
        slope = (places - centres[:, None]) / width
        # ln(1/(1 + e^x)) without overflow.
        success, failure = -np.logaddexp(0, slope), -np.logaddexp(0, -slope)
        value = success @ successes + failure @ (trials - successes)
        np.maximum(likelihood, value, out=likelihood)
    best = likelihood.max()
    likeliest = centres[likelihood >= best - 1e-3]
    drop = NormalDist().inv_cdf(0.5 + confidence / 2) ** 2 / 2
    inside = centres[likelihood >= best - drop]
    bracketed = bool(inside[0] > first and inside[-1] < last)
    return HalfPoint(
        bracketed,
        float(likeliest[[0, -1]].mean()),
        float(inside[0]),
        float(inside[-1]),
    )
