"""Two small finished studies and the page that explores them."""

from types import SimpleNamespace

import pytest

from heatdeath.explorer.page import explorer_page
from heatdeath.measure.equilibria import write_equilibria
from heatdeath.measure.phase_diagram import write_aggregates
from heatdeath.measure.theory_lines import write_theory_lines
from heatdeath.study.config import load
from heatdeath.study.jobs import simulate_cell, write_target
from heatdeath.study.theory_requests import (
    equilibria_arguments,
    has_theory_lines,
    theory_arguments,
)

_PLANE = {"temperature": [0, 0.5, 1, 2, float("inf")], "fresh_fraction": [0, 0.03, 0.5]}
_SETTINGS = {"target": "zipf:1:10", "initial_size": 200, "horizon": 4000, "checkpoints": 7}
_CONFIG = {
    "root_seed": 11,
    "studies": {
        "plane": {
            "description": "What does a plane < of two starts & <b>one</b> target show?",
            "kind": "phase_diagram",
            "axes": {**_PLANE, "initial": ["target", "collapsed:1:0.01"]},
            "settings": _SETTINGS,
            "seeds": 5,
        },
        "variants": {
            "description": "What do other data show?",
            "kind": "phase_diagram",
            "axes": {
                "temperature": [0.5, 2],
                "fresh_fraction": [0.1, 0.9],
                "variant": {
                    "replace": {"regime": "replace", "batch_size": 200},
                    "top-k": {"batch_size": 400, "top_k": 3},
                },
            },
            "settings": {**_SETTINGS, "checkpoints": 4},
            "seeds": 3,
        },
    },
    "explorer": {"studies": ["plane", "variants"]},
}


def _finish(study, folder):
    """Run a study here instead of in a workflow; return its files by their kind."""
    target = folder / "target.nc"
    write_target(study.targets[0], output=target)
    trajectories = []
    for cell in study.cells.values():
        path = folder / cell.path / "seeds.nc"
        simulate_cell(
            cell.arguments, seeds=range(study.seeds), root_seed=11, target_path=target, output=path
        )
        trajectories.append(path)
    files = {name: folder / f"{name}.nc" for name in ("ensemble", "phase_diagram")}
    write_aggregates(
        trajectories,
        axes=study.labelled_axes,
        target_paths=[target],
        tolerance=study.tolerance,
        ensemble_path=files["ensemble"],
        phase_diagram_path=files["phase_diagram"],
        table_path=folder / "phase_diagram.csv",
    )
    if has_theory_lines(study):
        files |= {name: folder / f"{name}.nc" for name in ("theory_lines", "equilibria")}
        write_theory_lines(target, output=files["theory_lines"], **theory_arguments(study))
        write_equilibria(target, output=files["equilibria"], **equilibria_arguments(study))
    return files | {"target": target}


@pytest.fixture(scope="session")
def explored(tmp_path_factory):
    """Two studies with a page of them.

    ``files`` are theirs by study and kind, ``arguments`` those of `explorer_page`.
    """
    folder = tmp_path_factory.mktemp("explored")
    studies = load(_CONFIG).studies
    files = {name: _finish(study, folder / name) for name, study in studies.items()}

    def of(kind):
        return [by_kind[kind] for by_kind in files.values() if kind in by_kind]

    arguments = {
        "phase_diagrams": of("phase_diagram"),
        "ensembles": of("ensemble"),
        "targets": of("target"),
        "theory_lines": of("theory_lines"),
        "equilibria": of("equilibria"),
        "questions": {name: study.description for name, study in studies.items()},
    }
    page = folder / "explorer.html"
    page.write_bytes(explorer_page(**arguments).encode())
    return SimpleNamespace(page=page, files=files, arguments=arguments)
