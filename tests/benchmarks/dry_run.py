"""Seconds and memory of a dry run of ten thousand jobs."""

import tempfile
from pathlib import Path

from measuring import Figure
from workflow_runs import run_workflow, write_study

HUNDRED = [round(0.01 * (k + 1), 2) for k in range(100)]


def measure():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = write_study(
            folder, temperatures=HUNDRED, fresh_fractions=HUNDRED, horizon=1_000_000
        )
        cost = run_workflow(folder, config, "--dry-run", "--quiet", "all")
    yield Figure("dry run of 10,000 jobs", cost.seconds, "s", at_most=15)
    yield Figure("dry run of 10,000 jobs, memory", cost.memory / 1e9, "GB", at_most=0.4)
