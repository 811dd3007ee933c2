"""Size and first paint of an explorer of the paper's studies, with made-up numbers."""

import importlib.util
import math
import statistics
import tempfile
from pathlib import Path

import numpy as np
from measuring import Figure
from workflow_runs import ROOT

from heatdeath import targets
from heatdeath.explorer.data import SHOWN, study_data
from heatdeath.explorer.page import page
from heatdeath.files.variables import Record
from heatdeath.measure.equilibria import find_equilibria
from heatdeath.measure.phase_diagram import QUANTILES
from heatdeath.phases import TRAJECTORY_PHASES
from heatdeath.study.catalogue import kind_named
from heatdeath.study.conditions import equilibria_arguments, has_theory_lines
from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration

REPEATS = 5


def measure():
    configuration = load(read_configuration(ROOT / "config/config.yaml"))
    studies = [_made_up(configuration.studies[name]) for name in configuration.explorer["studies"]]
    text = page(studies)
    yield Figure("the page of the paper's studies", len(text.encode()) / 1e6, "MB", at_most=8)
    spec = importlib.util.spec_from_file_location("chromium", ROOT / "tests/browser/chromium.py")
    chromium = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(chromium)
    paths = chromium.installed()
    if not all(paths):
        print("  no chromium with chromedriver: its first paint is not measured")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "explorer.html")
        path.write_text(text, encoding="utf-8")
        painted, drawn = zip(*(_opened(chromium, paths, path) for _ in range(REPEATS)), strict=True)
    yield Figure("its first paint", statistics.median(painted), "s", at_most=2)
    yield Figure("its first chart", statistics.median(drawn), "s", at_most=4)


def _opened(chromium, paths, page):
    """Return the seconds until a fresh browser paints the page, and until the chart stands."""
    driver = chromium.start(*paths)
    try:
        driver.get(page.as_uri())
        return driver.execute_async_script(
            "const done = arguments[0];"
            "const painted = performance.getEntriesByName('first-contentful-paint')[0].startTime;"
            "const look = () => document.querySelector('#chart').dataset.drawn === '1'"
            "  ? done([painted / 1000, performance.now() / 1000]) : setTimeout(look, 5);"
            "look();"
        )
    finally:
        driver.quit()


def _made_up(study):
    """Return the data of a study whose numbers are drawn at random."""
    rng = np.random.default_rng(1)
    axes, shape, n_checkpoints = tuple(study.axes), study.shape, study.settings["checkpoints"]
    target = targets.resolve(study.targets[0])
    entropy = -float(np.sum(target.probabilities * np.log(target.probabilities)))
    attributes = {
        "target": target.name,
        "target_entropy": entropy,
        "n_outcomes": target.n_outcomes,
        "n_seeds": study.seeds,
        "tolerance": study.tolerance,
        "confidence": 0.95,
    }
    quantile = (("quantile",), np.array(QUANTILES))
    coordinates = {axis: ((axis,), np.array(values)) for axis, values in study.axes.items()}
    order = -entropy + math.log(target.n_outcomes) * rng.random((*shape, len(QUANTILES)))
    diagram = {
        **coordinates,
        "quantile": quantile,
        "phase": (axes, rng.integers(0, 3, shape)),
        "order_parameter": ((*axes, "quantile"), order),
        "phase_share": (
            (*axes, "trajectory_phase"),
            rng.random((*shape, len(TRAJECTORY_PHASES))),
        ),
        "phase_share_interval": (
            (*axes, "trajectory_phase", "bound"),
            rng.random((*shape, len(TRAJECTORY_PHASES), 2)),
        ),
    }
    ensemble = {
        **coordinates,
        "quantile": quantile,
        "outputs": (("checkpoint",), np.arange(n_checkpoints)),
        "dataset_size": (("checkpoint",), np.arange(1.0, n_checkpoints + 1)),
        **{
            name: (
                (*axes, "checkpoint", "quantile"),
                rng.random((*shape, n_checkpoints, len(QUANTILES))),
            )
            for name in SHOWN
        },
    }
    equilibria = None
    if has_theory_lines(study):
        equilibria = find_equilibria(target, **equilibria_arguments(study))
    return study_data(
        Record(kind_named("phase_diagram"), diagram, attributes),
        Record(kind_named("ensemble"), ensemble, attributes),
        Record(kind_named("target"), {"probability": (("outcome",), target.probabilities)}, {}),
        name=study.name,
        question=study.description,
        equilibria=equilibria,
    )
