import numpy as np
import pytest

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.measure.endpoints import read_endpoints
from heatdeath.simulation import simulate
from heatdeath.study.jobs import simulate_cell, write_target

AXES = {"temperature": [0.5, 2.0]}


@pytest.fixture
def study(tmp_path):
    """Return the files of a small study: two temperatures, two blocks of seeds each."""
    target, paths = tmp_path / "target.nc", []
    write_target("zipf:1:5", output=target)
    for temperature in AXES["temperature"]:
        for seeds in ([0, 1], [2, 3]):
            paths.append(tmp_path / f"{temperature}-{seeds[0]}.nc")
            arguments = {"temperature": temperature, "horizon": 200, "checkpoints": [0, 20, 200]}
            simulate_cell(arguments, seeds=seeds, root_seed=0, target_path=target, output=paths[-1])
    data = {
        temperature: simulate(
            "zipf:1:5", temperature=temperature, horizon=200, seeds=4, checkpoints=[0, 20, 200]
        )
        for temperature in AXES["temperature"]
    }
    return paths, target, data


def read(paths, target, **changes):
    arguments = {"axes": AXES, "target_paths": [target], "tolerance": 0.1}
    return read_endpoints(paths, **(arguments | changes))


def test_every_cell_holds_all_seeds_at_the_start_and_at_the_horizon(study):
    paths, target, data = study
    cells = read(paths, target)
    assert [cell.temperature for cell in cells] == [0.5, 2.0]
    for cell in cells:
        entropy = data[cell.temperature]["entropy"].values
        np.testing.assert_array_equal(cell.start["entropy"], entropy[:, 0])
        np.testing.assert_array_equal(cell.end["entropy"], entropy[:, -1])
        np.testing.assert_array_equal(cell.change("entropy"), entropy[:, -1] - entropy[:, 0])
        departure = data[cell.temperature]["total_variation_from_start"].values
        np.testing.assert_array_equal(cell.departure, departure)
        np.testing.assert_array_equal(cell.generations, [0, 20, 200])
        assert (cell.initial_size, cell.horizon, cell.growth) == (50, 200, 5)
        assert (cell.fresh_fraction, cell.initial, cell.target) == (0, "target", "zipf:1:5")
        expected = data[cell.temperature]["total_variation"].values[:, -1] <= 0.1
        np.testing.assert_array_equal(cell.faithful, expected)


def test_the_entropy_of_the_target_is_that_of_its_probabilities(study):
    paths, target, _ = study
    (cell, _) = read(paths, target)
    assert cell.target_entropy == pytest.approx(-(cell.p * np.log(cell.p)).sum())


def test_files_at_other_places_are_refused(study):
    paths, target, _ = study
    with pytest.raises(FileFormatError, match="has temperature"):
        read(paths[::-1], target)
    with pytest.raises(ParameterError, match="target_paths: got '2 files'; allowed: 1"):
        read(paths, target, target_paths=[target, target])


def test_seeds_that_stand_in_two_files_of_a_cell_are_refused(study):
    paths, target, _ = study
    with pytest.raises(FileFormatError, match=r"0\.5-0\.nc: repeats seeds of another file"):
        read([paths[0], paths[0], *paths[2:]], target)


def test_cells_with_different_numbers_of_seeds_are_refused(study, tmp_path):
    paths, target, _ = study
    few = tmp_path / "few.nc"
    arguments = {"temperature": 2.0, "horizon": 200, "checkpoints": [0, 20, 200]}
    simulate_cell(arguments, seeds=[2], root_seed=0, target_path=target, output=few)
    with pytest.raises(ParameterError, match="cells of 4 and of 3 seeds"):
        read([*paths[:3], few], target)


def test_files_of_a_cell_with_other_checkpoints_are_refused(study, tmp_path):
    paths, target, _ = study
    other = tmp_path / "other.nc"
    arguments = {"temperature": 2.0, "horizon": 200, "checkpoints": [0, 50, 200]}
    simulate_cell(arguments, seeds=[2, 3], root_seed=0, target_path=target, output=other)
    with pytest.raises(FileFormatError, match=r"other\.nc: has other checkpoints than another"):
        read([*paths[:3], other], target)
