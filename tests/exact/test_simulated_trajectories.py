"""Whole trajectories, checkpoints and changes of sampler included, against exact laws."""

import itertools

import numpy as np
import pytest

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files import netcdf
from heatdeath.files.variables import Record
from heatdeath.measure.exactness import compare_with_exact_law
from heatdeath.measure.goodness_of_fit import pearson_test
from heatdeath.sampling_rules import SamplingRule
from heatdeath.simulation import record_trajectories
from heatdeath.study.catalogue import kind_named
from heatdeath.theory import exact
from heatdeath.urn.trajectory import counts_at_checkpoints

START = np.array([3.5, 2.5])
TARGET = np.array([0.3, 0.7])


def sharpen(q):
    """Square the probabilities: temperature ½ by another name."""
    return q**2 / np.sum(q**2)


def trajectories(replicas, *, seed, rule=None, **arguments):
    """Counts of outcome 0 at the checkpoints, (replicas, checkpoints)."""
    rng = np.random.default_rng(seed)
    process = {
        "target": TARGET,
        "regime": "accumulate",
        "batch_size": 1,
        "window": None,
        "subsample": None,
        "rule": rule or SamplingRule(),
    } | arguments
    return np.array(
        [
            [
                start[0] + added[0]
                for start, added in counts_at_checkpoints(START, rng=rng, **process)
            ]
            for _ in range(replicas)
        ]
    )


@pytest.mark.parametrize("temperature", [0.6, 2])
@pytest.mark.parametrize("sampler", ["hybrid", "leap", "sequential", "dense"])
def test_checkpoints_leave_the_law_as_it_is(false_alarm, sampler, temperature):
    counts = trajectories(
        15_000,
        seed=1,
        checkpoints=[0, 3, 30, 120],
        temperature=temperature,
        fresh_fraction=0.1,
        sampler=sampler,
    )
    for column, outputs in enumerate([3, 30, 120], start=1):
        law = exact.accumulate_law(
            START, TARGET, temperature=temperature, fresh_fraction=0.1, horizon=outputs
        )
        seen = np.bincount((counts[:, column] - START[0]).astype(int), minlength=outputs + 1)
        assert pearson_test(seen, law).p_value > false_alarm / 3


def test_a_users_rule_has_the_law_that_it_describes(false_alarm):
    counts = trajectories(
        4000,
        seed=2,
        checkpoints=[0, 12],
        temperature=1,
        fresh_fraction=0.2,
        sampler="dense",
        rule=SamplingRule(function=sharpen),
    )
    law = exact.accumulate_law(START, TARGET, temperature=0.5, fresh_fraction=0.2, horizon=12)
    seen = np.bincount((counts[:, 1] - START[0]).astype(int), minlength=13)
    assert pearson_test(seen, law).p_value > false_alarm


AXES = {"sampler": ["sequential", "leap", "dense"], "temperature": [0, 0.7, float("inf")]}


def write_study(folder, *, seeds=600, **changes):
    """Write a small study of two outcomes, two files a cell; return its paths."""
    arguments = {
        "fresh_fraction": 0.1,
        "horizon": 60,
        "initial": "proportional",
        "initial_size": 6,
        "record": "distribution",
        "checkpoints": [0, 60],
    } | changes
    target = folder / "target.nc"
    probability = (("outcome",), np.array([2, 1]) / 3)
    written = record_trajectories([2, 1], temperature=1, horizon=1)
    attributes = {name: written.attributes[name] for name in ("target", "package_version")}
    netcdf.write(Record(kind_named("target"), {"probability": probability}, attributes), target)
    paths = []
    for sampler, temperature in itertools.product(*AXES.values()):
        for block in range(2):
            indices = list(range(block * seeds, (block + 1) * seeds))
            record = record_trajectories(
                [2, 1], sampler=sampler, temperature=temperature, seeds=indices, **arguments
            )
            paths.append(folder / f"{len(paths)}.nc")
            netcdf.write(record, paths[-1])
    return paths, target


def test_a_recorded_study_agrees_with_the_exact_law(tmp_path, false_alarm):
    paths, target = write_study(tmp_path)
    record = compare_with_exact_law(paths, axes=AXES, target_paths=target)
    netcdf.write(record, tmp_path / "exactness.nc")
    record = netcdf.read(tmp_path / "exactness.nc", kind=kind_named("exactness"))
    assert record.dimensions("observed_frequency") == ("sampler", "temperature", "count")
    np.testing.assert_allclose(record.values("exact_probability").sum(-1), 1, rtol=1e-12)
    np.testing.assert_allclose(record.values("observed_frequency").sum(-1), 1, rtol=1e-12)
    assert record.attributes["n_seeds"] == 1200
    assert record.values("p_value").min() > false_alarm / 9
    law = exact.accumulate_law(
        (4, 2), (2 / 3, 1 / 3), temperature=0.7, fresh_fraction=0.1, horizon=60
    )
    np.testing.assert_allclose(record.values("exact_probability")[1, 1], law, rtol=1e-12)


def test_a_study_in_the_wrong_place_is_refused(tmp_path):
    paths, target = write_study(tmp_path, seeds=2)
    with pytest.raises(ParameterError, match="9 cells"):
        compare_with_exact_law(paths[:-1], axes=AXES, target_paths=target)
    with pytest.raises(FileFormatError, match="temperature"):
        compare_with_exact_law(paths[2:] + paths[:2], axes=AXES, target_paths=target)
    with pytest.raises(FileFormatError, match="repeats seeds"):
        compare_with_exact_law([paths[0], paths[0], *paths[2:]], axes=AXES, target_paths=target)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"initial": "target", "initial_size": 40}, "random start"),
        ({"record": "observables"}, "no counts"),
    ],
)
def test_a_study_without_an_exact_law_is_refused(tmp_path, changes, message):
    paths, target = write_study(tmp_path, seeds=8, **changes)
    with pytest.raises(FileFormatError, match=message):
        compare_with_exact_law(paths, axes=AXES, target_paths=target)
