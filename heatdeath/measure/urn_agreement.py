"""Whether a family of generative models has the phases of the urn of the same distribution."""

from os import PathLike

import numpy as np

from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import CELL_AXES, Kind, Record, flag, integer, number, text
from heatdeath.measure.phase_diagram import PHASE_DIAGRAM
from heatdeath.measure.resting_model import resting_model
from heatdeath.observables import observe
from heatdeath.phases import CELL_PHASES, TRAJECTORY_PHASES, classify
from heatdeath.target_files import stored_target

URN_PHASES = (*TRAJECTORY_PHASES, "no_theory")
"""What the urn says of a cell, in the order of the flags."""
_NO_THEORY = URN_PHASES.index("no_theory")
_MEASURED_WITH = ("n_seeds", "tolerance", "n_outcomes", "target", "family")

_AXES = (CELL_AXES,)

URN_AGREEMENT = Kind(
    name="urn_agreement",
    title="Phases of a family of generative models beside those of the urn",
    dimensions={
        **AXIS_DIMENSIONS,
        "urn_name": "phases that a cell can have by the urn",
        "measured_name": "phases that a cell of a study can have",
    },
    variables=(
        *AXES,
        text("urn_name", ("urn_name",), "phase of a cell by the urn", coordinate=True),
        text(
            "measured_name",
            ("measured_name",),
            "phase of more than half of the seeds of a cell, or mixed",
            coordinate=True,
        ),
        flag(
            "urn_phase",
            _AXES,
            "phase of the equilibrium in which the urn of the same distribution rests "
            "from the start of the cell",
            meanings=URN_PHASES,
        ),
        number(
            "urn_total_variation",
            _AXES,
            "total variation distance of that equilibrium from the target; 0 without theory",
        ),
        number(
            "urn_order_parameter",
            _AXES,
            "logarithm of the effective outcomes of that equilibrium relative to the "
            "target; 0 without theory",
            formula="H(theta) - H(p)",
        ),
        flag("measured_phase", _AXES, "phase of more than half of the seeds", meanings=CELL_PHASES),
        integer(
            "confusion",
            ("urn_name", "measured_name"),
            "cells that have the one phase by the urn and the other by measurement",
        ),
    ),
    attributes={
        "target": "name of the source of fresh data",
        "n_outcomes": "number of possible outputs, n",
        "family": "family of generative models, by name or dotted path",
        "n_seeds": "seeds per cell",
        "tolerance": "largest total variation distance from the target that counts as faithful",
        "cells": "cells that theory has",
        "agreeing_cells": "those whose measured phase is that of the urn",
        "agreeing_share": "their share",
        "share_by_chance": "the share that would agree if the same phases were dealt to cells at "
        "random",
    },
)


def compare_with_the_urn(diagram, target, *, theory_at) -> Record:
    """Give every cell the phase of the urn's equilibrium, and count where the family has it too."""
    diagram = netcdf.opened(diagram, kind=PHASE_DIAGRAM)
    target = _target_of(diagram, target)
    axes, measured = diagram.variables["phase"]
    tolerance = float(diagram.attributes["tolerance"])
    known = set(map(float, theory_at))
    phase = np.full(measured.shape, _NO_THEORY, np.int8)
    distance, order = np.zeros(measured.shape), np.zeros(measured.shape)
    found = {}
    for index in np.ndindex(measured.shape):
        place = {axis: diagram.values(axis)[i].item() for axis, i in zip(axes, index, strict=True)}
        start = place.get("initial", diagram.attributes.get("initial"))
        cell = float(place["temperature"]), float(place["fresh_fraction"]), str(start)
        if cell[0] not in known:
            continue
        # Cells that differ in what the urn does not have rest in the same place.
        if cell not in found:
            temperature, fresh_fraction, start = cell
            theta = resting_model(
                target, temperature=temperature, fresh_fraction=fresh_fraction, start=start
            )
            found[cell] = _distance_and_order(theta, target.probabilities)
        distance[index], order[index] = found[cell]
        phase[index] = classify(*found[cell], tolerance=tolerance)
    confusion = np.zeros((len(URN_PHASES) - 1, len(CELL_PHASES)), np.int64)
    compared = phase != _NO_THEORY
    np.add.at(confusion, (phase[compared], measured[compared]), 1)
    n_cells, agreeing = int(confusion.sum()), int(np.trace(confusion))
    by_chance = confusion.sum(1) @ confusion.sum(0)[: len(confusion)] / max(n_cells, 1) ** 2
    variables = {axis: diagram.variables[axis] for axis in axes} | {
        "urn_name": (("urn_name",), np.array(URN_PHASES[:_NO_THEORY])),
        "measured_name": (("measured_name",), np.array(CELL_PHASES)),
        "urn_phase": (axes, phase),
        "urn_total_variation": (axes, distance),
        "urn_order_parameter": (axes, order),
        "measured_phase": (axes, measured),
        "confusion": (("urn_name", "measured_name"), confusion),
    }
    attributes = {
        **{name: diagram.attributes[name] for name in _MEASURED_WITH},
        "cells": n_cells,
        "agreeing_cells": agreeing,
        "agreeing_share": agreeing / max(n_cells, 1),
        "share_by_chance": float(by_chance),
    }
    return Record(URN_AGREEMENT, variables, attributes)


def _target_of(diagram, source):
    """Return the target that a source holds, which has to be that of the study."""
    target = stored_target(source)
    if diagram.attributes["target"] != target.name:
        where = source if isinstance(source, str | PathLike) else "target"
        raise FileFormatError(
            where, f"is of {target.name}, and the study of {diagram.attributes['target']}"
        )
    return target


def _distance_and_order(theta, p):
    """Return the total variation and the order parameter of a model, which give its phase."""
    observed = observe(theta, p)
    of_target = observe(p, p)["entropy"]
    return float(observed["total_variation"]), float(observed["entropy"] - of_target)
