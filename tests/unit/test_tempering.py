"""Tempering, against 60-digit decimal arithmetic and closed forms."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from heatdeath.checks import check_temperature
from heatdeath.errors import ParameterError
from heatdeath.tempering import temper

TEMPERATURES = st.one_of(
    st.sampled_from([0.0, 0.01, 0.5, 1.0, 2.0, 1e6, math.inf]), st.floats(0.01, 100)
)
WEIGHTS = arrays(
    np.float64,
    st.integers(1, 20),
    elements=st.one_of(st.just(0.0), st.floats(1e-300, 1.0)),
).filter(lambda weights: weights.max() > 0)


def tempered_in_decimals(theta, temperature):
    """τ_T(θ) in 60 digits, by the definition."""
    with localcontext() as context:
        context.prec = 60
        context.Emin = -(10**12)
        exponent = 1 / Decimal(float(temperature))
        powers = [Decimal(float(x)) ** exponent if x > 0 else Decimal(0) for x in theta]
        total = sum(powers)
        return np.array([float(power / total) for power in powers])


@pytest.mark.parametrize("temperature", [0.01, 0.1, 0.5, 0.8, 1, 1.25, 3, 1e4])
def test_tempering_equals_its_definition_in_sixty_digits(temperature):
    theta = np.random.default_rng(1).dirichlet(np.full(30, 0.3))
    expected = tempered_in_decimals(theta, temperature)
    # The power's exponent 1/T is rounded, hence an error of |ln(tau)| roundings.
    np.testing.assert_allclose(
        temper(theta, temperature), expected, rtol=2e-13, atol=np.finfo(float).tiny
    )


def test_neighbouring_large_counts_keep_their_ratio_at_a_hundredth_of_a_degree():
    counts = np.array([10**12, 10**12 - 1, 10**12 - 10**10], dtype=np.float64)
    np.testing.assert_allclose(temper(counts, 0.01), tempered_in_decimals(counts, 0.01), rtol=1e-13)


def test_a_hundred_thousand_outcomes_at_a_hundredth_of_a_degree_neither_overflow_nor_underflow():
    theta = 1.0 / np.arange(1, 100_001)
    theta /= theta.sum()
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        tempered = temper(theta, 0.01)
    # Relative to the first outcome, the second has 2**-100 and the tenth 1e-100.
    assert tempered[0] == pytest.approx(1 / (1 + 2.0**-100), rel=1e-15)
    assert tempered[1] / tempered[0] == pytest.approx(2.0**-100, rel=1e-13)
    assert tempered[9] / tempered[0] == pytest.approx(1e-100, rel=1e-13)
    assert tempered.sum() == pytest.approx(1, abs=1e-12)


def test_equal_outcomes_stay_equal_at_every_temperature_with_a_hundred_thousand_of_them():
    theta = np.full(100_000, 1e-5)
    for temperature in (0, 0.01, 1, 7.0, math.inf):
        np.testing.assert_allclose(temper(theta, temperature), 1e-5, rtol=1e-12)


def test_zero_temperature_is_uniform_over_the_most_probable_outcomes():
    np.testing.assert_array_equal(temper([0.2, 0.4, 0.0, 0.4], 0), [0, 0.5, 0, 0.5])


def test_zero_temperature_separates_counts_that_differ_by_one_output():
    np.testing.assert_array_equal(temper([10**12, 10**12 + 1], 0), [0, 1])


def test_infinite_temperature_is_uniform_over_the_support():
    np.testing.assert_array_equal(
        temper([0.9, 0.0, 5e-324, 0.1], math.inf), np.array([1, 0, 1, 1]) / 3
    )


def test_a_tiny_temperature_is_zero_temperature_where_no_outcomes_are_close():
    np.testing.assert_array_equal(temper([0.3, 0.4, 0.3], 5e-324), temper([0.3, 0.4, 0.3], 0))


def test_a_huge_temperature_is_uniform_over_the_support_and_keeps_zeros():
    theta = [0.9, 0.0, 1e-300, 0.1]
    np.testing.assert_allclose(temper(theta, 1.7e308), temper(theta, math.inf), rtol=1e-15)


def test_temperature_one_returns_a_normalised_distribution_bit_for_bit():
    theta = np.array([0.5, 0.25, 0.125, 0.125])
    np.testing.assert_array_equal(temper(theta, 1), theta)


def test_subnormal_probabilities_are_tempered_like_others():
    theta = np.array([1.0, 1e-310])
    assert temper(theta, 2)[1] == pytest.approx(1e-155, rel=1e-9)
    assert temper(theta, 10)[1] == pytest.approx(1e-31, rel=1e-9)
    assert temper(theta, 0.5)[1] == 0


def test_two_outcomes_follow_the_logistic_of_their_log_odds():
    log_odds = np.linspace(-30, 30, 61)
    theta = np.stack([1 / (1 + np.exp(-log_odds)), 1 / (1 + np.exp(log_odds))], axis=-1)
    np.testing.assert_allclose(temper(theta, 3)[:, 0], 1 / (1 + np.exp(-log_odds / 3)), rtol=1e-12)


def test_each_row_of_a_stack_is_tempered_alone():
    stack = np.random.default_rng(2).dirichlet(np.ones(7), size=(3, 4))
    tempered = temper(stack, 0.3)
    for index in np.ndindex(3, 4):
        np.testing.assert_allclose(tempered[index], temper(stack[index], 0.3), rtol=1e-15)


def test_the_input_is_left_as_it_was():
    for temperature in (0, 0.5, 1, math.inf):
        theta = np.array([0.25, 0.75, 0.0])
        temper(theta, temperature)[:] = -1
        np.testing.assert_array_equal(theta, [0.25, 0.75, 0.0])


@given(weights=WEIGHTS, temperature=TEMPERATURES)
def test_the_result_is_a_distribution_whose_support_is_not_larger(weights, temperature):
    tempered = temper(weights, temperature)
    assert np.all(tempered >= 0)
    assert tempered.sum() == pytest.approx(1, abs=1e-12)
    assert np.all(tempered[weights == 0] == 0)


@given(weights=WEIGHTS, temperature=TEMPERATURES)
def test_the_order_of_probabilities_is_kept(weights, temperature):
    order = np.argsort(weights)
    assert np.all(np.diff(temper(weights, temperature)[order]) >= 0)


@given(weights=WEIGHTS, temperature=TEMPERATURES, exponent=st.integers(-20, 20))
def test_a_power_of_two_as_a_common_factor_changes_nothing(weights, temperature, exponent):
    weights = np.where(weights < 1e-290, 0.0, weights)
    weights[0] = 1.0
    scaled = np.ldexp(weights, exponent)
    np.testing.assert_allclose(
        temper(scaled, temperature), temper(weights, temperature), rtol=1e-14
    )


@given(
    weights=arrays(np.float64, st.integers(1, 10), elements=st.floats(0.01, 1)),
    first=st.floats(0.2, 5),
    second=st.floats(0.2, 5),
)
def test_tempering_twice_multiplies_the_temperatures(weights, first, second):
    np.testing.assert_allclose(
        temper(temper(weights, first), second), temper(weights, first * second), rtol=1e-9
    )


@pytest.mark.parametrize("value", [-1, -1e-300, math.nan, -math.inf, "1", None, True, 1j, [1.0]])
def test_a_temperature_that_is_not_from_zero_to_infinity_is_refused_with_its_value(value):
    with pytest.raises(ParameterError, match="temperature") as caught:
        check_temperature(value)
    assert repr(value) in str(caught.value)
    assert "a number >= 0, or inf" in str(caught.value)


def test_an_integer_too_large_for_a_double_is_refused():
    with pytest.raises(ParameterError, match="temperature"):
        check_temperature(10**400)


def test_an_allowed_temperature_comes_back_as_a_plain_float():
    for value in (0, -0.0, 2, 0.5, np.float64(0.5), np.int64(3), math.inf):
        checked = check_temperature(value)
        assert type(checked) is float
        assert checked == value
        assert math.copysign(1, checked) == 1


@pytest.mark.parametrize(
    "theta", [[-0.1, 1.1], [math.nan, 1.0], [math.inf, 1.0], [0.0, 0.0], [], 0.5, [[1, 0], [0, 0]]]
)
@pytest.mark.parametrize("temperature", [0, 0.5, 1, math.inf])
def test_what_is_no_distribution_is_refused(theta, temperature):
    with pytest.raises(ParameterError, match="theta"):
        temper(theta, temperature)


def test_sums_and_ratios_beyond_the_doubles_are_tempered_all_the_same():
    np.testing.assert_array_equal(temper([1e308, 1e308], 1), [0.5, 0.5])
    np.testing.assert_allclose(temper([1e-300, 1e300], 100), [1e-6 / (1 + 1e-6), 1 / (1 + 1e-6)])
