"""What is wrong is said in one message that names it, and nothing that exists is lost."""

import shutil

import pytest
import yaml


def message(outcome):
    return " ".join(outcome.text.split())


@pytest.mark.parametrize(
    ("part", "change", "says"),
    [
        (None, {"tolerence": 0.1}, "tiny.tolerence: got 0.1; allowed: no such key; did you mean"),
        ("axes", {"temperature": [1, 1.0]}, "tiny.axes.temperature[1]: got 1.0; allowed: each"),
        ("axes", {"temperature": ["1e-3"]}, "tiny.axes.temperature[0]: got '1e-3'; allowed: a"),
        ("settings", {"target": "words:321181"}, "tiny.settings.target: got 'words:321181'"),
        (None, {"kind": "recovery"}, "tiny.settings.initial: got 'target'; allowed: a start of"),
        ("settings", {"top_k": 11}, "tiny.settings.top_k: got 11; allowed: "),
        ("axes", {"temperature": ["inf"]}, "tiny.axes.temperature[0]: got 'inf'; allowed: a"),
        ("settings", {"target": "file:none.csv"}, "tiny.settings.target: got 'file:none.csv'"),
    ],
)
def test_a_bad_configuration_stops_before_anything_runs(project, part, change, says):
    before = project.files()
    project.configure(lambda study: (study[part] if part else study).update(change))
    outcome = project.run(fails=True)
    assert says in message(outcome)
    assert "Traceback" not in outcome.text
    assert project.files() == before


def test_a_study_that_stands_twice_stops_before_anything_runs(fresh_project):
    text = fresh_project.config_path.read_text()
    study = text[text.index("  tiny:") : text.index("\nfigures:")]
    fresh_project.config_path.write_text(text.replace("\nfigures:", f"\n{study}\nfigures:"))
    outcome = fresh_project.run("--dry-run", fails=True)
    assert "studies.tiny stands on line" in message(outcome)
    assert "Traceback" not in outcome.text
    assert not (fresh_project / "results").exists()


def test_a_results_folder_that_the_command_line_reads_as_a_number_is_refused_with_how_to_write_it(
    fresh_project,
):
    outcome = fresh_project.run("--dry-run", "--config", "results=2024_11", fails=True)
    assert "results: got 202411; allowed: " in message(outcome)
    assert "--config results=./..." in message(outcome)
    planned = fresh_project.planned("--config", "results=./2024_11")
    assert planned["target"] == {"2024_11/tiny/target.nc"}


def test_a_results_folder_that_is_a_file_is_refused_and_kept(fresh_project):
    (fresh_project / "results").write_text("kept")
    outcome = fresh_project.run(fails=True)
    assert "results is not a folder" in message(outcome)
    assert "Traceback" not in outcome.text
    assert (fresh_project / "results").read_text() == "kept"


def test_an_error_in_a_job_is_in_its_log_and_on_the_terminal(fresh_project):
    (fresh_project / "own.py").write_text("def rule(q):\n    return q - 1\n")
    config = fresh_project.configure(lambda study: study["settings"].update(rule="own:rule"))
    environment = {"PYTHONPATH": str(fresh_project.folder)}
    outcome = fresh_project.run(config=config, environment=environment, fails=True)
    logs = (fresh_project / "results/logs/simulate").rglob("*.log")
    text = "\n".join(log.read_text() for log in logs)
    assert "ParameterError: rule: got 'own:rule'" in text
    assert "rule: got 'own:rule'" in message(outcome)


