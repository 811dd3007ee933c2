"""Do simulated frequencies follow an exact law? Pearson's test, with rare values taken together."""

from typing import NamedTuple

import numpy as np
from scipy import special

from heatdeath.errors import ParameterError

LEAST_EXPECTED = 20.0
"""Expected count that a bin must reach, for the statistic to follow its limit in the far tail."""


class PearsonTest(NamedTuple):
    """Result of Pearson's test."""

    statistic: float  # infinite if an impossible value was seen
    degrees_of_freedom: int  # bins − 1
    p_value: float  # 1 where the law leaves one bin


def pearson_test(frequencies, probabilities, *, least_expected=LEAST_EXPECTED) -> PearsonTest:
    """Compare how often each value was seen with its probability, both of shape (value,).

    The statistic is Σ (observed − expected)²/expected over the bins. Values that stand next to each
    other are taken together until every bin is expected at least `least_expected` times.
    """
    seen, law = np.asarray(frequencies), np.asarray(probabilities, float)
    if seen.ndim != 1 or seen.shape != law.shape or seen.sum() == 0:
        raise ParameterError(
            "frequencies", seen.shape, f"frequencies of the {law.size} values, not all zero"
        )
    if not abs(law.sum() - 1) < 1e-6:
        raise ParameterError("probabilities", float(law.sum()), "probabilities with the sum 1")
    expected = law * seen.sum()
    bins = _bins(expected, least_expected)
    observed, expected = np.bincount(bins, seen), np.bincount(bins, expected)
    freedom = observed.size - 1
    if np.any(seen[law == 0] > 0):
        return PearsonTest(np.inf, freedom, 0.0)
    statistic = float(np.sum((observed - expected) ** 2 / expected))
    return PearsonTest(
        statistic, freedom, float(special.chdtrc(freedom, statistic)) if freedom else 1.0
    )


def _bins(expected, least):
    """Give every value its bin; the last, incomplete bin joins the one before it."""
    bins = np.empty(expected.size, np.int64)
    current, filled = 0, 0.0
    for i, amount in enumerate(expected):
        bins[i] = current
        filled += amount
        if filled >= least:
            current, filled = current + 1, 0.0
    return np.minimum(bins, max(current - 1, 0))
