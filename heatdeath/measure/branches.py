"""The branches of equilibria between which the two starts of a study end."""

import numpy as np

from heatdeath.errors import ParameterError
from heatdeath.files import netcdf
from heatdeath.files.axes import AXES
from heatdeath.files.provenance import provenance
from heatdeath.files.variables import Kind, Record, flag, number, text
from heatdeath.measure.phase_diagram import PHASE_DIAGRAM
from heatdeath.starts import collapsed_output, parse_start
from heatdeath.target_files import stored_target

CURVES = ("faithful", "locked_in", "saddle")
"""The faithful branch; the stable one locked in to an output; the unstable one between the two."""

_EVENLY = 51  # fresh fractions from 0 to 1
# Curves turn back at a fold: distances from it at which they are followed as well.
_NEAR_FOLD = np.concatenate([[1e-9], np.geomspace(1e-5, 0.01, 6)])

_DIMS = ("temperature", "curve", "fraction")

BRANCHES = Kind(
    name="branches",
    title="Branches of equilibria against the fresh fraction",
    dimensions={
        "temperature": "temperatures of the study",
        "curve": "branches of equilibria",
        "fraction": "fresh fractions at which they are followed",
    },
    variables=(
        *(axis for axis in AXES if axis.name in _DIMS),
        text("curve", ("curve",), "branch of equilibria", coordinate=True),
        number(
            "fraction", ("fraction",), "probability f that a new output is fresh", coordinate=True
        ),
        number(
            "order_parameter",
            _DIMS,
            "logarithm of effective outcomes relative to the target; 0 where there is no "
            "such equilibrium",
            formula="H(theta_e) - H(p)",
        ),
        flag("exists", _DIMS, "whether there is such an equilibrium"),
        flag("stable", _DIMS, "whether small deviations from it decay"),
    ),
    attributes={
        "target": "name of the target distribution",
        "n_outcomes": "number of possible outputs, n",
        "outcome": "index, from 0, of the output that is locked in to",
        "package_version": "version of heatdeath that made the file",
    },
)


def follow_branches(diagram, target) -> Record:
    """Follow the branches of equilibria of a study against the fresh fraction, by temperature."""
    diagram = netcdf.opened(diagram, kind=PHASE_DIAGRAM)
    target = stored_target(target)
    outcome = _collapsed_outcome(diagram, target)
    temperatures = np.sort(diagram.values("temperature"))
    fractions = _fractions(target, temperatures, outcome)
    shape = (temperatures.size, len(CURVES), fractions.size)
    order, exists, stable = np.zeros(shape), np.zeros(shape, np.int8), np.zeros(shape, np.int8)
    for i, temperature in enumerate(temperatures):
        for k, fraction in enumerate(fractions):
            found = _equilibria(target, float(temperature), float(fraction), outcome)
            for curve, (value, is_stable) in found.items():
                place = i, CURVES.index(curve), k
                order[place], exists[place], stable[place] = value, 1, is_stable
    variables = {
        "temperature": (("temperature",), temperatures),
        "curve": (("curve",), np.array(CURVES)),
        "fraction": (("fraction",), fractions),
        "order_parameter": (_DIMS, order),
        "exists": (_DIMS, exists),
        "stable": (_DIMS, stable),
    }
    attributes = {"target": target.name, "n_outcomes": target.n_outcomes, "outcome": outcome}
    return Record(BRANCHES, variables, attributes | provenance())


def _collapsed_outcome(diagram, target):
    starts = diagram.values("initial").tolist() if "initial" in diagram.variables else []
    collapsed = [start for start in map(parse_start, starts) if start.kind == "collapsed"]
    if not collapsed:
        raise ParameterError("initial", starts, "starts with a collapsed one among them")
    return collapsed_output(collapsed[0], target)


def _fractions(target, temperatures, outcome):
    """Return fresh fractions from 0 to 1, densely where a branch turns back, shape (fraction,)."""
    from heatdeath.theory.critical import critical_fractions, recovery_fraction

    folds = []
    for temperature in map(float, temperatures):
        folds.append(critical_fractions(target, temperature=temperature).prevent)
        folds.append(recovery_fraction(target, temperature=temperature, outcome=outcome))
    folds = np.array([fold for fold in folds if np.isfinite(fold)])
    near = np.concatenate([(folds[:, None] + side * _NEAR_FOLD).ravel() for side in (-1, 1)])
    within = near[(near > 0) & (near < 1)]
    return np.unique(np.concatenate([np.linspace(0, 1, _EVENLY), within]))


def _equilibria(target, temperature, fraction, outcome):
    """Return order parameter and stability by the name of the curve."""
    from heatdeath.theory.equilibria import equilibria

    p = target.probabilities
    reference = -float(np.sum(p[p > 0] * np.log(p[p > 0])))
    found = {}
    for each in equilibria(
        target,
        temperature=temperature,
        fresh_fraction=fraction,
        branches=["faithful", outcome],
    ):
        if each.branch == "faithful":
            curve = "faithful"
        else:
            curve = "locked_in" if each.stable else "saddle"
        found[curve] = (each.observables["entropy"] - reference, each.stable)
    return found
