"""The lines of theory of a study: each number is that of the theory, at all temperatures."""

import math

import numpy as np
import pytest

from heatdeath import targets
from heatdeath.errors import ParameterError
from heatdeath.files import netcdf
from heatdeath.files.writing import write
from heatdeath.measure.theory_lines import fine_temperatures, theory_lines
from heatdeath.study.catalogue import kind_named
from heatdeath.theory.critical import recovery_fraction, tolerance_fraction

STARTS = ["target", "collapsed:1:0.01", "collapsed:least:0.01"]


@pytest.fixture(scope="module")
def lines():
    return theory_lines(
        targets.resolve("zipf:1:10"), temperatures=[0, 0.7, 1, 1.3], starts=STARTS, tolerance=0.15
    )


def test_the_lines_are_those_of_the_theory(lines):
    target = targets.resolve("zipf:1:10")
    temperatures = lines.values("temperature")
    for place in (0, 3):
        temperature = float(temperatures[place])
        for name, output in (("recover", 1), ("recover_least_frequent", 9)):
            expected = recovery_fraction(target, temperature=temperature, outcome=output)
            assert lines.values(name)[place] == pytest.approx(expected, rel=1e-12)
    place = int(np.flatnonzero(temperatures == 1.3)[0])
    for number, tolerance in enumerate(lines.values("tolerance")):
        expected = tolerance_fraction(target, temperature=1.3, tolerance=float(tolerance))
        assert lines.values("tolerance_fraction")[place, number] == expected


def test_starts_that_are_collapsed_have_the_line_of_their_output(lines):
    assert lines.values("initial").tolist() == STARTS[1:]
    np.testing.assert_array_equal(
        lines.values("recover_from_start"),
        np.stack([lines.values("recover"), lines.values("recover_least_frequent")], axis=1),
    )


def test_without_a_fold_the_flags_say_so(lines):
    temperatures = lines.values("temperature")
    kinds = lines.values("critical_kind")
    assert (kinds[temperatures < 1] == 1).all()
    assert (kinds[temperatures >= 1] == 2).all()
    assert (lines.values("prevent") == 0).all()
    assert (lines.values("recover_output")[temperatures < 1] == 1).all()
    assert (lines.values("recover_output")[temperatures >= 1] == -1).all()


def test_the_most_frequent_output_of_zipf_has_no_line_of_its_own():
    lines = theory_lines(
        targets.resolve("zipf:1:10"), temperatures=[0.5], starts=["collapsed:most:0.01"]
    )
    assert lines.values("start_flag").tolist() == [[0]]
    assert lines.values("recover_from_start").tolist() == [[0.0]]


def test_uniform_targets_have_both_folds_in_closed_form():
    lines = theory_lines(targets.resolve("uniform:100"), temperatures=[0.5, 0.8])
    temperatures = lines.values("temperature")
    assert "initial" not in lines.variables
    np.testing.assert_allclose(lines.values("prevent"), 1 - temperatures, atol=1e-9)
    assert lines.values("recover")[0] == pytest.approx(0.8340, abs=5e-5)
    assert lines.values("recover")[-1] == pytest.approx(0.4544, abs=5e-5)


def test_the_file_is_written_and_read_back(write_target, tmp_path):
    target = write_target(tmp_path / "target.nc", np.full(5, 0.2), name="uniform:5")
    path = tmp_path / "lines.nc"
    lines = theory_lines(target, temperatures=[0.5, 2], starts=STARTS[:2], tolerance=0.1)
    write(lines, path)
    record = netcdf.read(path, kind=kind_named("theory_lines"))
    assert record.attributes["target"] == "uniform:5"
    assert 0.1 in record.values("tolerance")


def test_temperatures_are_close_near_one_and_hold_those_of_the_study():
    grid = fine_temperatures([0, 0.25, 0.3, 0.97, 4, math.inf])
    assert {0.25, 0.3, 0.97, 1.0, 4.0} <= set(grid.tolist())
    assert grid[0] == 0.25
    assert grid[-1] == 4
    assert np.diff(np.log(grid)).max() <= 0.1 + 1e-9
    near = grid[abs(grid - 1) < 0.02]
    assert np.diff(near).max() <= 0.01 + 1e-9
    assert fine_temperatures([0.8]).tolist() == [0.8]


def test_a_study_without_a_finite_temperature_has_no_lines():
    with pytest.raises(ParameterError, match=r"temperatures: got .*positive and finite"):
        fine_temperatures([0, math.inf])
