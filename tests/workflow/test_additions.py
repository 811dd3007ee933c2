"""What the page on the architecture says must be edited to add something is enough."""

import json
import re
from pathlib import Path

import netCDF4
import pytest
import yaml

from heatdeath.claims.statement import CLAIMS_PATH

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")

FIGURE = '''
"""Masses: the most probable outcome at the horizon.

The median over the seeds of the largest probability at the horizon.
"""

from heatdeath.figures import style
from heatdeath.files import netcdf
from heatdeath.measure.phase_diagram import ENSEMBLE



def draw(ensemble_path, *, output_pdf, output_png) -> None:
    """Draw the largest probability against the temperature."""
    record = netcdf.read(ensemble_path, kind=ENSEMBLE)
    masses = record.values("top1_mass").reshape(len(record.values("temperature")), -1)
    with style.drawing(3, 2, output_pdf=output_pdf, output_png=output_png) as figure:
        figure.add_subplot().plot(record.values("temperature"), masses[:, -1])
'''

KIND = '''
"""Variety: the outcomes that a model has at the horizon."""

import numpy as np

from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import CELL_AXES, Kind, Record, number
from heatdeath.measure.seeds import StudyCells
from heatdeath.measure.summary_rows import rows_of_cells

VARIETY = Kind(
    name="variety",
    title="Outcomes at the horizon",
    dimensions=AXIS_DIMENSIONS,
    variables=(*AXES, number("outcomes", (CELL_AXES,), "mean number of outcomes with mass")),
    attributes={"n_seeds": "seeds per cell"},
)


def measure_variety(trajectory_paths, *, axes, target_paths, origin=None) -> Record:
    """Count the outcomes at the horizon."""
    study = StudyCells(trajectory_paths, axes, target_paths, origin=origin, recorded=("counts",))
    left = [(cell.theta[:, -1] > 0).sum(-1).mean() for cell in study]
    outcomes = (tuple(axes), np.reshape(left, study.shape))
    return Record(VARIETY, study.coordinates | {"outcomes": outcomes}, study.attributes)


def summary_rows(record, prefix):
    """Yield the number of outcomes in each cell."""
    yield from rows_of_cells(record, prefix, "outcomes", test="exact")
'''

OBSERVABLE = '''
@_observable(long_name="least probability", formula="min_i theta_i", source="")
def least_mass(at):
    """Probability of the least probable outcome."""
    return at.theta.min(axis=-1)


@_observable('''

FAMILY = '''
"""The family that remembers its data."""

import numpy as np


class Memory:
    """Draws its data again, with noise that grows with the temperature."""

    def fit(self, data, key):
        """Keep the data."""
        return np.array(data)

    def sample(self, model, n, temperature, key):
        """Draw data with replacement."""
        rng = np.random.default_rng(key)
        chosen = model[rng.integers(len(model), size=n)]
        return chosen + 0.1 * np.sqrt(temperature) * rng.standard_normal(chosen.shape)
'''

RULE_ROW = """ARGUMENTS = (
    Argument(
        "floor",
        "number",
        setting="Sample from the outcomes that are at least this probable.",
        axis="Least probabilities that are sampled.",
        option="sample from outcomes at least this probable",
        long_name="least probability that is sampled",
        least=0,
        most=1,
        symbol="floor",
    ),
"""

CLAIM_RULE = '''
"""A rule about concentration: C99."""

from heatdeath.claims.verdict import Evidence, Finding, above
from heatdeath.measure.estimates import difference_estimate


def cold_is_narrower(data, *, level) -> Finding:
    """C99: the entropy below T = 1 is less than above."""
    evidence, effect = [], None
    for cold in data.cells_without_fresh_data(lambda temperature: temperature < 1):
        for hot in data.cells_without_fresh_data(lambda temperature: temperature > 1):
            ends = hot.end["entropy"], cold.end["entropy"]
            effect = difference_estimate(*ends, confidence=level)
            where = {"temperature": cold.temperature}
            evidence.append(Evidence("entropy", effect, where, above(effect, 0)))
    return Finding(evidence, effect, "Colder is narrower.")
'''

CLAIM = """
  - id: C99
    claim: Colder loops are narrower.
    sources: [marchi2024heat]
    said: The abstract says so.
    needs: [plane]
    scope: {fresh_fraction: 0}
    rule: The {level} interval of the difference of the entropies lies above 0.
    thresholds: {level: 0.9}
    effect: {name: Difference of the entropies, units: nats}
    control: The temperatures are exchanged.
"""


