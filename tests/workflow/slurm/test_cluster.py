"""When a Slurm is started, and what is left of one whose owner was killed."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from . import cluster
from .cluster import WRITER, identity, left_behind


@pytest.fixture
def configuration(tmp_path, monkeypatch):
    path = tmp_path / "slurm.conf"
    monkeypatch.setattr(cluster, "CONFIGURATION", path)
    monkeypatch.setattr(cluster, "ALLOWED", True)
    return path


def test_no_slurm_is_started_beside_one_that_is_configured(configuration):
    configuration.write_text("ClusterName=ours\n")
    assert "exists" in cluster.refusal()


def test_no_slurm_is_started_beside_one_that_is_being_tested(configuration):
    configuration.write_text(f"{WRITER}{identity(os.getpid())}\n")
    assert "exists" in cluster.refusal()


def test_a_configuration_whose_writer_was_killed_is_no_hindrance(configuration):
    configuration.write_text(f"{WRITER}{os.getpid()} begun at 1\n")
    assert left_behind()
    assert "exists" not in (cluster.refusal() or "")


def test_a_slurm_is_started_only_where_that_is_allowed(configuration, monkeypatch):
    monkeypatch.setattr(cluster, "ALLOWED", False)
    assert "HEATDEATH_TEST_SLURM=1" in cluster.refusal()


@pytest.mark.skipif(not cluster.ALLOWED, reason="HEATDEATH_TEST_SLURM=1 is not set")
def test_daemons_end_with_an_owner_that_is_killed():
    command = [sys.executable, cluster.__file__, "cat"]  # which ends when its input does
    owner = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        daemons = waited_for(lambda: daemons_of(owner.pid), count=4)
    finally:
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        owner.stdin.close()
    waited_for(lambda: [one for one in daemons if Path(f"/proc/{one}").exists()], count=0)
    assert left_behind()
    state = re.search("^StateSaveLocation=(.*)$", cluster.CONFIGURATION.read_text(), re.MULTILINE)
    shutil.rmtree(Path(state.group(1)).parent)
    cluster.CONFIGURATION.unlink()


def daemons_of(owner):
    children = Path(f"/proc/{owner}/task/{owner}/children").read_text().split()
    names = {one: Path(f"/proc/{one}/comm").read_text().strip() for one in children}
    return [one for one, name in names.items() if name in {"munged", "slurmctld", "slurmd"}]


def waited_for(items, *, count, seconds=60):
    deadline = time.monotonic() + seconds
    while len(found := items()) != count:
        assert time.monotonic() < deadline, f"{len(found)} after {seconds} s, not {count}"
        time.sleep(0.1)
    return found
