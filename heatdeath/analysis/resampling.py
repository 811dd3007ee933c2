"""Resampling of seeds: how far an estimate would be off with other seeds."""

import numpy as np
from scipy import special

# Beyond, the normal distribution has no double for the probability.
_LARGEST_Z = 37.0

RESAMPLES = 1000
"""Resamples on which the bootstrap rests."""


def seed_weights(n_seeds, rng, *, resamples=RESAMPLES) -> np.ndarray:
    """Draw how often every seed stands in each of many samples of seeds with replacement.

    Parameters
    ----------
    n_seeds : int
        Number of seeds.
    rng : numpy.random.Generator
        Source of the draws; the caller fixes its seed.
    resamples : int
        Number of samples.

    Returns
    -------
    numpy.ndarray, shape (1 + resamples, n_seeds)
        Numbers that sum to n_seeds in each row. The first row is the sample itself: all ones.

    References
    ----------
    Efron, "Bootstrap methods: another look at the jackknife", Ann. Stat. 7, 1979.
    """
    drawn = rng.multinomial(n_seeds, np.full(n_seeds, 1 / n_seeds), size=resamples)
    return np.concatenate([np.ones((1, n_seeds)), drawn])


def standard_error(estimates, n_seeds) -> np.ndarray:
    """Return the bootstrap standard error of an estimate.

    Parameters
    ----------
    estimates : array_like, shape (1 + resamples, ...)
        The estimate of the sample itself, then those of its resamples.
    n_seeds : int
        Number of seeds, at least 2; the bootstrap spread is smaller than the standard error by
        √(1 − 1/n_seeds), which is made up for.

    Returns
    -------
    numpy.ndarray, shape (...)
        The standard error.
    """
    return np.std(np.asarray(estimates)[1:], axis=0) / np.sqrt(1 - 1 / n_seeds)


def coverage_factor(n_seeds, *, confidence) -> float:
    """Return how many standard errors the half-width of an interval is.

    Parameters
    ----------
    n_seeds : int
        Seeds from which the standard error was estimated, at least 2.
    confidence : float
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    float
        The quantile of Student's t with n_seeds − 1 degrees of freedom.
    """
    return float(special.stdtrit(n_seeds - 1, 0.5 + confidence / 2))


def normal_deviate(t, freedom) -> np.ndarray:
    """Turn deviates of Student's distribution into normal ones of the same probability.

    Parameters
    ----------
    t : array_like, shape (...)
        Deviates.
    freedom : int
        Degrees of freedom.

    Returns
    -------
    numpy.ndarray, shape (...)
        From −37 to 37, the range of the normal distribution in doubles.
    """
    lower_tail = special.stdtr(freedom, -np.abs(t))
    with np.errstate(divide="ignore"):
        deviate = -special.ndtri(lower_tail)
    return np.sign(t) * np.minimum(deviate, _LARGEST_Z)
