"""Exponents of relaxation and the noise around equilibria."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from heatdeath.errors import ParameterError
from heatdeath.theory import exact, rates
from heatdeath.theory.equilibria import equilibria
from heatdeath.theory.flow import mean_field

ZIPF = 1 / np.arange(1, 9)
ZIPF /= ZIPF.sum()
UNIFORM = np.full(8, 1 / 8)
CELLS = [(0.5, 0.8), (0.7, 0.5), (1, 0.3), (1.5, 0.2), (4, 0.05)]


def drift(theta, temperature, f):
    powers = theta ** (1 / temperature)
    return f * ZIPF + (1 - f) * powers / powers.sum() - theta


def equilibrium(temperature, f):
    found = equilibria(ZIPF, temperature=temperature, fresh_fraction=f, branches=["faithful"])
    return found[0]


@pytest.mark.parametrize(("temperature", "f"), CELLS)
def test_the_spectrum_is_that_of_the_numerical_jacobian(temperature, f):
    theta = equilibrium(temperature, f).theta
    steps = 1e-6 * np.eye(theta.size)
    jacobian = np.stack(
        [(drift(theta + e, temperature, f) - drift(theta - e, temperature, f)) / 2e-6
         for e in steps], axis=1,
    )  # fmt: skip
    # The direction in which probabilities do not sum to 1 has the eigenvalue 1.
    expected = np.delete(np.sort(-np.linalg.eigvals(jacobian).real), -1)
    found = rates.relaxation_spectrum(theta, temperature=temperature, fresh_fraction=f)
    np.testing.assert_allclose(found, expected, atol=1e-7)


@pytest.mark.parametrize(("temperature", "f"), CELLS)
def test_the_slowest_mode_has_the_exponent_of_the_equilibrium(temperature, f):
    found = equilibrium(temperature, f)
    spectrum = rates.relaxation_spectrum(found.theta, temperature=temperature, fresh_fraction=f)
    assert spectrum[0] == pytest.approx(found.relaxation_exponent, abs=1e-10)


@pytest.mark.parametrize("temperature", [1.1, 2, 10])
def test_hot_loops_without_fresh_data_relax_with_one_exponent(temperature):
    spectrum = rates.relaxation_spectrum(UNIFORM, temperature=temperature, fresh_fraction=0)
    np.testing.assert_allclose(spectrum, 1 - 1 / temperature, atol=1e-14)
    assert spectrum.size == UNIFORM.size - 1


def test_a_corner_is_approached_with_the_exponent_one():
    corner = np.eye(8)[2]
    spectrum = rates.relaxation_spectrum(corner, temperature=0.5, fresh_fraction=0)
    np.testing.assert_array_equal(spectrum, [1])


def test_the_root_mean_square_falls_no_faster_than_the_noise():
    np.testing.assert_array_equal(rates.observed_exponent([0.2, 0.5, 0.8]), [0.2, 0.5, 0.5])


@pytest.mark.parametrize(("temperature", "f"), CELLS)
def test_bias_and_noise_solve_the_equation_of_the_covariance(temperature, f):
    theta, size, times = equilibrium(temperature, f).theta, 500.0, np.array([0, 0.5, 2, 6])
    n = theta.size
    steps = 1e-6 * np.eye(n)
    a = -np.stack(
        [(drift(theta + e, temperature, f) - drift(theta - e, temperature, f)) / 2e-6
         for e in steps], axis=1,
    )  # fmt: skip
    noise = np.diag(theta) - np.outer(theta, theta)
    start = UNIFORM - theta

    def change(s, flat):
        covariance = flat.reshape(n, n)
        return (-a @ covariance - covariance @ a.T + np.exp(-s) / size * noise).ravel()

    solved = solve_ivp(
        change, (0, 6), np.outer(start, start).ravel(), t_eval=times, rtol=1e-9, atol=1e-14
    ).y.T.reshape(-1, n, n)
    expected = [(np.diag(covariance) / theta).sum() for covariance in solved]
    found = rates.mean_square_deviation(
        UNIFORM, theta, temperature=temperature, fresh_fraction=f, initial_size=size,
        log_growth=times,
    )  # fmt: skip
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_at_temperature_one_the_noise_is_that_of_the_exact_second_moments():
    size, outputs = 400, 4000
    moments = exact.second_moments(size * ZIPF, ZIPF, fresh_fraction=0.25, outputs=outputs)
    expected = (np.diag(moments) / ZIPF).sum() - 1
    found = rates.mean_square_deviation(
        ZIPF, ZIPF, temperature=1, fresh_fraction=0.25, initial_size=size,
        log_growth=[np.log1p(outputs / size)],
    )  # fmt: skip
    assert found[0] == pytest.approx(expected, rel=5 / size)


def test_at_the_marginal_exponent_the_noise_has_a_logarithm():
    s = np.array([0.0, 3.0, 20.0])
    at = rates.noise_variance(0.5, initial_size=100, log_growth=s)
    np.testing.assert_allclose(at, s * np.exp(-s) / 100, rtol=1e-14)
    near = rates.noise_variance(0.5 + 1e-10, initial_size=100, log_growth=s)
    np.testing.assert_allclose(near, at, rtol=1e-8)


@pytest.mark.parametrize("exponent", [0.3, 0.5, 0.8])
def test_noise_overtakes_bias_where_the_two_are_equal(exponent):
    bias, size, modes = 0.02, 1000.0, 9
    s = rates.noise_overtakes(exponent, bias=bias, initial_size=size, modes=modes)
    noise = modes * rates.noise_variance(exponent, initial_size=size, log_growth=s)
    assert noise == pytest.approx(bias * np.exp(-2 * exponent * s), rel=1e-10)


def test_a_slow_mode_with_a_large_bias_is_never_overtaken():
    assert rates.noise_overtakes(0.2, bias=0.5, initial_size=1000, modes=9) == np.inf


def test_the_linear_prediction_joins_the_flow_for_small_deviations():
    temperature, f, times = 0.7, 0.5, np.array([0, 2, 5.0])
    theta = equilibrium(temperature, f).theta
    start = theta + 1e-4 * (UNIFORM - theta)
    flow = mean_field(start, ZIPF, temperature=temperature, fresh_fraction=f, log_growth=times)
    linear = rates.mean_square_deviation(
        start, theta, temperature=temperature, fresh_fraction=f, initial_size=np.inf,
        log_growth=times,
    )  # fmt: skip
    np.testing.assert_allclose(linear, ((flow - theta) ** 2 / theta).sum(-1), rtol=2e-3)


def test_a_draw_as_random_as_a_cold_run_is_the_limit_of_an_urn_at_temperature_one():
    assert rates.noise_concentration(1) == 1
    assert rates.noise_concentration(0.5) == 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rates.relaxation_spectrum(UNIFORM, temperature=0, fresh_fraction=0), "temperat"),
        (lambda: rates.relaxation_spectrum(UNIFORM, temperature=2, fresh_fraction=2), "fresh_frac"),
        (
            lambda: rates.relaxation_spectrum(np.ones(6000), temperature=2, fresh_fraction=0),
            "shape of theta",
        ),
        (lambda: rates.noise_concentration(1.5), "temperature: got 1.5"),
    ],
)
def test_arguments_without_a_meaning_are_refused(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
