"""The mean-field flow."""

import numpy as np
import pytest

from heatdeath.tempering import temper
from heatdeath.theory.flow import mean_field

P = np.array([0.4, 0.3, 0.2, 0.1])
TIMES = np.linspace(0, 8, 9)


def euler(theta, temperature, f, until, steps=8_000):
    """Solve the flow by an independent method: one outcome's share at a time, in small steps."""
    theta, step = np.array(theta), until / steps
    for _ in range(steps):
        theta = theta + step * (f * P + (1 - f) * temper(theta, temperature) - theta)
    return theta


@pytest.mark.parametrize("temperature", [0, 0.3, 0.8, 1, 1.5, 4, np.inf])
@pytest.mark.parametrize("f", [0, 0.2, 1])
def test_the_flow_agrees_with_small_steps(temperature, f):
    start = np.array([0.35, 0.4, 0.2, 0.05])
    flow = mean_field(start, P, temperature=temperature, fresh_fraction=f, log_growth=[0, 2.0])
    expected = euler(start, temperature, f, 2.0)
    np.testing.assert_allclose(flow[-1], expected, atol=5e-4)


@pytest.mark.parametrize("temperature", [0, 0.3, 1, 1.5, np.inf])
def test_the_flow_starts_at_the_start_and_stays_a_distribution(temperature):
    start = np.array([0.1, 0.2, 0.3, 0.4])
    flow = mean_field(start, P, temperature=temperature, fresh_fraction=0.1, log_growth=TIMES)
    np.testing.assert_allclose(flow[0], start, atol=1e-12)
    np.testing.assert_allclose(flow.sum(1), 1, atol=1e-7)
    assert flow.min() > -1e-9


def test_at_temperature_one_fresh_data_pull_exponentially_in_log_time():
    start = np.array([1.0, 0, 0, 0])
    flow = mean_field(start, P, temperature=1, fresh_fraction=0.25, log_growth=TIMES)
    expected = P + (start - P) * np.exp(-0.25 * TIMES)[:, None]
    np.testing.assert_allclose(flow, expected, atol=1e-14)


def test_without_fresh_data_heat_death_reaches_the_outcomes_that_are_present_and_no_others():
    start = np.array([0.7, 0.2, 0.1, 0.0])
    flow = mean_field(start, P, temperature=4, fresh_fraction=0, log_growth=[0, 40])
    np.testing.assert_allclose(flow[-1], [1 / 3, 1 / 3, 1 / 3, 0], atol=1e-8)


def test_below_temperature_one_the_flow_collapses_onto_the_leader():
    flow = mean_field(P, P, temperature=0.5, fresh_fraction=0, log_growth=[0, 30])
    np.testing.assert_allclose(flow[-1], [1, 0, 0, 0], atol=1e-8)


def test_greedy_sampling_follows_the_leader_until_fresh_data_overtake_it():
    start = np.array([0.0, 0.1, 0.2, 0.7])
    p = np.array([0.9, 0.05, 0.03, 0.02])
    flow = mean_field(start, p, temperature=0, fresh_fraction=0.8, log_growth=[0, 0.1, 30])
    expected = 0.8 * p + 0.2 * np.array([0, 0, 0, 1.0])
    np.testing.assert_allclose(flow[1], expected + (start - expected) * np.exp(-0.1), atol=1e-12)
    np.testing.assert_allclose(flow[2], 0.8 * p + [0.2, 0, 0, 0], atol=1e-9)


def test_greedy_sampling_keeps_a_tie_without_fresh_data_and_breaks_it_with_them():
    start = np.array([0.4, 0.4, 0.2, 0.0])
    tied = mean_field(start, P, temperature=0, fresh_fraction=0, log_growth=[0, 30])
    np.testing.assert_allclose(tied[-1], [0.5, 0.5, 0, 0], atol=1e-9)
    broken = mean_field(start, P, temperature=0, fresh_fraction=0.1, log_growth=[0, 30])
    assert broken[-1].argmax() == 0
    np.testing.assert_allclose(broken[-1][0], 0.1 * 0.4 + 0.9, atol=1e-9)
