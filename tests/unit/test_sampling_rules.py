"""Sampling rules, against a loop over ranked outcomes, and the compiled kernel against both."""

import math
import sys
import types

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from heatdeath.errors import ParameterError
from heatdeath.sampling_rules import SamplingRule, truncate
from heatdeath.tempering import temper


@pytest.fixture(scope="module")
def compiled_truncate():
    return numba.njit(truncate)


@pytest.fixture
def rules_module(monkeypatch):
    """A module of user functions that can be imported by name."""
    module = types.ModuleType("rules_of_a_user")
    module.flatten = lambda q: np.full(q.size, 1 / q.size)
    module.square = lambda q: q**2 / (q**2).sum()
    module.constant = 3
    monkeypatch.setitem(sys.modules, "rules_of_a_user", module)
    return module


def ranked_loop(q, top_k=None, top_p=None, min_p=None):
    """Each rule as its own pass over the ranked outcomes, renormalised after each."""
    q = [float(x) for x in q]
    if top_k is not None:
        kth = sorted(q, reverse=True)[min(top_k, len(q)) - 1]
        q = _renormalised([x if x >= kth else 0.0 for x in q])
    if top_p is not None:
        mass, last = 0.0, None
        for x in sorted(q, reverse=True):
            mass, last = mass + x, x
            if mass >= top_p * (1 - 1e-11):
                break
        q = _renormalised([x if x >= last else 0.0 for x in q])
    if min_p is not None:
        # The rounding of two renormalisations must not decide.
        q = _renormalised([x if x >= min_p * max(q) * (1 - 1e-14) else 0.0 for x in q])
    return np.array(q)


def _renormalised(q):
    total = math.fsum(q)
    return [x / total for x in q]


# Multiples of 1/64 make ties common and sums exact.
DISTRIBUTIONS = (
    arrays(np.float64, st.integers(1, 30), elements=st.integers(0, 64).map(float))
    .filter(lambda weights: weights.max() > 0)
    .map(lambda weights: weights / weights.sum())
)
TOP_K = st.one_of(st.none(), st.integers(1, 30))
# Away from the sums of such probabilities, where rounding would decide for the oracle.
TOP_P = st.one_of(st.none(), st.floats(1e-3, 0.999).map(lambda x: x + math.pi * 1e-4), st.just(1.0))
MIN_P = st.one_of(st.none(), st.floats(0, 1).map(lambda x: x * math.e / 3), st.just(0.0))


@given(q=DISTRIBUTIONS, top_k=TOP_K, top_p=TOP_P.filter(lambda x: x is None or x <= 1), min_p=MIN_P)
def test_the_rules_in_their_order_equal_a_loop_over_ranked_outcomes(q, top_k, top_p, min_p):
    result = SamplingRule(top_k=top_k, top_p=top_p, min_p=min_p).apply(q)
    np.testing.assert_allclose(result, ranked_loop(q, top_k, top_p, min_p), rtol=1e-12)


def test_the_compiled_kernel_the_plain_kernel_and_apply_are_one_law(compiled_truncate):
    rng = np.random.default_rng(3)
    for _ in range(400):
        n = int(rng.integers(1, 40))
        q = (
            rng.dirichlet(np.full(n, 0.3))
            if rng.random() < 0.5
            else temper(rng.integers(0, 4, n) + np.eye(n)[0], rng.choice([0.01, 0.5, 2]))
        )
        rule = SamplingRule(
            top_k=rng.choice([None, int(rng.integers(1, n + 1))]),
            top_p=rng.choice([None, rng.uniform(0.01, 1), 0.1, 0.5, 0.9]),
            min_p=rng.choice([None, rng.uniform(0, 1), 0.1, 1.0]),
        )
        compiled, plain = q.copy(), q.copy()
        compiled_truncate(compiled, *rule.kernel_arguments)
        truncate(plain, *rule.kernel_arguments)
        applied = rule.apply(q)
        np.testing.assert_array_equal(compiled > 0, applied > 0)
        np.testing.assert_array_equal(plain > 0, applied > 0)
        np.testing.assert_allclose(compiled, applied, rtol=1e-13)
        np.testing.assert_allclose(plain, applied, rtol=1e-13)


@given(q=DISTRIBUTIONS, top_k=TOP_K, min_p=MIN_P, data=st.data())
def test_the_order_of_the_outcomes_does_not_matter(q, top_k, min_p, data):
    rule = SamplingRule(top_k=top_k, top_p=0.6, min_p=min_p)
    order = data.draw(st.permutations(range(q.size)))
    np.testing.assert_allclose(rule.apply(q[order]), rule.apply(q)[order], rtol=1e-12)


