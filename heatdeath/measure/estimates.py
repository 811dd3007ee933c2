"""Means of seeds, their differences and their ratios, each with an interval."""

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from heatdeath.measure.intervals import coverage_factor, seed_weights, standard_error, wilson

_SEED = 20240404


class Estimate(NamedTuple):
    """A number and its confidence interval."""

    value: float
    low: float
    high: float


def mean_estimate(samples, *, confidence) -> Estimate:
    """Mean of one sample, with Student's interval."""
    samples = np.asarray(samples, float)
    half = math.inf
    if samples.size > 1:
        error = samples.std(ddof=1) / math.sqrt(samples.size)
        half = coverage_factor(samples.size, confidence=confidence) * error
    return _around(samples.mean(), half)


def difference_estimate(samples, others, *, confidence) -> Estimate:
    """Difference of the means of two samples, with Welch's interval.

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
    """Ratio of two means over the same seeds, with an interval by a bootstrap over the seeds."""
    numerators, denominators = np.asarray(numerators, float), np.asarray(denominators, float)
    n_seeds = numerators.size
    if n_seeds < 2:
        return _around(numerators.mean() / denominators.mean(), math.inf)
    weights = seed_weights(n_seeds, np.random.default_rng(_SEED))
    ratios = (weights @ numerators) / (weights @ denominators)
    half = coverage_factor(n_seeds, confidence=confidence) * standard_error(ratios, n_seeds)
    return _around(ratios[0], half)


def share_estimate(successes, *, confidence) -> Estimate:
    """Share of the seeds for which something is true, with Wilson's interval."""
    successes = np.asarray(successes, bool)
    return share_of(int(successes.sum()), successes.size, confidence=confidence)


def share_of(n_successes, n_samples, *, confidence) -> Estimate:
    """Share of successes that were counted, with Wilson's interval."""
    if n_samples == 0:
        return Estimate(math.nan, 0.0, 1.0)
    low, high = wilson(n_successes, n_samples, confidence=confidence)
    return Estimate(n_successes / n_samples, float(low), float(high))


def mean_of_estimates(estimates) -> Estimate:
    """Mean of independent estimates whose intervals have the same coverage."""
    values, low, high = np.array(estimates).T
    half = math.sqrt(np.square((high - low) / 2).sum()) / len(values)
    return _around(values.mean(), half)


def _around(value, half):
    return Estimate(float(value), float(value - half), float(value + half))
