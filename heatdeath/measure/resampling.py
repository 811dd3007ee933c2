"""Resampling of seeds: how far an estimate would be off with other seeds."""

import numpy as np
from scipy import special

# Beyond, the normal distribution has no double for the probability.
_LARGEST_Z = 37.0

RESAMPLES = 1000
"""Resamples on which the bootstrap rests."""


def seed_weights(n_seeds, rng, *, resamples=RESAMPLES) -> np.ndarray:
    """Draw how often every seed stands in each of many samples of seeds with replacement.

    Efron, "Bootstrap methods: another look at the jackknife", Ann. Stat. 7, 1979.
    """
    drawn = rng.multinomial(n_seeds, np.full(n_seeds, 1 / n_seeds), size=resamples)
    return np.concatenate([np.ones((1, n_seeds)), drawn])


def standard_error(estimates, n_seeds) -> np.ndarray:
    """Return the bootstrap standard error of an estimate."""
    return np.std(np.asarray(estimates)[1:], axis=0) / np.sqrt(1 - 1 / n_seeds)


def coverage_factor(n_seeds, *, confidence) -> float:
    """Return how many standard errors the half-width of an interval is."""
    return float(special.stdtrit(n_seeds - 1, 0.5 + confidence / 2))


def normal_deviate(t, freedom) -> np.ndarray:
    """Turn deviates of Student's distribution into normal ones of the same probability."""
    lower_tail = special.stdtr(freedom, -np.abs(t))
    with np.errstate(divide="ignore"):
        deviate = -special.ndtri(lower_tail)
    return np.sign(t) * np.minimum(deviate, _LARGEST_Z)
