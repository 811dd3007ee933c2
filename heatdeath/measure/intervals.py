"""Intervals of shares and of means over seeds, resamples of seeds, and quantiles."""

from statistics import NormalDist

import numpy as np
from scipy import special

ENDS = (("bound",), np.array(("lower", "upper")))
"""The ends of an interval, as a coordinate of a record."""
RESAMPLES = 1000
"""Resamples on which the bootstrap rests."""

# Beyond, the normal distribution has no double for the probability.
_LARGEST_Z = 37.0


def wilson(successes, trials, *, confidence=0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the confidence interval of a share, by Wilson's score.

    With z the two-sided normal quantile and s successes in N trials, the limits are
    (s + z²/2 ± z·√(s(N − s)/N + z²/4)) / (N + z²) (Wilson, J. Am. Stat. Assoc. 22, 209, 1927).
    """
    successes, trials = np.asarray(successes, float), np.asarray(trials, float)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    centre = successes + z**2 / 2
    spread = z * np.sqrt(successes * (trials - successes) / trials + z**2 / 4)
    lower = np.where(successes == 0, 0.0, (centre - spread) / (trials + z**2))
    upper = np.where(successes == trials, 1.0, (centre + spread) / (trials + z**2))
    return lower, upper


def quantiles(samples, probabilities) -> np.ndarray:
    """Return quantiles along the first axis, shape (..., quantile), by linear interpolation.

    The same as `numpy.quantile` for finite samples; an infinite sample gives an infinite quantile
    instead of a NaN.
    """
    ordered = np.sort(np.asarray(samples, float), axis=0)
    position = np.asarray(probabilities, float) * (len(ordered) - 1)
    below = np.floor(position).astype(int)
    weight = position - below
    result = []
    for i, w in zip(below, weight, strict=True):
        low = ordered[i]
        high = ordered[i + 1] if w > 0 else low
        with np.errstate(invalid="ignore"):
            result.append(np.where(low == high, low, low + (high - low) * w))
    return np.stack(result, axis=-1)


def seed_weights(n_seeds, rng, *, resamples=RESAMPLES) -> np.ndarray:
    """Draw how often each seed stands in samples with replacement, shape (1 + resample, seed).

    The first row is all ones: the sample itself.

    Efron, "Bootstrap methods: another look at the jackknife", Ann. Stat. 7, 1979.
    """
    drawn = rng.multinomial(n_seeds, np.full(n_seeds, 1 / n_seeds), size=resamples)
    return np.concatenate([np.ones((1, n_seeds)), drawn])


def standard_error(estimates, n_seeds) -> np.ndarray:
    """Return the standard error of an estimate that is followed by those of its resamples.

    Resamples of n seeds spread √(1 − 1/n) times as much as other seeds would.
    """
    return np.std(np.asarray(estimates)[1:], axis=0) / np.sqrt(1 - 1 / n_seeds)


def coverage_factor(n_seeds, *, confidence) -> float:
    """Return how many standard errors the half-width of Student's interval is."""
    return float(special.stdtrit(n_seeds - 1, 0.5 + confidence / 2))


def resampled_interval(estimates, n_seeds, *, confidence) -> np.ndarray:
    """Return the interval, shape (..., 2), of an estimate followed by those of its resamples."""
    reach = coverage_factor(n_seeds, confidence=confidence) * standard_error(estimates, n_seeds)
    return np.stack([estimates[0] - reach, estimates[0] + reach], axis=-1)


def normal_deviate(t, freedom) -> np.ndarray:
    """Turn deviates of Student's distribution into normal ones of the same probability."""
    lower_tail = special.stdtr(freedom, -np.abs(t))
    with np.errstate(divide="ignore"):
        deviate = -special.ndtri(lower_tail)
    return np.sign(t) * np.minimum(deviate, _LARGEST_Z)
