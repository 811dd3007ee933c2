import subprocess
import sys

import numpy as np
import pytest

from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf
from heatdeath.study.catalogue import kind_named
from heatdeath.study.jobs import redirect_output, simulate_cell, write_target
from heatdeath.targets import resolve

HEAVY = ("jsonschema", "matplotlib", "pandas", "scipy.stats", "seaborn", "wordfreq", "xarray")


def test_the_file_of_a_target_holds_its_probabilities_and_canonical_name(tmp_path):
    write_target("zipf:1.0:5", output=tmp_path / "target.nc")
    record = netcdf.read(tmp_path / "target.nc", kind=kind_named("target"))
    assert record.attributes["target"] == "zipf:1:5"
    assert np.array_equal(record.values("probability"), resolve("zipf:1:5").probabilities)


def test_the_file_of_a_target_keeps_its_labels(tmp_path):
    (tmp_path / "counts.csv").write_text("yes,3\nno,1\n")
    write_target(f"file:{tmp_path / 'counts.csv'}", output=tmp_path / "target.nc")
    labels = netcdf.read(tmp_path / "target.nc", kind=kind_named("target")).values("label")
    assert labels.tolist() == ["yes", "no"]


def test_a_cell_has_the_same_trajectories_in_one_file_and_in_two(tmp_path):
    write_target("zipf:1:5", output=tmp_path / "target.nc")
    for name, seeds in {"all": [0, 1], "first": [0], "second": [1]}.items():
        simulate_cell(
            {"temperature": 0.5, "horizon": 100, "checkpoints": 4},
            seeds=seeds,
            root_seed=7,
            target_path=tmp_path / "target.nc",
            output=tmp_path / f"{name}.nc",
        )
    whole, first, second = (
        netcdf.read(tmp_path / f"{name}.nc", kind=kind_named("trajectories")).values("entropy")
        for name in ("all", "first", "second")
    )
    assert np.array_equal(whole, np.concatenate([first, second]))


def test_a_cell_refuses_a_file_that_is_no_target(tmp_path):
    (tmp_path / "target.nc").write_text("something else")
    with pytest.raises(FileFormatError, match=r"target\.nc"):
        simulate_cell(
            {"temperature": 1, "horizon": 10},
            seeds=[0],
            root_seed=0,
            target_path=tmp_path / "target.nc",
            output=tmp_path / "out.nc",
        )
    assert not (tmp_path / "out.nc").exists()


def test_a_simulation_job_imports_nothing_heavy(tmp_path):
    program = f"""
import sys
from heatdeath.study.jobs import simulate_cell, write_target
write_target("zipf:1:5", output="target.nc")
simulate_cell(
    {{"temperature": 0.5, "horizon": 10}},
    seeds=[0], root_seed=0, target_path="target.nc", output="out.nc",
)
print([name for name in {HEAVY} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_prints_of_libraries_and_uncaught_errors_reach_the_log(tmp_path):
    program = f"""
import os
from {redirect_output.__module__} import redirect_output
redirect_output("job.log")
print("printed")
os.system("echo from a library")
raise RuntimeError("broken")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    log = (tmp_path / "job.log").read_text()
    assert done.returncode == 1
    assert done.stdout == done.stderr == ""
    for text in ("printed", "from a library", "RuntimeError: broken"):
        assert text in log
