"""Small valid records of every kind of file, and parts of the quick configuration."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from heatdeath.files import netcdf
from heatdeath.files.variables import CELL_AXES, Record
from heatdeath.observables import OBSERVABLES, observe
from heatdeath.phases import TRAJECTORY_PHASES
from heatdeath.study.catalogue import kind_named

_MEASURED = (*OBSERVABLES, "total_variation_from_start")
_AXES = {
    "temperature": np.array([0.0, 1.0, np.inf]),
    "fresh_fraction": np.array([0.0, 0.5]),
    "initial": np.array(["target", "collapsed:most:0.01"]),
}
_SHAPE = (3, 2, 2)


def _coordinates(**values):
    return {name: ((name,), np.array(array)) for name, array in values.items()}


def _trajectories(*, n_seeds=4, n_checkpoints=6, n_outcomes=None, generator=0):
    rng = np.random.default_rng(generator)
    shape = (n_seeds, n_checkpoints)
    outputs = np.linspace(0, 1000, n_checkpoints).astype(np.int64)
    variables = {
        "seed": (("seed",), np.arange(n_seeds)),
        "outputs": (("checkpoint",), outputs),
        "dataset_size": (("checkpoint",), outputs + 50.0),
    }
    for name in _MEASURED:
        variables[name] = (("seed", "checkpoint"), rng.random(shape))
    variables["kl_from_target"][1][0, -1] = np.inf
    variables["top_outcome"] = (("seed", "checkpoint"), rng.integers(0, 5, shape))
    if n_outcomes is not None:
        counts = rng.integers(1, 100, (*shape, n_outcomes))
        variables["counts"] = (("seed", "checkpoint", "outcome"), counts)
    attributes = {
        "target": "zipf:1:5",
        "n_outcomes": 5,
        "temperature": "inf",
        "fresh_fraction": "0.1",
        "horizon": 1000,
        "initial": "target",
        "initial_size": "50",
        "regime": "accumulate",
        "root_seed": 7,
        "sampler": "auto",
        "package_version": "0.1.0",
        "library_versions": "numpy 2.4.6",
    }
    return Record(kind_named("trajectories"), variables, attributes)


def _model_trajectories(*, generator=0):
    of_the_urn = _trajectories(generator=generator)
    theta = np.random.default_rng(generator).dirichlet(np.ones(5), size=(4, 6))
    attributes = {k: v for k, v in of_the_urn.attributes.items() if k != "sampler"}
    attributes |= {
        "target": "normal:1:5",
        "temperature": "2",
        "family": "gaussian",
        "theta_from": "4096 samples",
        "device": "cpu",
    }
    variables = {
        **of_the_urn.variables,
        "theta": (("seed", "checkpoint", "outcome"), theta),
        "coverage": (("seed", "checkpoint"), theta.max(-1)),
    }
    return Record(kind_named("model_trajectories"), variables, attributes)


def _gate():
    variables = {
        "gate": (("gate",), np.array(["frechet_distance", "coverage"])),
        "seed": (("seed",), np.arange(3)),
        "value": (("gate", "seed"), np.arange(6.0).reshape(2, 3)),
        "threshold": (("gate",), np.array([3.0, 0.9])),
        "passed": (("gate", "seed"), np.ones((2, 3), np.int8)),
    }
    attributes = {"family": "vae", "target": "digits:100", "size": 2000, "root_seed": 7}
    return Record(kind_named("gate"), variables, attributes)


def _target():
    variables = {
        "probability": (("outcome",), np.array([0.5, 0.3, 0.2])),
        "label": (("outcome",), np.array(["the", "café", "日本"])),
    }
    return Record(
        kind_named("target"), variables, {"target": "words:3", "package_version": "0.1.0"}
    )


def _over_cells(rng, *further):
    lengths = {"checkpoint": 4, "quantile": 3}
    shape = (*_SHAPE, *(lengths[dim] for dim in further))
    return {name: ((*_AXES, *further), rng.random(shape)) for name in _MEASURED}


def _ensemble():
    rng = np.random.default_rng(1)
    variables = {
        **_coordinates(**_AXES, quantile=[0.05, 0.5, 0.95]),
        "outputs": (("checkpoint",), np.arange(4)),
        "dataset_size": (("checkpoint",), np.arange(4) + 10.0),
        **_over_cells(rng, "checkpoint", "quantile"),
    }
    return Record(kind_named("ensemble"), variables, {"n_seeds": 32})


def _mean_field():
    rng = np.random.default_rng(4)
    measured = _over_cells(rng, "checkpoint")
    del measured["total_variation_from_start"]
    variables = {
        **_coordinates(**_AXES),
        "outputs": (("checkpoint",), np.arange(4)),
        **measured,
    }
    return Record(kind_named("mean_field"), variables, {"n_outcomes": 5})


def _phase_diagram():
    rng = np.random.default_rng(2)
    cells = tuple(_AXES)
    variables = {
        **_coordinates(
            **_AXES,
            quantile=[0.05, 0.5, 0.95],
            trajectory_phase=TRAJECTORY_PHASES,
            bound=["lower", "upper"],
        ),
        "phase": (cells, rng.integers(0, 4, _SHAPE).astype(np.int8)),
        "joint_phase": (cells[:2], rng.integers(0, 5, _SHAPE[:2]).astype(np.int8)),
        "phase_share": ((*cells, "trajectory_phase"), rng.random((*_SHAPE, 3))),
        "phase_share_interval": (
            (*cells, "trajectory_phase", "bound"),
            rng.random((*_SHAPE, 3, 2)),
        ),
        "order_parameter": ((*cells, "quantile"), rng.normal(size=(*_SHAPE, 3))),
        **_over_cells(rng, "quantile"),
    }
    attributes = {"n_seeds": 32, "tolerance": 0.1, "confidence": 0.95}
    return Record(kind_named("phase_diagram"), variables, attributes)


def _exactness():
    rng = np.random.default_rng(3)
    cells = ("sampler", "temperature")
    variables = {
        **_coordinates(sampler=["leap", "dense"], temperature=[0.5, 2.0], count=np.arange(5)),
        "exact_probability": ((*cells, "count"), rng.random((2, 2, 5))),
        "observed_frequency": ((*cells, "count"), rng.random((2, 2, 5))),
        "chi_square": (cells, rng.random((2, 2))),
        "degrees_of_freedom": (cells, rng.integers(1, 5, (2, 2))),
        "p_value": (cells, rng.random((2, 2))),
    }
    return Record(kind_named("exactness"), variables, {"n_seeds": 1000})


_LENGTHS = {"checkpoint": 4, "quantile": 5, "bound": 2}


def _filled(name):
    """Make a record of a kind, over the axis temperature, from its declaration."""
    kind, rng = kind_named(name), np.random.default_rng(5)
    axis = {"temperature": np.array([0.5, 0.8])}
    variables = _coordinates(**axis)
    for variable in kind.variables:
        if not variable.required or variable.derived:
            continue
        dims = tuple(
            part for dim in variable.dims for part in (axis if dim == CELL_AXES else [dim])
        )
        shape = [_LENGTHS.get(dim, 2) for dim in dims]
        if variable.dtypes == ("string",):
            values = np.array([f"{variable.name} {i}" for i in range(shape[0])])
        elif variable.flags:
            values = np.zeros(shape, np.int8)
        elif variable.dtypes[0].startswith("int"):
            values = np.arange(1, 1 + np.prod(shape)).reshape(shape)
        else:
            values = np.sort(1 + rng.random(shape), axis=-1)
        variables[variable.name] = (dims, values)
    return Record(kind_named(name), variables, {attribute: 1.0 for attribute in kind.attributes})


@pytest.fixture
def make_trajectories():
    """Make a record of trajectories of a given size."""
    return _trajectories


@pytest.fixture
def records():
    """Make one record of every kind, and one of trajectories with distributions."""
    return {
        "trajectories": _trajectories(),
        "distribution": _trajectories(n_outcomes=5),
        "model_trajectories": _model_trajectories(),
        "gate": _gate(),
        "target": _target(),
        "ensemble": _ensemble(),
        "mean_field": _mean_field(),
        "phase_diagram": _phase_diagram(),
        "exactness": _exactness(),
        **{name: _filled(name) for name in ("relaxation", "collapse_time", "flow_agreement")},
        **{name: _filled(name) for name in ("growth", "recovery", "tolerance_scan")},
        **{name: _filled(name) for name in ("branches", "thresholds", "theory_lines", "sizes")},
        "equilibria": _filled("equilibria"),
        **{name: _filled(name) for name in ("capture", "fraction_agreement")},
        **{name: _filled(name) for name in ("collapse_rate", "least_fresh_fraction")},
        "urn_agreement": _filled("urn_agreement"),
    }


def _write_cell(path, theta, *, outputs, initial_size, p=None, **attributes):
    """Write trajectories whose models are given, shape (seed, checkpoint, outcome).

    Their observables are made up, but for those that are measured against a given p.
    """
    theta = np.asarray(theta, float)
    record = _trajectories(
        n_seeds=theta.shape[0], n_checkpoints=theta.shape[1], n_outcomes=theta.shape[2]
    )
    sizes = np.asarray(outputs) + float(initial_size)
    record.variables["outputs"] = (("checkpoint",), np.asarray(outputs, np.int64))
    record.variables["dataset_size"] = (("checkpoint",), sizes)
    counts = theta * sizes[:, None]
    record.variables["counts"] = (("seed", "checkpoint", "outcome"), counts)
    if p is not None:
        measured = observe(theta, p) | {"top_outcome": theta.argmax(-1)}
        record.variables |= {
            name: (("seed", "checkpoint"), values) for name, values in measured.items()
        }
    record.attributes |= {
        "n_outcomes": theta.shape[2],
        "initial_size": str(initial_size),
        "horizon": int(outputs[-1]),
    } | attributes
    netcdf.write(record, path)
    return path


@pytest.fixture
def write_cell():
    """Return the function that writes a file of trajectories with given models."""
    return _write_cell


def _write_model_cell(path, *, outputs, values, **attributes):
    """Write trajectories of a family with given observables, each of shape (seed, checkpoint).

    Other observables are made up, and its models are all the same.
    """
    shape = next(iter(values.values())).shape
    record = _trajectories(n_seeds=shape[0], n_checkpoints=shape[1])
    variables = record.variables | {
        name: (("seed", "checkpoint"), np.asarray(each, float)) for name, each in values.items()
    }
    variables["outputs"] = (("checkpoint",), np.asarray(outputs, np.int64))
    theta = np.full((*shape, 5), 0.2)
    variables["theta"] = (("seed", "checkpoint", "outcome"), theta)
    of_family = {
        "family": "gaussian",
        "theta_from": "4096 samples",
        "device": "cpu",
        "regime": "replace",
        "batch_size": 50,
        "horizon": int(outputs[-1]),
    }
    stated = {name: value for name, value in record.attributes.items() if name != "sampler"}
    netcdf.write(
        Record(kind_named("model_trajectories"), variables, stated | of_family | attributes), path
    )
    return path


@pytest.fixture
def write_model_cell():
    """Return the function that writes a file of trajectories of a family."""
    return _write_model_cell


def _write_target(path, p, *, name="zipf:1:5"):
    variables = {"probability": (("outcome",), np.asarray(p, float))}
    netcdf.write(
        Record(kind_named("target"), variables, {"target": name, "package_version": "0.1.0"}), path
    )
    return path


@pytest.fixture
def write_target():
    """Return the function that writes the file of a target."""
    return _write_target


_QUICK = Path(__file__).parents[2] / "config" / "quick.yaml"


@pytest.fixture
def part_of_quick():
    """Return the function that reads some studies and one figure of the quick configuration."""

    def part_of_quick(studies, figure):
        whole = yaml.safe_load(_QUICK.read_text(encoding="utf-8"))
        return {
            "root_seed": 1,
            "studies": {name: whole["studies"][name] for name in studies},
            "figures": {figure: whole["figures"][figure]},
        }

    return part_of_quick
