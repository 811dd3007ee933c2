"""Runs of the workflow in a folder of their own, with what they cost."""

import csv
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds of wall time, and bytes of memory at most."""

    seconds: float
    memory: float


def write_study(folder, *, name="speed", temperatures, fresh_fractions, horizon):
    """Write a configuration with one study of one seed a cell; return its path."""
    study = {
        "description": "What does the workflow cost?",
        "kind": "phase_diagram",
        "axes": {"temperature": temperatures, "fresh_fraction": fresh_fractions},
        "settings": {"target": "zipf:1:100", "horizon": horizon, "checkpoints": 2},
        "seeds": 1,
    }
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump({"root_seed": 1, "studies": {name: study}}))
    return path


def run_workflow(folder, config, *arguments, cores="all", environment=None):
    """Run Snakemake in `folder`, and raise with its output if it fails."""
    command = [
        *(sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile"),
        *("--workflow-profile", ROOT / "profiles" / "default"),
        *("--directory", folder, "--cores", cores, "--configfile", config, *arguments),
    ]
    log = folder / "run.log"
    start = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(
            list(map(str, command)),
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | (environment or {}),
        )
        # wait4 tells the memory of this process; the usual call adds up all that came before.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{log.read_text()[-4000:]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(took, usage.ru_maxrss * unit)


def largest_job_memory(folder):
    """Return the most memory, in bytes, that Snakemake saw a job of a finished run hold."""
    most = 0.0
    for path in (folder / "results" / "benchmarks").rglob("*.tsv"):
        with path.open(newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                # A job that ended before the first look has no reading.
                if row["max_rss"] not in {"NA", "-"}:
                    most = max(most, float(row["max_rss"]) * 2**20)
    return most
