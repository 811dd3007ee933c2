"""Tempered weights of the samplers, against exact rational and high-precision arithmetic."""

import math
from decimal import Decimal, getcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heatdeath.tempering import temper
from heatdeath.urn.weights import (
    inverse_temperature,
    largest,
    power_weight,
    tempered_weights,
    weight_increment,
)

getcontext().prec = 60


@given(
    count=st.one_of(st.integers(1, 10_000), st.integers(1, 10**12)).map(float),
    share=st.one_of(st.just(0.0), st.floats(0, 1)),
    beta=st.floats(0.001, 100),
)
@settings(max_examples=600, deadline=None)
def test_the_increment_of_a_weight_is_right_to_a_few_roundings(count, share, beta):
    growth = float(max(1, round(share * count)))
    exact = (Decimal(count + growth) / Decimal(count)) ** Decimal(beta) - 1
    increment = weight_increment(1.0, count, growth, count, beta)
    # Otherwise it is a difference of powers, which keeps the digits of the powers alone.
    by_series = 256 * growth <= count and 64 * beta * growth <= count
    allowed = 1e-14 * float(exact) if by_series else 1e-13 * float(exact + 1)
    assert abs(increment - float(exact)) <= allowed


def test_a_weight_that_underflowed_comes_back_once_its_outcome_has_grown():
    beta, reference = 100.0, 1e9
    count = 5e5
    weight = power_weight(count, reference, beta)
    assert weight == 0.0
    while count < 1e7:
        growth = count / 8192
        weight += weight_increment(weight, count, growth, reference, beta)
        count += growth
    assert weight == pytest.approx(power_weight(count, reference, beta), rel=1e-10)


@pytest.mark.parametrize("temperature", [0, 0.01, 0.5, 1, 3, 1e9, math.inf])
def test_the_weights_are_those_of_temper(temperature):
    rng = np.random.default_rng(0)
    start = rng.integers(0, 1000, 100_000).astype(float)
    added = rng.integers(0, 3, 100_000)
    weights = np.empty(100_000)
    beta = inverse_temperature(temperature)
    total = tempered_weights(start, added, largest(start, added), beta, weights)
    assert math.isfinite(total)
    np.testing.assert_allclose(weights / total, temper(start + added, temperature), rtol=1e-11)


def test_an_outcome_that_is_not_there_weighs_nothing_at_any_temperature():
    start = np.array([0.0, 3.0, 1.0])
    added = np.zeros(3, np.int64)
    for temperature in (0, 0.5, 1, 2, math.inf):
        weights = np.empty(3)
        tempered_weights(start, added, 3.0, inverse_temperature(temperature), weights)
        assert weights[0] == 0
