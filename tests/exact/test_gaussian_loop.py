"""The closed loop of a normal distribution: its expectations against plain simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from heatdeath.errors import ParameterError
from heatdeath.theory.gaussian_loop import (
    expected_moments,
    limiting_variance,
    typical_log_growth,
)

REPLICAS = 200_000


def simulate(
    *, temperature, fresh_fraction, batch_size, generations, replicas, seed, start=(1.0, 0.0)
):
    """Variance and squared mean of many loops after each generation: two (generations + 1, R)."""
    rng = np.random.default_rng(seed)
    variance, mean = np.full(replicas, start[0]), np.full(replicas, start[1])
    seen = [(variance, mean**2)]
    for _ in range(generations):
        fresh = rng.standard_normal((batch_size, replicas))
        copied = mean + np.sqrt(temperature * variance) * rng.standard_normal(
            (batch_size, replicas)
        )
        data = np.where(rng.random((batch_size, replicas)) < fresh_fraction, fresh, copied)
        variance, mean = data.var(axis=0, ddof=1), data.mean(axis=0)
        seen.append((variance, mean**2))
    return np.array(seen).transpose(1, 0, 2)


def z_scores(simulated, expected):
    """Deviations of the means of all generations after the start, in standard errors."""
    values = simulated[1:]
    error = values.std(axis=1, ddof=1) / np.sqrt(values.shape[1])
    return (values.mean(axis=1) - expected[1:]) / error


LOOPS = [
    {"temperature": 1.2, "fresh_fraction": 0.3, "batch_size": 8},
    {"temperature": 0.7, "fresh_fraction": 0.1, "batch_size": 5},
    {"temperature": 1.0, "fresh_fraction": 0.0, "batch_size": 12},
    {"temperature": 0.0, "fresh_fraction": 0.4, "batch_size": 3},
]


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("start", [(1.0, 0.0), (4.0, 3.0)])
def test_expectations_of_every_generation_are_those_of_simulated_loops(false_alarm, loop, start):
    generations = 4
    simulated = simulate(**loop, generations=generations, replicas=REPLICAS, seed=1, start=start)
    begin = {"start_variance": start[0], "start_squared_offset": start[1] ** 2}
    expected = expected_moments(generations, **loop, **begin)
    limit = stats.norm.isf(false_alarm / 2 / (2 * generations))
    for values, expectation in zip(simulated, expected, strict=True):
        assert values[0].mean() == pytest.approx(expectation[0])
        assert np.abs(z_scores(values, expectation)).max() < limit
    wrong = loop | {"temperature": 1.02 * loop["temperature"] if loop["temperature"] else 0.02}
    off = expected_moments(generations, **wrong, **begin)
    assert np.abs(z_scores(simulated[0], off.variance)).max() > limit


def test_entries_of_a_covariance_follow_the_recursion_of_one_dimension(false_alarm):
    generations, m, f, t, replicas = 3, 6, 0.4, 1.3, 100_000
    rng = np.random.default_rng(2)
    root = np.array([[1.0, 0.0], [0.5, 0.8]])
    fresh_covariance = root @ root.T
    mean, covariance = np.zeros((replicas, 2)), np.broadcast_to(np.eye(2), (replicas, 2, 2))
    for _ in range(generations):
        noise = rng.standard_normal((2, m, replicas, 2))
        fresh = noise[0] @ root.T
        factor = np.sqrt(t) * np.linalg.cholesky(covariance)
        copied = mean + np.einsum("rij,mrj->mri", factor, noise[1])
        data = np.where(rng.random((m, replicas, 1)) < f, fresh, copied)
        mean = data.mean(axis=0)
        centred = data - mean
        covariance = np.einsum("mri,mrj->rij", centred, centred) / (m - 1)
    process = {"temperature": t, "fresh_fraction": f, "batch_size": m}
    limit = stats.norm.isf(false_alarm / 2 / 3)
    for i, j in [(0, 0), (1, 1), (0, 1)]:
        expected = expected_moments(
            generations,
            **process,
            start_variance=float(i == j),
            fresh_variance=fresh_covariance[i, j],
        )
        score = z_scores(covariance[None, :, i, j].repeat(2, axis=0), expected.variance[-2:])
        assert abs(score[0]) < limit


def test_expectations_converge_to_the_limit_from_any_start():
    for loop in LOOPS:
        if loop["fresh_fraction"] > 0:
            far = expected_moments(3000, **loop, start_variance=50.0, start_squared_offset=9.0)
            limit = limiting_variance(**loop)
            f, m = loop["fresh_fraction"], loop["batch_size"]
            assert far.variance[-1] == pytest.approx(limit, rel=1e-9)
            assert far.squared_offset[-1] == pytest.approx(limit / (m * f * (2 - f)), rel=1e-9)


def test_simulated_loops_reach_the_limit(false_alarm):
    loop = {"temperature": 1.1, "fresh_fraction": 0.5, "batch_size": 6}
    variance, _ = simulate(**loop, generations=20, replicas=60_000, seed=3)
    limit = stats.norm.isf(false_alarm / 2)
    found = np.array([limiting_variance(**loop)])
    assert abs(z_scores(variance[-2:], np.repeat(found, 2))[0]) < limit
    # Without the term of the means, and with T off by 2 %, it would be another.
    for wrong in ({"batch_size": math.inf}, {"temperature": 1.122}):
        off = np.array([limiting_variance(**(loop | wrong))])
        assert abs(z_scores(variance[-2:], np.repeat(off, 2))[0]) > limit


def test_the_limit_of_many_data_has_no_term_of_the_means():
    found = limiting_variance(temperature=1.5, fresh_fraction=0.5, fresh_variance=2)
    assert found == pytest.approx(0.5 * 2 / (1 - 0.5 * 1.5))
    large = limiting_variance(
        temperature=1.5, fresh_fraction=0.5, fresh_variance=2, batch_size=10**9
    )
    assert large == pytest.approx(found, rel=1e-8)


@pytest.mark.parametrize("m", [2, 10, math.inf])
def test_where_there_is_no_limit_expectations_grow_and_elsewhere_they_do_not(m):
    f = 0.2
    critical = (1 - (1 - f) / (m * (2 - f))) / (1 - f)
    below = {"temperature": critical * 0.99, "fresh_fraction": f, "batch_size": m}
    above = {"temperature": critical * 1.01, "fresh_fraction": f, "batch_size": m}
    assert math.isfinite(limiting_variance(**below))
    assert limiting_variance(**above) == math.inf
    assert expected_moments(2000, **below).variance[-1] < 2 * limiting_variance(**below)
    assert expected_moments(4000, **above).variance[-1] > 1e6


def test_without_fresh_data_the_expected_variance_is_a_power_of_the_temperature():
    moments = expected_moments(
        5, temperature=1.5, fresh_fraction=0, batch_size=4, start_variance=2.0
    )
    np.testing.assert_allclose(moments.variance, 2 * 1.5 ** np.arange(6))
    np.testing.assert_allclose(moments.squared_offset[1:], np.cumsum(moments.variance[1:]) / 4)


@pytest.mark.parametrize(("temperature", "batch_size"), [(1.0, 2), (1.0, 20), (1.3, 7)])
def test_the_typical_growth_is_that_of_simulated_loops(false_alarm, temperature, batch_size):
    loop = {"fresh_fraction": 0.0, "batch_size": batch_size, "generations": 3}
    variance, _ = simulate(temperature=temperature, **loop, replicas=REPLICAS, seed=4)
    growth = np.diff(np.log(variance), axis=0).ravel()
    error = growth.std(ddof=1) / np.sqrt(growth.size)
    limit = stats.norm.isf(false_alarm / 2)
    process = {"batch_size": batch_size}
    expected = typical_log_growth(temperature=temperature, **process)
    assert abs(growth.mean() - expected) < limit * error
    wrong = typical_log_growth(temperature=1.02 * temperature, **process)
    assert abs(growth.mean() - wrong) > limit * error
    assert expected < math.log(temperature)


def test_the_determinant_shrinks_faster_than_the_variances(false_alarm):
    m, d, replicas = 6, 3, 100_000
    data = np.random.default_rng(5).standard_normal((replicas, m, d))
    centred = data - data.mean(axis=1, keepdims=True)
    covariance = np.einsum("rmi,rmj->rij", centred, centred) / (m - 1)
    growth = np.linalg.slogdet(covariance).logabsdet / d
    expected = typical_log_growth(temperature=1.0, batch_size=m, dimensions=d)
    error = growth.std(ddof=1) / np.sqrt(replicas)
    assert abs(growth.mean() - expected) < stats.norm.isf(false_alarm / 2) * error
    assert expected < typical_log_growth(temperature=1.0, batch_size=m)


def test_many_data_leave_the_temperature_alone():
    assert typical_log_growth(temperature=0.8, batch_size=math.inf) == math.log(0.8)
    close = typical_log_growth(temperature=0.8, batch_size=10**6, dimensions=2)
    assert close == pytest.approx(math.log(0.8), abs=3e-6)


GOOD = {"temperature": 1.0, "fresh_fraction": 0.5, "batch_size": 10}


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": math.inf},
        {"temperature": -1},
        {"fresh_fraction": 1.5},
        {"batch_size": 1},
        {"batch_size": 2.5},
        {"start_variance": -1},
        {"generations": -1},
        {"fresh_variance": math.inf},
    ],
)
def test_arguments_that_are_not_allowed_are_named(wrong):
    arguments = {"generations": 3} | GOOD | wrong
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        expected_moments(arguments.pop("generations"), **arguments)


def test_a_limit_without_fresh_data_and_a_growth_at_zero_are_refused():
    with pytest.raises(ParameterError, match="fresh_fraction"):
        limiting_variance(**(GOOD | {"fresh_fraction": 0}))
    with pytest.raises(ParameterError, match="temperature"):
        typical_log_growth(temperature=0, batch_size=5)
    with pytest.raises(ParameterError, match="batch_size"):
        typical_log_growth(temperature=1, batch_size=3, dimensions=3)
    with pytest.raises(ParameterError, match="dimensions"):
        typical_log_growth(temperature=1, batch_size=3, dimensions=0)
