"""What goes wrong on one machine: killed jobs and runs, full disks, clocks that are off.

After each fault the next run ends with the files of an undisturbed one, to the byte.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import netCDF4
import pytest

from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf
from heatdeath.study.catalogue import kind_named

DAY = 86_400  # seconds
PATIENCE = 300  # seconds after which a process that should have ended counts as hung
TRAJECTORY = "tiny/trajectories/T=2/f=0/seeds=0-1.nc"

# Python runs a module of this name when it starts: here it kills the first process that copies a
# finished trajectory to its place, half-way through.
KILL_DURING_WRITE = """
import os, pathlib, shutil, signal

copy = shutil.copyfile


def copy_half(source, target):
    mark = pathlib.Path({mark!r})
    if "T=2/f=0/" in str(target) and mark.exists():
        mark.unlink()
        content = pathlib.Path(source).read_bytes()
        pathlib.Path(target).write_bytes(content[: len(content) // 2])
        os.kill(os.getpid(), signal.SIGKILL)
    return copy(source, target)


shutil.copyfile = copy_half
"""

# Writes with the NetCDF library straight to the final name, and dies before the data are there.
DIE_WHILE_WRITING = """
import os, signal, sys
import netCDF4

dataset = netCDF4.Dataset(sys.argv[1], "w")
dataset.createDimension("seed", 2)
dataset.createVariable("entropy", "f8", ("seed",))
dataset.sync()
os.kill(os.getpid(), signal.SIGKILL)
"""


def results_of(project):
    """Return the bytes of every result; what a killed process leaves is hidden and no result."""
    return {
        path: content
        for path, content in project.files().items()
        if not path.endswith((".partial", ".damaged"))
    }


def assert_undisturbed(project, finished_project):
    assert results_of(project) == finished_project.files()
    assert "Nothing to be done" in project.run().text


@contextlib.contextmanager
def mounted(folder, *options):
    """Mount something on a folder, or skip the test where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    outcome = subprocess.run(
        ["mount", *options, str(folder)], capture_output=True, text=True, check=False
    )
    if outcome.returncode:
        pytest.skip(f"this user cannot mount here: {outcome.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_job_killed_during_its_write_leaves_nothing_that_counts(
    fresh_project, finished_project, tmp_path
):
    mark = tmp_path / "mark"
    mark.touch()
    folder = tmp_path / "start"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(KILL_DURING_WRITE.format(mark=str(mark)))
    environment = {"PYTHONPATH": str(folder)}
    text = fresh_project.run("--keep-going", environment=environment, fails=True).text
    assert not mark.exists()
    assert "seeds=0-1.nc" in text
    trajectory = fresh_project / "results" / TRAJECTORY
    assert not trajectory.exists()
    (half,) = trajectory.parent.glob(".*.partial")
    with pytest.raises(FileFormatError):
        netcdf.read(half, kind=kind_named)
    assert not (fresh_project / "results/tiny/ensemble.nc").exists()
    assert f"results/{TRAJECTORY}" in fresh_project.run().text
    assert_undisturbed(fresh_project, finished_project)


def test_a_killed_run_is_taken_up_where_it_stopped(fresh_project, finished_project):
    command = [sys.executable, "-m", "snakemake", "--cores", "1"]
    command += ["--configfile", "config/tiny.yaml"]
    started = time.monotonic()
    # A session of its own, so that whatever it leaves behind can be found and ended.
    run = subprocess.Popen(
        command,
        cwd=fresh_project.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        results = fresh_project / "results"
        while not list(results.rglob("seeds=*.nc")):
            assert run.poll() is None
            assert time.monotonic() - started < PATIENCE
            time.sleep(0.02)
        run.kill()
        run.wait()
        made = set(results.rglob("seeds=*.nc"))
        assert len(made) < 4
        assert "locked" in fresh_project.run(fails=True).text
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
    fresh_project.run("--unlock")
    text = fresh_project.run().text
    assert f"results/{TRAJECTORY}" in text or results / TRAJECTORY in made
    assert_undisturbed(fresh_project, finished_project)


def test_a_full_disk_is_named_and_what_is_there_is_whole(fresh_project, finished_project):
    folder = fresh_project / "results"
    with mounted(folder, "-t", "tmpfs", "-o", "size=160k", "tmpfs"):
        outcome = fresh_project.run("--keep-going", fails=True)
        assert "No space left on device" in outcome.text
        made = list(folder.rglob("*.nc"))
        assert len(made) < len([path for path in finished_project.files() if ".nc" in path])
        for path in made:
            netcdf.read(path, kind=kind_named)
        subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
        assert "Finished jobid" in fresh_project.run().text
        assert_undisturbed(fresh_project, finished_project)


def test_a_file_of_a_killed_writer_that_opens_cleanly_is_set_aside(project, finished_project):
    path = project / "results" / TRAJECTORY
    path.unlink()
    subprocess.run([sys.executable, "-c", DIE_WHILE_WRITING, str(path)], check=False)
    with netCDF4.Dataset(path) as dataset:
        assert dataset["entropy"][:].mask.all()  # what would have been taken for data
    # Without its own records Snakemake takes every file that exists for finished.
    shutil.rmtree(project / ".snakemake")
    assert f"It is now results/{TRAJECTORY}.damaged; made again" in project.run().text
    assert_undisturbed(project, finished_project)


def test_a_results_folder_on_a_read_only_disk_is_named(fresh_project, finished_project):
    folder = fresh_project / "results"
    with mounted(folder, "-t", "tmpfs", "-o", "ro", "tmpfs"):
        with pytest.raises(OSError, match="Read-only file system"):
            (folder / "file").touch()
        text = fresh_project.run(fails=True).text
        assert "cannot be written; choose another `results`" in " ".join(text.split())
        assert "Traceback" not in text
    fresh_project.run()
    assert_undisturbed(fresh_project, finished_project)


@pytest.mark.parametrize(
    ("days", "redone"), [(1, {"phase_diagram"}), (-1, {"simulate", "phase_diagram"})]
)
def test_a_file_dated_a_day_off_is_at_most_made_again(project, finished_project, days, redone):
    off = time.time() + days * DAY
    os.utime(project / "results" / TRAJECTORY, (off, off))
    # Snakemake's records know that the content is that of before.
    assert project.planned() == {}
    shutil.rmtree(project / ".snakemake")
    # Ahead, it is newer than what was made of it; behind, it is older than its own target.
    text = project.run().text
    assert ("It is now dated as of now" in text) == (days > 0)
    for rule in redone:
        assert f"rule {rule}:" in text
    assert_undisturbed(project, finished_project)


@pytest.mark.parametrize("days", [1, -1], ids=["ahead", "behind"])
def test_a_truncated_trajectory_is_found_whatever_its_date(project, finished_project, days):
    path = project / "results" / TRAJECTORY
    path.write_bytes(path.read_bytes()[:-1000])
    off = time.time() + days * DAY
    for each in Path(project / "results").rglob("*.nc"):
        os.utime(each, (off, off))
    assert f"It is now results/{TRAJECTORY}.damaged; made again" in project.run().text
    assert_undisturbed(project, finished_project)
