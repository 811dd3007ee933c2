"""The public function: what it returns, what it refuses, and what its random path depends on."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heatdeath
from heatdeath.errors import HeatdeathError, ParameterError
from heatdeath.process import DEFAULTS, check_checkpoints
from heatdeath.simulation import record_trajectories, simulate

SUBSAMPLED = {"regime": "subsample", "batch_size": 5, "subsample": 5}


def final(record, name="effective_outcomes"):
    return record.values(name)[:, -1]


def double_mass(theta):
    """A user's rule: square the probabilities."""
    return theta**2 / (theta**2).sum()


def broken_rule(theta):
    """A user's rule that returns no distribution."""
    return theta * np.nan


def test_the_defaults_of_a_configuration_are_those_of_the_public_function():
    parameters = inspect.signature(simulate).parameters.values()
    public = {p.name: p.default for p in parameters if p.default is not p.empty}
    assert public == DEFAULTS


def test_the_dataset_has_every_observable_at_every_checkpoint():
    data = simulate("zipf:1:20", temperature=0.5, horizon=5000, seeds=3, checkpoints=10)
    assert set(heatdeath.observables.OBSERVABLES) < set(data.data_vars)
    assert data.entropy.dims == ("seed", "checkpoint")
    assert data.outputs.values[0] == 0
    assert data.outputs.values[-1] == 5000
    assert data.dataset_size.values[-1] == 5200
    assert "theta" not in data


def test_recorded_counts_are_the_dataset_and_theta_its_shares():
    data = simulate(
        "zipf:1:20", temperature=2, horizon=4000, seeds=2, record="distribution", checkpoints=7
    )
    assert data.counts.dtype == np.int64
    sums = data.counts.sum("outcome")
    assert (sums == data.dataset_size).all()
    np.testing.assert_allclose(data.theta, data.counts / sums)
    assert (data.counts.diff("checkpoint") >= 0).all()


@pytest.mark.parametrize(
    ("arguments", "held"),
    [
        ({"regime": "replace"}, [200, 50, 50, 50, 50, 50]),
        ({"regime": "window", "window": 3}, [200, 250, 300, 150, 150, 150]),
        ({"regime": "subsample", "subsample": 230}, [200, 230, 230, 230, 230, 230]),
        ({"regime": "accumulate"}, [200, 250, 300, 350, 400, 450]),
    ],
)
def test_each_regime_fits_its_model_to_the_data_that_its_name_says(arguments, held):
    data = simulate(
        "uniform:20",
        temperature=1,
        horizon=250,
        batch_size=50,
        checkpoints=range(0, 251, 50),
        record="distribution",
        seeds=3,
        **arguments,
    )
    assert (data.counts.sum("outcome") == held).all()
    assert data.dataset_size.values.tolist() == held


def test_a_rule_that_keeps_everything_is_recorded_but_changes_no_random_path():
    arguments = {"temperature": 1, "horizon": 500}
    plain = record_trajectories("zipf:1:30", **arguments)
    ruled = record_trajectories("zipf:1:30", top_p=1.0, min_p=0, **arguments)
    np.testing.assert_array_equal(final(plain), final(ruled))
    assert ruled.attributes["top_p"] == "1"
    assert ruled.attributes["min_p"] == "0"
    assert "top_p" not in plain.attributes


def test_at_temperature_zero_a_rare_synthetic_output_is_waited_for_at_once():
    # One output a cycle, as long as outcomes are tied, would take longer than any patience.
    data = record_trajectories(
        "uniform:100", temperature=0, fresh_fraction=1 - 1e-7, horizon=10**10, checkpoints=4
    )
    assert data.values("total_variation")[0, -1] < 1e-3


@pytest.mark.parametrize("sampler", ["auto", "sequential", "leap", "dense", "generations"])
@pytest.mark.parametrize("temperature", [0, 0.01, 0.7, 1, 3, math.inf])
def test_without_fresh_data_nothing_is_born_that_the_start_lacks(sampler, temperature):
    data = simulate(
        [0.5, 0.5, 0.0, 1e-300],
        temperature=temperature,
        horizon=3000,
        seeds=3,
        record="distribution",
        sampler=sampler,
        initial="uniform" if temperature == 1 else "target",
        checkpoints=5,
    )
    at_start = data.theta.isel(checkpoint=0) > 0
    assert (at_start | (data.theta == 0)).all()


