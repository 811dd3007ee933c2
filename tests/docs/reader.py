"""A reader who does what the blocks of a page say, in a fresh copy of the repository."""

import contextlib
import importlib
import io
import os
import shlex
import shutil
import subprocess
import sys

import yaml

from heatdeath.study.config import load

from .commands import check_command
from .output import is_part_of
from .pages import ROOT

_NOT_COPIED = (".git", ".venv", ".snakemake", ".*_cache", ".hypothesis", "__pycache__")
_TOP_NOT_COPIED = ("results", "build", "dist")
_PROGRAMS = {"heatdeath": "heatdeath.cli", "snakemake": "snakemake"}


class Reader:
    """A reader of one page.

    Parameters
    ----------
    folder : path
        Where the clone of the repository is to be.
    """

    def __init__(self, folder):
        self.folder = folder / "clone"
        self.programs = folder / "bin"
        self.names = {"__name__": "__main__"}
        self.printed = None

    def set_up(self):
        """Copy the repository, and put its programs on a path."""

        def left_out(place, names):
            top = _TOP_NOT_COPIED if str(place) == str(ROOT) else ()
            return set(top) | shutil.ignore_patterns(*_NOT_COPIED)(place, names)

        shutil.copytree(ROOT, self.folder, ignore=left_out)
        self.programs.mkdir()
        for program, module in _PROGRAMS.items():
            path = self.programs / program
            path.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m {module} "$@"\n')
            path.chmod(0o755)
        (self.programs / "python").symlink_to(sys.executable)

    def do(self, block):
        """Do what a block says.

        Raises
        ------
        AssertionError
            If it does not work.
        """
        if block.file_name:
            (self.folder / block.file_name).write_text(block.text, encoding="utf-8")
            if block.language != "yaml":
                return
        actions = {
            "python": self._run_python,
            "sh": self._run_commands,
            "yaml": self._load_configuration,
            "text": self._compare_output,
            "{eval-rst}": self._find_documented_names,
        }
        assert block.language in actions, (
            f"{block.place}: got the language {block.language!r}; allowed: {', '.join(actions)}"
        )
        try:
            actions[block.language](block)
        except AssertionError as error:
            raise AssertionError(f"{block.place}: {error}") from error
        except (Exception, SystemExit) as error:
            raise AssertionError(f"{block.place}: {type(error).__name__}: {error}") from error

    def _run_python(self, block):
        output = io.StringIO()
        with self._inside(), contextlib.redirect_stdout(output):
            exec(compile(block.text, block.place, "exec"), self.names)
        self.printed = output.getvalue()

    @contextlib.contextmanager
    def _inside(self):
        """Work in the clone, and import the modules that the page has written there."""
        before = set(sys.modules)
        sys.path.insert(0, str(self.folder))
        try:
            with contextlib.chdir(self.folder):
                yield
        finally:
            sys.path.remove(str(self.folder))
            for name in set(sys.modules) - before:
                if str(getattr(sys.modules[name], "__file__", "")).startswith(str(self.folder)):
                    del sys.modules[name]

    def _run_commands(self, block):
        self.printed = ""
        for command in block.text.replace("\\\n", " ").splitlines():
            words = shlex.split(command, comments=True)
            if words and check_command(words, folder=self.folder):
                self.printed += self._run(command)

    def _run(self, command):
        """Run a line as a shell would, until the first part of it fails."""
        dropped = ("PYTHONDONTWRITEBYTECODE", "SNAKEMAKE_PROFILE", "COLUMNS")
        environment = {key: value for key, value in os.environ.items() if key not in dropped}
        environment["PYTHONPATH"] = str(self.folder)
        environment["PATH"] = f"{self.programs}{os.pathsep}{environment['PATH']}"
        outcome = subprocess.run(
            ["bash", "-o", "errexit", "-o", "pipefail", "-c", command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert outcome.returncode == 0, (
            f"{command} exits with {outcome.returncode}:\n{outcome.stdout}{outcome.stderr}"
        )
        return outcome.stdout + outcome.stderr

    def _load_configuration(self, block):
        document = yaml.safe_load(block.text)
        if "studies" in document:
            with self._inside():
                load({"root_seed": 0} | document)
            return
        # Part of a profile: its keys must be those that the profile has, if only as comments.
        profile = (self.folder / "profiles/slurm/config.yaml").read_text(encoding="utf-8")
        for key in _keys(document):
            assert f"{key}:" in profile, f"got the key {key}; allowed: those of profiles/slurm"

    def _compare_output(self, block):
        assert self.printed is not None, "shows the output of nothing: no command stands above it"
        assert is_part_of(block.text, self.printed), (
            f"the page shows\n{block.text}\nbut what is printed is\n{self.printed}"
        )

    def _find_documented_names(self, block):
        for line in block.text.splitlines():
            if line.startswith(".. auto") and "::" in line:
                directive, _, path = line.partition("::")
                if path.strip():
                    _find(path.strip(), is_module=directive.endswith("automodule"))


def _keys(document):
    for key, value in document.items():
        yield key
        if isinstance(value, dict):
            yield from _keys(value)


def _find(path, *, is_module):
    module, _, name = (path, "", "") if is_module else path.rpartition(".")
    found = importlib.import_module(module)
    assert not name or hasattr(found, name), f"{module} has no {name}"
