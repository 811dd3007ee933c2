"""Machine code is kept where it can be, renewed when a sampler changes, and never required."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import heatdeath

PACKAGE = Path(heatdeath.__file__).parent

SIMULATE = (
    "from heatdeath.simulation import record_trajectories\n"
    "from heatdeath.urn.compilation import cache_folder\n"
    "r = record_trajectories('zipf:1:20', temperature=0, horizon=500, seeds=2)\n"
    "print(r.values('top1_mass')[:, -1].tolist())\n"
    "print(cache_folder())\n"
)


def run(cache, *, package=PACKAGE, home="/nonexistent", temporary=None):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": home,
        "PYTHONPATH": str(package.parent),
        "HEATDEATH_CACHE_DIR": str(cache),
    }
    if temporary is not None:
        environment["TMPDIR"] = str(temporary)
    return subprocess.Popen(
        [sys.executable, "-c", SIMULATE],
        env=environment,
        cwd=package.parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    numbers, folder = output.splitlines()
    return numbers, folder


def copy_of_package(folder):
    return Path(
        shutil.copytree(PACKAGE, folder / "heatdeath", ignore=shutil.ignore_patterns("__pycache__"))
    )


def test_two_processes_that_compile_at_once_agree_and_leave_a_usable_cache(tmp_path):
    both = [run(tmp_path), run(tmp_path)]
    first, second = (finish(process) for process in both)
    assert first == second
    stored = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.nbc")}
    assert stored
    assert finish(run(tmp_path)) == first
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.nbc")} == stored


def test_an_edit_of_any_sampler_file_renews_the_cache_of_all(tmp_path):
    package = copy_of_package(tmp_path)
    _, before = finish(run(tmp_path / "cache", package=package))
    with (package / "urn" / "draws.py").open("a") as file:
        file.write("\n# edited\n")
    _, after = finish(run(tmp_path / "cache", package=package))
    assert before != after


def test_without_any_folder_that_can_be_written_the_samplers_still_run(tmp_path):
    # Paths below a file can be made by nobody, not even by root.
    blocked = tmp_path / "file"
    blocked.touch()
    numbers, folder = finish(
        run(blocked / "cache", home=str(blocked / "home"), temporary=blocked / "tmp")
    )
    expected, _ = finish(run(tmp_path / "cache"))
    assert numbers == expected
    assert folder == "None" or not folder.startswith(str(blocked))