def study(temperatures, *, seeds=3, **further):
    parts = {"description": "Does an addition run?", "kind": "phase_diagram", "tolerance": 0.3}
    settings = {"target": "zipf:1:5", "horizon": 200, "checkpoints": 3}
    axes = {"temperature": temperatures, "fresh_fraction": [0, 0.5], **further.pop("axes", {})}
    given = {"axes": axes, "settings": settings | further.pop("settings", {})}
    found = parts | given | {"seeds": seeds} | further
    return {key: value for key, value in found.items() if value is not None}


CONFIGURATION = {
    "root_seed": 1,
    "studies": {
        "plane": study([0.5, 2]),
        "kept": study([1], kind="variety", settings={"record": "distribution"}, tolerance=None),
        "learned": study(
            [0.5],
            settings={
                **{"target": "normal:1:5", "family": "memory", "regime": "replace"},
                **{"initial_size": 100, "batch_size": 100},
            },
        ),
        "cut": study([1], axes={"floor": [0, 0.15]}),
    },
    "figures": {"masses": {"study": "plane"}},
    "claims": {"plane": ["plane"]},
}


class Addition:
    """Edits of a copy of the repository, of which the page must list every file."""

    def __init__(self, project, what, name=""):
        (row,) = re.findall(rf"^\| {what} \| (.*) \|$", PAGE, re.MULTILINE)
        paths = (path.replace("<name>", name) for path in re.findall("`([^` ]+/[^` ]+)`", row))
        self.project, self.listed, self.edited = project, set(paths), set()

    def create(self, path, text):
        self.edited.add(path)
        assert not (self.project / path).exists()
        (self.project / path).write_text(text.lstrip("\n"), encoding="utf-8")

    def edit(self, path, *changes):
        self.edited.add(path)
        file = self.project / path
        text = file.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, (path, old)
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")

    def append(self, path, text):
        self.edited.add(path)
        with (self.project / path).open("a", encoding="utf-8") as file:
            file.write(text)


def add_figure(project):
    addition = Addition(project, "a figure", "masses")
    addition.create("heatdeath/figures/masses.py", FIGURE)
    entry = """FIGURES = (
    _figure(
        "masses",
        "Largest probabilities.",
        {"study": Shown("phase_diagram", PLANE, PLANE)},
        of_figure("masses", ensemble_path=("study", "ensemble")),
        labelled="study",
    ),
"""
    addition.edit("heatdeath/study/catalogue/figures.py", ("FIGURES = (\n", entry))
    return addition


def add_observable(project):
    addition = Addition(project, "an observable")
    path = project / "heatdeath/observables.py"
    before, _, after = path.read_text(encoding="utf-8").partition("\n@_observable(")
    assert after
    addition.edit("heatdeath/observables.py", (f"{before}\n@_observable(", before + OBSERVABLE))
    return addition


def add_kind(project):
    addition = Addition(project, "a kind of study", "variety")
    addition.create("heatdeath/measure/variety.py", KIND)
    entry = """KINDS_OF_STUDY = (
    _kind_of_study(
        "variety",
        "measure_variety",
        settings={"record": "distribution"},
        reason="for outcomes that are counted",
    ),
"""
    addition.edit("heatdeath/study/catalogue/measures.py", ("KINDS_OF_STUDY = (\n", entry))
    return addition


def add_family(project):
    addition = Addition(project, "a family", "memory")
    addition.create("heatdeath/models/family_memory.py", FAMILY)
    home = '\n[families.memory]\nhome = "heatdeath.models.family_memory:Memory"\n'
    addition.append("heatdeath/models/registry.toml", home)
    return addition


