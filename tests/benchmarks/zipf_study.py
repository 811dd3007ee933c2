"""What the largest study of the paper takes on two cores."""

import tempfile
from pathlib import Path

from measuring import Figure
from workflow_runs import ROOT, largest_job_memory, run_workflow


def measure():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cost = run_workflow(
            folder, ROOT / "config" / "config.yaml", "results/zipf/phase_diagram.nc", cores=2
        )
        yield Figure("zipf study on 2 cores", cost.seconds, "s", at_most=600)
        yield Figure(
            "zipf study, memory of a job", largest_job_memory(folder) / 1e9, "GB", at_most=1
        )
