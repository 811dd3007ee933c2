import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import heatdeath
from heatdeath import ParameterError, critical_fractions, equilibria
from heatdeath.observables import OBSERVABLES
from heatdeath.theory import equilibria as implementation
from heatdeath.theory.jacobian import largest_eigenvalue, relaxation_exponent
from heatdeath.theory.outcome_groups import group_outcomes
from heatdeath.theory.synthetic_odds import high_root, level_of, low_root, peak

TEMPERATURES = st.one_of(
    st.floats(0.01, 0.999), st.floats(1.001, 50), st.sampled_from([0.05, 0.5, 0.8, 1, 3])
)
FRACTIONS = st.one_of(st.floats(0, 1), st.sampled_from([1e-12, 1e-6, 0.01, 0.99, 1 - 1e-9]))


@st.composite
def targets_of_any_shape(draw):
    """Flat, steep, with ties, with zeros, with nearly equal entries."""
    n = draw(st.integers(1, 9))
    exponents = draw(st.lists(st.integers(-12, 12), min_size=n, max_size=n))
    scale = draw(st.sampled_from([0.0, 1e-14, 1e-9, 1e-3, 0.3, 2.0]))
    weights = np.exp(scale * np.array(exponents, float))
    absent = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    weights[np.array(absent) & (np.arange(n) > 0)] = 0
    return weights / weights.sum()


def flow(theta, p, temperature, f):
    """Right-hand side of the mean-field equation, written out."""
    powers = np.where(theta > 0, (theta / theta.max()) ** (1 / temperature), 0)
    return f * p + (1 - f) * powers / powers.sum() - theta


def as_table(found):
    return [(each.branch, each.outcome, each.stable) for each in found]


@settings(max_examples=80, deadline=None)
@given(targets_of_any_shape(), TEMPERATURES, FRACTIONS)
def test_every_equilibrium_is_a_distribution_at_which_the_flow_rests(p, temperature, f):
    found = equilibria(p, temperature=temperature, fresh_fraction=f)
    assert found or (f == 0 and temperature < 1)
    for each in found:
        assert each.residual < 1e-12
        assert np.abs(flow(each.theta, p, temperature, f)).max() < 1e-12
        assert abs(each.theta.sum() - 1) < 1e-12
        assert np.all(each.theta[p == 0] == 0)
        assert np.all(each.theta >= 0)
        assert np.all(each.theta[f * p > 0] > 0)


@settings(max_examples=60, deadline=None)
@given(targets_of_any_shape(), TEMPERATURES, FRACTIONS)
def test_the_exponent_is_that_of_the_dense_jacobian(p, temperature, f):
    for each in equilibria(p, temperature=temperature, fresh_fraction=f):
        theta = each.theta[p > 0]
        q = theta ** (1 / temperature) / np.sum(theta ** (1 / temperature))
        ratio = np.divide(q, theta, out=np.zeros_like(q), where=theta > 0)
        jacobian = (1 - f) / temperature * (np.diag(ratio) - np.outer(q, ratio))
        largest = np.linalg.eigvals(jacobian).real.max()
        exact = 1 - largest
        assert each.relaxation_exponent == pytest.approx(exact, rel=1e-7, abs=1e-7)
        assert each.stable == (each.relaxation_exponent > 0)


@settings(max_examples=60, deadline=None)
@given(targets_of_any_shape(), TEMPERATURES, FRACTIONS)
def test_no_equilibrium_is_further_from_the_target_than_the_synthetic_fraction(p, temperature, f):
    for each in equilibria(p, temperature=temperature, fresh_fraction=f):
        assert each.observables["total_variation"] <= 1 - f + 1e-12


@settings(max_examples=60, deadline=None)
@given(targets_of_any_shape(), st.floats(0.02, 0.98), st.floats(1e-6, 1 - 1e-6))
def test_a_stable_equilibrium_has_at_most_one_output_mostly_of_its_own_making(p, temperature, f):
    for each in equilibria(p, temperature=temperature, fresh_fraction=f):
        synthetic = 1 - f * p[p > 0] / each.theta[p > 0]
        high = np.count_nonzero(synthetic > temperature * (1 + 1e-9))
        if each.stable:
            assert high <= 1
        if each.branch == "locked_in":
            assert synthetic[np.flatnonzero(p > 0) == each.outcome] > temperature * (1 - 1e-9)
            assert high <= 1


