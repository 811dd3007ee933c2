"""The phases of families beside those of the urn, whose resting places the flow confirms."""

import numpy as np
import pytest

from heatdeath import targets
from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf
from heatdeath.files.variables import Record
from heatdeath.files.writing import write
from heatdeath.measure.resting_model import resting_model, sufficient_fraction
from heatdeath.measure.urn_agreement import compare_with_the_urn
from heatdeath.phases import CELL_PHASES, COLLAPSED, FAITHFUL, HEAT_DEATH, MIXED
from heatdeath.study.catalogue import kind_named
from heatdeath.theory.flow import mean_field

UNIFORM, ZIPF = targets.resolve("uniform:10"), targets.resolve("zipf:1:10")


def start_of(target, start):
    if start == "target":
        return target.probabilities
    _, held, share = start.split(":")
    model = float(share) * target.probabilities
    model[int(held)] += 1 - float(share)
    return model


@pytest.mark.parametrize("fresh_fraction", [0.0, 0.1, 0.3, 0.52, 0.6, 0.9])
@pytest.mark.parametrize(
    ("target", "temperature", "start"),
    [
        (ZIPF, 0.5, "target"),
        (ZIPF, 0.5, "collapsed:3:0.01"),
        (ZIPF, 0.5, "collapsed:0:0.01"),
        (ZIPF, 0.5, "collapsed:9:0.6"),
        (ZIPF, 0.8, "collapsed:3:0.01"),
        (ZIPF, 1.5, "target"),
        (ZIPF, 1.5, "collapsed:3:0.01"),
        (ZIPF, 1, "collapsed:3:0.01"),
        (UNIFORM, 0.5, "collapsed:3:0.01"),
        (UNIFORM, 0.5, "collapsed:3:0.7"),
    ],
)
def test_the_model_rests_where_the_flow_takes_the_start(target, temperature, start, fresh_fraction):
    rests = resting_model(
        target, temperature=temperature, fresh_fraction=fresh_fraction, start=start
    )
    flow = mean_field(
        start_of(target, start),
        target.probabilities,
        temperature=temperature,
        fresh_fraction=fresh_fraction,
        log_growth=[0, 400.0],
    )
    np.testing.assert_allclose(rests, flow[-1], atol=1e-6)


def test_below_the_fold_a_start_at_the_target_is_caught():
    # A flow from p itself would stay there by symmetry; the least chance takes it away.
    caught = resting_model(UNIFORM, temperature=0.5, fresh_fraction=0.4, start="target")
    assert caught.max() > 0.5
    kept = resting_model(UNIFORM, temperature=0.5, fresh_fraction=0.6, start="target")
    np.testing.assert_allclose(kept, UNIFORM.probabilities, atol=1e-9)


def test_the_sufficient_fraction_is_where_the_resting_model_meets_the_tolerance():
    arguments = {"temperature": 0.5, "start": "collapsed:3:0.01"}
    fraction = sufficient_fraction(ZIPF, tolerance=0.3, **arguments)
    for off, is_within in ((-1e-5, False), (1e-5, True)):
        model = resting_model(ZIPF, fresh_fraction=fraction + off, **arguments)
        distance = 0.5 * abs(model - ZIPF.probabilities).sum()
        assert (distance <= 0.3) == is_within


def diagram_of(phase, axes, name=ZIPF.name):
    """Make a phase diagram that has given phases."""
    dims = tuple(axes)
    variables = {name: ((name,), np.array(values)) for name, values in axes.items()}
    variables["phase"] = (dims, np.asarray(phase, np.int8))
    attributes = {"n_seeds": 4, "tolerance": 0.1, "n_outcomes": 10, "target": name}
    attributes |= {"family": "gaussian", "initial": "target"}
    return Record(kind_named("phase_diagram"), variables, attributes)


AXES = {"temperature": [0.0, 0.5, 2.0], "fresh_fraction": [0.0, 0.99]}
BY_THE_URN = [[COLLAPSED, FAITHFUL], [HEAT_DEATH, FAITHFUL]]


