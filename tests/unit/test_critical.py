import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from heatdeath import ParameterError, critical_fractions, equilibria, targets, tolerance_fraction
from heatdeath.theory.branches import Branches
from heatdeath.theory.critical import recovery_fraction
from heatdeath.theory.faithful import FaithfulBranch
from heatdeath.theory.outcome_groups import group_outcomes, log_probabilities
from heatdeath.theory.uniform import uniform_critical_fractions

COLD = st.one_of(st.floats(0.02, 0.99), st.sampled_from([0.05, 0.5, 0.8]))
VECTORS = st.lists(st.integers(1, 1000), min_size=2, max_size=7).map(
    lambda weights: np.array(weights, float) / sum(weights)
)


def faithful_distance(target, temperature, f):
    (found,) = equilibria(target, temperature=temperature, fresh_fraction=f, branches="faithful")
    return found.observables["total_variation"]


def bisected(condition, low, high):
    """Where a condition that holds at `high` and not at `low` begins to hold."""
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if condition(middle) else (middle, high)
    return (low + high) / 2


@pytest.mark.parametrize(
    ("temperature", "expected"),
    [
        (0.5, {1: 0.5739, 2: 0.5477, 9: 0.5189, 99: 0.5095}),
        (0.8, {1: 0.2623, 2: 0.2462, 9: 0.2298, 99: 0.2247}),
    ],
)
def test_zipf_has_no_fold_and_its_second_output_is_the_last_to_let_go(temperature, expected):
    found = critical_fractions("zipf:1:100", temperature=temperature)
    assert math.isnan(found.prevent)
    assert (found.kind, found.branch) == ("crossover", 1)
    for outcome, fraction in expected.items():
        recover = recovery_fraction("zipf:1:100", temperature=temperature, outcome=outcome)
        # Published to four digits, some of them cut instead of rounded.
        assert recover == pytest.approx(fraction, abs=1.01e-4)
    assert found.recover == recovery_fraction("zipf:1:100", temperature=temperature, outcome=1)
    assert math.isnan(recovery_fraction("zipf:1:100", temperature=temperature, outcome=0))


@pytest.mark.parametrize("temperature", [0.3, 0.4, 0.6, 0.9, 0.98])
def test_zipf_of_exponent_one_has_no_fold_at_any_temperature(temperature):
    assert critical_fractions("zipf:1:100", temperature=temperature).kind == "crossover"


@pytest.mark.parametrize(
    ("temperature", "n", "recover"),
    [
        (0.5, 3, 0.5147),
        (0.5, 10, 0.6250),
        (0.5, 100, 0.8340),
        (0.5, 1000, 0.9405),
        (0.8, 3, 0.2079),
        (0.8, 10, 0.2740),
        (0.8, 100, 0.4544),
    ],
)
def test_uniform_targets_have_the_published_fractions(temperature, n, recover):
    found = critical_fractions(f"uniform:{n}", temperature=temperature)
    assert found.prevent == pytest.approx(1 - temperature, abs=1e-12)
    assert found.recover == pytest.approx(recover, abs=5.01e-5)
    assert (found.kind, found.branch) == ("fold", 0)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 100_000), COLD)
def test_the_general_solver_agrees_with_the_closed_form_for_uniform_targets(n, temperature):
    closed = uniform_critical_fractions(n, temperature=temperature)
    general = critical_fractions(f"uniform:{n}", temperature=temperature)
    np.testing.assert_allclose(general[:2], closed[:2], rtol=0, atol=1e-12)
    assert general[2:] == closed[2:]


@pytest.mark.parametrize("n", [2, 3, 10, 1000])
def test_at_half_temperature_the_largest_ratio_of_uniform_targets_is_known(n):
    ratio = n / (2 * math.sqrt(n - 1))
    found = uniform_critical_fractions(n, temperature=0.5)
    assert found.recover == pytest.approx(ratio / (1 + ratio), abs=1e-14)


def test_two_equally_probable_outputs_have_no_bistability():
    for temperature in (0.2, 0.5, 0.9):
        found = critical_fractions("uniform:2", temperature=temperature)
        assert found.recover == pytest.approx(found.prevent, abs=1e-12)


@pytest.mark.parametrize("target", ["uniform:1", [0, 3, 0], "zipf:1:10"])
def test_nothing_locks_in_where_one_equilibrium_is_left(target):
    temperature = 1.5 if target == "zipf:1:10" else 0.5
    assert critical_fractions(target, temperature=temperature)[:4] == (0, 0, "unique", None)
    assert (
        recovery_fraction(
            target, temperature=temperature, outcome=1 if target != "uniform:1" else 0
        )
        == 0
    )
    assert critical_fractions(target, temperature=1)[:4] == (0, 0, "unique", None)


