"""Quality gates: whether a family learns real data well enough that its collapse says something."""

import importlib
from typing import NamedTuple

import numpy as np

from heatdeath.canonical import identity_digest, stream
from heatdeath.errors import HeatdeathError
from heatdeath.files.axes import AXES
from heatdeath.files.provenance import provenance
from heatdeath.files.variables import CELL_AXES, Kind, Record, flag, integer, number, text
from heatdeath.models.lookup import make_family, open_source
from heatdeath.models.loop import FamilyError

_JUDGEMENTS = ("failed", "passed")
PASSED = _JUDGEMENTS.index("passed")
"""Flag of a gate that a fit passes."""

_WIDTH = next(axis for axis in AXES if axis.name == "width")

GATE = Kind(
    name="gate",
    title="Quality gates of a family of generative models, fitted to real data alone",
    dimensions={
        "width": "axis of the study: size of the models of a family",
        "gate": "what is judged",
        "seed": "replicates; of other random numbers than those of the study's trajectories",
    },
    variables=(
        _WIDTH,
        text("gate", ("gate",), "what is judged", coordinate=True),
        integer("seed", ("seed",), "index of the replicate", coordinate=True),
        number("value", (CELL_AXES, "gate", "seed"), "what the fit reached"),
        number("threshold", ("gate",), "what it had to reach"),
        flag(
            "passed",
            (CELL_AXES, "gate", "seed"),
            "whether the value is on the right side of the threshold",
            meanings=_JUDGEMENTS,
        ),
    ),
    attributes={
        "family": "family of generative models, by name or dotted path",
        "target": "name of the source of the data",
        "size": "data that the models are fitted to",
        "root_seed": "seed of the study, from which every stream is derived",
    },
)


class Gate(NamedTuple):
    """What a fit to real data alone reached, and what it had to reach."""

    name: str
    value: float
    threshold: float
    passed: bool


N_SEEDS = 3
"""Fits that each gate judges."""

CHECKS = {
    "spelling": "heatdeath.models.language_gate",
    "digits": "heatdeath.models.image_gate",
}
"""The modules whose ``check`` judges families on a source of this name."""

OF_OUTCOMES = "heatdeath.models.outcome_gate"
"""The module that judges families on all other sources."""


def home_of_gate(source) -> str:
    """Return the dotted path of the function that judges families on a source."""
    return CHECKS.get(source.split(":")[0], OF_OUTCOMES) + ":check"


def _check_of(family, source):
    module = home_of_gate(source.name).partition(":")[0]
    # Only exact probabilities tell how far a model is from words in nats.
    if getattr(source, "outcomes", None) is not None and not hasattr(family, "log_probabilities"):
        module = OF_OUTCOMES
    return importlib.import_module(module).check


def _judged(check, family, source, *, size, key, name, place):
    try:
        return check(family, source, size=size, key=key)
    except HeatdeathError:
        raise
    except Exception as error:  # whatever the code of a family runs into
        raise FamilyError(name, place, f"{type(error).__name__}: {error}") from error


def record_gates(family, source, *, size, widths=None, root_seed=0) -> Record:
    """Fit a family to real data alone and judge what it has learned."""
    opened = open_source(source)
    rows = []
    for width in widths or [None]:
        made = make_family(family, width=width)
        check = _check_of(made, opened)
        identity = identity_digest({"gate": family, "width": width, "source": source, "size": size})
        keys = [
            stream(root_seed, identity, seed).integers(2**32, size=2, dtype=np.uint32)
            for seed in range(N_SEEDS)
        ]
        place = "quality gate" if width is None else f"quality gate of width {width}"
        rows.append(
            [
                _judged(check, made, opened, size=size, key=key, name=family, place=place)
                for key in keys
            ]
        )
    gates = rows[0][0]
    axes = () if widths is None else ("width",)
    judged = (*axes, "gate", "seed")
    values, passed = (
        np.array(
            [[[getattr(gate, field) for gate in seed] for seed in row] for row in rows], kind
        ).swapaxes(1, 2)
        for field, kind in (("value", np.float64), ("passed", np.int8))
    )
    variables = {
        "gate": (("gate",), np.array([gate.name for gate in gates])),
        "seed": (("seed",), np.arange(N_SEEDS, dtype=np.int64)),
        "value": (judged, values if axes else values[0]),
        "threshold": (("gate",), np.array([gate.threshold for gate in gates], np.float64)),
        "passed": (judged, passed if axes else passed[0]),
    }
    if axes:
        variables["width"] = (axes, np.array(widths, np.int64))
    attributes = {"family": family, "target": source, "size": size, "root_seed": root_seed}
    return Record(GATE, variables, attributes | provenance())