def damage(path, how):
    content = bytearray(path.read_bytes())
    if how == "truncated":
        content = content[: len(content) // 2]
    elif how == "foreign":
        content = bytearray(b"not a NetCDF file")
    else:
        content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("how", ["truncated", "foreign", "altered"])
def test_a_damaged_file_is_named_set_aside_and_made_again_with_the_same_bytes(project, how):
    before = project.files()
    damaged = [
        "tiny/trajectories/T=2/f=0/seeds=0-1.nc",
        "tiny/trajectories/T=0.5/f=0.5/seeds=0-1.nc",
        "tiny/ensemble.nc",
        "tiny/theory_lines.nc",
    ]
    for path in damaged:
        damage(project / "results" / path, how)
    left = {f"{path}.damaged": (project / "results" / path).read_bytes() for path in damaged}
    shutil.rmtree(project / ".snakemake")
    text = project.run().text
    for path in damaged:
        assert f"It is now results/{path}.damaged" in text
    assert project.files() == before | left
    assert "Nothing to be done" in project.run().text


def test_a_damaged_file_of_theory_behind_a_figure_is_made_again(project):
    config = project.config() | {"figures": {"trajectories": {"study": "tiny"}}}
    project.config_path.write_text(yaml.safe_dump(config))
    project.run()
    before = project.files()
    path = project / "results/tiny/mean_field.nc"
    damage(path, "altered")
    left = {"tiny/mean_field.nc.damaged": path.read_bytes()}
    assert "It is now results/tiny/mean_field.nc.damaged" in project.run().text
    assert project.files() == before | left


def test_what_was_set_aside_and_is_no_longer_asked_for_is_not_made(project):
    for path in ("tiny/mean_field.nc", "tiny/branches.nc", "tiny/thresholds.nc", "sizes.nc"):
        (project / "results" / f"{path}.damaged").write_bytes(b"damaged")
    assert project.planned() == {}
    assert "Nothing to be done" in project.run().text


def test_a_dry_run_names_damaged_files_and_changes_nothing(project):
    path = project / "results/tiny/trajectories/T=2/f=0/seeds=0-1.nc"
    damage(path, "truncated")
    before = project.files()
    text = project.run("--dry-run").text
    assert "T=2/f=0/seeds=0-1.nc: is truncated" in text
    assert "A run will set it aside" in text
    assert project.files() == before


def test_what_a_stopped_run_set_aside_is_made_again_by_the_next(project):
    before = project.files()
    path = project / "results/tiny/trajectories/T=2/f=0/seeds=0-1.nc"
    path.rename(path.with_name(path.name + ".damaged"))
    project.run()
    after = project.files()
    assert {name: after[name] for name in before} == before


def test_a_file_that_is_whole_but_of_another_cell_stops_the_aggregation(project):
    trajectories = project / "results/tiny/trajectories"
    shutil.copy(trajectories / "T=0.5/f=0/seeds=0-1.nc", trajectories / "T=2/f=0/seeds=0-1.nc")
    for _ in range(2):
        outcome = project.run(fails=True)
        assert "FileFormatError" in outcome.text
        assert "T=2/f=0/seeds=0-1.nc" in outcome.text


def test_a_file_that_is_whole_but_of_another_root_seed_stops_the_aggregation(project):
    path = "tiny/trajectories/T=2/f=0/seeds=0-1.nc"
    other = project / "config/other.yaml"
    other.write_text(yaml.safe_dump(project.config() | {"root_seed": 7}))
    project.run(f"elsewhere/{path}", "--config", "results=elsewhere", config=other)
    own = (project / "results" / path).read_bytes()
    before = project.files()
    shutil.copy(project / "elsewhere" / path, project / "results" / path)
    text = message(project.run(fails=True))
    assert f"results/{path}: has root_seed 7, and its study has 2404" in text
    (project / "results" / path).unlink()
    project.run()
    assert (project / "results" / path).read_bytes() == own
    assert project.files() == before


def test_files_of_an_earlier_configuration_are_not_aggregated_without_snakemakes_records(project):
    project.configure(lambda study: study["settings"].update(horizon=2000))
    shutil.rmtree(project / ".snakemake")
    (project / "results/tiny/ensemble.nc").unlink()
    text = message(project.run(fails=True))
    assert "has horizon 1000, and its study has 2000" in text
    assert not (project / "results/tiny/ensemble.nc").exists()


def test_a_file_in_place_of_a_study_s_folder_is_named_and_kept(project):
    shutil.rmtree(project / "results/tiny")
    (project / "results/tiny").write_text("kept")
    text = message(project.run(fails=True))
    assert "results/tiny/ensemble.nc: cannot be made: part of its folder is a file" in text
    assert "Traceback" not in text
    assert (project / "results/tiny").read_text() == "kept"


@pytest.mark.parametrize("left", [0, 100])
def test_a_table_or_figure_that_was_cut_off_is_made_again(project, left):
    before = project.files()
    paths = ["tiny/phase_diagram.csv", "figures/phase_diagram_tiny.pdf"]
    paths.append("figures/phase_diagram_tiny.png")
    for path in paths:
        (project / "results" / path).write_bytes(before[path][:left])
    shutil.rmtree(project / ".snakemake")
    text = project.run().text
    for path in paths:
        assert f"It is now results/{path}.damaged" in text
    after = project.files()
    assert {path: after[path] for path in before} == before
    assert "Nothing to be done" in project.run().text