def add_rule(project):
    addition = Addition(project, "a sampling rule")
    addition.edit(
        "heatdeath/sampling_rules.py",
        ('"min_p": 0.0}', '"min_p": 0.0, "floor": 0.0}'),
        (
            "    min_p: float | None = None\n",
            "    min_p: float | None = None\n    floor: float | None = None\n",
        ),
        ("top_k, top_p, min_p = self", "top_k, top_p, min_p, floor = self"),
        ("or min_p > 0:\n", "or min_p > 0 or floor > 0:\n"),
        ("(q, top_k, top_p, min_p)", "(q, top_k, top_p, min_p, floor)"),
        (
            "    total = 0.0\n",
            "    threshold = max(threshold, min(floor, q.max()))\n    total = 0.0\n",
        ),
        (
            "    return threshold\n",
            "    return np.maximum(threshold, np.minimum(floor, q.max(axis=-1, keepdims=True)))\n",
        ),
    )
    addition.edit(
        "heatdeath/process.py",
        ("    min_p=None,\n", "    min_p=None,\n    floor=None,\n"),
        ("min_p=min_p, function", "min_p=min_p, floor=floor, function"),
    )
    addition.edit(
        "heatdeath/simulation.py", ("    min_p=None,\n", "    min_p=None,\n    floor=None,\n")
    )
    addition.edit("heatdeath/arguments.py", ("ARGUMENTS = (\n", RULE_ROW))
    return addition


def add_claim(project):
    addition = Addition(project, "a claim", "concentration")
    addition.create("heatdeath/claims/concentration.py", CLAIM_RULE)
    addition.edit(
        "heatdeath/claims/judgement.py",
        ("import controls,", "import concentration, controls,"),
        (
            "JUDGES = {\n",
            "JUDGES = {\n"
            '    "C99": Judge(concentration.cold_is_narrower, controls.temperatures_reversed),\n',
        ),
    )
    addition.append("config/claims.yaml", CLAIM)
    return addition


ADDITIONS = (add_figure, add_observable, add_kind, add_family, add_rule, add_claim)


@pytest.fixture(scope="module")
def extended(tmp_path_factory, copy_repository):
    """A copy of the repository to which one of each was added, and in which all of them ran."""
    project = copy_repository(tmp_path_factory.mktemp("extended") / "project")
    project.additions = [add(project) for add in ADDITIONS]
    (project / "config/extended.yaml").write_text(yaml.safe_dump(CONFIGURATION))
    project.run(config="config/extended.yaml")
    return project


def test_the_page_lists_the_files_that_an_addition_edits_and_no_others(extended):
    assert [addition.edited for addition in extended.additions] == [
        addition.listed for addition in extended.additions
    ]


def test_the_page_lists_few_files():
    wanted = {"a figure": 2, "an observable": 1, "a kind of study": 2, "a family": 4}
    wanted |= {"a sampling rule": 5, "a claim": 3}
    for what, most in wanted.items():
        assert 0 < len(Addition(ROOT, what).listed) <= most, what


def test_a_figure_that_was_added_is_drawn(extended):
    assert (extended / "results/figures/masses.png").stat().st_size > 1000


def test_an_observable_that_was_added_is_recorded_and_summed_up(extended):
    with netCDF4.Dataset(extended / "results/plane/ensemble.nc") as file:
        assert file["least_mass"].shape == file["top1_mass"].shape


def test_a_kind_of_study_that_was_added_is_measured_and_stands_in_the_summary(extended):
    with netCDF4.Dataset(extended / "results/kept/variety.nc") as file:
        assert ((file["outcomes"][:] > 0) & (file["outcomes"][:] <= 5)).all()
    assert '\n"kept/outcomes[temperature=1,' in (extended / "results/summary.csv").read_text()


def test_a_family_that_was_added_is_trained_and_judged_on_real_data(extended):
    assert (extended / "results/learned/gate.nc").is_file()
    assert (extended / "results/learned/phase_diagram.nc").is_file()


def test_a_sampling_rule_that_was_added_is_an_axis_and_cuts(extended):
    folder = extended / "results/cut"
    assert list(folder.glob("trajectories/T=1/f=0/floor=0.15/*.nc"))
    with netCDF4.Dataset(folder / "phase_diagram.nc") as file:
        masses = file["least_mass"][:]
    assert (masses[..., 0, :] != masses[..., 1, :]).any()


def test_a_claim_that_was_added_is_judged_with_its_control(extended):
    judged = json.loads((extended / "results/claims.json").read_text())["claims"]
    (claim,) = (each for each in judged if each["id"] == "C99")
    assert claim["verdict"] == "holds"
    assert claim["control"]["verdict"] != "holds"


def test_the_claims_of_the_repository_stand_in_the_copy(extended):
    assert (extended / "config/claims.yaml").read_text().startswith(CLAIMS_PATH.read_text())
