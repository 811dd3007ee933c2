import math

import numpy as np
import pytest
from scipy import stats

from heatdeath.measure.estimates import (
    Estimate,
    difference_estimate,
    mean_estimate,
    mean_of_estimates,
    ratio_estimate,
    share_estimate,
)

RNG = np.random.default_rng(7)
ONE, OTHER = RNG.normal(1, 2, 9), RNG.normal(3, 1, 14)


def test_the_mean_has_the_interval_of_student():
    expected = stats.ttest_1samp(ONE, 0).confidence_interval(0.999)
    assert mean_estimate(ONE, confidence=0.999) == pytest.approx((ONE.mean(), *expected))


def test_the_difference_has_the_interval_of_welch():
    expected = stats.ttest_ind(ONE, OTHER, equal_var=False).confidence_interval(0.95)
    found = difference_estimate(ONE, OTHER, confidence=0.95)
    assert found == pytest.approx((ONE.mean() - OTHER.mean(), *expected))


def test_a_difference_without_spread_is_a_point():
    assert difference_estimate([2, 2], [1, 1, 1], confidence=0.95) == (1, 1, 1)


def test_the_ratio_of_means_is_within_four_standard_errors_of_the_linearised_one():
    rng = np.random.default_rng(11)
    below = rng.uniform(1, 2, 400)
    above = 0.9 * below + rng.normal(0, 0.1, 400)
    found = ratio_estimate(above, below, confidence=0.95)
    residual = (above - found.value * below) / below.mean()
    error = residual.std(ddof=1) / math.sqrt(400)
    assert found.value == pytest.approx(above.mean() / below.mean())
    # The bootstrap error of 1000 resamples is itself known to 2 %.
    assert (found.high - found.low) / 2 == pytest.approx(1.966 * error, rel=0.12)


def test_a_single_seed_says_nothing_about_the_spread():
    for found in (
        mean_estimate([3.0], confidence=0.95),
        difference_estimate([3.0], [1.0, 2.0], confidence=0.95),
        ratio_estimate([3.0], [1.0], confidence=0.95),
    ):
        assert (found.low, found.high) == (-math.inf, math.inf)


def test_a_share_has_the_interval_of_wilson():
    expected = stats.binomtest(6, 8).proportion_ci(0.95, method="wilson")
    assert share_estimate([True] * 6 + [False] * 2, confidence=0.95) == pytest.approx(
        (0.75, expected.low, expected.high)
    )


def test_the_mean_of_independent_estimates_adds_half_widths_in_squares():
    found = mean_of_estimates([Estimate(1, 0, 2), Estimate(3, 3, 3)])
    assert found == (2, 1.5, 2.5)
