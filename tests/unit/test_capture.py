"""Capture: trajectories beyond the saddle are counted, whatever their top outcome."""

import itertools

import numpy as np
import pytest

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files import netcdf
from heatdeath.files.writing import write
from heatdeath.measure.capture import measure_capture
from heatdeath.measure.intervals import wilson
from heatdeath.study.catalogue import kind_named
from heatdeath.theory.equilibria import equilibria

FRACTIONS, SIZES = [0.4, 0.55, 0.6, 0.7], [100, 1000]
AXES = {"fresh_fraction": FRACTIONS, "initial_size": SIZES}
UNIFORM = np.full(10, 0.1)


@pytest.fixture
def write_study(make_trajectories, write_target, tmp_path):
    """Return a function that writes a study whose cells end with given top masses."""

    def write(masses, *, axes=AXES, p=UNIFORM, tops=None, seeds=None, **changes):
        paths = []
        for values in itertools.product(*axes.values()):
            place = dict(zip(axes, values, strict=True))
            final = np.asarray(masses(place), float)
            record = make_trajectories(n_seeds=final.size)
            record.variables["top1_mass"][1][:, -1] = final
            if tops is not None:
                record.variables["top_outcome"][1][:, -1] = tops
            if seeds is not None:
                record.variables["seed"] = (("seed",), np.array(seeds))
            record.attributes |= {
                "target": "uniform:10",
                "n_outcomes": len(p),
                "temperature": "0.5",
                "initial": "target",
            }
            record.attributes |= {name: str(value) for name, value in place.items()} | changes
            path = tmp_path / f"{len(paths)}.nc"
            netcdf.write(record, path)
            paths.append(path)
        return paths, write_target(tmp_path / "target.nc", p, name="uniform:10")

    return write


def branch(p, fraction, outcome=0):
    locked, saddle = (
        each.theta[outcome]
        for each in equilibria(p, temperature=0.5, fresh_fraction=fraction, branches=[outcome])
    )
    return float(saddle), float(locked)


def test_captured_is_what_lies_beyond_the_saddle_and_arrived_what_is_past_the_middle(write_study):
    saddle, locked = branch(UNIFORM, 0.55)
    middle = (saddle + locked) / 2
    ends = [0.1, saddle - 1e-6, saddle + 1e-6, middle - 1e-6, middle + 1e-6, locked]
    paths, target = write_study(lambda place: ends)
    record = measure_capture(paths, axes=AXES, target_paths=target)
    np.testing.assert_allclose(record.values("captured_share")[1], 4 / 6)
    np.testing.assert_allclose(record.values("arrived_share")[1], 2 / 6)
    expected = np.stack(wilson(4, 6))
    np.testing.assert_allclose(record.values("captured_interval")[1, 0], expected)


def test_below_the_folds_all_are_captured_and_above_them_none(write_study):
    paths, target = write_study(lambda place: [0.101, 0.3, 0.9])
    record = measure_capture(paths, axes=AXES, target_paths=target)
    np.testing.assert_array_equal(record.values("captured_share")[0], 1)
    np.testing.assert_array_equal(record.values("captured_share")[3], 0)


def test_every_top_outcome_has_its_own_saddle(write_study):
    p = np.array([0.104, *[0.1] * 8, 0.096])
    frequent, rare = (branch(p, 0.6, outcome=outcome)[0] for outcome in (1, 9))
    between = (frequent + rare) / 2
    axes = {"fresh_fraction": [0.6, 0.61], "initial_size": [100]}
    paths, target = write_study(lambda place: [between] * 3, axes=axes, p=p, tops=[0, 1, 9])
    record = measure_capture(paths, axes=axes, target_paths=target)
    assert record.values("captured_share")[0, 0] == pytest.approx(2 / 3)
    assert record.values("prediction_flag") == 0
    assert not record.values("predicted_share").any()