@given(q=DISTRIBUTIONS, top_k=TOP_K, top_p=st.sampled_from([None, 0.1, 0.5, 0.9]), min_p=MIN_P)
def test_the_result_is_a_distribution_that_keeps_the_most_probable_outcomes(q, top_k, top_p, min_p):
    result = SamplingRule(top_k=top_k, top_p=top_p, min_p=min_p).apply(q)
    assert result.sum() == pytest.approx(1, abs=1e-12)
    assert np.all(result[q == q.max()] > 0)
    assert np.all(result[q == 0] == 0)
    kept, dropped = q[result > 0], q[(result == 0) & (q > 0)]
    assert dropped.size == 0 or dropped.max() < kept.min()


def test_top_k_keeps_exactly_k_outcomes_where_there_are_no_ties():
    result = SamplingRule(top_k=2).apply([0.1, 0.4, 0.2, 0.3])
    np.testing.assert_allclose(result, [0, 4 / 7, 0, 3 / 7], rtol=1e-15)


def test_top_k_keeps_every_outcome_tied_with_the_kth():
    np.testing.assert_allclose(
        SamplingRule(top_k=2).apply([0.4, 0.2, 0.2, 0.2]), [0.4, 0.2, 0.2, 0.2], rtol=1e-15
    )


def test_top_k_of_one_is_zero_temperature():
    for theta in ([0.2, 0.3, 0.5], [0.4, 0.4, 0.2], [1.0]):
        np.testing.assert_array_equal(SamplingRule(top_k=1).apply(theta), temper(theta, 0))


def test_top_k_above_the_support_keeps_the_support():
    np.testing.assert_array_equal(SamplingRule(top_k=3).apply([0.5, 0.5, 0, 0]), [0.5, 0.5, 0, 0])


def test_top_p_keeps_the_fewest_most_probable_outcomes_that_reach_it():
    rule = SamplingRule(top_p=0.75)
    np.testing.assert_allclose(rule.apply([0.5, 0.3, 0.2]), [0.625, 0.375, 0], rtol=1e-15)
    np.testing.assert_allclose(rule.apply([0.75, 0.15, 0.1]), [1, 0, 0], rtol=1e-15)


def test_top_p_reached_up_to_rounding_is_reached():
    q = np.array([0.1] * 9 + [0.05, 0.05])
    assert np.cumsum(q)[8] < 0.9
    np.testing.assert_array_equal(SamplingRule(top_p=0.9).apply(q) > 0, q > 0.06)


def test_top_p_keeps_every_outcome_tied_with_the_last():
    np.testing.assert_array_equal(SamplingRule(top_p=0.5).apply([0.25] * 4), [0.25] * 4)


def test_top_p_after_top_k_counts_a_share_of_the_mass_kept():
    # Of the two kept, 0.5 holds 0.625, which reaches 0.6; it would not of the whole.
    rule = SamplingRule(top_k=2, top_p=0.6)
    np.testing.assert_array_equal(rule.apply([0.5, 0.3, 0.2]), [1, 0, 0])
    np.testing.assert_array_equal(SamplingRule(top_p=0.6).apply([0.5, 0.3, 0.2]) > 0, [1, 1, 0])


def test_min_p_keeps_outcomes_at_least_that_share_of_the_largest():
    rule = SamplingRule(min_p=0.5)
    np.testing.assert_allclose(rule.apply([0.5, 0.25, 0.2, 0.05]), [2 / 3, 1 / 3, 0, 0], rtol=1e-15)


def test_a_hundred_thousand_cold_outcomes_are_truncated_without_warnings():
    theta = 1 / np.arange(1, 100_001)
    q = temper(theta, 0.01)
    with np.errstate(all="raise", under="ignore"):
        result = SamplingRule(top_k=50, top_p=0.99, min_p=0.01).apply(q)
    np.testing.assert_array_equal(np.flatnonzero(result), [0])


def test_a_stack_is_treated_row_by_row(rules_module):
    stack = np.random.default_rng(4).dirichlet(np.ones(9), size=(2, 3))
    rule = SamplingRule(top_k=6, top_p=0.8, min_p=0.05, function="rules_of_a_user:square")
    result = rule.apply(stack)
    assert result.shape == stack.shape
    for index in np.ndindex(2, 3):
        np.testing.assert_allclose(result[index], rule.apply(stack[index]), rtol=1e-14)


def test_the_users_function_acts_last_on_what_the_other_rules_left(rules_module):
    rule = SamplingRule(top_k=2, function="rules_of_a_user:square")
    np.testing.assert_allclose(rule.apply([0.6, 0.3, 0.1]), [0.8, 0.2, 0], rtol=1e-15)


def test_a_function_and_its_dotted_path_are_one_rule():
    path = SamplingRule(function=f"{__name__}:halve_the_first")
    function = SamplingRule(function=halve_the_first)
    assert path.identity() == function.identity() == {"rule": f"{__name__}:halve_the_first"}


def halve_the_first(q):
    """Move half of the first outcome's mass to the second, in place."""
    q[1] += q[0] / 2
    q[0] /= 2
    return q


