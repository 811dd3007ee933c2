"""`heatdeath plan` counts the jobs that Snakemake would run."""

import pytest

from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.workload import all_jobs, jobs_to_run


def counted(project, config, *, missing=True):
    jobs = all_jobs(load(read_configuration(project / config)))
    if missing:
        jobs = jobs_to_run(jobs, exists=lambda path: (project / path).exists())
    return {job.outputs[0] for job in jobs}


def planned(project, config):
    return set().union(*project.planned(config=config).values())


@pytest.mark.parametrize("config", ["config/tiny.yaml", "config/quick.yaml"])
def test_the_jobs_are_those_of_a_dry_run(fresh_project, config):
    assert counted(fresh_project, config) == planned(fresh_project, config)


def test_the_jobs_are_those_of_a_dry_run_where_files_are_missing(project):
    for path in ("trajectories/T=2/f=0/seeds=0-1.nc", "theory_lines.nc"):
        (project / "results/tiny" / path).unlink()
    jobs = counted(project, "config/tiny.yaml")
    assert jobs == planned(project, "config/tiny.yaml")
    assert len(jobs) < len(counted(project, "config/tiny.yaml", missing=False))