@settings(max_examples=60, deadline=None)
@given(st.floats(0.5, 0.999), st.floats(1e-3, 1 - 1e-3))
@example(0.5, 0.3)
def test_two_outputs_at_half_temperature_agree_with_the_roots_of_the_cubic(first, f):
    # θ = f·p + (1 − f)·θ²/(θ² + (1 − θ)²), multiplied out.
    cubic = [2, -2 - (1 + f * (2 * first - 1)), 1 + 2 * f * first, -f * first]
    roots = np.roots(cubic)
    real = np.sort(roots[np.abs(roots.imag) < 1e-9].real)
    # Where roots meet, NumPy finds none of them to many digits.
    assume(np.abs(np.polyval(np.polyder(cubic), real)).min() > 1e-4)
    expected = real if real.size == 1 else real[[0, 2]]
    found = equilibria([first, 1 - first], temperature=0.5, fresh_fraction=f)
    stable = np.sort([each.theta[0] for each in found if each.stable])
    np.testing.assert_allclose(stable, expected, atol=1e-8)
    for each in found:
        assert np.abs(real - each.theta[0]).min() < 1e-8


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.01, 100).filter(lambda beta: abs(beta - 1) > 1e-3),
    st.lists(st.floats(1e-14, 700), min_size=1, max_size=5),
)
def test_the_roots_of_the_equation_of_an_output_solve_it(beta, below):
    log_odds, highest = peak(beta)
    levels = (highest if beta > 1 else 5.0) - np.array(below)
    low = low_root(levels, beta)
    accuracy = 1e-14 * (1 + beta + np.abs(levels))
    assert np.all(np.abs(level_of(low, beta) - levels) <= accuracy)
    assert np.all(low <= log_odds + 1e-6)
    if beta > 1:
        high = high_root(levels, beta)
        assert np.all(np.abs(level_of(high, beta) - levels) <= 10 * accuracy)
        assert np.all(high >= log_odds - 1e-6)


def test_roots_of_very_many_levels_are_those_of_each_alone():
    for beta in (0.3, 1.25, 20.0):
        levels = min(peak(beta)[1], 3.0) - np.geomspace(1e-13, 50, 25_000)
        many = low_root(levels, beta)
        few = low_root(levels[::997], beta)
        # At the peak itself the roots are as uncertain as the square root of the rounding.
        np.testing.assert_allclose(many[::997], few, rtol=1e-13, atol=1e-7)


def test_the_faithful_branch_comes_first_and_of_each_output_the_stable_one():
    found = equilibria("uniform:4", temperature=0.5, fresh_fraction=0.51)
    expected = [("faithful", None, True)]
    for outcome in range(4):
        expected += [("locked_in", outcome, True), ("locked_in", outcome, False)]
    assert as_table(found) == expected
    for stable, saddle in zip(found[1::2], found[2::2], strict=True):
        assert stable.theta[stable.outcome] > saddle.theta[saddle.outcome] > 0.25


def test_the_target_itself_stays_an_equilibrium_where_it_is_uniform_though_unstable():
    faithful = equilibria("uniform:4", temperature=0.5, fresh_fraction=0.3)[0]
    assert as_table([faithful]) == [("faithful", None, False)]
    np.testing.assert_array_equal(faithful.theta, np.full(4, 0.25))
    assert faithful.relaxation_exponent == pytest.approx(1 - 0.7 / 0.5)


def test_equally_probable_outputs_have_one_branch_with_their_places_exchanged():
    found = equilibria([0.2, 0.4, 0.2, 0.2], temperature=0.6, fresh_fraction=0.1)
    by_outcome = {each.outcome: each for each in found if each.stable}
    assert set(by_outcome) == {None, 0, 2, 3}
    for outcome in (2, 3):
        exchanged = by_outcome[0].theta.copy()
        exchanged[[0, outcome]] = exchanged[[outcome, 0]]
        np.testing.assert_array_equal(by_outcome[outcome].theta, exchanged)


