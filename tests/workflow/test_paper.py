"""The paper is made of the results, in the graph, where a configuration asks for one."""

import json

import yaml

PAPER = {"plane": "tiny", "example_target": "uniform:10", "example_temperature": 0.5}


def ask_for_a_paper(project, **changes):
    config = project.config() | {"paper": PAPER | changes}
    project.config_path.write_text(yaml.safe_dump(config, sort_keys=False))


def test_a_configuration_without_the_key_has_no_paper(finished_project):
    assert not (finished_project / "results/paper.pdf").exists()
    assert not (finished_project / "results/numbers.json").exists()


def test_a_paper_is_made_of_one_figure_and_made_again_when_its_text_or_its_example_changes(project):
    ask_for_a_paper(project)
    assert set(project.planned()) == {"numbers", "paper", "manifest"}
    project.run()
    first = (project / "results/paper.pdf").read_bytes()
    assert first.startswith(b"%PDF-")
    numbers = json.loads((project / "results/numbers.json").read_text())
    assert set(numbers) == {"format_version", "plane", "example"}
    assert numbers["plane"]["n_cells"]["value"] == 4
    assert numbers["example"]["recover"]["text"] == "0.625"
    assert project.planned() == {}
    project.edit("workflow/paper/sections/limits.typ", "table of frequencies", "table")
    assert set(project.planned()) == {"paper", "manifest"}
    ask_for_a_paper(project, example_target="uniform:100")
    assert set(project.planned()) == {"numbers", "paper", "manifest"}
    project.run()
    assert (project / "results/paper.pdf").read_bytes() != first