def test_a_seed_has_the_same_numbers_whatever_other_seeds_run_with_it():
    arguments = {"temperature": 0.8, "horizon": 20_000, "fresh_fraction": 0.1}
    together = record_trajectories("zipf:1:30", seeds=6, **arguments)
    alone = record_trajectories("zipf:1:30", seeds=[4], **arguments)
    reversed_order = record_trajectories("zipf:1:30", seeds=[5, 4], **arguments)
    for name in ("entropy", "top_outcome", "total_variation_from_start"):
        np.testing.assert_array_equal(together.values(name)[4], alone.values(name)[0])
        np.testing.assert_array_equal(together.values(name)[4], reversed_order.values(name)[1])


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": 0.8000000001},
        {"fresh_fraction": 0.2},
        {"initial": "uniform"},
        {"initial_size": 301},
        {"root_seed": 1},
        {"sampler": "leap"},
        {"batch_size": 2},
    ],
)
def test_another_process_or_root_seed_has_other_random_streams(change):
    arguments = {"temperature": 0.8, "horizon": 1000, "fresh_fraction": 0.1, "checkpoints": 9}
    base = record_trajectories("zipf:1:30", seeds=4, **arguments)
    other = record_trajectories("zipf:1:30", seeds=4, **(arguments | change))
    assert not np.any(final(base) == final(other))


def test_ways_of_writing_the_same_process_share_their_random_streams():
    first = record_trajectories("zipf:1.0:30", temperature=1, horizon=500)
    second = record_trajectories(
        "zipf:1:30", temperature=1.0, horizon=500.0, initial_size=300.0, batch_size=1, min_p=0.0
    )
    np.testing.assert_array_equal(final(first), final(second))


def test_a_large_block_of_rows_is_measured_like_a_single_one():
    arguments = {"temperature": 0.5, "horizon": 3000, "checkpoints": 11}
    n = 60_000
    together = record_trajectories(f"uniform:{n}", seeds=3, initial_size=n, **arguments)
    alone = record_trajectories(f"uniform:{n}", seeds=[2], initial_size=n, **arguments)
    for name in heatdeath.observables.OBSERVABLES:
        np.testing.assert_array_equal(together.values(name)[2], alone.values(name)[0])


def test_the_users_rule_is_applied_to_the_tempered_distribution():
    squared = record_trajectories(
        "zipf:1:10", temperature=1, horizon=30_000, seeds=8, rule=double_mass, batch_size=50
    )
    cold = record_trajectories("zipf:1:10", temperature=0.5, horizon=30_000, seeds=8, batch_size=50)
    assert abs(np.log(final(squared)).mean() - np.log(final(cold)).mean()) < 0.6
    assert final(squared).max() < 4


def test_a_users_rule_that_returns_no_distribution_is_named():
    with pytest.raises(ParameterError, match="broken_rule"):
        simulate("zipf:1:10", temperature=1, horizon=10, rule=broken_rule)


def test_progress_counts_up_to_the_total():
    seen = []
    record_trajectories(
        "uniform:5",
        temperature=1,
        horizon=100,
        seeds=2,
        checkpoints=5,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(i, 10) for i in range(1, 11)]


@pytest.mark.parametrize(
    ("name", "value", "others"),
    [
        ("temperature", -0.1, {}),
        ("temperature", math.nan, {}),
        ("temperature", "1e-3", {}),
        ("temperature", True, {}),
        ("fresh_fraction", 1.01, {}),
        ("fresh_fraction", "0.1", {}),
        ("horizon", 0, {}),
        ("horizon", -5, {}),
        ("horizon", 10.5, {}),
        ("horizon", 105, {"batch_size": 10}),
        ("horizon", "1e6", {}),
        ("horizon", 10**16, {}),
        ("seeds", 0, {}),
        ("seeds", [1, 1], {}),
        ("seeds", [-1], {}),
        ("seeds", [], {}),
        ("seeds", 1.5, {}),
        ("initial", "targets", {}),
        ("initial", "collapsed:20:0.1", {}),
        ("initial", 3, {}),
        ("initial_size", 0, {}),
        ("initial_size", 10.5, {}),
        ("initial_size", math.inf, {}),
        ("regime", "forget", {}),
        ("batch_size", None, {"regime": "replace"}),
        ("batch_size", 0, {}),
        ("window", None, {"regime": "window", "batch_size": 5}),
        ("window", 3, {}),
        ("subsample", None, {"regime": "subsample", "batch_size": 5}),
        ("subsample", 3, {"regime": "window", "window": 2, "batch_size": 5}),
        ("initial", "proportional", SUBSAMPLED | {"initial_size": 205}),
        ("top_k", 21, {}),
        ("top_k", 0, {}),
        ("top_p", 0, {}),
        ("min_p", 1.5, {}),
        ("root_seed", -1, {}),
        ("root_seed", 2**63, {}),
        ("root_seed", 10**400, {}),
        ("horizon", 10**400, {}),
        ("seeds", 10**6 + 1, {}),
        ("seeds", [10**400], {}),
        ("checkpoints", [0, 10**400], {}),
        ("initial_size", 1e-7, {"initial": "proportional"}),
        ("initial", "collapsed:" + "9" * 5000 + ":0.1", {}),
        ("window", 10**9, {"regime": "window", "batch_size": 5}),
        ("subsample", 10**30, {"regime": "subsample", "batch_size": 5}),
        ("root_seed", 0.5, {}),
        ("checkpoints", 1, {}),
        ("checkpoints", [0, 5, 5, 100], {}),
        ("checkpoints", [0, 50], {}),
        ("checkpoints", [0, 55, 100], {"batch_size": 10}),
        ("record", "everything", {}),
        ("sampler", "fast", {}),
        ("sampler", "sequential", {"top_k": 3}),
        ("sampler", "leap", {"min_p": 0.1}),
        ("sampler", "leap", {"batch_size": 10}),
        ("sampler", "dense", {"regime": "replace", "batch_size": 10}),
    ],
)
def test_a_bad_argument_is_refused_by_name_with_its_value_and_what_is_allowed(name, value, others):
    arguments = {"temperature": 1, "horizon": 100} | others | {name: value}
    with pytest.raises(ParameterError) as caught:
        simulate("uniform:20", **arguments)
    message = str(caught.value)
    assert message.startswith(f"{name}: got ")
    assert "; allowed: " in message