@pytest.mark.parametrize("temperature", [0.5, 0.8])
def test_without_a_fold_the_most_frequent_output_has_no_branch_but_the_faithful_one(temperature):
    assert math.isnan(critical_fractions("zipf:1:100", temperature=temperature).prevent)
    for f in (0.01, 0.2, 0.5, 0.9):
        found = equilibria("zipf:1:100", temperature=temperature, fresh_fraction=f, branches=[0])
        assert found == ()
        (faithful,) = equilibria(
            "zipf:1:100", temperature=temperature, fresh_fraction=f, branches="faithful"
        )
        assert faithful.stable


def test_between_the_folds_the_faithful_branch_and_the_one_locked_in_to_its_top_output_coexist():
    prevent, recover, *_ = critical_fractions("zipf:0.1:50", temperature=0.7)
    tables = [
        as_table(
            equilibria("zipf:0.1:50", temperature=0.7, fresh_fraction=f, branches=["faithful", 0])
        )
        for f in (prevent - 1e-6, prevent + 1e-6, recover - 1e-6, recover + 1e-6)
    ]
    faithful, locked_in = ("faithful", None, True), ("locked_in", 0, True)
    both = [faithful, locked_in, ("locked_in", 0, False)]
    assert tables == [[locked_in], both, both, [faithful]]


def test_branches_asked_for_one_by_one_are_those_found_together():
    target, arguments = "zipf:0.2:300", {"temperature": 0.7, "fresh_fraction": 0.66}
    together = equilibria(target, **arguments)
    assert len(together) == 601
    for outcome in (None, 1, 2, 150, 299):
        branches = "faithful" if outcome is None else [outcome]
        alone = equilibria(target, **arguments, branches=branches)
        same = [each for each in together if each.outcome == outcome]
        assert as_table(alone) == as_table(same)
        for one, other in zip(alone, same, strict=True):
            np.testing.assert_allclose(one.theta, other.theta, rtol=1e-9)


def test_very_many_outcomes_are_solved_as_if_every_one_were_a_group_of_its_own(monkeypatch):
    arguments = {"temperature": 0.8, "fresh_fraction": 0.3}
    grouped = equilibria("zipf:1:20000", **arguments)
    assert as_table(grouped) == [("faithful", None, True), ("locked_in", 19_999, True)]
    monkeypatch.setattr(
        implementation, "group_outcomes", lambda p, **_: group_outcomes(p, most_exact=p.size)
    )
    for one, other in zip(grouped, equilibria("zipf:1:20000", **arguments), strict=True):
        np.testing.assert_allclose(one.theta, other.theta, rtol=1e-9)
        assert one.residual < 1e-12


def test_the_words_have_the_branches_that_matter():
    found = equilibria("words:50000", temperature=0.8, fresh_fraction=0.1)
    assert [each.branch for each in found] == ["faithful", "locked_in"]
    p = heatdeath.targets.words(50_000).probabilities
    assert p[found[1].outcome] == p.min()
    assert max(each.residual for each in found) < 1e-12


def test_observables_are_those_of_the_package():
    (found,) = equilibria("zipf:1:10", temperature=2, fresh_fraction=0.2)
    assert set(found.observables) == set(OBSERVABLES)
    assert found.observables["total_variation"] == pytest.approx(
        0.5 * np.abs(found.theta - found.target).sum()
    )
    assert found.observables["effective_outcomes"] > np.exp(
        -np.sum(found.target * np.log(found.target))
    )


@pytest.mark.parametrize("temperature", [0.01, 0.5, 1, 1.5, 50])
def test_fresh_data_alone_keep_the_target(temperature):
    (found,) = equilibria("zipf:1:10", temperature=temperature, fresh_fraction=1)
    np.testing.assert_array_equal(found.theta, found.target)
    assert found.stable
    assert found.relaxation_exponent == 1


def test_sampling_at_temperature_one_keeps_the_target_and_decays_with_the_fresh_fraction():
    (found,) = equilibria("zipf:1:10", temperature=1, fresh_fraction=0.3)
    np.testing.assert_array_equal(found.theta, found.target)
    assert found.stable
    assert found.relaxation_exponent == pytest.approx(0.3)


def test_nothing_restores_the_target_at_temperature_one_without_fresh_data():
    (found,) = equilibria("zipf:1:10", temperature=1, fresh_fraction=0)
    np.testing.assert_array_equal(found.theta, found.target)
    assert found.relaxation_exponent == 0
    assert not found.stable


