"""Seconds that a job of the workflow costs beyond what it simulates."""

import tempfile
from pathlib import Path

from measuring import Figure
from workflow_runs import run_workflow, write_study

FEW, MANY = 2, 22
HORIZON = 1_000  # simulated in about a millisecond


def measure():
    with tempfile.TemporaryDirectory() as name:
        taken = {}
        # The first run also compiles the samplers, and is not counted.
        for label, n_jobs in (("unused", 1), ("few", FEW), ("many", MANY)):
            folder = Path(name, label)
            folder.mkdir()
            config = write_study(
                folder,
                temperatures=[round(0.1 * (k + 1), 1) for k in range(n_jobs)],
                fresh_fractions=[0.5],
                horizon=HORIZON,
            )
            taken[label] = run_workflow(folder, config, "--until", "simulate", cores=1).seconds
    yield Figure(
        "a job beyond its simulation",
        (taken["many"] - taken["few"]) / (MANY - FEW),
        "s",
        at_most=1.2,
    )
