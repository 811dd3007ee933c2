"""Capture by frozen noise: against random deviations, and against the equilibria."""

import numpy as np
import pytest

from heatdeath.errors import ParameterError
from heatdeath.theory.equilibria import equilibria
from heatdeath.theory.frozen_noise import capture_probability, half_capture_fraction


@pytest.mark.parametrize("mass", [0.11, 0.13, 0.16])
def test_the_probability_is_that_of_the_largest_of_independent_deviations(mass):
    n, size, draws = 10, 300, 100_000
    spread = np.sqrt(2 * 0.1 * 0.9 / size)
    largest = np.random.default_rng(5).normal(0.1, spread, (draws, n)).max(axis=1)
    expected = np.mean(largest > mass)
    found = capture_probability(mass, n_outcomes=n, initial_size=size)
    # 4 standard errors: a false alarm in fewer than 1 of 10,000 tries.
    assert abs(found - expected) < 4 * np.sqrt(found * (1 - found) / draws)


def test_larger_starts_and_further_saddles_capture_less():
    far = capture_probability([0.02, 0.03, 0.05], n_outcomes=100, initial_size=1000)
    assert (np.diff(far) < 0).all()
    large = [float(capture_probability(0.02, n_outcomes=100, initial_size=s)) for s in (1e2, 1e4)]
    assert large[0] > large[1]


@pytest.mark.parametrize("temperature", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("n", [3, 100])
def test_at_the_half_fraction_half_are_captured_by_the_saddle_of_the_equilibria(n, temperature):
    size = 1e5 * n
    half = half_capture_fraction(n_outcomes=n, temperature=temperature, initial_size=size)
    saddle = next(
        each
        for each in equilibria(
            f"uniform:{n}", temperature=temperature, fresh_fraction=half, branches=[0]
        )
        if not each.stable
    )
    share = capture_probability(saddle.theta[0], n_outcomes=n, initial_size=size)
    assert share == pytest.approx(0.5, abs=1e-6)


def test_the_half_fraction_falls_to_the_fold_as_the_root_of_the_size():
    sizes = np.array([1e8, 1e10, 1e12])
    above = [
        half_capture_fraction(n_outcomes=100, temperature=0.5, initial_size=size) - 0.5
        for size in sizes
    ]
    np.testing.assert_allclose(above * np.sqrt(sizes), above[-1] * 1e6, rtol=5e-3)


def test_a_start_too_small_to_stay_anywhere_is_captured_up_to_the_last_fold():
    half = half_capture_fraction(n_outcomes=100, temperature=0.5, initial_size=1e-3)
    ratio = 100 / (2 * np.sqrt(99))
    assert half == pytest.approx(ratio / (1 + ratio), abs=1e-5)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"n_outcomes": 1}, "n_outcomes: got 1"),
        ({"initial_size": 0}, "initial_size: got 0"),
        ({"initial_size": np.inf}, "initial_size: got inf"),
        ({"temperature": 1}, "temperature: got 1"),
        ({"temperature": 0}, "temperature: got 0"),
    ],
)
def test_a_bad_argument_is_refused_by_name(changes, says):
    arguments = {"n_outcomes": 10, "temperature": 0.5, "initial_size": 100}
    with pytest.raises(ParameterError, match=says):
        half_capture_fraction(**(arguments | changes))
