"""Agreement with the urn: phases of a family beside those of the equilibria of the urn."""

from heatdeath.phases import CELL_PHASES, TRAJECTORY_PHASES
from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

URN_PHASES = (*TRAJECTORY_PHASES, "no_theory")
"""What the urn says of a cell, in the order of the flags."""

_AXES = (CELL_AXES,)

KIND = Kind(
    name="urn_agreement",
    title="Phases of a family of generative models beside those of the urn",
    dimensions={
        **AXIS_DIMENSIONS,
        "urn_name": "phases that a cell can have by the urn",
        "measured_name": "phases that a cell of a study can have",
    },
    variables=(
        *AXES,
        Variable(
            "urn_name",
            ("urn_name",),
            ("string",),
            None,
            "phase of a cell by the urn",
            coordinate=True,
        ),
        Variable(
            "measured_name",
            ("measured_name",),
            ("string",),
            None,
            "phase of more than half of the seeds of a cell, or mixed",
            coordinate=True,
        ),
        Variable(
            "urn_phase",
            _AXES,
            ("int8",),
            None,
            "phase of the equilibrium in which the urn of the same distribution rests from the "
            "start of the cell",
            flags=tuple(enumerate(URN_PHASES)),
        ),
        Variable(
            "urn_total_variation",
            _AXES,
            ("float64",),
            "1",
            "total variation distance of that equilibrium from the target; 0 without theory",
        ),
        Variable(
            "urn_order_parameter",
            _AXES,
            ("float64",),
            "1",
            "logarithm of the effective outcomes of that equilibrium relative to the target; 0 "
            "without theory",
            formula="H(theta) - H(p)",
        ),
        Variable(
            "measured_phase",
            _AXES,
            ("int8",),
            None,
            "phase of more than half of the seeds",
            flags=tuple(enumerate(CELL_PHASES)),
        ),
        Variable(
            "confusion",
            ("urn_name", "measured_name"),
            ("int64",),
            "1",
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
