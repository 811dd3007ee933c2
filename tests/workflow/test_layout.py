"""The workflow is found where tools look for it, and runs the package beside it."""

import shutil
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def test_the_shim_of_the_catalog_is_the_same_workflow(fresh_project):
    from_root = fresh_project.planned()
    assert len(from_root["simulate"]) == 4
    assert fresh_project.planned("--snakefile", "workflow/Snakefile") == from_root


def test_the_catalog_finds_what_it_asks_for():
    entry = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())
    assert set(entry) == {"usage"}
    assert set(entry["usage"]) == {"mandatory-flags", "software-stack-deployment", "report"}
    assert entry["usage"]["software-stack-deployment"]["conda"] is True
    assert (ROOT / "workflow/Snakefile").is_file()
    assert (ROOT / "config/README.md").is_file()
    assert (ROOT / "environment.yml").is_file()


def test_the_slurm_profile_repeats_the_keys_of_the_default():
    default, slurm = (
        yaml.safe_load((ROOT / "profiles" / name / "config.yaml").read_text())
        for name in ("default", "slurm")
    )
    assert default.items() <= slurm.items()
    assert slurm["executor"] == "slurm"
    # With sacct, Snakemake waits for cancelled jobs for ever.
    assert slurm["slurm-status-command"] == "squeue"


def test_the_quick_study_has_every_kind_of_study_and_all_figures_in_few_jobs(fresh_project):
    paper, quick = (
        yaml.safe_load((ROOT / "config" / f"{name}.yaml").read_text())
        for name in ("config", "quick")
    )
    kinds = [{study["kind"] for study in each["studies"].values()} for each in (quick, paper)]
    assert kinds[0] == kinds[1]
    assert {"zipf", "words", "regimes", "exactness"} <= set(quick["studies"])
    assert set(quick["figures"]) == set(paper["figures"])
    assert set(quick["claims"]) == set(paper["claims"])
    assert quick["figures"]["phase_diagram"] == paper["figures"]["phase_diagram"]
    jobs = fresh_project.planned(config="config/quick.yaml")
    assert sum(len(outputs) for outputs in jobs.values()) <= 110
    of_families = {"architectures", "collapse_rates", "model_sizes"}
    assert {rule for rule in jobs if rule.startswith("figure_")} == {
        f"figure_{name}" for name in set(paper["figures"]) - of_families
    }
    assert not {"train", "source", "gate"} & set(jobs)


@pytest.mark.parametrize("name", ["config", "quick"])
def test_a_family_whose_packages_are_missing_stops_the_run_at_once(fresh_project, name):
    hide = "import sys\nsys.modules['jax'] = None\n"
    (fresh_project.folder / "sitecustomize.py").write_text(hide)
    outcome = fresh_project.run(
        "--dry-run",
        "--config",
        "architectures=True",
        config=f"config/{name}.yaml",
        fails=True,
        environment={"PYTHONPATH": str(fresh_project.folder)},
    )
    assert "pip install 'heatdeath[neural]'" in outcome.text


def test_jobs_run_the_package_beside_the_workflow_and_not_another(fresh_project, tmp_path):
    other = tmp_path / "other" / "heatdeath"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("raise RuntimeError('the wrong package')\n")
    target = "results/tiny/target.nc"
    fresh_project.run(target, environment={"PYTHONPATH": str(other.parent)})
    assert (fresh_project / target).is_file()


def test_the_workflow_stops_if_another_copy_was_imported_before(fresh_project, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(ROOT / "heatdeath", other / "heatdeath")
    (other / "sitecustomize.py").write_text("import heatdeath\n")
    outcome = fresh_project.run(fails=True, environment={"PYTHONPATH": str(other)})
    assert "heatdeath was imported from" in outcome.text
