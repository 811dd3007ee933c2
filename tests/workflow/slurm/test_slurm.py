"""A study on a cluster gives the files of a local run, whatever happens to its jobs."""

import re

import pytest


def retried(text):
    return len(re.findall(r"^Trying to restart job \d+\.", text, flags=re.MULTILINE))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Job 1 has been submitted"),
        (("--slurm-array-jobs", "simulate"), "Submitted array job"),
        (("--groups", "simulate=cells", "--group-components", "cells=2"), "Group job cells"),
    ],
    ids=["single", "array", "grouped"],
)
def test_jobs_give_the_files_of_a_run_on_one_core(
    submit, fresh_project, one_core_project, arguments, says
):
    text = submit(*arguments).finish()
    assert says in text
    assert retried(text) == 0
    assert fresh_project.files() == one_core_project.files()


def test_targets_and_figures_are_made_without_a_submission(submit, fresh_project):
    text = submit("results/tiny/target.nc").finish()
    assert "localrule target" in text
    assert "has been submitted" not in text
    assert (fresh_project / "results/tiny/target.nc").is_file()


def test_a_cancelled_job_is_tried_again(cluster, submit, fresh_project, one_core_project):
    run = submit()
    job, _ = run.wait_for_running("simulate")
    cluster.query("scancel", job)
    text = run.finish()
    assert f"SLURM-job '{job}' failed, SLURM status is: 'CANCELLED'" in text
    assert retried(text) == 1
    assert fresh_project.files() == one_core_project.files()


def test_jobs_of_a_node_that_dies_are_tried_again_on_another(
    cluster, submit, fresh_project, one_core_project
):
    run = submit()
    _, node = run.wait_for_running("simulate")
    cluster.wait_for(lambda: cluster.processes_of_jobs(node), seconds=60)
    cluster.kill_node(node)
    try:
        text = run.finish()
        assert cluster.states()[node].startswith("down")
    finally:
        cluster.start_node(node)
        cluster.wait_for_idle_nodes()
    assert "failed due to a node failure" in text
    assert retried(text) >= 1
    assert fresh_project.files() == one_core_project.files()
