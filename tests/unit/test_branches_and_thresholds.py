"""The branches of equilibria and the thresholds that figures show."""

import numpy as np
import pytest

from heatdeath.errors import ParameterError
from heatdeath.files import netcdf
from heatdeath.files.variables import Record
from heatdeath.files.writing import write
from heatdeath.measure.branches import CURVES, follow_branches
from heatdeath.measure.thresholds import thresholds
from heatdeath.study.catalogue import kind_named
from heatdeath.targets import resolve
from heatdeath.theory.flow import mean_field


def target_record(name):
    variables = {"probability": (("outcome",), np.array(resolve(name).probabilities))}
    return Record(kind_named("target"), variables, {"target": name, "package_version": "0.1.0"})


def diagram(temperatures, starts):
    variables = {
        "temperature": (("temperature",), np.array(temperatures, float)),
        "initial": (("initial",), np.array(starts)),
    }
    return Record(kind_named("phase_diagram"), variables, {"n_outcomes": 20})


@pytest.fixture(scope="module")
def branches():
    """Return the branches of twenty equally probable outcomes at T = 1/2 and T = 2."""
    starts = ["target", "collapsed:3:0.01"]
    return follow_branches(diagram([2, 0.5], starts), target_record("uniform:20"))


def curve(branches, temperature, name):
    place = branches.values("temperature").tolist().index(temperature), CURVES.index(name)
    return {key: branches.values(key)[place] for key in ("order_parameter", "exists", "stable")}


def test_branches_end_where_the_thresholds_are(branches):
    fraction = branches.values("fraction")
    mu = 20 / (2 * np.sqrt(19))
    locked_in, saddle = (curve(branches, 0.5, name) for name in ("locked_in", "saddle"))
    assert fraction[locked_in["exists"] == 1].max() == pytest.approx(mu / (1 + mu), abs=1e-6)
    assert fraction[saddle["exists"] == 1].min() == pytest.approx(0.5, abs=0.02)
    faithful = curve(branches, 0.5, "faithful")
    assert np.all(faithful["stable"][fraction > 0.5] == 1)
    assert np.all(faithful["stable"][fraction < 0.5] == 0)
    assert np.all(saddle["stable"] == 0)
    assert np.all(locked_in["stable"] == locked_in["exists"])


def test_above_one_there_is_one_branch(branches):
    assert curve(branches, 2, "faithful")["exists"].all()
    assert not curve(branches, 2, "locked_in")["exists"].any()


def test_the_flow_ends_on_the_branches(branches):
    p = np.full(20, 0.05)
    start = np.full(20, 0.01 / 19)
    start[3] = 0.99
    for f in (0.2, 0.5):
        end = mean_field(start, p, temperature=0.5, fresh_fraction=f, log_growth=[200])[0]
        entropy = -np.sum(end * np.log(end))
        place = np.argmin(abs(branches.values("fraction") - f))
        order = curve(branches, 0.5, "locked_in")["order_parameter"][place]
        assert entropy - np.log(20) == pytest.approx(order, abs=1e-6)


def test_branches_without_a_collapsed_start_are_refused():
    with pytest.raises(ParameterError, match="collapsed"):
        follow_branches(diagram([0.5], ["target"]), target_record("uniform:20"))


def test_branches_are_written(tmp_path, records):
    whole = records["phase_diagram"]
    small = whole.variables | {"temperature": (("temperature",), np.array([0.5, 0.7, 1.0]))}
    netcdf.write(
        Record(kind_named("phase_diagram"), small, whole.attributes), tmp_path / "diagram.nc"
    )
    netcdf.write(target_record("zipf:1:5"), tmp_path / "target.nc")
    output = tmp_path / "branches.nc"
    write(follow_branches(tmp_path / "diagram.nc", tmp_path / "target.nc"), output)
    assert netcdf.read(output, kind=kind_named("branches")).attributes["outcome"] == 0


def test_published_conditions_ask_for_far_more_than_the_thresholds(tmp_path):
    netcdf.write(target_record("uniform:100"), tmp_path / "target.nc")
    write(thresholds(tmp_path / "target.nc"), tmp_path / "thresholds.nc")
    record = netcdf.read(tmp_path / "thresholds.nc", kind=kind_named("thresholds"))
    temperatures = record.values("temperature")
    np.testing.assert_allclose(record.values("prevent"), 1 - temperatures, atol=1e-8)
    ratio = record.values("recover") / (1 - record.values("recover"))
    assert np.all(record.values("euclidean_ratio") > 20 * ratio)
    assert np.all(record.values("fisher_rao_ratio") > record.values("euclidean_ratio"))
    half = thresholds(target_record("uniform:100"), temperatures=[0.5])
    assert half.values("recover")[0] == pytest.approx(0.8340301047258184, abs=1e-8)
    assert half.values("euclidean_ratio")[0] == pytest.approx(200)
    assert half.values("fisher_rao_ratio")[0] == pytest.approx(4e4)


def test_a_target_without_a_fold_is_flagged():
    record = thresholds(target_record("zipf:1:20"), temperatures=[0.5])
    assert record.values("prevent_exists").tolist() == [0]
    assert record.values("prevent").tolist() == [0]
    assert record.values("recover_exists").tolist() == [1]
