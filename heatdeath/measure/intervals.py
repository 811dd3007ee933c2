"""Confidence intervals of shares, and quantiles of samples that may hold infinities."""

from statistics import NormalDist

import numpy as np


def wilson(successes, trials, *, confidence=0.95) -> tuple[np.ndarray, np.ndarray]:
    """Confidence interval of a share, by Wilson's score.

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
    """Quantiles along the first axis, by linear interpolation between order statistics.

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
