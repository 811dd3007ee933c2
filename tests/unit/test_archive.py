"""The archive: code, configuration, results and description in one file of the same bytes."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from heatdeath.archive.build import write_archive
from heatdeath.archive.crate import MissingLibraryError
from heatdeath.errors import FileFormatError, OutputError, ParameterError
from heatdeath.files.manifest import read_manifest, write_manifest
from heatdeath.study.catalogue import files_made
from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.plan import source_files

ROOT = Path(__file__).parents[2]
CONFIG = "config/tiny.yaml"

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder, *arguments):
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (
                ("NAME", "tester"),
                ("EMAIL", "tester@example.org"),
                ("DATE", "2026-01-02T03:04:05+00:00"),
            )
        },
    }
    subprocess.run(
        ["git", *arguments], cwd=folder, env=os.environ | settings, check=True, capture_output=True
    )


def make_clone(folder):
    """Make a clone in which the tiny study seems to have run; results hold their own names."""
    for name in (CONFIG, "Snakefile", "README.md", "CITATION.cff", "LICENSE", "tools/find_python"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    (folder / ".gitignore").write_text("results/\nbuild/\n")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Everything")
    configuration = load(read_configuration(folder / CONFIG))
    paths = [folder / path for path in (*source_files(configuration), *files_made(configuration))]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    write_manifest(paths, folder=folder / "results")
    (folder / "results/report.html").write_text("<!doctype html>")
    return folder


@pytest.fixture
def clone(tmp_path):
    return make_clone(tmp_path / "clone")


def archived(clone, output="build"):
    return write_archive(CONFIG, root=clone, output=clone / output)


def test_the_archive_is_named_by_the_version_and_the_manifest(clone):
    digest = hashlib.sha256((clone / "results/MANIFEST.sha256").read_bytes()).hexdigest()
    assert archived(clone).name == f"heatdeath-0.1.0-{digest[:12]}.zip"


def test_two_archives_have_the_same_bytes_wherever_the_clone_stands_and_whenever(tmp_path):
    first = archived(make_clone(tmp_path / "one"))
    other = make_clone(tmp_path / "somewhere" / "else")
    for path in (other / "results").rglob("*"):
        os.utime(path, (10**9, 10**9))
        if path.is_file():
            path.chmod(0o600)
    second = archived(other)
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()
    assert str(tmp_path).encode() not in first.read_bytes()


def test_it_holds_the_committed_code_and_all_results_but_the_trajectories(clone):
    with zipfile.ZipFile(archived(clone)) as archive:
        names = archive.namelist()
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in archive.infolist()}
        assert archive.read(CONFIG) == (clone / CONFIG).read_bytes()
    listed = {f"results/{name}" for name in read_manifest(clone / "results")}
    assert {name for name in listed if "/trajectories/" in name}
    assert names == sorted(names)
    assert set(names) == {name for name in listed if "/trajectories/" not in name} | {
        *("results/MANIFEST.sha256", "results/report.html", "ro-crate-metadata.json"),
        *(CONFIG, "Snakefile", "README.md", "CITATION.cff", "LICENSE", ".gitignore"),
        "tools/find_python",
    }
    assert modes["tools/find_python"] == 0o755
    assert modes["Snakefile"] == modes["results/summary.csv"] == 0o644


def test_its_description_is_a_workflow_crate_whose_results_are_those_of_the_manifest(clone):
    rocrate = pytest.importorskip("rocrate.rocrate")
    crate = rocrate.ROCrate(archived(clone))
    workflow = crate.mainEntity
    assert workflow.id == "Snakefile"
    assert "ComputationalWorkflow" in workflow.type
    assert workflow.lang.name == "Snakemake"
    root = crate.root_dataset
    assert root["license"].id == "https://spdx.org/licenses/MIT"
    assert [author["name"] for author in root["author"]] == ["The heatdeath developers"]
    assert "https://arxiv.org/abs/2404.02325" in [article.id for article in root["citation"]]
    assert root["datePublished"] == "2026-01-02T03:04:05+00:00"
    (run,) = root["mentions"]
    assert run["instrument"] is workflow
    assert [file.id for file in run["object"]] == [CONFIG]
    digests = read_manifest(clone / "results")
    made = {file.id.removeprefix("results/"): file for file in run["result"]}
    assert made.keys() - digests.keys() == {"MANIFEST.sha256", "report.html"}
    assert digests.keys() - made.keys() == {name for name in digests if "/trajectories/" in name}
    for entity in crate.get_entities():
        if "File" in entity.type and entity.id != "ro-crate-metadata.json":
            content = (crate.source / entity.id).read_bytes()
            if entity.id.startswith("results/"):
                assert entity["contentSize"] == str(len(content))
            if "sha256" in entity:
                assert entity["sha256"] == hashlib.sha256(content).hexdigest()


def test_the_description_holds_no_random_identifier(clone):
    with zipfile.ZipFile(archived(clone)) as archive:
        document = json.loads(archive.read("ro-crate-metadata.json"))
    names = {entity["@id"] for entity in document["@graph"]}
    assert {name for name in names if name.startswith("#")} == {
        *("#run", "#the-heatdeath-developers"),
        *("#matteo-marchi", "#stefano-soatto", "#pratik-chaudhari", "#paulo-tabuada"),
        "#robyn-speer",
    }


@pytest.mark.parametrize(("name", "change"), [("Snakefile", "altered"), ("more.py", "untracked")])
def test_a_clone_with_something_uncommitted_is_refused_by_name(clone, name, change):
    (clone / name).write_text(change)
    with pytest.raises(OutputError, match=f"not committed: {name}"):
        archived(clone)
    assert not (clone / "build").exists()


def test_a_folder_that_is_no_clone_is_refused(clone, tmp_path):
    shutil.rmtree(clone / ".git")
    with pytest.raises(OutputError, match="git clone"):
        archived(clone)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda results: (results / "summary.csv").write_text("x"), "summary.csv: is not the file"),
        (lambda results: (results / "summary.csv").unlink(), "summary.csv: does not exist"),
        (lambda results: (results / "report.html").unlink(), "report.html: does not exist"),
        (lambda results: (results / "MANIFEST.sha256").write_text(""), "is not in the manifest"),
    ],
)
def test_results_that_are_not_those_of_the_manifest_are_refused(clone, damage, problem):
    damage(clone / "results")
    with pytest.raises(FileFormatError, match=problem):
        archived(clone)


def test_a_configuration_that_is_not_committed_is_refused(clone):
    with pytest.raises(ParameterError, match="configfile"):
        write_archive("config/none.yaml", root=clone, output=clone / "build")


def test_without_the_library_the_line_that_installs_it_is_said(clone, monkeypatch):
    monkeypatch.setitem(sys.modules, "rocrate.rocrate", None)
    with pytest.raises(MissingLibraryError, match=r"python -m pip install 'rocrate>=0\.14'"):
        archived(clone)


def test_the_program_prints_the_archive_or_one_line_of_error(clone):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "heatdeath.archive", *arguments],
            cwd=clone,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )

    outcome = run("--configfile", CONFIG)
    assert outcome.returncode == 0, outcome.stderr
    assert (clone / outcome.stdout.strip()).is_file()
    (clone / "more.py").touch()
    outcome = run("--configfile", CONFIG)
    assert outcome.returncode == 2
    assert outcome.stderr.startswith("heatdeath: error: ")
    assert outcome.stderr.count("\n") == 1
