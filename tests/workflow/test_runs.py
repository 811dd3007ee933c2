"""The workflow from end to end, on a study of four cells."""

import csv
import hashlib

import xarray

from heatdeath.files import netcdf
from heatdeath.files.dataset import to_dataset
from heatdeath.files.manifest import read_manifest
from heatdeath.measure.summary_agreement import compare_summaries, read_summary_table
from heatdeath.study.catalogue import kind_named

TRAJECTORIES = {
    f"results/tiny/trajectories/T={t}/f={f}/seeds=0-1.nc"
    for t in ("0.5", "2")
    for f in ("0", "0.5")
}


def test_a_run_makes_every_output_and_says_at_last_where_it_is(finished_project):
    results = finished_project / "results"
    assert finished_project.output.splitlines()[-1] == f"The results are in {results}"
    made = set(finished_project.files())
    assert made == {path.removeprefix("results/") for path in TRAJECTORIES} | {
        "tiny/target.nc",
        "tiny/ensemble.nc",
        "tiny/phase_diagram.nc",
        "tiny/phase_diagram.csv",
        "tiny/theory_lines.nc",
        "figures/phase_diagram_tiny.pdf",
        "figures/phase_diagram_tiny.png",
        "summary.csv",
        "MANIFEST.sha256",
    }


def test_progress_is_shown_while_it_runs(finished_project):
    for step in range(1, 12):
        assert f"{step} of 11 steps" in finished_project.output


def test_every_job_has_a_log_and_a_benchmark(finished_project):
    logs = {path.stem for path in (finished_project / "results/logs").rglob("*.log")}
    benchmarks = list((finished_project / "results/benchmarks").rglob("*.tsv"))
    assert logs == {path.stem for path in benchmarks}
    assert len(benchmarks) == 10
    for path in benchmarks:
        with path.open() as file:
            (row,) = csv.DictReader(file, delimiter="\t")
        assert float(row["max_rss"]) < 1000


def test_a_second_run_has_nothing_to_do(finished_project):
    assert "Nothing to be done" in finished_project.run().text


def test_a_rebuild_has_the_same_bytes_even_if_two_jobs_compile_at_once(
    finished_project, fresh_project, tmp_path
):
    fresh_project.run(environment={"HEATDEATH_CACHE_DIR": str(tmp_path / "compiled")})
    assert any((tmp_path / "compiled").rglob("*.nbc"))
    assert fresh_project.files() == finished_project.files()


def test_one_core_and_two_give_the_same_bytes(one_core_project, finished_project):
    assert one_core_project.files() == finished_project.files()


def test_seeds_per_job_changes_no_number_of_a_seed_and_no_aggregate(project):
    config = project.configure(
        lambda study: study.update(seeds_per_job=1), project / "config/split.yaml"
    )
    project.run("--config", "results=split", config=config)
    whole, split = project.files(), project.files("split")
    assert sum("seeds=1-1" in path for path in split) == 4
    for path in whole:
        if "trajectories" not in path and path != "MANIFEST.sha256":
            assert split[path] == whole[path], path
    for path in TRAJECTORIES:
        together = to_dataset(netcdf.read(project / path, kind=kind_named))
        alone = (project / path.replace("results", "split", 1)).parent
        for seed in (0, 1):
            # Equal to the last bit, with missing values in the same places.
            xarray.testing.assert_equal(
                to_dataset(netcdf.read(alone / f"seeds={seed}-{seed}.nc", kind=kind_named)),
                together.sel(seed=[seed]),
            )


def test_a_run_writes_nothing_into_an_installation_that_is_read_only(fresh_project, tmp_path):
    everything = [fresh_project.folder, *fresh_project.folder.rglob("*")]
    for path in everything:
        path.chmod(path.stat().st_mode & ~0o222)
    working = tmp_path / "elsewhere"
    working.mkdir()
    try:
        snakefile = fresh_project / "Snakefile"
        config = fresh_project / "config/tiny.yaml"
        environment = {"PYTHONDONTWRITEBYTECODE": "1"}
        fresh_project.run(
            "--snakefile", str(snakefile), config=config, environment=environment, cwd=working
        )
        assert [fresh_project.folder, *fresh_project.folder.rglob("*")] == everything
    finally:
        for path in everything:
            path.chmod(path.stat().st_mode | 0o200)
    assert (working / "results/figures/phase_diagram_tiny.png").is_file()


def test_the_manifest_lists_every_result_with_its_digest(finished_project):
    manifest = read_manifest(finished_project / "results")
    digests = {
        path: hashlib.sha256(content).hexdigest()
        for path, content in finished_project.files().items()
        if path != "MANIFEST.sha256"
    }
    assert manifest == digests


def test_a_lost_trajectory_that_was_aggregated_is_left_out_of_the_manifest_and_said(project):
    lost = "tiny/trajectories/T=2/f=0/seeds=0-1.nc"
    (project / "results" / lost).unlink()
    (project / "results/figures/phase_diagram_tiny.png").unlink()
    project.run()
    assert lost not in read_manifest(project / "results")
    assert lost in (project / "results/logs/manifest.log").read_text()


def test_the_summary_of_a_run_with_another_root_seed_differs_by_no_more_than_chance(project):
    project.run("--config", "root_seed=1", "results=other")
    here, other = (
        read_summary_table(project / folder / "summary.csv") for folder in ("results", "other")
    )
    assert here.keys() == other.keys()
    assert compare_summaries(here, other).agrees
