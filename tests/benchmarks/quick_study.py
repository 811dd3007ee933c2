"""What `make` takes once the environment stands: without and with compiled samplers."""

import tempfile
from pathlib import Path

from measuring import Figure
from workflow_runs import ROOT, largest_job_memory, run_workflow


def measure():
    with tempfile.TemporaryDirectory() as name:
        kernels = Path(name, "kernels")
        for label, bound in (("cold", 120), ("warm", 60)):
            folder = Path(name, label)
            folder.mkdir()
            cost = run_workflow(
                folder,
                ROOT / "config" / "quick.yaml",
                environment={"HEATDEATH_CACHE_DIR": str(kernels)},
            )
            yield Figure(f"quick study, {label} Numba cache", cost.seconds, "s", at_most=bound)
        yield Figure(
            "quick study, memory of a job", largest_job_memory(folder) / 1e9, "GB", at_most=1
        )