def test_cells_that_have_the_phase_of_the_urn_are_counted():
    measured = [[COLLAPSED, COLLAPSED], [COLLAPSED, MIXED], [HEAT_DEATH, FAITHFUL]]
    record = compare_with_the_urn(diagram_of(measured, AXES), ZIPF, theory_at=[0.5, 2.0])
    np.testing.assert_array_equal(record.values("urn_phase"), [[3, 3], *BY_THE_URN])
    confusion = np.zeros((3, len(CELL_PHASES)))
    confusion[COLLAPSED, COLLAPSED] = confusion[HEAT_DEATH, HEAT_DEATH] = 1
    confusion[FAITHFUL, [MIXED, FAITHFUL]] = 1
    np.testing.assert_array_equal(record.values("confusion"), confusion)
    found = record.attributes
    assert (found["cells"], found["agreeing_cells"], found["agreeing_share"]) == (4, 3, 0.75)
    # Of the urn 2, 1 and 1 of 4 cells are faithful, collapsed and in heat death; measured 1 each.
    assert found["share_by_chance"] == (2 * 1 + 1 + 1) / 16


def test_nothing_agrees_where_all_phases_are_others():
    measured = [[0, 0], [HEAT_DEATH, COLLAPSED], [COLLAPSED, COLLAPSED]]
    record = compare_with_the_urn(diagram_of(measured, AXES), ZIPF, theory_at=[0.5, 2.0])
    assert record.attributes["agreeing_share"] == 0


def test_cells_of_other_widths_are_held_against_the_same_equilibrium():
    axes = {"temperature": [2.0], "fresh_fraction": [0.0], "width": [4, 8]}
    record = compare_with_the_urn(
        diagram_of([[[HEAT_DEATH, FAITHFUL]]], axes), ZIPF, theory_at=[2.0]
    )
    np.testing.assert_array_equal(record.values("urn_phase"), [[[HEAT_DEATH, HEAT_DEATH]]])
    assert record.attributes["agreeing_share"] == 0.5


def test_the_equilibrium_of_a_start_is_that_of_its_cell():
    axes = {"temperature": [0.5], "fresh_fraction": [0.6], "initial": ["target", "collapsed:3:0"]}
    record = compare_with_the_urn(
        diagram_of([[[FAITHFUL, COLLAPSED]]], axes, UNIFORM.name), UNIFORM, theory_at=[0.5]
    )
    np.testing.assert_array_equal(record.values("urn_phase"), [[[FAITHFUL, COLLAPSED]]])
    assert record.values("urn_order_parameter")[0, 0, 1] < -0.1
    assert record.values("urn_total_variation")[0, 0, 0] < 1e-9


def test_a_target_of_another_study_is_refused(tmp_path, records, write_target):
    diagram = records["phase_diagram"]
    diagram.attributes |= {"target": "words:3", "family": "gaussian", "n_outcomes": 3}
    netcdf.write(diagram, tmp_path / "diagram.nc")
    target = write_target(tmp_path / "target.nc", [0.5, 0.5], name="uniform:2")
    with pytest.raises(FileFormatError, match="is of uniform:2, and the study of words:3"):
        compare_with_the_urn(tmp_path / "diagram.nc", target, theory_at=[])


def test_the_file_is_written_and_read_back(tmp_path, records, write_target):
    diagram = records["phase_diagram"]
    diagram.attributes |= {"target": "words:3", "family": "gaussian", "n_outcomes": 3}
    netcdf.write(diagram, tmp_path / "diagram.nc")
    target = write_target(tmp_path / "target.nc", [0.5, 0.3, 0.2], name="words:3")
    output = tmp_path / "agreement.nc"
    write(compare_with_the_urn(tmp_path / "diagram.nc", target, theory_at=[1]), output)
    record = netcdf.read(output, kind=kind_named("urn_agreement"))
    assert record.attributes["cells"] == 4
    np.testing.assert_array_equal(record.values("measured_phase"), diagram.values("phase"))
