"""Families of generative models in the workflow: to their figures, and errors in their code."""

import pytest
import yaml

OWN = '''
import numpy as np


class Noise:
    """Every datum with some noise."""

    def fit(self, data, key):
        return np.array(data)

    def sample(self, model, n, temperature, key):
        rng = np.random.default_rng(key)
        chosen = model[rng.integers(len(model), size=n)]
        return chosen + np.sqrt(temperature) * 0.1 * rng.standard_normal(chosen.shape)


class Fails(Noise):
    def sample(self, model, n, temperature, key):
        if temperature == 2:
            raise ZeroDivisionError("no step size")
        return super().sample(model, n, temperature, key)
'''


def study(family, target="normal:2:25", **axes):
    return {
        "description": "What becomes of a family?",
        "kind": "phase_diagram",
        "axes": {"temperature": [0.5, 2], "fresh_fraction": [0, 0.5], **axes},
        "settings": {
            "family": family,
            "target": target,
            "regime": "replace",
            "initial_size": 400,
            "batch_size": 400,
            "horizon": 800,
            "checkpoints": 3,
        },
        "seeds": 2,
        "tolerance": 0.3,
    }


@pytest.fixture
def families(fresh_project):
    """A project with a module of families, and a way to run studies of them."""
    (fresh_project / "own_families.py").write_text(OWN)

    def run(studies, *arguments, figures=None, **options):
        names = list(studies)
        config = {"root_seed": 3, "studies": studies, "figures": figures or {}}
        (fresh_project / "families.yaml").write_text(yaml.safe_dump(config))
        assert names
        return fresh_project.run(
            *arguments,
            config="families.yaml",
            environment={"PYTHONPATH": str(fresh_project.folder)},
            **options,
        )

    fresh_project.run_families = run
    return fresh_project


def test_families_run_from_nothing_to_their_figures_and_again_to_the_same_bytes(families):
    studies = {
        "own": study("own_families:Noise"),
        "orders": study("ngram", target="spelling:20", width=[1, 3]),
    }
    figures = {
        "architectures": {"studies": ["own"]},
        "collapse_rates": {"studies": ["own"]},
        "model_sizes": {"studies": ["orders"]},
    }
    families.run_families(studies, figures=figures)
    made = families.files()
    assert {f"figures/{name}.pdf" for name in figures} <= set(made)
    assert {f"{name}/gate.nc" for name in studies} <= set(made)
    (families / "results").rename(families / "before")
    families.run_families(studies, figures=figures)
    assert families.files() == made
    again = families.run_families(studies, figures=figures)
    assert "Nothing to be done" in again.text


def test_an_error_in_a_users_family_stops_its_cell_alone_and_leaves_no_file(families):
    outcome = families.run_families(
        {"own": study("own_families:Fails")},
        "--keep-going",
        "results/own/phase_diagram.nc",
        fails=True,
    )
    logs = "".join(p.read_text() for p in (families / "results/logs/train").rglob("*.log"))
    assert "family own_families:Fails, T = 2, f = 0, generation 0: sample raised" in logs
    assert "ZeroDivisionError: no step size" in logs
    trajectories = families / "results/own/trajectories"
    assert {path.parts[-3] for path in trajectories.rglob("*.nc")} == {"T=0.5"}
    assert not [path for path in trajectories.rglob("*") if path.is_file() and "T=2" in str(path)]
    assert not (families / "results/own/phase_diagram.nc").exists()
    assert "Traceback" not in outcome.text or "own_families" in outcome.text


def test_an_edit_of_a_users_family_trains_its_studies_again_and_no_other(families):
    studies = {"normal": study("gaussian"), "own": study("own_families:Noise")}
    families.run_families(studies)
    families.edit("own_families.py", "np.sqrt(temperature) * 0.1", "np.sqrt(temperature) * 0.2")
    jobs = families.run_families(studies, "--dry-run", "--quiet", "host").text
    planned = {line.split("output: ")[1] for line in jobs.splitlines() if "output: " in line}
    assert any(path.startswith("results/own/trajectories") for path in planned)
    assert not any(path.startswith("results/normal/") for path in planned)
