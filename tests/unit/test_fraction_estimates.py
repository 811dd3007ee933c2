"""Intervals of measured fractions, and the joint test against theory."""

import math

import numpy as np
import pytest
from scipy import stats

from heatdeath.measure.fraction_estimates import FractionEstimate, joint_test
from heatdeath.measure.intervals import coverage_factor, seed_weights, standard_error

FALSE_ALARM = 1e-4


def test_both_errors_count():
    assert FractionEstimate(0.5, 0.03, 0.04).error == pytest.approx(0.05)


def test_the_joint_test_is_a_chi_square_of_all_that_can_be_compared():
    estimates = [FractionEstimate(0.5, 0.01, 0), None, FractionEstimate(0.2, 0.02, 0)]
    theory = [0.52, 0.3, 0.18]
    many = 10**9
    statistic, freedom, p_value = joint_test(estimates, theory, n_seeds=many)
    assert (statistic, freedom) == (pytest.approx(5.0), 2)
    assert p_value == pytest.approx(stats.chi2.sf(5, 2))
    assert joint_test(estimates, [math.nan, 0.3, 0.18], n_seeds=many)[1] == 1
    assert joint_test([None], [0.5], n_seeds=many) == (0.0, 0, 1.0)
    assert joint_test(estimates, theory, n_seeds=many, shift=0.1)[2] < 1e-20


def test_the_joint_test_alarms_as_seldom_as_it_says_with_few_seeds():
    rng = np.random.default_rng(5)
    n_seeds, repetitions, level = 4, 4000, 0.01
    alarms = alarms_of_normal_errors = 0
    for _ in range(repetitions):
        samples = rng.normal(size=(3, n_seeds))
        errors = samples.std(1, ddof=1) / np.sqrt(n_seeds)
        estimates = [
            FractionEstimate(value, error, 0)
            for value, error in zip(samples.mean(1), errors, strict=True)
        ]
        alarms += joint_test(estimates, [0, 0, 0], n_seeds=n_seeds)[2] < level
        alarms_of_normal_errors += joint_test(estimates, [0, 0, 0], n_seeds=10**9)[2] < level
    low, high = stats.binom.interval(1 - FALSE_ALARM, repetitions, level)
    assert low <= alarms <= high
    assert alarms_of_normal_errors > 5 * high


def test_intervals_of_the_bootstrap_hold_the_mean_as_often_as_they_say():
    rng = np.random.default_rng(4)
    n_seeds, repetitions, confidence = 8, 2000, 0.9
    factor = coverage_factor(n_seeds, confidence=confidence)
    held = 0
    for _ in range(repetitions):
        samples = rng.normal(size=n_seeds)
        means = seed_weights(n_seeds, rng, resamples=400) @ samples / n_seeds
        held += abs(means[0]) < factor * standard_error(means, n_seeds)
    low, high = stats.binom.interval(1 - FALSE_ALARM, repetitions, confidence)
    # The spread of 400 resamples is itself uncertain by 3.5 %.
    assert low - 0.01 * repetitions < held < high + 0.01 * repetitions


def test_the_first_resample_is_the_sample_itself():
    weights = seed_weights(5, np.random.default_rng(0), resamples=10)
    assert weights.shape == (11, 5)
    assert weights[0].tolist() == [1] * 5
    assert np.all(weights.sum(1) == 5)
