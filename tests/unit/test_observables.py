"""Observables, against SciPy, closed forms and their own bounds."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special, stats
from scipy.spatial import distance

from heatdeath import observables
from heatdeath.errors import ParameterError
from heatdeath.observables import OBSERVABLES, observe, tail_of
from heatdeath.targets import uniform, zipf

NAMES = [
    "entropy",
    "normalized_entropy",
    "effective_outcomes",
    "top1_mass",
    "top5_mass",
    "top10_mass",
    "collision_probability",
    "total_variation",
    "kl_from_target",
    "kl_to_target",
    "hellinger",
    "fisher_rao",
    "support_size",
    "tail_mass",
]


def ranked_tail(p):
    """Indices of the tail by a loop: the rarest first, the later of equals first."""
    mass, tail = 0.0, []
    for i in sorted(range(len(p)), key=lambda i: (p[i], -i)):
        if mass > 0.1 - 1e-12:
            break
        mass += p[i]
        tail.append(i)
    return tail


def top(theta, k):
    return sum(sorted(theta, reverse=True)[:k])


# Each observable of one vector, by a library or a loop that shares no code with ours.
ORACLES = {
    "entropy": lambda q, p: stats.entropy(q),
    "normalized_entropy": lambda q, p: stats.entropy(q, base=len(q)) if len(q) > 1 else 1.0,
    "effective_outcomes": lambda q, p: math.exp(stats.entropy(q)),
    "top1_mass": lambda q, p: top(q, 1),
    "top5_mass": lambda q, p: top(q, 5),
    "top10_mass": lambda q, p: top(q, 10),
    "collision_probability": lambda q, p: sum(x * x for x in q),
    "total_variation": lambda q, p: np.maximum(q - p, 0).sum(),
    "kl_from_target": lambda q, p: special.rel_entr(p, q).sum(),
    "kl_to_target": lambda q, p: special.rel_entr(q, p).sum(),
    "hellinger": lambda q, p: distance.euclidean(np.sqrt(q), np.sqrt(p)) / math.sqrt(2),
    "fisher_rao": lambda q, p: math.acos(min(1.0, np.sqrt(q * p).sum())),
    "support_size": lambda q, p: sum(x > 0 for x in q),
    "tail_mass": lambda q, p: sum(q[i] for i in ranked_tail(p)),
}


def distributions(n):
    weights = arrays(np.float64, n, elements=st.one_of(st.just(0.0), st.floats(1e-6, 1)))
    return weights.filter(lambda w: w.max() > 0).map(lambda w: w / w.sum())


PAIRS = st.integers(1, 25).flatmap(lambda n: st.tuples(distributions(n), distributions(n)))


def test_the_registry_holds_the_observables_of_the_study():
    assert list(OBSERVABLES) == NAMES
    for name, observable in OBSERVABLES.items():
        assert observable.name == name
        assert observable.function is getattr(observables, name)
        for text in (observable.units, observable.long_name, observable.formula, observable.source):
            assert text
            assert text.isascii()
        assert observable.formula in observable.function.__doc__
        assert observable.source in observable.function.__doc__


@given(pair=PAIRS)
def test_every_observable_equals_an_oracle_that_shares_no_code(pair):
    theta, p = pair
    observed = observe(theta, p)
    for name, oracle in ORACLES.items():
        # The arccosine of the oracle loses half of the digits near 1.
        tolerance = 1e-6 if name == "fisher_rao" else 1e-10
        assert observed[name] == pytest.approx(oracle(theta, p), rel=1e-10, abs=tolerance), name


@given(pair=PAIRS)
def test_every_observable_stays_within_its_bounds(pair):
    theta, p = pair
    n = p.size
    bounds = {
        "entropy": (0, math.log(n) + 1e-12),
        "normalized_entropy": (0, 1),
        "effective_outcomes": (1, n),
        "top1_mass": (1 / n - 1e-12, 1),
        "top5_mass": (0, 1),
        "top10_mass": (0, 1),
        "collision_probability": (1 / n - 1e-12, 1),
        "total_variation": (0, 1),
        "kl_from_target": (0, math.inf),
        "kl_to_target": (0, math.inf),
        "hellinger": (0, 1),
        "fisher_rao": (0, math.pi / 2 + 1e-15),
        "support_size": (1, n),
        "tail_mass": (0, 1),
    }
    for name, value in observe(theta, p).items():
        low, high = bounds[name]
        assert low <= value <= high, name
        assert math.isfinite(value) or OBSERVABLES[name].may_be_infinite


@given(pair=PAIRS)
def test_the_distances_obey_the_inequalities_between_them(pair):
    at = observe(*pair)
    slack = 1e-12
    # Le Cam; Pinsker; Jensen.
    assert at["hellinger"] ** 2 <= at["total_variation"] + slack
    assert at["total_variation"] <= at["hellinger"] * math.sqrt(2 - at["hellinger"] ** 2) + slack
    assert at["total_variation"] <= math.sqrt(at["kl_from_target"] / 2) + slack
    assert at["total_variation"] <= math.sqrt(at["kl_to_target"] / 2) + slack
    assert at["effective_outcomes"] * at["collision_probability"] >= 1 - 1e-10
    assert at["top1_mass"] <= at["top5_mass"] <= at["top10_mass"]


@given(pair=PAIRS)
def test_the_target_is_at_no_distance_from_itself(pair):
    _, p = pair
    at = observe(p, p)
    for name in ("total_variation", "kl_from_target", "kl_to_target", "hellinger", "fisher_rao"):
        assert at[name] == 0, name


def test_a_single_outcome_holds_everything():
    p = zipf(100, exponent=1).probabilities
    at = observe(np.eye(100)[0], p)
    assert at["entropy"] == 0
    assert at["normalized_entropy"] == 0
    assert at["effective_outcomes"] == 1
    assert at["top1_mass"] == at["top10_mass"] == at["collision_probability"] == 1
    assert at["total_variation"] == pytest.approx(1 - p[0], rel=1e-14)
    assert at["kl_from_target"] == math.inf
    assert at["kl_to_target"] == pytest.approx(-math.log(p[0]), rel=1e-14)
    assert at["fisher_rao"] == pytest.approx(math.acos(math.sqrt(p[0])), rel=1e-14)
    assert at["support_size"] == 1
    assert at["tail_mass"] == 0


def test_a_uniform_model_has_the_closed_forms_of_the_uniform_distribution():
    n = 1000
    at = observe(np.full(n, 1 / n), zipf(n, exponent=1).probabilities)
    assert at["entropy"] == pytest.approx(math.log(n), rel=1e-14)
    assert at["normalized_entropy"] == pytest.approx(1, rel=1e-14)
    assert at["effective_outcomes"] == pytest.approx(n, rel=1e-12)
    assert at["top5_mass"] == pytest.approx(0.005, rel=1e-14)
    assert at["collision_probability"] == pytest.approx(1 / n, rel=1e-14)


def test_disjoint_supports_are_at_the_largest_distances():
    at = observe([0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5])
    assert at["total_variation"] == 1
    assert at["hellinger"] == pytest.approx(1, rel=1e-15)
    assert at["fisher_rao"] == pytest.approx(math.pi / 2, rel=1e-15)
    assert at["kl_from_target"] == at["kl_to_target"] == math.inf


def test_one_outcome_alone_is_both_certain_and_uniform():
    at = observe([1.0], [1.0])
    assert at["entropy"] == 0
    assert at["normalized_entropy"] == 1
    assert at["tail_mass"] == 1


def test_small_distances_keep_their_digits():
    # θ = p(1 ± h): TV = h/2, Hellinger ≈ h/√8, Fisher-Rao ≈ h/2 and KL ≈ h²/2 to first order.
    h = 1e-6
    at = observe([0.5 * (1 + h), 0.5 * (1 - h)], [0.5, 0.5])
    assert at["total_variation"] == pytest.approx(h / 2, rel=1e-9)
    assert at["hellinger"] == pytest.approx(h / math.sqrt(8), rel=1e-9)
    assert at["fisher_rao"] == pytest.approx(h / 2, rel=1e-9)
    assert at["kl_from_target"] == pytest.approx(h**2 / 2, rel=1e-3)
    assert at["kl_to_target"] == pytest.approx(h**2 / 2, rel=1e-3)


def test_subnormal_probabilities_are_support_and_keep_divergences_finite():
    theta, p = np.array([1.0, 5e-324]), np.array([0.5, 0.5])
    at = observe(theta, p)
    assert at["support_size"] == 2
    assert at["kl_from_target"] == pytest.approx(math.log(0.5) - 0.5 * math.log(5e-324), rel=1e-12)
    assert at["kl_to_target"] == pytest.approx(math.log(2), rel=1e-14)


def test_lost_support_makes_one_divergence_infinite_and_new_support_the_other():
    at = observe([1.0, 0.0], [0.5, 0.5])
    assert (at["kl_from_target"], at["kl_to_target"]) == (math.inf, pytest.approx(math.log(2)))
    at = observe([0.5, 0.5], [1.0, 0.0])
    assert (at["kl_from_target"], at["kl_to_target"]) == (pytest.approx(math.log(2)), math.inf)


def test_the_top_masses_take_all_outcomes_where_there_are_fewer():
    at = observe([0.2, 0.5, 0.3], [0.2, 0.5, 0.3])
    assert at["top1_mass"] == 0.5
    assert at["top5_mass"] == at["top10_mass"] == pytest.approx(1, abs=1e-15)


# The tail


def test_the_tail_of_a_uniform_target_is_the_last_tenth_of_the_outcomes():
    np.testing.assert_array_equal(
        np.flatnonzero(tail_of(uniform(100).probabilities)), range(90, 100)
    )


def test_the_tail_is_the_fewest_rarest_outcomes_that_reach_a_tenth():
    np.testing.assert_array_equal(tail_of([0.05, 0.04, 0.06, 0.85]), [True, True, True, False])
    np.testing.assert_array_equal(tail_of([0.06, 0.04, 0.9]), [True, True, False])
    np.testing.assert_array_equal(tail_of([0.5, 0.3, 0.2]), [False, False, True])


def test_of_equal_probabilities_the_later_outcome_is_in_the_tail():
    np.testing.assert_array_equal(tail_of([0.1, 0.1, 0.7, 0.1]), [False, False, False, True])


def test_outcomes_that_the_target_never_produces_belong_to_its_tail():
    np.testing.assert_array_equal(tail_of([0.0, 0.6, 0.4, 0.0]), [True, False, True, True])


@given(pair=PAIRS)
def test_the_tail_of_any_target_equals_the_loop_over_ranked_outcomes(pair):
    _, p = pair
    assert sorted(ranked_tail(p)) == np.flatnonzero(tail_of(p)).tolist()


# Shapes, stacks and cost


def test_a_stack_gives_each_model_the_bits_that_it_has_alone():
    rng = np.random.default_rng(12)
    # 2500 rows of 70 span several blocks.
    theta = rng.dirichlet(np.full(70, 0.2), size=(50, 50))
    p = zipf(70, exponent=1).probabilities
    stacked = observe(theta, p)
    for index in [(0, 0), (7, 3), (18, 36), (49, 49)]:
        for name, value in observe(theta[index], p).items():
            assert stacked[name][index] == value, name
            assert stacked[name][index] == OBSERVABLES[name].function(theta[index], p), name


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,), (2, 0)])
def test_the_results_have_the_shape_of_the_leading_axes(shape):
    p = uniform(12).probabilities
    theta = np.broadcast_to(p, (*shape, 12))
    for name, values in observe(theta, p).items():
        assert values.shape == shape, name
        assert values.dtype == np.float64, name
        assert np.shape(OBSERVABLES[name].function(theta, p)) == shape


def test_a_distance_may_be_from_another_reference_for_each_seed():
    rng = np.random.default_rng(13)
    theta = rng.dirichlet(np.ones(6), size=(4, 5))
    from_start = observables.total_variation(theta, theta[:, :1])
    assert from_start.shape == (4, 5)
    np.testing.assert_array_equal(from_start[:, 0], 0)
    assert from_start[2, 3] == observables.total_variation(theta[2, 3], theta[2, 0])


def test_a_hundred_thousand_outcomes_need_no_more_than_a_few_vectors_of_memory():
    import tracemalloc

    p = zipf(100_000, exponent=1).probabilities
    theta = np.random.default_rng(14).dirichlet(np.ones(100_000), size=20)
    tracemalloc.start()
    observed = observe(theta, p)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Of 0.8 MB each; the twenty models take 16 MB.
    assert peak < 12e6
    assert observed["entropy"][3] == pytest.approx(stats.entropy(theta[3]), rel=1e-12)


def test_the_input_is_left_as_it_was():
    theta, p = np.array([0.75, 0.25, 0.0]), np.array([0.0, 0.5, 0.5])
    observe(theta, p)
    np.testing.assert_array_equal(theta, [0.75, 0.25, 0.0])
    np.testing.assert_array_equal(p, [0.0, 0.5, 0.5])


@pytest.mark.parametrize(
    ("theta", "p", "complaint"),
    [
        ([0.5, 0.6], [0.5, 0.5], r"sum of theta .*1\.1"),
        ([[0.5, 0.5], [math.nan, 1]], [0.5, 0.5], "sum of theta .*nan"),
        ([0.5, 0.5], [3.0, 1.0], r"sum of p .*4\.0"),
        ([1.5, -0.5], [0.5, 0.5], r"entry of theta: got -0\.5"),
        ([1.0], [0.5, 0.5], "shape of theta"),
        ([], [], "shape of theta"),
        (1.0, [1.0], "shape of theta"),
        ([0.5, 0.5], [[0.5, 0.5]], "shape of p"),
    ],
)
def test_what_is_no_distribution_is_refused(theta, p, complaint):
    with pytest.raises(ParameterError, match=complaint):
        observe(theta, p)


def test_the_modules_that_jobs_load_import_numpy_and_nothing_heavier():
    modules = "targets tempering sampling_rules starts observables weight_files"
    code = (
        "import importlib, sys\n"
        f"for name in '{modules}'.split(): importlib.import_module('heatdeath.' + name)\n"
        "print(sorted({'scipy', 'xarray', 'pandas', 'matplotlib', 'seaborn', 'wordfreq', "
        "'numba', 'netCDF4'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
