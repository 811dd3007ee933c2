"""Where the mean-field flow of a study rests, in every cell that theory has."""

import numpy as np

from heatdeath.files.axes import AXES, PLANE
from heatdeath.files.provenance import provenance
from heatdeath.files.variables import Kind, Record, flag, integer, number, variables_of
from heatdeath.observables import OBSERVABLES
from heatdeath.starts import collapsed_output, parse_start
from heatdeath.target_files import stored_target
from heatdeath.theory.equilibria import equilibria

BRANCHES = ("faithful", "locked_in")
"""The branches of equilibria, in the order of their flags."""

_DIMS = (*PLANE, "equilibrium")
_NONE = "0 where there is no such equilibrium"

EQUILIBRIA = Kind(
    name="equilibria",
    title="Equilibria of a generative model trained in closed loop",
    dimensions={
        "temperature": "temperatures of the study that theory has",
        "fresh_fraction": "fresh fractions of the study",
        "equilibrium": "equilibria of a cell, the faithful one first",
    },
    variables=(
        *(axis for axis in AXES if axis.name in PLANE),
        flag("exists", _DIMS, "whether there is such an equilibrium"),
        flag("branch", _DIMS, f"branch that it lies on; {_NONE}", meanings=BRANCHES),
        integer(
            "outcome",
            _DIMS,
            "index, from 0, of the output that it is locked in to; -1 where there is none",
        ),
        flag("stable", _DIMS, "whether small deviations from it decay"),
        number(
            "relaxation_exponent",
            _DIMS,
            f"exponent with which deviations decay as the data grow; {_NONE}",
            formula="kappa = 1 - (1 - f) lambda_max(D tau_T)",
        ),
        *variables_of(OBSERVABLES, _DIMS, after=f"; {_NONE}"),
    ),
    attributes={
        "target": "name of the target distribution",
        "n_outcomes": "number of possible outputs, n",
        "package_version": "version of heatdeath that made the file",
        "library_versions": "versions of the libraries that the numbers depend on",
    },
)


def find_equilibria(target, *, temperatures, fresh_fractions, starts=()) -> Record:
    """Find the equilibria of every cell: the faithful one and some that are locked in.

    Those locked in are of the outputs that the collapsed starts of the study are on, and of the
    two most frequent ones and the least frequent one; of several that are equally frequent, the
    first.
    """
    target = stored_target(target)
    temperatures = np.array([float(value) for value in temperatures])
    fractions = np.array([float(value) for value in fresh_fractions])
    asked = ["faithful", *_outputs(target, starts)]
    found = [
        [
            equilibria(target, temperature=temperature, fresh_fraction=fraction, branches=asked)
            for fraction in fractions.tolist()
        ]
        for temperature in temperatures.tolist()
    ]
    most = max(len(cell) for row in found for cell in row)
    shape = (temperatures.size, fractions.size, most)
    flags = {name: np.zeros(shape, np.int8) for name in ("exists", "branch", "stable")}
    outcome = np.full(shape, -1, np.int64)
    numbers = {name: np.zeros(shape) for name in ("relaxation_exponent", *OBSERVABLES)}
    for i, row in enumerate(found):
        for j, cell in enumerate(row):
            for k, each in enumerate(cell):
                flags["exists"][i, j, k] = 1
                flags["branch"][i, j, k] = BRANCHES.index(each.branch)
                flags["stable"][i, j, k] = each.stable
                outcome[i, j, k] = -1 if each.outcome is None else each.outcome
                measured = {"relaxation_exponent": each.relaxation_exponent, **each.observables}
                for name, value in measured.items():
                    numbers[name][i, j, k] = value
    variables = {
        "temperature": (("temperature",), temperatures),
        "fresh_fraction": (("fresh_fraction",), fractions),
        **{name: (_DIMS, values) for name, values in flags.items()},
        "outcome": (_DIMS, outcome),
        **{name: (_DIMS, values) for name, values in numbers.items()},
    }
    attributes = {"target": target.name, "n_outcomes": target.n_outcomes, **provenance()}
    return Record(EQUILIBRIA, variables, attributes)


def _outputs(target, starts):
    """Return the outputs whose locked-in branches are followed, in order."""
    parsed = [parse_start(str(start)) for start in starts]
    outputs = [collapsed_output(start, target) for start in parsed if start.kind == "collapsed"]
    p = target.probabilities
    by_frequency = np.argsort(-p, kind="stable")[: np.count_nonzero(p)]
    outputs += [int(by_frequency[i]) for i in (0, min(1, by_frequency.size - 1), -1)]
    # Outputs of equal probability have the same branch, with their places exchanged.
    first = {p[output]: output for output in reversed(outputs)}
    return sorted(first.values())
