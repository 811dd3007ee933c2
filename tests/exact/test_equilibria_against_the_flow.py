"""The equilibria and their folds against the flow itself, integrated from many starts.

The oracle integrates dθ/ds = f·p + (1 − f)·τ_T(θ) − θ with SciPy, written out here: it knows
nothing of branches, and finds stable equilibria only by going there.
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from heatdeath import critical_fractions, equilibria, targets
from heatdeath.theory.critical import recovery_fraction

# The flow passes a vanished fold in a log-time of about π over the root of the distance to it,
# so that a bisection with this log-time ends within about 10⁻³ of the fold.
LONG = 400.0
ACCURACY = 2e-3


def end_of_the_flow(theta, p, temperature, f, log_time=LONG):
    def velocity(_, state):
        state = np.maximum(state, 0)
        powers = (state / state.max()) ** (1 / temperature)
        return f * p + (1 - f) * powers / powers.sum() - state

    solution = solve_ivp(
        velocity, (0, log_time), theta, method="LSODA", rtol=1e-9, atol=1e-13, t_eval=[log_time]
    )
    assert solution.success
    return solution.y[:, -1]


def collapsed(p, outcome, share=1e-3):
    theta = share * p
    theta[outcome] += 1 - share
    return theta


def turning_fraction(went, low=0.0, high=1.0):
    """Fresh fraction where `went` turns from False to True, by bisection."""
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (low, middle) if went(middle) else (middle, high)
    return (low + high) / 2


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 50), min_size=2, max_size=6),
    st.one_of(st.floats(0.2, 0.95), st.floats(1.05, 5)),
    st.floats(0.02, 0.98),
    st.integers(0, 2**32 - 1),
)
def test_the_flow_from_any_start_ends_at_a_stable_equilibrium_that_is_listed(
    weights, temperature, f, seed
):
    p = np.array(weights, float) / sum(weights)
    found = equilibria(p, temperature=temperature, fresh_fraction=f, branches="all")
    stable = np.array([each.theta for each in found if each.stable])
    assume(min(abs(each.relaxation_exponent) for each in found) > 0.05)
    rng = np.random.default_rng(seed)
    starts = [*rng.dirichlet(np.full(p.size, 0.5), 4), p]
    starts += [collapsed(p, outcome) for outcome in range(p.size)]
    reached = set()
    for start in starts:
        end = end_of_the_flow(start / start.sum(), p, temperature, f)
        distance = np.abs(stable - end).max(axis=1)
        # At a saddle between tied outputs a symmetric start may rest for ever.
        if distance.min() > 1e-6:
            assert np.unique(p).size < p.size
            continue
        reached.add(int(distance.argmin()))
    assert reached
    for place in reached:
        # Small deviations decay at the listed rate.
        each = [each for each in found if each.stable][place]
        away = each.theta + 1e-6 * (p - each.theta) + 1e-6 * (1 / p.size - each.theta)
        later = end_of_the_flow(away / away.sum(), p, temperature, f, log_time=30.0)
        assert (
            np.abs(later - each.theta).max() < 1e-5 * np.exp(-25 * each.relaxation_exponent) + 1e-7
        )


@pytest.mark.parametrize(
    ("target", "temperature"),
    [("uniform:5", 0.5), ("uniform:30", 0.8), ("zipf:0.1:20", 0.6), ("zipf:0.15:100", 0.8)],
)
def test_a_start_at_the_target_collapses_below_f_prevent_and_not_above(target, temperature):
    p = targets.resolve(target).probabilities
    # Off the symmetric path, on which nothing would happen.
    start = p * (1 + 1e-2 * np.linspace(1, -1, p.size))
    start /= start.sum()
    recover = critical_fractions(target, temperature=temperature).recover

    def stays(f):
        # Where a tie is broken slowly, at a rate in proportion to the distance from the end.
        ends = [
            end_of_the_flow(each, p, temperature, f, log_time=10 * LONG)
            for each in (start, collapsed(p, 0))
        ]
        return np.abs(ends[0] - ends[1]).max() > 0.01

    measured = turning_fraction(stays, 0.01, recover - ACCURACY)
    prevent = critical_fractions(target, temperature=temperature).prevent
    assert measured == pytest.approx(prevent, abs=ACCURACY)
    # The negative control: a theory that is off by 0.02 would be noticed.
    assert measured != pytest.approx(prevent + 0.02, abs=ACCURACY)


@pytest.mark.parametrize(
    ("target", "temperature", "outcome"),
    [
        ("uniform:5", 0.5, 2),
        ("uniform:30", 0.8, 0),
        ("zipf:1:100", 0.5, 1),
        ("zipf:1:100", 0.8, 9),
        ("zipf:0.15:30", 0.7, 0),
        ("words:40", 0.6, 39),
    ],
)
def test_a_collapsed_start_escapes_above_f_recover_and_not_below(target, temperature, outcome):
    p = targets.resolve(target).probabilities
    start = collapsed(p, outcome)

    def escapes(f):
        end = end_of_the_flow(start, p, temperature, f)
        # Locked in, more than the share T of the output's mass is synthetic.
        return end[outcome] < 1.02 * f * p[outcome] / (1 - temperature)

    measured = turning_fraction(escapes, 0.01, 0.99)
    recover = recovery_fraction(target, temperature=temperature, outcome=outcome)
    assert measured == pytest.approx(recover, abs=ACCURACY)
    assert measured != pytest.approx(recover + 0.02, abs=ACCURACY)
