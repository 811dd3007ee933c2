"""A file that is whole but was made for another study is never aggregated."""

import pytest

from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf
from heatdeath.measure.phase_diagram import aggregate
from heatdeath.measure.seeds import read_cell
from heatdeath.study.catalogue import kind_named
from heatdeath.study.jobs import simulate_cell, write_target

SETTINGS = {"target": "zipf:1:5", "horizon": 50, "checkpoints": 4}
AXES = {"temperature": [2.0]}
PLACE = {"temperature": 2.0}
ORIGIN = {"root_seed": 7, "seeds": 2, "settings": SETTINGS, "variants": {}}


@pytest.fixture
def made(tmp_path):
    """Make a file of trajectories of the study, apart from what is given."""

    def make(*, root_seed=7, seeds=(0, 1), target="zipf:1:5", name="trajectories.nc", **arguments):
        write_target(target, output=tmp_path / "target.nc")
        simulate_cell(
            {"temperature": 2.0, "horizon": 50, "checkpoints": 4, **arguments},
            seeds=list(seeds),
            root_seed=root_seed,
            target_path=tmp_path / "target.nc",
            output=tmp_path / name,
        )
        return tmp_path / name

    return make


def test_the_files_of_the_study_itself_are_read_whatever_their_blocks(made):
    paths = [made(seeds=[1], name="second.nc"), made(seeds=[0], name="first.nc")]
    assert len(read_cell(paths, PLACE, origin=ORIGIN)) == 2


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"root_seed": 8}, "has root_seed 8, and its study has 7"),
        ({"target": "uniform:5"}, "has target 'uniform:5', and its study has 'zipf:1:5'"),
        ({"horizon": 60}, "has horizon 60, and its study has 50"),
        ({"checkpoints": 5}, "has other checkpoints than its study"),
        ({"checkpoints": [0, 1, 2, 50]}, "has other checkpoints than its study"),
        ({"fresh_fraction": 0.5}, "has fresh_fraction '0.5', and its study has '0'"),
        ({"initial": "uniform"}, "has initial 'uniform', and its study has 'target'"),
        ({"initial_size": 51}, "has initial_size '51', and its study has '50'"),
        ({"top_k": 3}, "has top_k 3, and its study has None"),
        ({"sampler": "sequential"}, "has sampler 'sequential', and its study has 'auto'"),
        ({"regime": "replace", "batch_size": 10}, "has batch_size 10, and its study has 1"),
        ({"seeds": (2, 3)}, "hold the seeds 2, 3; its study has 0 to 1, each once"),
        ({"seeds": (0,)}, "hold the seeds 0; its study has 0 to 1, each once"),
        ({"seeds": (0, 1, 2)}, "hold the seeds 0, 1, 2; its study has 0 to 1, each once"),
    ],
)
def test_a_file_of_another_study_is_named_with_what_differs(made, other, says):
    with pytest.raises(FileFormatError, match=r"trajectories\.nc") as refused:
        read_cell([made(**other)], PLACE, origin=ORIGIN)
    assert says in str(refused.value)


def test_a_variant_has_the_arguments_of_its_bundle(made):
    origin = ORIGIN | {"variants": {"few": {"top_k": 3}, "all": {}}}
    path = made(top_k=3)
    read_cell([path], PLACE | {"variant": "few"}, origin=origin)
    with pytest.raises(FileFormatError, match="has top_k 3, and its study has None"):
        read_cell([path], PLACE | {"variant": "all"}, origin=origin)


def test_a_start_from_a_file_has_the_size_that_the_file_gives_it(made, tmp_path):
    start = tmp_path / "start.csv"
    start.write_text("4\n3\n2\n1\n1\n")
    initial = f"file:{start}"
    origin = ORIGIN | {"settings": SETTINGS | {"initial": initial}}
    read_cell([made(initial=initial)], PLACE, origin=origin)
    with pytest.raises(FileFormatError, match="has initial 'target'"):
        read_cell([made()], PLACE, origin=origin)


def test_the_file_of_another_target_is_refused_beside_the_right_trajectories(made, tmp_path):
    path = made()
    write_target("uniform:5", output=tmp_path / "target.nc")
    assert netcdf.read(path, kind=kind_named).attributes["target"] == "zipf:1:5"
    with pytest.raises(FileFormatError, match=r"target\.nc: has target 'uniform:5'"):
        aggregate(
            [path],
            axes=AXES,
            target_paths=tmp_path / "target.nc",
            tolerance=0.1,
            origin=ORIGIN,
        )


def test_targets_on_an_axis_are_held_against_its_values(made, tmp_path):
    settings = {name: value for name, value in SETTINGS.items() if name != "target"}
    arguments = {
        "axes": AXES | {"target": ["zipf:1:5"]},
        "tolerance": 0.1,
        "origin": ORIGIN | {"settings": settings},
    }
    aggregate([made()], target_paths=[tmp_path / "target.nc"], **arguments)
    path = made(target="uniform:5")
    with pytest.raises(FileFormatError, match=r"target\.nc: has target 'uniform:5'"):
        aggregate([path], target_paths=[tmp_path / "target.nc"], **arguments)