def test_the_outcome_that_lock_in_and_the_faithful_branch_share_captures_none(write_study):
    axes = {"fresh_fraction": [0.3, 0.5], "initial_size": [100]}
    p = [0.4, 0.3, 0.2, 0.1]
    paths, target = write_study(lambda place: [0.7] * 2, axes=axes, p=p, tops=[0, 1])
    record = measure_capture(paths, axes=axes, target_paths=target)
    assert record.values("captured_share")[:, 0].tolist() == [0.5, 0]
    assert record.values("critical_kind") == 1


def test_half_capture_is_found_and_its_prediction_stands_beside_it(write_study):
    def masses(place):
        captured = {100: 0.58, 1000: 0.52}[place["initial_size"]] > place["fresh_fraction"]
        return np.full(20, 0.9 if captured else 0.1)

    paths, target = write_study(masses)
    record = measure_capture(paths, axes=AXES, target_paths=target)
    assert record.values("half_flag").tolist() == [1, 1]
    assert 0.55 < record.values("half_fraction")[0] < 0.6
    assert 0.4 < record.values("half_fraction")[1] < 0.55
    assert record.values("prevent") == pytest.approx(0.5)
    assert record.values("recover") == pytest.approx(0.625)
    share = record.values("predicted_share")
    assert (share[0] == 1).all()
    assert (share[3] == 0).all()
    assert (np.diff(share[1]) < 0).all()
    halves = record.values("predicted_half_fraction")
    assert 0.5 < halves[-1] < halves[0] < 0.625


def test_the_file_is_written_and_read_back(write_study, tmp_path):
    paths, target = write_study(lambda place: [0.1, 0.9])
    write(measure_capture(paths, axes=AXES, target_paths=[target]), tmp_path / "capture.nc")
    record = netcdf.read(tmp_path / "capture.nc", kind=kind_named("capture"))
    assert record.attributes["n_seeds"] == 2
    assert record.dimensions("half_fraction") == ("initial_size",)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"initial": "proportional"}, "has the start 'proportional'; needed: one drawn"),
        ({"regime": "replace"}, "has the regime 'replace'; needed: 'accumulate'"),
        ({"top_k": 3}, "has the sampling rule 'top_k'; needed: none"),
    ],
)
def test_a_study_without_capture_is_refused(write_study, changes, says):
    paths, target = write_study(lambda place: [0.1, 0.9], **changes)
    with pytest.raises(FileFormatError, match=says):
        measure_capture(paths, axes=AXES, target_paths=target)


def test_axes_files_and_seeds_that_do_not_fit_are_refused(write_study):
    paths, target = write_study(lambda place: [0.1, 0.9])
    with pytest.raises(ParameterError, match="axes with initial_size"):
        measure_capture(paths, axes={"fresh_fraction": FRACTIONS}, target_paths=target)
    with pytest.raises(ParameterError, match="8 cells"):
        measure_capture(paths[:7], axes=AXES, target_paths=target)
    with pytest.raises(FileFormatError, match="fresh_fraction"):
        measure_capture(paths[::-1], axes=AXES, target_paths=target)
    doubled = [path for path in paths for _ in range(2)]
    with pytest.raises(FileFormatError, match="repeats seeds"):
        measure_capture(doubled, axes=AXES, target_paths=target)
    with pytest.raises(ParameterError, match="target_paths: got '2 files'"):
        measure_capture(paths, axes=AXES, target_paths=[target, target])


def test_cells_with_different_numbers_of_seeds_are_refused(write_study):
    paths, target = write_study(lambda place: [0.1] * (2 if place["initial_size"] == 100 else 3))
    with pytest.raises(ParameterError, match="cells of 2 and of 3 seeds"):
        measure_capture(paths, axes=AXES, target_paths=target)


def test_a_single_fresh_fraction_is_refused(write_study):
    paths, target = write_study(lambda place: [0.1, 0.9])
    axes = AXES | {"fresh_fraction": AXES["fresh_fraction"][:1]}
    with pytest.raises(ParameterError, match="two values at least"):
        measure_capture(paths, axes=axes, target_paths=target)