@pytest.mark.parametrize("temperature", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("exponent", [0.02, 0.1, 0.2, 0.3, 0.4, 0.6])
def test_a_fold_is_told_from_a_crossover_as_a_scan_of_the_equilibria_tells_it(
    exponent, temperature
):
    # Along the branch, at given mass x of the top output, f follows from a one-dimensional
    # equation; the branch folds where f rises with x.
    n = 100
    p = targets.zipf(n, exponent=exponent).probabilities
    beta = 1 / temperature

    def low_roots(c, f):
        low, high = f * p[1:], np.full(n - 1, (c * beta) ** (-1 / (beta - 1)))
        for _ in range(45):
            middle = (low + high) / 2
            below = middle - c * middle**beta < f * p[1:]
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return low

    def fraction(x):
        def excess(f):
            return x + low_roots((x - f * p[0]) / x**beta, f).sum() - 1

        return brentq(excess, 1e-9, min(1.0, x / p[0] * (1 - 1e-9)), xtol=1e-13)

    scanned = np.array([fraction(x) for x in np.geomspace(1.02 * p[0], 0.5, 40)])
    rises = bool(np.any(np.diff(scanned) > 1e-9))
    found = critical_fractions(f"zipf:{exponent}:{n}", temperature=temperature)
    assert rises == (found.kind == "fold")
    if rises:
        turn = int(np.argmax(np.diff(scanned) > 1e-9))
        # A grid of x finds the least f only from above, and the largest from below.
        assert found.prevent <= scanned[turn] + 1e-9
        assert found.recover >= scanned[turn:].max() - 1e-9
        assert found.prevent == pytest.approx(scanned[turn], abs=3e-3)
        assert found.recover == pytest.approx(scanned[turn:].max(), abs=3e-3)


@pytest.mark.parametrize("temperature", [0.3, 0.5, 0.8])
def test_the_switch_from_fold_to_crossover_lies_at_one_exponent(temperature):
    kinds = [
        critical_fractions(f"zipf:{exponent / 100}:100", temperature=temperature).kind
        for exponent in range(1, 60)
    ]
    switch = kinds.index("crossover")
    assert kinds == ["fold"] * switch + ["crossover"] * (len(kinds) - switch)
    assert 10 < switch < 40


@pytest.mark.parametrize("temperature", [0.05, 0.5, 0.9])
@pytest.mark.parametrize("n", [2, 3, 100])
def test_nearly_equal_outputs_are_told_apart_down_to_the_rounding_of_their_probabilities(
    n, temperature
):
    closed = uniform_critical_fractions(n, temperature=temperature)
    for difference in (1e-15, 1e-13, 3e-12, 1e-9, 1e-6):
        weights = np.ones(n)
        weights[0] += difference
        found = critical_fractions(weights, temperature=temperature)
        assert found.recover == pytest.approx(closed.recover, abs=20 * math.sqrt(difference))
        if n == 2:
            tied = difference < max(2e-13, 1e-12 * temperature / (1 - temperature))
            assert found.kind == ("fold" if tied else "crossover")
        else:
            # The symmetry is broken: the faithful branch folds before it would part, by the
            # square root of the difference.
            assert 0 <= found.prevent - closed.prevent + 1e-12 < 20 * math.sqrt(difference)
            assert found.prevent < found.recover


@settings(max_examples=30, deadline=None)
@given(VECTORS, COLD)
def test_the_more_frequent_an_output_the_later_its_branch_vanishes(p, temperature):
    found = critical_fractions(p, temperature=temperature)
    order = np.argsort(-p, kind="stable")
    fractions = [
        recovery_fraction(p, temperature=temperature, outcome=int(outcome)) for outcome in order
    ]
    if found.kind == "crossover":
        assert math.isnan(fractions.pop(0))
    assert np.all(np.diff(fractions) <= 1e-12)
    assert found.recover == fractions[0]


@settings(max_examples=30, deadline=None)
@given(VECTORS, COLD)
def test_the_critical_fractions_are_where_equilibria_appear_and_vanish(p, temperature):
    found = critical_fractions(p, temperature=temperature)

    def number(f, branches):
        return sum(
            each.stable
            for each in equilibria(p, temperature=temperature, fresh_fraction=f, branches=branches)
        )

    for side, expected in ((1 - 1e-6, 1), (1 + 1e-6, 0)):
        if found.kind == "crossover" or found.recover > found.prevent * (1 + 1e-5):
            assert number(found.recover * side, [found.branch]) == expected
        if found.kind == "fold":
            assert number(min(found.prevent * side, 1.0), "faithful") == 1 - expected


@pytest.mark.parametrize("target", ["zipf:1:100", "zipf:0.1:100", "uniform:20", [5, 1, 1, 0, 1]])
@pytest.mark.parametrize("temperature", [0.3, 0.8, 1.2, 5])
@pytest.mark.parametrize("tolerance", [0.01, 0.05, 0.3])
def test_the_tolerance_is_kept_from_the_tolerance_fraction_on(target, temperature, tolerance):
    found = tolerance_fraction(target, temperature=temperature, tolerance=tolerance)
    prevent = critical_fractions(target, temperature=temperature).prevent
    above = np.linspace(found + 1e-6, 1, 20) if found < 1 else []
    distances = [faithful_distance(target, temperature, f) for f in above]
    assert max(distances) <= tolerance
    assert np.all(np.diff(distances) <= 1e-12)
    if found > 0 and found != pytest.approx(prevent, abs=1e-12):
        assert faithful_distance(target, temperature, found * (1 - 1e-6)) > tolerance
        assert faithful_distance(target, temperature, found) == pytest.approx(tolerance, abs=1e-9)


def test_the_tolerance_fraction_agrees_with_bisection():
    for target, temperature in (("zipf:1:50", 0.7), ("zipf:1:50", 1.6)):
        expected = bisected(
            lambda f, at=(target, temperature): faithful_distance(*at, f) <= 0.05, 1e-3, 1.0
        )
        found = tolerance_fraction(target, temperature=temperature, tolerance=0.05)
        assert found == pytest.approx(expected, abs=1e-10)


def test_where_the_faithful_branch_ends_within_the_tolerance_its_end_is_the_answer():
    for target in ("uniform:50", "zipf:0.05:50"):
        prevent = critical_fractions(target, temperature=0.6).prevent
        assert tolerance_fraction(target, temperature=0.6, tolerance=0.9) == pytest.approx(
            prevent, abs=1e-12
        )


def test_no_fresh_data_are_needed_where_the_limit_without_them_is_within_the_tolerance():
    assert tolerance_fraction("zipf:1:100", temperature=1, tolerance=1e-6) == 0
    assert tolerance_fraction("uniform:100", temperature=3, tolerance=1e-6) == 0
    assert tolerance_fraction("uniform:1", temperature=0.3, tolerance=1e-6) == 0
    assert tolerance_fraction([0.97, 0.02, 0.01], temperature=0.5, tolerance=0.04) == 0
    assert tolerance_fraction([0.97, 0.02, 0.01], temperature=0.5, tolerance=0.02) > 0


@settings(max_examples=30, deadline=None)
@given(
    VECTORS,
    st.one_of(st.floats(0.02, 0.99), st.floats(1.01, 30)),
    st.floats(1e-6, 1 - 1e-6),
)
def test_a_tolerance_needs_at_most_what_it_leaves_to_one(p, temperature, tolerance):
    found = tolerance_fraction(p, temperature=temperature, tolerance=tolerance)
    prevent = critical_fractions(p, temperature=temperature).prevent
    assume(found != prevent)
    assert found <= 1 - tolerance + 1e-12 or found == pytest.approx(prevent, abs=1e-12)


def test_outputs_without_fresh_data_count_for_nothing():
    whole = critical_fractions("zipf:0.1:20", temperature=0.7)
    p = np.zeros(25)
    p[5:] = targets.zipf(20, exponent=0.1).probabilities
    found = critical_fractions(p, temperature=0.7)
    np.testing.assert_allclose(found[:2], whole[:2], rtol=1e-12)
    assert found.branch == whole.branch + 5
    assert tolerance_fraction(p, temperature=0.7, tolerance=0.05) == pytest.approx(
        tolerance_fraction("zipf:0.1:20", temperature=0.7, tolerance=0.05), abs=1e-12
    )


def test_words_answer_at_once_and_in_the_order_of_their_frequencies():
    found = critical_fractions("words:50000", temperature=0.8)
    assert found.kind == "crossover"
    assert targets.words(50_000).labels[found.branch] == "to"
    assert 0.4 < found.recover < 0.6


@pytest.mark.parametrize("target", ["zipf:1:20000", "zipf:0.1:20000"])
def test_binning_very_many_outcomes_changes_no_fraction(target, monkeypatch):
    grouped = critical_fractions(target, temperature=0.7)
    monkeypatch.setattr(
        "heatdeath.theory.critical.group_outcomes",
        lambda p, **_: group_outcomes(p, most_exact=p.size),
    )
    exact = critical_fractions(target, temperature=0.7)
    assert grouped.kind == exact.kind
    np.testing.assert_allclose(grouped[:2], exact[:2], rtol=1e-12)


def test_groups_keep_the_sums_of_smooth_functions():
    p = targets.zipf(100_000, exponent=1).probabilities
    for coarse, accuracy in ((False, 1e-9), (True, 1e-6)):
        groups = group_outcomes(p, coarse=coarse)
        assert groups.log_p.size < 4000
        for power in (-1.0, 0.0, 1.0, 2.0):
            found = np.sum(groups.weights * np.exp(power * groups.log_p))
            assert found == pytest.approx(np.sum(p**power), rel=accuracy)


def test_leaving_out_an_outcome_takes_exactly_its_share_from_the_sums():
    p = targets.zipf(20_000, exponent=1).probabilities
    groups = group_outcomes(p)
    for outcome in (0, 10, 15_000):
        rest = groups.without(log_probabilities(p)[outcome])
        assert np.sum(rest.weights * np.exp(rest.log_p)) == pytest.approx(1 - p[outcome], rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(VECTORS, COLD)
def test_each_branch_but_that_of_the_most_frequent_output_has_a_single_fold(p, temperature):
    groups = group_outcomes(p)
    for value in groups.log_p[1:]:
        branches = Branches(groups, value, beta=1 / temperature)
        assert len(branches.all_folds()) == 1
        assert branches.all_folds()[0] == pytest.approx(
            branches.outer_folds(np.array([0]))[0], rel=1e-6
        )


@settings(max_examples=30, deadline=None)
@given(VECTORS, st.one_of(st.floats(0.02, 0.99), st.floats(1.01, 30)))
def test_the_distance_only_grows_along_the_faithful_branch(p, temperature):
    branch = FaithfulBranch(group_outcomes(p), beta=1 / temperature)
    distances = branch.total_variation(np.linspace(-20, min(branch.end, 20.0), 200))
    assert np.all(np.diff(distances) >= -1e-15)


@pytest.mark.parametrize("temperature", [0, -1, math.inf, math.nan, "hot", 1e-9])
def test_temperatures_without_an_answer_are_refused(temperature):
    for function, more in (
        (critical_fractions, {}),
        (recovery_fraction, {"outcome": 0}),
        (tolerance_fraction, {"tolerance": 0.1}),
    ):
        with pytest.raises(ParameterError, match="temperature") as error:
            function("zipf:1:5", temperature=temperature, **more)
        assert error.value.name == "temperature"


@pytest.mark.parametrize("tolerance", [0, 1, -0.1, math.nan, math.inf, "0.1", True])
def test_tolerances_outside_zero_and_one_are_refused(tolerance):
    with pytest.raises(ParameterError, match="between 0 and 1") as error:
        tolerance_fraction("zipf:1:5", temperature=0.5, tolerance=tolerance)
    assert error.value.name == "tolerance"


@pytest.mark.parametrize(("outcome", "allowed"), [(3, "0 to 2"), (-1, "0 to 2"), (1, "above 0")])
def test_outputs_that_cannot_be_locked_in_to_are_refused(outcome, allowed):
    with pytest.raises(ParameterError, match=allowed):
        recovery_fraction([0.5, 0, 0.5], temperature=0.5, outcome=outcome)


@pytest.mark.parametrize("temperature", [0.3, 0.9, 0.999, 0.9999])
@pytest.mark.parametrize("gap", [1e-14, 1e-12, 1e-10, 3e-9, 1e-7, 1e-5])
def test_near_a_tie_the_fractions_are_near_those_of_the_tie(temperature, gap):
    for n in (2, 3, 5):
        p = np.ones(n)
        p[0] += gap
        found = critical_fractions(p / p.sum(), temperature=temperature)
        tie = critical_fractions(np.ones(n), temperature=temperature)
        # The fold of a pitchfork that is not perfect lies off by the power 2/3 of its fault.
        near = 20 * (gap / temperature) ** (2 / 3) * tie.prevent ** (1 / 3) + 1e-7 * tie.prevent
        if found.kind == "fold":
            assert abs(found.prevent - tie.prevent) < near
            assert found.recover >= found.prevent * (1 - 1e-9)
        if n == 2:
            assert found.kind == "crossover" or found.prevent == pytest.approx(found.recover)
        else:
            assert found.kind == "fold"
            assert abs(found.recover - tie.recover) < near
        for f in (0, tie.prevent, 0.51):
            assert equilibria(p / p.sum(), temperature=temperature, fresh_fraction=f)
