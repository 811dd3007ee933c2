"""Means of seeds, their differences and their ratios, each with an interval."""

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from heatdeath.measure.intervals import (
    coverage_factor,
    resampled_interval,
    seed_weights,
    wilson,
)

_SEED = 20240404  # of the bootstrap


class Estimate(NamedTuple):
    """A number and its confidence interval."""

    value: float
    low: float  # infinite where the samples say nothing about it
    high: float


def mean_estimate(samples, *, confidence) -> Estimate:
    """Return the mean of samples, shape (seed,), with Student's interval; of one the whole line."""
    samples = np.asarray(samples, float)
    half = math.inf
    if samples.size > 1:
        error = samples.std(ddof=1) / math.sqrt(samples.size)
        half = coverage_factor(samples.size, confidence=confidence) * error
    return _around(samples.mean(), half)


def difference_estimate(samples, others, *, confidence) -> Estimate:
    """Return the mean of samples less that of others, with Welch's interval.

    Welch, "The generalization of Student's problem", Biometrika 34, 1947.
    """
    both = [np.asarray(samples, float), np.asarray(others, float)]
    difference = both[0].mean() - both[1].mean()
    if min(each.size for each in both) < 2:
        return _around(difference, math.inf)
    variances = [each.var(ddof=1) / each.size for each in both]
    total = sum(variances)
    if total == 0:
        return _around(difference, 0.0)
    freedom = total**2 / sum(
        v**2 / (each.size - 1) for v, each in zip(variances, both, strict=True)
    )
    factor = special.stdtrit(freedom, 0.5 + confidence / 2)
    return _around(difference, factor * math.sqrt(total))


def ratio_estimate(numerators, denominators, *, confidence) -> Estimate:
    """Return the ratio of two means over the same seeds, with an interval by resampled seeds."""
    numerators, denominators = np.asarray(numerators, float), np.asarray(denominators, float)
    n_seeds = numerators.size
    if n_seeds < 2:
        return _around(numerators.mean() / denominators.mean(), math.inf)
    weights = seed_weights(n_seeds, np.random.default_rng(_SEED))
    ratios = (weights @ numerators) / (weights @ denominators)
    low, high = resampled_interval(ratios, n_seeds, confidence=confidence)
    return Estimate(float(ratios[0]), float(low), float(high))


def share_estimate(successes, *, confidence) -> Estimate:
    """Return the share of the seeds for which something is true, with Wilson's interval."""
    successes = np.asarray(successes, bool)
    return share_of(int(successes.sum()), successes.size, confidence=confidence)


def share_of(n_successes, n_samples, *, confidence) -> Estimate:
    """Return the share of successes with Wilson's interval; of no samples that from 0 to 1."""
    if n_samples == 0:
        return Estimate(math.nan, 0.0, 1.0)
    low, high = wilson(n_successes, n_samples, confidence=confidence)
    return Estimate(n_successes / n_samples, float(low), float(high))


def mean_of_estimates(estimates) -> Estimate:
    """Return the mean of independent estimates whose intervals have the same coverage."""
    values, low, high = np.array(estimates).T
    half = math.sqrt(np.square((high - low) / 2).sum()) / len(values)
    return _around(values.mean(), half)


def _around(value, half):
    return Estimate(float(value), float(value - half), float(value + half))
