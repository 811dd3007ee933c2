"""`heatdeath plan` counts the jobs that Snakemake would run."""

import pytest

from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.plan import all_jobs, jobs_to_run


def counted(project, config):
    jobs = all_jobs(load(read_configuration(project / config)))
    jobs = jobs_to_run(jobs, exists=lambda path: (project / path).exists())
    return {job.outputs[0] for job in jobs}


def planned(project, config):
    return set().union(*project.planned(config=config).values())


@pytest.mark.parametrize("config", ["config/tiny.yaml", "config/quick.yaml"])
def test_the_jobs_are_those_of_a_dry_run(fresh_project, config):
    assert counted(fresh_project, config) == planned(fresh_project, config)


@pytest.mark.parametrize(
    "lost",
    [
        ["trajectories/T=2/f=0/seeds=0-1.nc"],
        ["trajectories/T=2/f=0/seeds=0-1.nc", "phase_diagram.csv"],
        ["target.nc", "theory_lines.nc"],
    ],
)
def test_the_jobs_are_those_of_a_dry_run_where_files_are_missing(project, lost):
    for path in lost:
        (project / "results/tiny" / path).unlink()
    assert counted(project, "config/tiny.yaml") == planned(project, "config/tiny.yaml")
