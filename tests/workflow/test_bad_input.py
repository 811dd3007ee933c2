"""What is wrong is said in one message that names it, and nothing that exists is lost."""

import shutil

import pytest


def message(outcome):
    return " ".join(outcome.text.split())


@pytest.mark.parametrize(
    ("part", "change", "says"),
    [
        (None, {"tolerence": 0.1}, "tiny.tolerence: got 0.1; allowed: no such key; did you mean"),
        ("axes", {"temperature": [1, 1.0]}, "tiny.axes.temperature[1]: got 1.0; allowed: each"),
        ("axes", {"temperature": ["1e-3"]}, "tiny.axes.temperature[0]: got '1e-3'; allowed: a"),
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


def test_a_results_folder_that_is_a_file_is_refused_and_kept(fresh_project):
    (fresh_project / "results").write_text("kept")
    outcome = fresh_project.run(fails=True)
    assert "results is not a folder" in message(outcome)
    assert "Traceback" not in outcome.text
    assert (fresh_project / "results").read_text() == "kept"


def test_an_error_in_a_job_is_in_its_log_and_on_the_terminal(fresh_project):
    config = fresh_project.configure(
        lambda study: study["settings"].update(target="words:100000000")
    )
    outcome = fresh_project.run(config=config, fails=True)
    log = (fresh_project / "results/logs/target/tiny/target.log").read_text()
    assert "ParameterError: n of the target: got 100000000" in log
    assert "n of the target: got 100000000" in message(outcome)


@pytest.mark.parametrize("damage", ["truncated", "foreign", "altered"])
def test_a_damaged_file_stops_every_aggregation_and_only_its_aggregates_are_removed(
    project, damage
):
    path = project / "results/tiny/trajectories/T=2/f=0/seeds=0-1.nc"
    content = bytearray(path.read_bytes())
    if damage == "truncated":
        content = content[: len(content) // 2]
    elif damage == "foreign":
        content = bytearray(b"not a NetCDF file")
    else:
        content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    shutil.rmtree(project / ".snakemake")
    before = project.files()
    # Snakemake removes the outputs of a job before it starts. It would keep them with `update`, but
    # then take them for finished, and the second run would say that there is nothing to be done.
    for _ in range(2):
        outcome = project.run(fails=True)
        assert "FileFormatError" in outcome.text
        assert "T=2/f=0/seeds=0-1.nc" in outcome.text
    after = project.files()
    assert set(before) - set(after) == {
        f"tiny/{name}" for name in ("ensemble.nc", "phase_diagram.nc", "phase_diagram.csv")
    }
    assert all(before[path] == content for path, content in after.items())
