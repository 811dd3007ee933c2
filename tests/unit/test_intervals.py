"""Wilson intervals and quantiles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from heatdeath.measure.intervals import quantiles, wilson


def test_the_interval_is_the_one_that_is_tabulated():
    # Newcombe, Statistics in Medicine 17, 857 (1998), table I, method 3.
    lower, upper = wilson([81, 15, 0, 1], [263, 148, 20, 29])
    np.testing.assert_allclose(lower, [0.2553, 0.0624, 0.0, 0.0061], atol=5e-5)
    np.testing.assert_allclose(upper, [0.3662, 0.1605, 0.1611, 0.1718], atol=5e-5)


@given(trials=st.integers(1, 1000), data=st.data())
def test_the_interval_contains_the_share_and_stays_within_zero_and_one(trials, data):
    successes = data.draw(st.integers(0, trials))
    lower, upper = wilson(successes, trials)
    assert 0 <= lower <= successes / trials <= upper <= 1


def test_the_interval_covers_as_often_as_it_says():
    # The coverage of Wilson's interval averages the nominal one over shares: 95.0 % within 1 %.
    n, shares = 32, np.linspace(0.05, 0.95, 181)
    successes = np.arange(n + 1)
    lower, upper = wilson(successes, n)
    weights = np.array([_binomial(n, share) for share in shares])
    covered = (lower <= shares[:, None]) & (shares[:, None] <= upper)
    assert (weights * covered).sum(1).mean() == pytest.approx(0.95, abs=0.01)


def _binomial(n, share):
    weights = np.ones(1)
    for _ in range(n):
        weights = np.convolve(weights, [1 - share, share])
    return weights


@given(
    samples=arrays(
        float, st.tuples(st.integers(1, 12), st.integers(1, 3)), elements=st.floats(-1e6, 1e6)
    )
)
def test_quantiles_of_finite_samples_are_those_of_numpy(samples):
    probabilities = (0, 0.05, 0.25, 0.5, 0.9, 1)
    expected = np.moveaxis(np.quantile(samples, probabilities, axis=0), 0, -1)
    np.testing.assert_allclose(quantiles(samples, probabilities), expected, atol=1e-6)


def test_quantiles_of_infinite_samples_are_infinite_and_never_nan():
    result = quantiles([1.0, np.inf, np.inf], (0, 0.25, 0.5, 0.75, 1))
    np.testing.assert_array_equal(result, [1, np.inf, np.inf, np.inf, np.inf])


def test_quantiles_do_not_depend_on_the_order_of_the_samples():
    samples = np.random.default_rng(0).normal(size=(9, 4))
    np.testing.assert_array_equal(quantiles(samples, (0.3,)), quantiles(samples[::-1], (0.3,)))