anything = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 60), st.floats(), st.text(max_size=8), st.just([])
)


@given(
    target=st.one_of(
        st.sampled_from(["uniform:3", "zipf:1:5", "uniform:1", "words:0", "zipf:x:3", ""]),
        st.lists(st.floats(0, 10), max_size=4),
    ),
    arguments=st.fixed_dictionaries(
        {
            "temperature": st.one_of(st.floats(0, 5), st.sampled_from([0, 1, math.inf]), anything),
            "horizon": st.one_of(st.integers(1, 60), anything),
        },
        optional={
            "fresh_fraction": st.one_of(st.floats(0, 1), anything),
            "seeds": st.one_of(st.integers(1, 3), anything),
            "initial": st.one_of(
                st.sampled_from(
                    ["target", "proportional", "uniform", "collapsed:most:0.1", "collapsed:9:0"]
                ),
                anything,
            ),
            "initial_size": anything,
            "regime": st.sampled_from(["accumulate", "replace", "window", "subsample", "x"]),
            "batch_size": anything,
            "window": anything,
            "subsample": anything,
            "top_k": anything,
            "top_p": anything,
            "min_p": anything,
            "root_seed": anything,
            "checkpoints": st.one_of(st.integers(2, 9), anything),
            "record": st.sampled_from(["observables", "distribution", "x"]),
            "sampler": st.sampled_from(["auto", "sequential", "leap", "dense", "generations", "x"]),
        },
    ),
)
@settings(max_examples=1500, deadline=None)
def test_any_arguments_give_a_sound_record_or_one_error_of_ours(target, arguments):
    try:
        record = record_trajectories(target, **arguments)
    except HeatdeathError:
        return
    for name in heatdeath.observables.OBSERVABLES:
        assert not np.isnan(record.values(name)).any()
    assert np.all(record.values("total_variation") <= 1 + 1e-12)
    assert record.values("outputs")[-1] == arguments["horizon"]
    if "counts" in record.variables:
        sizes = record.values("counts").sum(axis=-1)
        np.testing.assert_allclose(
            sizes, np.broadcast_to(record.values("dataset_size"), sizes.shape)
        )


@given(
    checkpoints=st.integers(2, 200),
    iterations=st.integers(1, 10**9),
    batch_size=st.integers(1, 1000),
    initial_size=st.floats(0.5, 1e9),
    regime=st.sampled_from(["accumulate", "replace"]),
)
@settings(max_examples=300, deadline=None)
def test_checkpoints_run_from_the_start_to_the_horizon_in_whole_batches(
    checkpoints, iterations, batch_size, initial_size, regime
):
    moments = check_checkpoints(
        checkpoints,
        horizon=iterations * batch_size,
        batch_size=batch_size,
        regime=regime,
        initial_size=initial_size,
    )
    assert moments[0] == 0
    assert moments[-1] == iterations * batch_size
    assert np.all(np.diff(moments) > 0)
    assert np.all(moments % batch_size == 0)
    assert 2 <= moments.size <= checkpoints
