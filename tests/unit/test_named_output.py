"""What a command does to a file that its user names, by every command that writes one."""

import os

import netCDF4
import pytest

import heatdeath
from heatdeath import cli
from heatdeath.archive import build
from heatdeath.errors import OutputError
from heatdeath.files import netcdf
from heatdeath.files.named_output import output_path

SIMULATE = ["simulate", "--target", "zipf:1:5", "--temperature", "0.5", "--horizon", "200"]
COMMANDS = ("simulate", "show")


@pytest.fixture(params=COMMANDS)
def command(request, records, tmp_path_factory):
    """Return the arguments of a command up to the name of its file, and the suffix."""
    if request.param == "simulate":
        return [*SIMULATE, "--output"], ".nc"
    source = tmp_path_factory.mktemp("source") / "file.nc"
    netcdf.write(records["trajectories"], source)
    return ["show", source, "--png"], ".png"


@pytest.fixture
def run(capsys):
    """Run a command; return its exit code and what it printed."""

    def run(*arguments):
        code = cli.main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return run


def assert_refused(result, *parts):
    code, out, error = result
    assert (code, out) == (2, "")
    assert error.startswith("heatdeath: error: ")
    assert error.count("\n") == 1
    for part in parts:
        assert part in error


def test_a_file_that_heatdeath_did_not_write_is_replaced_by_force_alone(run, command, tmp_path):
    arguments, suffix = command
    path = tmp_path / f"mine{suffix}"
    path.write_text("the,500\nof,300\n")
    assert_refused(run(*arguments, path), path.name, arguments[-1], "--force")
    assert path.read_text() == "the,500\nof,300\n"
    assert list(tmp_path.iterdir()) == [path]
    assert run(*arguments, path, "--force")[0] == 0
    assert b"the,500" not in path.read_bytes()


def test_a_file_of_the_same_command_is_replaced(run, command, tmp_path):
    arguments, suffix = command
    path = tmp_path / f"ours{suffix}"
    assert run(*arguments, path)[0] == 0
    os.utime(path, (1, 1))
    assert run(*arguments, path)[0] == 0
    assert path.stat().st_mtime > 1


def test_a_name_without_the_suffix_is_refused_even_by_force(run, command, tmp_path):
    arguments, suffix = command
    for name in ("counts.csv", "counts", f"counts{suffix}.gz"):
        assert_refused(run(*arguments, tmp_path / name), name, f"ends in {suffix}")
        assert_refused(run(*arguments, tmp_path / name, "--force"), name, f"ends in {suffix}")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_regular_file_is_refused_even_by_force(run, command, tmp_path):
    arguments, suffix = command
    pipe, folder, link = (tmp_path / f"{name}{suffix}" for name in ("pipe", "folder", "link"))
    os.mkfifo(pipe)
    folder.mkdir()
    link.symlink_to(pipe)
    for path, problem in ((pipe, "no regular file"), (folder, "a folder"), (link, "no regular")):
        assert_refused(run(*arguments, path), path.name, problem)
        assert_refused(run(*arguments, path, "--force"), path.name, problem)
    assert pipe.is_fifo()
    assert link.is_symlink()


def test_the_file_that_a_link_points_to_is_judged_and_replaced_and_the_link_stays(
    run, command, tmp_path
):
    arguments, suffix = command
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "data", tmp_path / f"link{suffix}"
    link.symlink_to(target)
    assert run(*arguments, link)[0] == 0
    content = target.read_bytes()
    target.write_text("somebody's")
    assert_refused(run(*arguments, link), "--force")
    assert target.read_text() == "somebody's"
    target.write_bytes(content)
    assert run(*arguments, link)[0] == 0
    assert link.is_symlink()
    assert target.read_bytes() == content


def test_a_link_to_itself_is_refused(run, command, tmp_path):
    arguments, suffix = command
    path = tmp_path / f"loop{suffix}"
    path.symlink_to(path)
    assert_refused(run(*arguments, path), path.name, "cannot be written")


def test_the_refusal_comes_before_the_simulation(run, tmp_path, monkeypatch):
    monkeypatch.setattr("heatdeath.simulation.record_trajectories", None)
    path = tmp_path / "mine.nc"
    path.write_text("mine")
    assert_refused(run(*SIMULATE, "--output", path), "mine.nc")


def test_the_input_of_the_same_run_is_replaced_by_force_alone(run, records, tmp_path):
    path, link = tmp_path / "target.nc", tmp_path / "link.nc"
    netcdf.write(records["target"], path)
    link.symlink_to(path)
    before = path.read_bytes()
    arguments = ["simulate", "--temperature", "1", "--horizon", "9", "--target", f"file:{path}"]
    for name in (path, link):
        assert_refused(run(*arguments, "--output", name), "read by this very command")
    assert path.read_bytes() == before
    assert run(*arguments, "--output", path, "--force")[0] == 0
    assert heatdeath.open_trajectories(path).sizes["seed"] == 1


@pytest.mark.parametrize("change", ["edited", "damaged", "somebody's"])
def test_a_netcdf_file_that_is_not_as_heatdeath_wrote_it_is_kept(records, change, tmp_path):
    path = tmp_path / "file.nc"
    netcdf.write(records["trajectories"], path)
    assert output_path(path, key="--output", suffix=".nc") == path.resolve()
    if change == "damaged":
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    else:
        with netCDF4.Dataset(path, "a" if change == "edited" else "w") as dataset:
            dataset.note = "mine"
    with pytest.raises(OutputError, match="no whole file that heatdeath wrote"):
        output_path(path, key="--output", suffix=".nc")


def test_an_archive_replaces_an_archive_of_heatdeath_alone(tmp_path):
    path = tmp_path / "file.zip"
    members = {"heatdeath/__init__.py": b"", "ro-crate-metadata.json": b"{}"}
    build._write_zip(members, path, executable=())
    assert output_path(path, key="--output", suffix=".zip") == path.resolve()
    for content in ({"holiday.jpg": b""}, None):
        if content is None:
            path.write_text("no archive")
        else:
            build._write_zip(content, path, executable=())
        with pytest.raises(OutputError, match="--force"):
            output_path(path, key="--output", suffix=".zip")
        output_path(path, key="--output", suffix=".zip", force=True)
