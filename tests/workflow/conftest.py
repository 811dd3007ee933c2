import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

ROOT = Path(__file__).parents[2]
# What a clone holds that the workflow needs.
PARTS = (
    "Snakefile",
    "config",
    "docs/benchmarks",
    "environment.yml",
    "heatdeath",
    "profiles",
    "workflow",
)


class Project:
    """A copy of the repository in which the workflow runs."""

    def __init__(self, folder):
        self.folder = folder
        self.config_path = folder / "config" / "tiny.yaml"

    def __truediv__(self, path):
        return self.folder / path

    def run(self, *arguments, config="config/tiny.yaml", environment=None, fails=False, cwd=None):
        """Run Snakemake here; return its exit code and all that it printed."""
        command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
        if config is not None:
            command += ["--configfile", str(config)]
        outcome = subprocess.run(
            command,
            cwd=cwd or self.folder,
            env=clean_environment() | (environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert (outcome.returncode != 0) == fails, outcome.stdout
        return SimpleNamespace(code=outcome.returncode, text=outcome.stdout)

    def planned(self, *arguments, **options):
        """Return the jobs that a dry run announces: for each rule the set of its first outputs."""
        text = self.run("--dry-run", "--quiet", "host", *arguments, **options).text
        jobs = {}
        for rule, block in re.findall(
            r"^(?:local)?rule (\w+):\n((?:    .*\n)+)", text, flags=re.MULTILINE
        ):
            output = re.search(r"^    output: ([^,\n]+)", block, flags=re.MULTILINE)
            if output:
                jobs.setdefault(rule, set()).add(output[1])
        return jobs

    def config(self):
        return yaml.safe_load(self.config_path.read_text())

    def configure(self, change, path=None):
        """Rewrite the configuration after `change` was made to its study."""
        config = self.config()
        change(config["studies"]["tiny"])
        path = path or self.config_path
        path.write_text(yaml.safe_dump(config))
        return path

    def edit(self, path, old, new):
        file = self.folder / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))

    def files(self, folder="results"):
        """Return the bytes of every result, without logs and benchmarks."""
        start = self.folder / folder
        return {
            str(path.relative_to(start)): path.read_bytes()
            for path in sorted(start.rglob("*"))
            if path.is_file() and path.relative_to(start).parts[0] not in ("logs", "benchmarks")
        }


def clean_environment():
    dropped = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "SNAKEMAKE_PROFILE")
    return {name: value for name, value in os.environ.items() if name not in dropped}


def copy_repository(folder):
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=ignored)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / part)
    return Project(folder)


@pytest.fixture(scope="session", name="copy_repository")
def give_copy_repository():
    """What makes a copy of the repository, a `Project`, in a folder."""
    return copy_repository


@pytest.fixture(scope="session")
def finished_project(tmp_path_factory):
    """A copy of the repository in which the tiny study has run; tests leave it as it is."""
    project = copy_repository(tmp_path_factory.mktemp("finished") / "project")
    project.output = project.run().text
    return project


@pytest.fixture(scope="session")
def one_core_project(tmp_path_factory):
    """A copy of the repository in which the tiny study has run on one core; to be left as it is."""
    project = copy_repository(tmp_path_factory.mktemp("one_core") / "project")
    project.run("--cores", "1")
    return project


@pytest.fixture
def project(finished_project, tmp_path):
    """A copy of the finished run that a test may change."""
    shutil.copytree(finished_project.folder, tmp_path / "project")
    return Project(tmp_path / "project")


@pytest.fixture
def fresh_project(tmp_path):
    """A copy of the repository in which nothing has run."""
    return copy_repository(tmp_path / "project")
