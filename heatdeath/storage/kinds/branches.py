"""Branches: the equilibria of a study's mean-field flow against the fresh fraction."""

from heatdeath.storage.axes import AXES
from heatdeath.storage.variables import Kind, Variable

_DIMS = ("temperature", "curve", "fraction")

KIND = Kind(
    name="branches",
    title="Branches of equilibria against the fresh fraction",
    dimensions={
        "temperature": "temperatures of the study",
        "curve": "branches of equilibria",
        "fraction": "fresh fractions at which they are followed",
    },
    variables=(
        next(axis for axis in AXES if axis.name == "temperature"),
        Variable("curve", ("curve",), ("string",), None, "branch of equilibria", coordinate=True),
        Variable(
            "fraction",
            ("fraction",),
            ("float64",),
            "1",
            "probability f that a new output is fresh",
            coordinate=True,
        ),
        Variable(
            "order_parameter",
            _DIMS,
            ("float64",),
            "1",
            "logarithm of effective outcomes relative to the target; 0 where there is no such "
            "equilibrium",
            formula="H(theta_e) - H(p)",
        ),
        Variable(
            "exists",
            _DIMS,
            ("int8",),
            None,
            "whether there is such an equilibrium",
            flags=((0, "no"), (1, "yes")),
        ),
        Variable(
            "stable",
            _DIMS,
            ("int8",),
            None,
            "whether small deviations from it decay",
            flags=((0, "no"), (1, "yes")),
        ),
    ),
    attributes={
        "target": "name of the target distribution",
        "n_outcomes": "number of possible outputs, n",
        "outcome": "index, from 0, of the output that is locked in to",
        "package_version": "version of heatdeath that made the file",
    },
)
