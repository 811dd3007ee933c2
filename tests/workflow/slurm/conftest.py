import importlib.util
import os
import signal
import subprocess
import sys

import pytest

from .cluster import ALLOWED, Cluster, refusal

SECONDS = 240


class Submission:
    """A run of the tiny study on the cluster, which may still be going on."""

    def __init__(self, project, cluster, arguments):
        self.cluster = cluster
        self.log = project / "snakemake.log"
        # After an ordinary signal Snakemake would wait for jobs that are stuck.
        command = ["timeout", "-s", "KILL", str(SECONDS), sys.executable, "-m", "snakemake"]
        command += ["--workflow-profile", "profiles/slurm", "--configfile", "config/tiny.yaml"]
        # Of the profile's keys, the only one that is changed: it is meant for longer jobs.
        command += ["--slurm-init-seconds-before-status-checks", "1", *arguments]
        dropped = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "SNAKEMAKE_PROFILE")
        environment = {name: value for name, value in os.environ.items() if name not in dropped}
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                command,
                cwd=project.folder,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for_running(self, rule):
        """Wait until a job of the rule runs; return its id and its node."""

        def running():
            assert self.process.poll() is None, self.log.read_text()
            return self.cluster.running_jobs(rule)

        return next(iter(self.cluster.wait_for(running, seconds=SECONDS).items()))

    def finish(self):
        """Wait for the end, which must be a success; return all that was printed."""
        code = self.process.wait(timeout=SECONDS + 30)
        text = self.log.read_text()
        assert code == 0, f"exit code {code}\n{text}"
        return text

    def abandon(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.cluster.cancel_jobs()


@pytest.fixture(scope="session")
def cluster():
    """A Slurm of two nodes. It is skipped where it was not asked for, and else must start."""
    if not ALLOWED:
        pytest.skip(refusal())
    if importlib.util.find_spec("snakemake_executor_plugin_slurm") is None:
        pytest.fail("snakemake-executor-plugin-slurm is not installed; its pins: .ci/slurm.txt")
    with Cluster() as running:
        yield running


@pytest.fixture
def submit(cluster, fresh_project):
    """Run the tiny study on the cluster, in a copy of the repository."""
    submissions = []

    def start(*arguments):
        submissions.append(Submission(fresh_project, cluster, arguments))
        return submissions[-1]

    yield start
    for one in submissions:
        one.abandon()
