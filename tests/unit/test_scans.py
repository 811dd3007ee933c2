"""Studies that are cut into scans of the fresh fraction."""

import itertools

import numpy as np
import pytest

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.measure.scans import read_scans
from heatdeath.measure.seeds import check_one_at_a_time

P = np.array([0.5, 0.3, 0.2])
AXES = {"temperature": [0.5, 0.8], "fresh_fraction": [0.1, 0.2, 0.3], "initial_size": [50, 60]}


def write_study(folder, write_cell, write_target, axes, *, seeds=3, changes=None):
    paths = []
    for place in itertools.product(*axes.values()):
        values = dict(zip(axes, place, strict=True))
        path = write_cell(
            folder / f"{len(paths)}.nc",
            np.broadcast_to(P, (seeds, 2, 3)),
            outputs=[0, 10],
            p=P,
            **{
                "initial_size": values.get("initial_size", 50),
                "temperature": f"{values.get('temperature', 0.5):g}",
                "fresh_fraction": f"{values.get('fresh_fraction', 0.1):g}",
            }
            | (changes or {}),
        )
        paths.append(path)
    return {"axes": axes, "target_paths": write_target(folder / "target.nc", P)}, paths


def place_of(cell):
    names = ("temperature", "fresh_fraction", "initial_size")
    return tuple(float(cell.attributes[name]) for name in names)


def read(paths, *, recorded=("counts",), **study):
    return read_scans(paths, recorded=recorded, reduce=place_of, check=check_one_at_a_time, **study)


@pytest.mark.parametrize("order", list(itertools.permutations(AXES)))
def test_cells_that_differ_in_the_fresh_fraction_alone_are_a_scan(
    tmp_path, write_cell, write_target, order
):
    study, paths = write_study(
        tmp_path, write_cell, write_target, {name: AXES[name] for name in order}
    )
    result = read(paths, **study)
    others = [name for name in order if name != "fresh_fraction"]
    assert result.other_axes == tuple(others)
    for scan, values in zip(
        result.scans, itertools.product(*(AXES[name] for name in others)), strict=True
    ):
        place = dict(zip(others, values, strict=True))
        assert scan.temperature == place["temperature"]
        expected = [(place["temperature"], f, place["initial_size"]) for f in scan.fractions]
        assert scan.cells == expected
    dims, fractions = result.over_cells([[cell[1] for cell in scan.cells] for scan in result.scans])
    assert dims == order
    assert fractions.shape == tuple(len(AXES[name]) for name in order)
    along = np.moveaxis(fractions, order.index("fresh_fraction"), -1)
    assert np.all(along == AXES["fresh_fraction"])


def test_time_is_that_of_outputs_one_at_a_time(tmp_path, write_cell, write_target):
    axes = {"temperature": [0.5], "fresh_fraction": [0.1]}
    study, paths = write_study(tmp_path, write_cell, write_target, axes)
    result = read_scans(paths, reduce=lambda cell: cell.log_size, **study)
    passed = np.diff(result.scans[0].cells[0])
    np.testing.assert_allclose(passed, np.sum(1 / np.arange(51, 61)), rtol=1e-4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"regime": "replace"}, "needed: 'accumulate'"),
        ({"batch_size": 5}, "batches of 5; needed: 1"),
        ({"top_k": 2}, "sampling rule 'top_k'"),
        ({"temperature": "0.6"}, "has temperature '0.6'"),
    ],
)
def test_files_of_another_sort_are_refused(tmp_path, write_cell, write_target, changes, message):
    axes = {"temperature": [0.5], "fresh_fraction": [0.1]}
    study, paths = write_study(tmp_path, write_cell, write_target, axes, changes=changes)
    with pytest.raises(FileFormatError, match=message):
        read(paths, **study)


def test_a_study_without_fresh_fractions_is_refused(tmp_path, write_cell, write_target):
    study, paths = write_study(tmp_path, write_cell, write_target, {"temperature": [0.5]})
    with pytest.raises(ParameterError, match="fresh_fraction"):
        read(paths, **study)


def test_one_seed_alone_is_refused(tmp_path, write_cell, write_target):
    axes = {"temperature": [0.5], "fresh_fraction": [0.1]}
    study, paths = write_study(tmp_path, write_cell, write_target, axes, seeds=1)
    with pytest.raises(ParameterError, match="at least 2"):
        read(paths, **study)


def test_a_variable_that_was_not_recorded_is_named(tmp_path, write_cell, write_target):
    axes = {"temperature": [0.5], "fresh_fraction": [0.1]}
    study, paths = write_study(tmp_path, write_cell, write_target, axes)
    with pytest.raises(FileFormatError, match="has no gradient"):
        read(paths, recorded=("gradient",), **study)


def test_blocks_of_the_same_seeds_are_refused(tmp_path, write_cell, write_target):
    axes = {"temperature": [0.5], "fresh_fraction": [0.1]}
    study, paths = write_study(tmp_path, write_cell, write_target, axes)
    with pytest.raises(FileFormatError, match="repeats seeds"):
        read(paths * 2, **study)


def test_trajectories_of_another_target_are_refused(tmp_path, write_cell, write_target):
    axes = {"temperature": [0.5], "fresh_fraction": [0.1]}
    study, paths = write_study(tmp_path, write_cell, write_target, axes)
    other = write_target(tmp_path / "other.nc", [0.25] * 4, name="uniform:4")
    with pytest.raises(FileFormatError, match="uniform:4"):
        read(paths, **(study | {"target_paths": other}))