def test_without_fresh_data_cold_sampling_rests_in_the_corners():
    found = equilibria([0.5, 0.3, 0, 0.2], temperature=0.5, fresh_fraction=0)
    assert as_table(found) == [("locked_in", outcome, True) for outcome in (0, 1, 3)]
    for each in found:
        assert each.theta[each.outcome] == 1
        assert each.relaxation_exponent == 1
    uniform = equilibria("uniform:3", temperature=0.5, fresh_fraction=0)
    assert as_table(uniform)[0] == ("faithful", None, False)
    assert len(uniform) == 4


def test_without_fresh_data_hot_sampling_rests_at_the_uniform_distribution_over_the_support():
    (found,) = equilibria([0.5, 0.3, 0, 0.2], temperature=1.25, fresh_fraction=0)
    np.testing.assert_allclose(found.theta, [1 / 3, 1 / 3, 0, 1 / 3])
    assert found.relaxation_exponent == pytest.approx(1 - 1 / 1.25)


@pytest.mark.parametrize("temperature", [0.5, 1, 2])
@pytest.mark.parametrize("f", [0, 0.5, 1])
@pytest.mark.parametrize("target", [[1.0], [0.0, 1.0]])
def test_a_single_output_is_faithful_whatever_happens(target, temperature, f):
    found = equilibria(target, temperature=temperature, fresh_fraction=f)
    assert as_table(found)[0] == ("faithful", None, True)
    assert len(found) == 1
    np.testing.assert_array_equal(found[0].theta, target)
    assert found[0].relaxation_exponent == 1


def test_models_are_read_only():
    (found,) = equilibria("zipf:1:3", temperature=2, fresh_fraction=0.5)
    with pytest.raises(ValueError, match="read-only"):
        found.theta[0] = 1


@pytest.mark.parametrize(
    ("arguments", "name", "allowed"),
    [
        ({"temperature": 0}, "temperature", "above 0"),
        ({"temperature": -1}, "temperature", "0"),
        ({"temperature": math.inf}, "temperature", "finite"),
        ({"temperature": math.nan}, "temperature", "0"),
        ({"temperature": 1 + 1e-12}, "temperature", "1e-4 away"),
        ({"fresh_fraction": -0.1}, "fresh_fraction", "from 0 to 1"),
        ({"fresh_fraction": 1.1}, "fresh_fraction", "from 0 to 1"),
        ({"fresh_fraction": math.nan}, "fresh_fraction", "from 0 to 1"),
        ({"fresh_fraction": "0.5"}, "fresh_fraction", "from 0 to 1"),
        ({"target": "zipf"}, "target", "zipf:EXPONENT:N"),
        ({"branches": "some"}, "branches", "faithful"),
        ({"branches": 3}, "branches", "faithful"),
        ({"branches": [4]}, "branches", "from 0 to 3"),
        ({"branches": [2]}, "branches", "above 0"),
        ({"branches": ["all"]}, "branches", "from 0 to 3"),
    ],
)
def test_bad_input_is_named_with_what_is_allowed(arguments, name, allowed):
    valid = {"target": [0.5, 0.3, 0, 0.2], "temperature": 0.5, "fresh_fraction": 0.5}
    with pytest.raises(ParameterError, match=allowed) as error:
        equilibria(**{**valid, **arguments})
    assert error.value.name == name


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 8), st.integers(0, 2**32 - 1), st.booleans())
def test_the_largest_eigenvalue_is_that_of_the_dense_matrix(n, seed, tied):
    rng = np.random.default_rng(seed)
    d, q = rng.exponential(size=n), rng.dirichlet(np.ones(n))
    if tied:
        d[: n // 2] = d[0]
    eigenvalues = np.linalg.eigvals(np.diag(d) - np.outer(q, d)).real
    assert largest_eigenvalue(d, q) == pytest.approx(eigenvalues.max(), abs=1e-9)


def test_the_exponent_at_the_uniform_distribution_is_known():
    theta = np.full(7, 1 / 7)
    assert relaxation_exponent(theta, temperature=0.5, fresh_fraction=0.6) == pytest.approx(0.2)
