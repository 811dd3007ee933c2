"""The flow without fresh data in closed form, and the time that it takes to collapse."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from heatdeath.errors import ParameterError
from heatdeath.theory.flow import mean_field
from heatdeath.theory.free_flow import collapse_time, free_flow

TEMPERATURES = (0.05, 0.3, 0.9, 0.99, 1.01, 1.5, 3, 50)
STARTS = np.array([[0.4, 0.3, 0.2, 0.1], [0.26, 0.25, 0.25, 0.24], [0.0, 0.7, 0.3, 0.0]])
TIMES = np.array([0, 0.5, 3, 10, 60.0])


def integrate(start, temperature):
    """Solve the flow by LSODA, with the drift as its definition reads."""

    def drift(_, theta):
        powers = np.maximum(theta, 0) ** (1 / temperature)
        return powers / powers.sum() - theta

    solution = solve_ivp(
        drift, (0, TIMES[-1]), start, method="LSODA", t_eval=TIMES, rtol=1e-10, atol=1e-13
    )
    return solution.y.T


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_the_closed_form_is_what_the_flow_integrates_to(temperature):
    flows = free_flow(STARTS, temperature=temperature, log_growth=TIMES)
    for start, flow in zip(STARTS, np.moveaxis(flows, 1, 0), strict=True):
        np.testing.assert_allclose(flow, integrate(start, temperature), atol=2e-7)


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_starts_that_share_a_call_do_not_see_each_other(temperature):
    together = free_flow(STARTS, temperature=temperature, log_growth=TIMES)
    alone = [free_flow(start, temperature=temperature, log_growth=TIMES) for start in STARTS]
    np.testing.assert_allclose(together, np.stack(alone, axis=1), rtol=1e-12, atol=1e-300)


def test_absent_outcomes_stay_absent_and_equal_ones_equal():
    for temperature in TEMPERATURES:
        flow = free_flow([0.0, 0.3, 0.3, 0.4], temperature=temperature, log_growth=TIMES)
        assert (flow[:, 0] == 0).all()
        np.testing.assert_array_equal(flow[:, 1], flow[:, 2])
        np.testing.assert_allclose(flow.sum(-1), 1, atol=1e-14)


def test_at_temperature_one_nothing_moves():
    flow = free_flow(STARTS, temperature=1, log_growth=TIMES)
    np.testing.assert_array_equal(flow, np.broadcast_to(STARTS, flow.shape))


@pytest.mark.parametrize("temperature", [0.05, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("mass", [0.45, 0.5, 0.99])
def test_at_the_time_of_collapse_the_top_outcome_holds_the_mass(temperature, mass):
    start = np.array([0.28, 0.26, 0.24, 0.22])
    time = collapse_time(start, temperature=temperature, mass=mass)
    flow = free_flow(start, temperature=temperature, log_growth=[float(time)])
    assert flow[0, 0] == pytest.approx(mass, rel=1e-9)


def test_equal_rivals_have_the_time_that_the_formula_states():
    rivals, distance = 9, 0.01
    top = 1 / (1 + rivals * np.exp(-distance))
    start = np.append(top, np.full(rivals, top * np.exp(-distance)))
    for temperature in (0.3, 0.7, 0.95):
        b = (1 - temperature) / temperature
        growth = (np.log(np.expm1(b * np.log(rivals))) - np.log(np.expm1(b * distance))) / b
        expected = growth + np.log(2 * top)
        assert collapse_time(start, temperature=temperature) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("initial_size", [1e2, 1e4, 1e8])
def test_near_temperature_one_the_growth_is_an_exponential_of_the_inverse_distance(initial_size):
    # Of n outcomes with equal chances the top one is ahead by the order of √(ℓ₀/n) outputs.
    rivals, temperature = 9, 0.9999
    distance = np.sqrt((rivals + 1) / initial_size)
    start = np.append(1, np.full(rivals, np.exp(-distance)))
    time = collapse_time(start / start.sum(), temperature=temperature)
    expected = np.log(np.log(rivals) / distance)
    assert time * (1 - temperature) / temperature == pytest.approx(expected, abs=1e-3)
    constant = expected - np.log(initial_size) / 2
    assert constant == pytest.approx(np.log(np.log(rivals)) - np.log(rivals + 1) / 2)


def test_a_start_that_has_the_mass_needs_no_time_and_a_tie_for_the_lead_has_all_of_it():
    starts = [[0.6, 0.2, 0.2], [0.4, 0.4, 0.2], [1.0, 0.0, 0.0]]
    np.testing.assert_array_equal(collapse_time(starts, temperature=0.5), [0, np.inf, 0])
    assert np.isfinite(collapse_time([0.4, 0.4, 0.2], temperature=0.5, mass=0.45))


def test_the_integrated_flow_joins_the_closed_form_as_fresh_data_vanish():
    p = np.full(4, 0.25)
    for temperature in (0.3, 0.9, 3):
        exact = mean_field(STARTS, p, temperature=temperature, fresh_fraction=0, log_growth=TIMES)
        nearly = mean_field(
            STARTS[:2], p, temperature=temperature, fresh_fraction=1e-9, log_growth=TIMES
        )
        np.testing.assert_allclose(nearly[:4], exact[:4, :2], atol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: free_flow([0.5, 0.5], temperature=0, log_growth=[1]), "temperature: got 0"),
        (lambda: free_flow([0.5, 0.5], temperature=np.inf, log_growth=[1]), "temperature: got inf"),
        (lambda: collapse_time([0.5, 0.5], temperature=1), "temperature: got 1"),
        (lambda: collapse_time([0.5, 0.5], temperature=0.5, mass=1), "mass: got 1"),
    ],
)
def test_arguments_without_a_meaning_are_refused(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
