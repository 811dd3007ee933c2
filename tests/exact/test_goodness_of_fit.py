"""The test that decides the other tests: it accepts what is true and rejects what is not."""

import numpy as np
import pytest
from scipy import stats

from heatdeath.errors import ParameterError
from heatdeath.measure.goodness_of_fit import pearson_test


def test_p_values_of_a_true_law_are_uniform(false_alarm):
    law = stats.binom.pmf(np.arange(61), 60, 0.3)
    rng = np.random.default_rng(1)
    p_values = [pearson_test(rng.multinomial(5000, law), law).p_value for _ in range(2000)]
    assert stats.kstest(p_values, "uniform").pvalue > false_alarm
    assert np.mean(np.array(p_values) < 0.01) < 0.02


def test_a_slightly_different_law_is_rejected(false_alarm):
    count = np.arange(61)
    seen = np.random.default_rng(2).multinomial(50_000, stats.binom.pmf(count, 60, 0.306))
    assert pearson_test(seen, stats.binom.pmf(count, 60, 0.3)).p_value < false_alarm


def test_an_impossible_value_is_rejected_however_rare():
    assert pearson_test([500, 499, 1], [0.5, 0.5, 0]).p_value == 0


def test_a_law_of_one_value_is_met_or_missed():
    assert pearson_test([10, 0], [1, 0]).p_value == 1
    assert pearson_test([9, 1], [1, 0]).p_value == 0


def test_rare_values_are_taken_together_with_their_neighbours():
    result = pearson_test([3, 40, 7, 30, 20], [0.05, 0.35, 0.05, 0.3, 0.25])
    # Bins of {0, 1}, {2, 3} and {4}: expected 40, 35, 25 of 100, seen 43, 37, 20.
    assert result.degrees_of_freedom == 2
    assert result.statistic == pytest.approx(9 / 40 + 4 / 35 + 25 / 25)


@pytest.mark.parametrize(
    ("frequencies", "probabilities"), [([1, 2], [1.0]), ([0, 0], [0.5, 0.5]), ([1, 1], [0.5, 0.4])]
)
def test_frequencies_that_fit_no_law_are_refused(frequencies, probabilities):
    with pytest.raises(ParameterError):
        pearson_test(frequencies, probabilities)