def test_a_function_that_works_in_place_does_not_change_the_input():
    q = np.array([0.5, 0.5])
    np.testing.assert_array_equal(SamplingRule(function=halve_the_first).apply(q), [0.25, 0.75])
    np.testing.assert_array_equal(q, [0.5, 0.5])


@pytest.mark.parametrize(
    ("rule", "is_identity"),
    [
        (SamplingRule(), True),
        (SamplingRule(top_p=1), True),
        (SamplingRule(min_p=0), True),
        (SamplingRule(top_k=3), False),
        (SamplingRule(top_p=0.9), False),
        (SamplingRule(min_p=0.1), False),
        (SamplingRule(function=halve_the_first), False),
    ],
)
def test_only_rules_that_keep_everything_are_the_identity(rule, is_identity):
    assert rule.is_identity == is_identity
    assert (rule.identity() == {}) == is_identity


def test_the_identity_of_a_rule_is_plain_canonical_values():
    rule = SamplingRule(top_k=np.int64(10), top_p=np.float64(0.90), min_p=5e-2)
    assert rule.identity() == {"top_k": 10, "top_p": "0.9", "min_p": "0.05"}
    assert type(rule.identity()["top_k"]) is int


@pytest.mark.parametrize("top_k", [0, -1, 1.0, 2.5, "3", True, math.nan])
def test_a_top_k_that_is_no_positive_integer_is_refused_with_its_value(top_k):
    with pytest.raises(ParameterError, match="top_k") as caught:
        SamplingRule(top_k=top_k)
    assert repr(top_k) in str(caught.value)


@pytest.mark.parametrize("top_p", [0, -0.1, 1.1, math.nan, math.inf, "0.9", True])
def test_a_top_p_outside_zero_to_one_is_refused_with_its_value(top_p):
    with pytest.raises(ParameterError, match="top_p") as caught:
        SamplingRule(top_p=top_p)
    assert repr(top_p) in str(caught.value)


@pytest.mark.parametrize("min_p", [-0.1, 1.1, math.nan, "0.1", False])
def test_a_min_p_outside_zero_to_one_is_refused_with_its_value(min_p):
    with pytest.raises(ParameterError, match="min_p") as caught:
        SamplingRule(min_p=min_p)
    assert repr(min_p) in str(caught.value)


def test_a_top_k_above_the_number_of_outcomes_is_refused():
    SamplingRule(top_k=5).check(5)
    with pytest.raises(ParameterError, match=r"top_k: got 6; allowed: .* 5"):
        SamplingRule(top_k=6).check(5)


@pytest.mark.parametrize(
    "path", ["", "numpy", "numpy.sqrt", "numpy:", ":sqrt", "a b:c", "a:b:c", 3]
)
def test_a_path_of_another_form_is_refused(path):
    with pytest.raises(ParameterError, match=r"package\.module:name"):
        SamplingRule(function=path)


@pytest.mark.parametrize(
    "path",
    ["no_such_module_of_anyone:rule", "rules_of_a_user:missing", "rules_of_a_user:constant"],
)
def test_a_function_that_does_not_exist_is_refused_by_its_path(path, rules_module):
    with pytest.raises(ParameterError) as caught:
        SamplingRule(function=path).check(3)
    assert path in str(caught.value)


@pytest.mark.parametrize(
    ("returned", "complaint"),
    [
        ([0.5, 0.5], "shape"),
        ([[0.2, 0.3, 0.5]], "shape"),
        ([0.5, 0.6, -0.1], ">= 0"),
        ([math.nan, 0.5, 0.5], "finite"),
        ([math.inf, 0, 0], "finite"),
        ([0.5, 0.5, 0.5], "sum 1"),
        ([0, 0, 0], "sum 1"),
        ("abc", "probabilities"),
        (None, "shape"),
    ],
)
def test_a_function_that_returns_no_distribution_is_named(returned, complaint):
    def broken(q):
        return returned

    with pytest.raises(ParameterError, match=complaint) as caught:
        SamplingRule(function=broken).apply([0.2, 0.3, 0.5])
    assert "broken" in str(caught.value)


def test_an_error_inside_the_users_function_names_the_function_and_the_error():
    def broken(q):
        raise IndexError("no such outcome")

    with pytest.raises(ParameterError, match=r"broken.*no such outcome") as caught:
        SamplingRule(function=broken).apply([0.2, 0.8])
    assert isinstance(caught.value.__cause__, IndexError)


@pytest.mark.parametrize("code", [0, None, "enough"])
def test_a_function_that_ends_the_process_is_an_error_that_names_it(code):
    def leaving(q):
        raise SystemExit(code)

    with pytest.raises(ParameterError, match=r"rule: .*leaving.*SystemExit") as caught:
        SamplingRule(function=leaving).apply([0.2, 0.8])
    assert isinstance(caught.value.__cause__, SystemExit)
