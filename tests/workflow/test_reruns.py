"""What runs again after an edit: what the edit changes, and nothing else."""

import pytest
import yaml

SIMULATED = {
    f"results/tiny/trajectories/T={t}/f={f}/seeds=0-1.nc"
    for t in ("0.5", "2")
    for f in ("0", "0.5")
}
AGGREGATED = {
    "phase_diagram": {"results/tiny/ensemble.nc"},
    "summary": {"results/summary.csv"},
}
LINES = {"theory_lines": {"results/tiny/theory_lines.nc"}}
# What is made anew has another digest.
LISTED = {"manifest": {"results/MANIFEST.sha256"}}
DRAWN = {"figure_phase_diagram": {"results/figures/phase_diagram_tiny.pdf"}, **LISTED}


def add_temperature(study):
    study["axes"]["temperature"] = [1, 0.5, 2]


def add_seeds(study):
    study["seeds"] = 4


@pytest.mark.parametrize(
    ("change", "new", "computed"),
    [
        (add_temperature, {f"T=1/f={f}/seeds=0-1.nc" for f in ("0", "0.5")}, LINES),
        (add_seeds, {f"T={t}/f={f}/seeds=2-3.nc" for t in ("0.5", "2") for f in ("0", "0.5")}, {}),
    ],
)
def test_what_is_added_is_simulated_and_every_other_file_keeps_its_bytes(
    project, change, new, computed
):
    before = project.files()
    times = {path: (project / "results" / path).stat().st_mtime_ns for path in before}
    project.configure(change)
    simulated = {f"tiny/trajectories/{path}" for path in new}
    assert project.planned() == {
        "simulate": {f"results/{path}" for path in simulated},
        **computed,
        **AGGREGATED,
        **DRAWN,
    }
    project.run()
    after = project.files()
    assert set(after) - set(before) == simulated
    for path in before:
        if "trajectories" in path or path.endswith("target.nc"):
            assert after[path] == before[path]
            assert (project / "results" / path).stat().st_mtime_ns == times[path]


def test_editing_a_sampler_reruns_the_simulations(project):
    project.edit("heatdeath/urn/choose.py", "(n_outcomes + 45)", "(n_outcomes + 46)")
    assert project.planned() == {"simulate": SIMULATED, **AGGREGATED, **DRAWN}


def test_editing_a_figure_redraws_that_figure_alone(project):
    project.edit(
        "heatdeath/figures/phase_diagram.py",
        "import numpy as np",
        "import numpy as np\n\nEDITED = 1",
    )
    assert project.planned() == DRAWN


def test_editing_the_explorer_makes_its_page_alone(project):
    config = project.config() | {"explorer": {"studies": ["tiny"]}}
    project.config_path.write_text(yaml.safe_dump(config))
    page = {"explorer": {"results/explorer.html"}, **LISTED}
    assert project.planned() == {"equilibria": {"results/tiny/equilibria.nc"}, **page}
    project.run()
    assert project.planned() == {}
    project.edit("heatdeath/explorer/chart.py", "height=300", "height=310")
    assert project.planned() == page
    project.edit("heatdeath/explorer/chart.py", "height=310", "height=300")
    assert project.planned() == {}
    project.edit("heatdeath/explorer/page.js", "// ---- Numbers ----", "// ---- Number ----")
    assert project.planned() == page


def test_editing_another_figure_or_the_command_line_reruns_nothing(project):
    for path in ("heatdeath/figures/cost.py", "heatdeath/cli/show.py"):
        file = project / path
        file.write_text(file.read_text() + "\nEDITED = 1\n")
    assert project.planned() == {}


def test_editing_the_aggregation_aggregates_and_draws_anew(project):
    project.edit(
        "heatdeath/measure/phase_diagram.py",
        "import numpy as np",
        "import numpy as np\n\nEDITED = 1",
    )
    assert project.planned() == {**AGGREGATED, **DRAWN}


def test_editing_the_theory_computes_its_lines_and_draws_anew(project):
    project.edit("heatdeath/measure/theory_lines.py", "_LARGEST_STEP = 0.1", "_LARGEST_STEP = 0.12")
    assert project.planned() == {**LINES, **DRAWN}


def test_editing_comments_and_docstrings_reruns_nothing(project):
    for path in [*(project / "heatdeath").rglob("*.py"), *(project / "workflow").rglob("*.py")]:
        path.write_text("# A comment.\n" + path.read_text() + "\n# Another comment.\n")
    project.edit("heatdeath/urn/choose.py", '"""Which sampler', '"""Edited: which sampler')
    assert project.planned() == {}


def test_editing_a_script_reruns_its_rule(project):
    project.edit("workflow/scripts/target.py", "write_target(", "print(1)\nwrite_target(")
    assert {"target"} <= set(project.planned())


def test_writing_the_same_configuration_otherwise_reruns_nothing(project):
    def respell(study):
        study["axes"] = {"fresh_fraction": [0.50, 0], "temperature": [2.0, 0.5]}
        study["settings"] |= {"target": "zipf:1.0:10", "horizon": 1e3, "sampler": "auto"}
        study["settings"]["batch_size"] = 1
        study["description"] = "The same, described otherwise."

    project.configure(respell)
    assert project.planned() == {}


def test_changing_the_tolerance_aggregates_without_simulating(project):
    project.configure(lambda study: study.update(tolerance=0.2))
    assert project.planned() == {**LINES, **AGGREGATED, **DRAWN}


def test_editing_a_target_file_or_a_rule_of_the_user_reruns_what_depends_on_it(project):
    (project / "weights.csv").write_text("3\n2\n1\n")
    (project / "own.py").write_text("def rule(q):\n    return q\n")
    entry = {
        "description": "A target and a rule of the user.",
        "kind": "phase_diagram",
        "axes": {
            "temperature": [0.5],
            "fresh_fraction": [0.5],
            "variant": {"plain": {}, "own": {"rule": "own:rule"}},
        },
        "settings": {"target": "file:weights.csv", "horizon": 100},
        "seeds": 1,
    }
    config = {"root_seed": 1, "studies": {"own": entry}}
    (project / "config/own.yaml").write_text(yaml.safe_dump(config))
    options = {"config": "config/own.yaml", "environment": {"PYTHONPATH": str(project.folder)}}
    project.run(**options)
    assert project.planned(**options) == {}
    own = "results/own/trajectories/T=0.5/f=0.5/variant=own/seeds=0-0.nc"
    (project / "own.py").write_text("def rule(q):\n    return q**2 / (q**2).sum()\n")
    assert project.planned(**options) == {
        "simulate": {own},
        "phase_diagram": {"results/own/ensemble.nc"},
        "summary": {"results/summary.csv"},
        "manifest": {"results/MANIFEST.sha256"},
    }
    (project / "weights.csv").write_text("3\n2\n2\n")
    assert project.planned(**options)["target"] == {"results/own/target.nc"}
