"""Equilibria: where the mean-field flow of a study rests, cell by cell."""

from heatdeath.observables import OBSERVABLES
from heatdeath.storage.axes import AXES
from heatdeath.storage.variables import Kind, Variable

BRANCHES = ("faithful", "locked_in")
"""The branches of equilibria, in the order of their flags."""

_PLANE = ("temperature", "fresh_fraction")
_DIMS = (*_PLANE, "equilibrium")
_NONE = "0 where there is no such equilibrium"

KIND = Kind(
    name="equilibria",
    title="Equilibria of a generative model trained in closed loop",
    dimensions={
        "temperature": "temperatures of the study that theory has",
        "fresh_fraction": "fresh fractions of the study",
        "equilibrium": "equilibria of a cell, the faithful one first",
    },
    variables=(
        *(axis for axis in AXES if axis.name in _PLANE),
        Variable(
            "exists",
            _DIMS,
            ("int8",),
            None,
            "whether there is such an equilibrium",
            flags=((0, "no"), (1, "yes")),
        ),
        Variable(
            "branch",
            _DIMS,
            ("int8",),
            None,
            f"branch that it lies on; {_NONE}",
            flags=tuple(enumerate(BRANCHES)),
        ),
        Variable(
            "outcome",
            _DIMS,
            ("int64",),
            "1",
            "index, from 0, of the output that it is locked in to; -1 where there is none",
        ),
        Variable(
            "stable",
            _DIMS,
            ("int8",),
            None,
            "whether small deviations from it decay",
            flags=((0, "no"), (1, "yes")),
        ),
        Variable(
            "relaxation_exponent",
            _DIMS,
            ("float64",),
            "1",
            f"exponent with which deviations decay as the data grow; {_NONE}",
            formula="kappa = 1 - (1 - f) lambda_max(D tau_T)",
        ),
        *(
            Variable(
                observable.name,
                _DIMS,
                ("float64",),
                observable.units,
                f"{observable.long_name}; {_NONE}",
                formula=observable.formula,
                references=observable.source,
                may_be_infinite=observable.may_be_infinite,
            )
            for observable in OBSERVABLES.values()
        ),
    ),
    attributes={
        "target": "name of the target distribution",
        "n_outcomes": "number of possible outputs, n",
        "package_version": "version of heatdeath that made the file",
        "library_versions": "versions of the libraries that the numbers depend on",
    },
)
