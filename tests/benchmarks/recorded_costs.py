"""What work costs here: rewrites heatdeath/study/costs.json, and docs/reproduce.md with it."""

import csv
import json
import statistics
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

import numpy as np
from measuring import Figure, least_seconds
from methods import zipf
from scipy.optimize import nnls
from workflow_runs import ROOT, run_workflow

from heatdeath.files import netcdf
from heatdeath.simulation import record_trajectories
from heatdeath.study.catalogue import kind_named
from heatdeath.study.costs import COSTS_PATH, FACTOR_OF_A_STUDY, work_of_trajectory

REGIMES = (
    {"regime": "accumulate"},
    {"regime": "replace"},
    {"regime": "window", "window": 4},
    {"regime": "subsample", "subsample": 2_000},
    {"top_k": 5},
    {"top_p": 0.9},
)
# A trajectory file without its numbers; what compression leaves of counts; and how often a job
# holds its numbers, as computed, as gathered, as written and as read back.
FILES = {
    "trajectories": 27_000,
    "compression": 0.4,
    "copies": 5,
    "copies of an aggregate": 4,
}
# What starting Python with NumPy and netCDF4 takes.
SHORTEST = 0.3  # seconds
LEAST_MEMORY = 80e6  # bytes


def measure():
    rows = list(_timings())
    names = sorted({name for work, _ in rows for name in work})
    amounts = np.array([[work.get(name, 0) for name in names] for work, _ in rows])
    seconds = np.array([taken for _, taken in rows])
    # Relative errors count alike: short and long runs share the same kinds of work.
    scale = (amounts / seconds[:, None]).max(axis=0)
    found = nnls(amounts / seconds[:, None] / scale, np.ones(seconds.size))[0] / scale
    ratios = amounts @ found / seconds
    costs = {
        "work": dict(zip(names, map(_rounded, found), strict=True)),
        "rules": {},
        "files": FILES,
        "workflow": {},
    }
    with tempfile.TemporaryDirectory() as name:
        wall = run_workflow(Path(name), ROOT / "config/quick.yaml", cores=1).seconds
        results = Path(name, "results")
        costs["work"]["file read"] = _rounded(_reading(results))
        costs["rules"] = rule_costs(results)
        jobs = [row for rows in benchmarks(results).values() for row in rows]
        beside = (wall - sum(float(row["s"]) for row in jobs)) / len(jobs)
        costs["workflow"]["seconds_per_job"] = _rounded(max(beside, 0))
    COSTS_PATH.write_text(json.dumps(costs, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"Wrote the costs of {len(names)} kinds of work to {COSTS_PATH}")
    # In a process that has not read the old costs.
    subprocess.run([sys.executable, "-m", "heatdeath.reference"], cwd=ROOT, check=True)
    print("Wrote docs/reproduce.md with these costs")
    for label, value in (("most", ratios.max()), ("least", 1 / ratios.min())):
        yield Figure(
            f"estimated over measured, {label} off", value, "times", at_most=FACTOR_OF_A_STUDY
        )


def benchmarks(results):
    """Return for each rule the rows that Snakemake recorded in a finished run."""
    rows = {}
    folder = results / "benchmarks"
    for path in sorted(folder.rglob("*.tsv")):
        rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
        with path.open(newline="") as file:
            row = next(csv.DictReader(file, delimiter="\t"))
        rows.setdefault({"figures": "figure"}.get(rule, rule), []).append(row)
    return rows


def rule_costs(results):
    """Return the seconds, memory and disk of a job of every rule in the quick study."""
    found = {}
    for rule, rows in benchmarks(results).items():
        # A job that ended before Snakemake looked has no reading of what it used.
        seconds = [max(float(row["cpu_time"]), SHORTEST) for row in rows]
        memory = [float(row["max_rss"]) * 2**20 for row in rows]
        # The least of the simulations is a job with hardly anything to simulate.
        typical = min if rule == "simulate" else statistics.median
        found[rule] = {
            "seconds": _rounded(typical(seconds)),
            "memory": round(max(*memory, LEAST_MEMORY)),
            "disk": _disk(results, rule, len(rows)),
        }
    # Lines of theory are computed for one of three temperatures after the other.
    found["theory_lines"]["seconds"] = _rounded(found["theory_lines"]["seconds"] / 3)
    # So are equilibria for one of six cells.
    found["equilibria"]["seconds"] = _rounded(found["equilibria"]["seconds"] / 6)
    return found


def _disk(results, rule, n_jobs):
    patterns = {
        "simulate": (),
        "figure": ("figures/*",),
        "claims": ("claims.*",),
        "phase_diagram": ("*/phase_diagram.*", "*/ensemble.nc"),
        "target": ("*/target.nc", "*/targets/*.nc"),
        "numbers": ("numbers.json",),
        "paper": ("paper.pdf",),
        "explorer": ("explorer.html",),
        "summary": ("summary.csv",),
        "manifest": ("MANIFEST.sha256",),
    }.get(rule, (f"*/{rule}.nc", f"{rule}.nc"))
    files = [path for pattern in patterns for path in results.glob(pattern)]
    return round(sum(path.stat().st_size for path in files) / n_jobs)


def _reading(results):
    paths = sorted((results / "zipf" / "trajectories").rglob("*.nc"))
    return least_seconds(
        lambda: [netcdf.read(path, kind=kind_named) for path in paths], repeats=3
    ) / len(paths)


def _timings():
    """Yield the work and the seconds of short simulations that differ in one thing at a time."""
    for n, temperature, f in product((10, 100, 1_000), (0.5, 0.9, 2.0), (0.0, 0.1, 0.5, 0.9)):
        size = 10 * (n + 45) ** 2
        shared = {"temperature": temperature, "fresh_fraction": f, "initial_size": size}
        yield _timing(n, 1, horizon=30 * size, checkpoints=8, **shared)
    for n, temperature in product((10, 100, 1_000), (0.5, 2.0)):
        shared = {"temperature": temperature, "fresh_fraction": 0.1}
        yield _timing(n, 1, horizon=1_000_000, sampler="sequential", checkpoints=4, **shared)
        yield _timing(n, 1, horizon=2_000_000 // n, sampler="dense", checkpoints=4, **shared)
        yield _timing(n, 1, horizon=400_000 // n, top_k=5, checkpoints=4, **shared)
        yield _timing(n, 4, horizon=20_000, checkpoints=64, **shared)
    yield _timing(2, 2_000, temperature=0.5, horizon=100, checkpoints=2)
    for n, extra, m in product((10, 100, 1_000), REGIMES, (100, 10_000)):
        more = {"temperature": 0.5, "fresh_fraction": 0.1, "batch_size": m, "checkpoints": 4}
        yield _timing(n, 1, horizon=m * max(10, 20_000 // n), **more, **extra)
    yield _timing(
        100, 1, temperature=0.5, horizon=2_000, checkpoints=4, rule="numpy:copy", batch_size=1
    )


def _timing(n, seeds, **arguments):
    target = zipf(n)

    def simulate():
        record_trajectories(target, seeds=seeds, **arguments)

    simulate()  # compiles or loads the kernel
    _, work = work_of_trajectory(n, **arguments)
    return {k: seeds * amount for k, amount in work.items()}, least_seconds(simulate, repeats=2)


def _rounded(seconds):
    return float(f"{seconds:.3g}")
