"""Splits of a block and waiting times at the sizes of long horizons, against their laws."""

import numba
import numpy as np
import pytest
from scipy import stats

from heatdeath.measure.goodness_of_fit import pearson_test
from heatdeath.urn import draws


@numba.njit
def repeat(draw, arguments, replicas, rng):
    drawn = np.empty(replicas, np.int64)
    for i in range(replicas):
        drawn[i] = draw(*arguments, rng)
    return drawn


@pytest.mark.parametrize(
    ("good", "bad", "wanted"),
    [(40, 3, 41), (3000, 50_000, 1000), (2 * 10**9, 10**9, 10**6)],
)
def test_hypergeometric_draws_follow_their_law(false_alarm, good, bad, wanted):
    drawn = repeat(draws.hypergeometric, (good, bad, wanted), 50_000, np.random.default_rng(1))
    low = max(0, drawn.min() - 1000, wanted - bad)
    high = min(good, wanted, drawn.max() + 1000)
    support = np.arange(low, high + 1)
    if good > 10**6:
        # Logarithms of factorials lose the digits here. Less than a thousandth of all items is
        # drawn, which is a binomial sample up to that share of its variance.
        law = stats.binom.pmf(support, wanted, good / (good + bad))
    else:
        law = stats.hypergeom.pmf(support, good + bad, good, wanted)
    assert pearson_test(np.bincount(drawn - low, minlength=law.size), law).p_value > false_alarm


def test_subsets_follow_the_multivariate_hypergeometric_law(compositions, tally, false_alarm):
    counts, rng = np.array([4, 0, 2, 3]), np.random.default_rng(2)
    chosen = np.empty((20_000, 4), np.int64)
    for row in chosen:
        draws.subset(counts, 9, 5, row, rng)
    states = [state for state in compositions(5, 4) if (np.array(state) <= counts).all()]
    law = stats.multivariate_hypergeom.pmf(states, counts, 5)
    assert pearson_test(tally(chosen, states), law).p_value > false_alarm


def test_tiny_chances_have_the_waiting_times_of_their_size(false_alarm):
    cap = 10**18
    drawn = repeat(draws.waiting_time, (1e-15, cap), 20_000, np.random.default_rng(7))
    assert stats.kstest(drawn * 1e-15, "expon").pvalue > false_alarm
