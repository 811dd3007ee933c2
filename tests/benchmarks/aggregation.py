"""Memory and seconds of the aggregation of a million trajectories: ten thousand cells of 100."""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from measuring import Figure

from heatdeath.files import netcdf
from heatdeath.files.variables import Record
from heatdeath.observables import OBSERVABLES
from heatdeath.study.catalogue import kind_named

N_TEMPERATURES, N_FRACTIONS, N_SEEDS, N_CHECKPOINTS = 100, 100, 100, 8


def axes_of(n_temperatures, n_fractions):
    return {
        "temperature": [round(0.01 * (k + 1), 2) for k in range(n_temperatures)],
        "fresh_fraction": [round(0.01 * k, 2) for k in range(n_fractions)],
    }


def paths_of(folder, axes):
    return [
        Path(folder, f"T={temperature}", f"f={fraction}.nc")
        for temperature in axes["temperature"]
        for fraction in axes["fresh_fraction"]
    ]


def write_files(folder, axes, *, n_seeds, n_checkpoints):
    """Write the files of a study, each with numbers of its own, and the file of its target."""
    rng = np.random.default_rng(0)
    outputs = np.arange(n_checkpoints) * 1_000
    both = ("seed", "checkpoint")
    attributes = {
        "target": "uniform:5",
        "n_outcomes": 5,
        "horizon": int(outputs[-1]),
        "initial": "target",
        "initial_size": "50",
        "regime": "accumulate",
        "root_seed": 1,
        "sampler": "auto",
        "package_version": "0",
        "library_versions": "none",
    }
    variables = {
        "seed": (("seed",), np.arange(n_seeds)),
        "outputs": (("checkpoint",), outputs),
        "dataset_size": (("checkpoint",), outputs + 50.0),
        "top_outcome": (both, rng.integers(0, 5, (n_seeds, n_checkpoints))),
    }
    places = [(t, f) for t in axes["temperature"] for f in axes["fresh_fraction"]]
    for path, (temperature, fraction) in zip(paths_of(folder, axes), places, strict=True):
        for name in (*OBSERVABLES, "total_variation_from_start"):
            variables[name] = (both, rng.random((n_seeds, n_checkpoints)))
        its_own = {"temperature": f"{temperature:g}", "fresh_fraction": f"{fraction:g}"}
        netcdf.write(Record(kind_named("trajectories"), variables, attributes | its_own), path)
    probability = {"probability": (("outcome",), np.full(5, 0.2))}
    target = Record(
        kind_named("target"), probability, {"target": "uniform:5", "package_version": "0"}
    )
    netcdf.write(target, Path(folder, "target.nc"))


def aggregate_here(folder, axes):
    """Aggregate in this process; return the most memory that it ever held, in bytes."""
    from heatdeath.files.writing import write
    from heatdeath.measure.phase_diagram import phase_diagram_files
    from heatdeath.measure.progress import log_progress

    log_progress()
    contents = phase_diagram_files(
        paths_of(folder, axes),
        axes=axes,
        target_paths=Path(folder, "target.nc"),
        tolerance=0.1,
    )
    for content, name in zip(
        contents, ("ensemble.nc", "phase_diagram.nc", "phase_diagram.csv"), strict=True
    ):
        write(content, Path(folder, name))
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def memory_of(folder, n_temperatures, n_fractions):
    """Aggregate in a process of its own; return its memory in bytes, its seconds and its log."""
    outcome = subprocess.run(
        [sys.executable, __file__, str(folder), str(n_temperatures), str(n_fractions)],
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode:
        raise RuntimeError(outcome.stderr)
    memory, seconds = outcome.stdout.split()
    return int(memory), float(seconds), outcome.stderr


def measure():
    with tempfile.TemporaryDirectory() as folder:
        axes = axes_of(N_TEMPERATURES, N_FRACTIONS)
        write_files(folder, axes, n_seeds=N_SEEDS, n_checkpoints=N_CHECKPOINTS)
        memory, seconds, _ = memory_of(folder, N_TEMPERATURES, N_FRACTIONS)
    yield Figure("aggregation of 10^6 trajectories, memory", memory / 1e9, "GB", at_most=2)
    yield Figure("aggregation of 10^6 trajectories", seconds, "s", at_most=300)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("lengths", nargs=2, type=int)
    arguments = parser.parse_args()
    used = aggregate_here(arguments.folder, axes_of(*arguments.lengths))
    spent = resource.getrusage(resource.RUSAGE_SELF)
    print(used, spent.ru_utime + spent.ru_stime)
