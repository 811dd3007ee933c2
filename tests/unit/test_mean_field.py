"""The mean-field flow of every cell of a study."""

import numpy as np
import pytest

from heatdeath.errors import ParameterError
from heatdeath.files import netcdf
from heatdeath.files.variables import Record
from heatdeath.files.writing import write
from heatdeath.measure.mean_field import follow
from heatdeath.observables import OBSERVABLES, observe
from heatdeath.study.catalogue import kind_named

P = np.array([0.5, 0.3, 0.2])
SETTINGS = {
    "target": "sha256:0",
    "n_outcomes": 3,
    "initial": "target",
    "initial_size": "100",
    "regime": "accumulate",
    "n_seeds": 4,
}


def ensemble(axes, **attributes):
    shape = tuple(len(values) for values in axes.values())
    outputs = np.array([0, 900, 99_900])
    variables = {name: ((name,), np.array(values)) for name, values in axes.items()}
    variables["quantile"] = (("quantile",), np.array([0.5]))
    variables["outputs"] = (("checkpoint",), outputs)
    variables["dataset_size"] = (("checkpoint",), outputs + 100.0)
    for name in (*OBSERVABLES, "total_variation_from_start"):
        variables[name] = ((*axes, "checkpoint", "quantile"), np.zeros((*shape, 3, 1)))
    return Record(kind_named("ensemble"), variables, SETTINGS | attributes)


def target():
    attributes = {"target": "sha256:0", "package_version": "1"}
    return Record(kind_named("target"), {"probability": (("outcome",), P)}, attributes)


AXES = {"fresh_fraction": [0.0, 0.5], "temperature": [1.0, np.inf]}


def test_every_cell_is_followed_to_the_size_of_its_dataset():
    flow = follow(ensemble(AXES, initial="collapsed:2:0.5"), target())
    assert flow.dimensions("entropy") == ("fresh_fraction", "temperature", "checkpoint")
    start = np.array([0.25 * 5 / 4, 0.25 * 3 / 4, 0.5])
    np.testing.assert_allclose(flow.values("top1_mass")[..., 0], 0.5)
    for i, f in enumerate(AXES["fresh_fraction"]):
        expected = P + (start - P) * 1000.0**-f
        at_horizon = observe(expected / expected.sum(), P)["total_variation"]
        assert flow.values("total_variation")[i, 0, -1] == pytest.approx(at_horizon, abs=1e-12)
    heat_death = flow.values("total_variation")[0, 1, -1]
    assert heat_death == pytest.approx(0.5 * abs(P - 1 / 3).sum(), abs=2e-3)


def test_a_drawn_start_is_followed_from_the_target_itself():
    flow = follow(ensemble(AXES), target())
    np.testing.assert_allclose(flow.values("total_variation")[..., 0], 0, atol=1e-15)
    assert flow.attributes["target_entropy"] == pytest.approx(float(observe(P, P)["entropy"]))


def test_the_flow_of_a_study_is_written_and_read_back(tmp_path):
    netcdf.write(ensemble(AXES), tmp_path / "ensemble.nc")
    netcdf.write(target(), tmp_path / "target.nc")
    write(follow(tmp_path / "ensemble.nc", tmp_path / "target.nc"), tmp_path / "mean_field.nc")
    flow = netcdf.read(tmp_path / "mean_field.nc", kind=kind_named("mean_field"))
    assert set(OBSERVABLES) <= set(flow.variables)


@pytest.mark.parametrize(
    ("axes", "attributes", "message"),
    [
        (AXES, {"regime": "replace"}, "regime: got 'replace'; allowed: accumulate"),
        (AXES, {"top_k": 2}, "top_k: got 2"),
        (AXES | {"variant": ["a"]}, {}, "axis: got 'variant'"),
    ],
)
def test_a_study_that_does_not_follow_the_flow_is_refused(axes, attributes, message):
    with pytest.raises(ParameterError, match=message):
        follow(ensemble(axes, **attributes), target())
