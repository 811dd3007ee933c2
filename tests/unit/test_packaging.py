"""The files that install, cite and describe the project agree with each other."""

import ast
import itertools
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import heatdeath

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OPTIONAL = PROJECT["project"]["optional-dependencies"]
NEURAL_PINS = ROOT / "requirements-neural.txt"
PINNED_FILES = [ROOT / "requirements.txt", NEURAL_PINS, *sorted((ROOT / ".ci").glob("*.txt"))]
PAGES = sorted(
    page for folder in (".", "config", "docs", "LICENSES") for page in ROOT.glob(f"{folder}/*.md")
) + sorted(ROOT.glob("docs/*/*.md"))


def bounds(requirements):
    """Return each requirement's canonical name and its version bounds."""
    parsed = [Requirement(text) for text in requirements]
    return {canonicalize_name(one.name): one.specifier for one in parsed}


RUNTIME = bounds(PROJECT["project"]["dependencies"])
BUILD = bounds(PROJECT["build-system"]["requires"])
EVERYTHING = RUNTIME | BUILD | bounds(OPTIONAL["test"]) | bounds(OPTIONAL["develop"])
del EVERYTHING["heatdeath"]


def pins(path):
    """Return the exact version of each package in a file of pins, and how many hashes it has."""
    joined = path.read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in joined.splitlines():
        if line and not line.startswith("#"):
            requirement, *hashes = re.split(r"\s+--hash=", line)
            parsed = Requirement(requirement)
            (only,) = parsed.specifier
            assert only.operator == "==", line
            found[canonicalize_name(parsed.name)] = (only.version, len(hashes))
    return found


def test_environment_yml_has_the_names_and_bounds_of_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (by_pip,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    by_conda = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    listed = bounds([*by_conda, *by_pip])
    assert str(listed.pop("python")) == PROJECT["project"]["requires-python"]
    assert str(listed.pop("pip")) == ""
    assert listed == RUNTIME | BUILD


def test_every_dependency_is_pinned_to_a_version_within_its_bounds():
    pinned = pins(ROOT / "requirements.txt")
    outside = {
        name: (pinned.get(name), str(allowed))
        for name, allowed in EVERYTHING.items()
        if name not in pinned or pinned[name][0] not in allowed
    }
    assert outside == {}


def test_the_neural_packages_are_pinned_in_agreement_with_all_others():
    pinned, others = pins(NEURAL_PINS), pins(ROOT / "requirements.txt")
    allowed = bounds(OPTIONAL["neural"])
    assert {name: pinned[name][0] in bound for name, bound in allowed.items()} == dict.fromkeys(
        allowed, True
    )
    assert {name: pinned[name] for name in pinned if name in others} == {
        name: others[name] for name in pinned if name in others
    }


@pytest.mark.parametrize("path", PINNED_FILES, ids=lambda path: path.name)
def test_every_pin_carries_a_hash(path):
    assert [name for name, (_, n_hashes) in pins(path).items() if n_hashes == 0] == []


@pytest.mark.parametrize("path", PINNED_FILES, ids=lambda path: path.name)
def test_files_of_pins_name_no_address_and_no_option(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    allowed = re.compile(r"#[^:/]*(?:[a-z_./-]*)[^:/]*|[a-z0-9-]+==\S+.*|\s+--hash=sha256:\w{64}.*")
    assert [line for line in lines if "://" in line or not allowed.fullmatch(line)] == []


def imported_libraries(folder):
    """Return the libraries that a folder's modules import, the standard one and ours left out."""
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add(node.module.partition(".")[0])
    ours = {"heatdeath"} | {path.stem for path in folder.rglob("*.py")}
    distributions = {
        "yaml": "pyyaml",
        "vl_convert": "vl-convert-python",
        "sklearn": "scikit-learn",
    }
    return {
        canonicalize_name(distributions.get(name, name))
        for name in names - ours - set(sys.stdlib_module_names)
    }


def test_every_library_that_the_package_imports_is_a_dependency():
    optional = bounds(OPTIONAL["archive"]) | bounds(OPTIONAL["neural"])
    assert imported_libraries(ROOT / "heatdeath") - RUNTIME.keys() <= set(optional)


def test_every_library_that_the_tests_import_is_a_dependency():
    declared = RUNTIME.keys() | bounds(OPTIONAL["test"]).keys() | bounds(OPTIONAL["neural"]).keys()
    assert imported_libraries(ROOT / "tests") - declared == set()


def test_importing_the_package_imports_no_library():
    heavy = sorted(RUNTIME.keys() | {"netCDF4", "pandas"})
    script = f"import sys, heatdeath; print([name for name in {heavy} if name in sys.modules])"
    printed = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert printed.stdout.strip() == "[]"


def test_citation_and_changelog_name_the_version_of_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+) \((\S+)\)$", changelog, flags=re.MULTILINE)
    assert newest.groups() == (citation["version"], str(citation["date-released"]))
    assert newest[1] == heatdeath.__version__


def test_hosted_ci_runs_the_same_checks_and_a_monthly_unpinned_run():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    commands = [
        step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step
    ]
    assert "bash .ci/run" in commands
    triggers = workflow[True]  # YAML reads the key `on` as a boolean
    (schedule,) = triggers["schedule"]
    _, _, day, month, weekday = schedule["cron"].split()
    assert (day, month, weekday) == ("1", "*", "*")
    unpinned = [step.get("run", "") for step in workflow["jobs"]["unpinned"]["steps"]]
    assert not any(
        command.startswith("make") or "requirements.txt" in command for command in unpinned
    )


def test_the_hooks_before_a_commit_are_the_linters_of_make_and_of_ci():
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    (local,) = yaml.safe_load(text)["repos"]
    assert local["repo"] == "local"
    assert {(hook["language"], hook["pass_filenames"]) for hook in local["hooks"]} == {
        ("system", False)
    }
    hooks = {hook["entry"] for hook in local["hooks"]}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (recipe,) = re.findall(r"^lint: .*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert hooks == {
        line.strip().replace("$(RUN)", ".venv/bin/python -m") for line in recipe.splitlines()
    }
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    stages = re.findall(r'^stage "[^"]+" (\.venv/bin/python -m .+)$', ci, re.MULTILINE)
    assert hooks == set(stages)
    assert "://" not in text


def test_the_help_of_make_tells_every_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)$", makefile, re.MULTILINE)
    told = re.findall(r"^# make (\S*) +\S", makefile, re.MULTILINE)
    assert {name or "quick" for name in told} == set(targets.replace("\\\n", " ").split())


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_prints_its_help_from_the_comments_at_its_top():
    # The tests themselves may run under make, which then says where it is.
    command = ["make", "--no-print-directory", "help"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    comments = itertools.takewhile(lambda line: line.startswith("#"), lines)
    assert printed.stdout.splitlines() == [line[2:] for line in comments]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page):
    targets = re.findall(r"\]\(\s*([^)\s#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_the_interpreter_for_the_environment_is_refused_if_it_is_not_a_recent_python(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    refused = subprocess.run(
        [ROOT / "tools" / "find_python", old], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"PYTHON: got {old}; allowed: a Python 3.11 or newer")
