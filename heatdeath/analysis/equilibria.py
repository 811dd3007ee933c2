"""Where the mean-field flow of a study rests, in every cell that theory has."""

import numpy as np

from heatdeath.observables import OBSERVABLES
from heatdeath.starts import collapsed_output, parse_start
from heatdeath.storage import netcdf
from heatdeath.storage.kinds.equilibria import BRANCHES
from heatdeath.storage.provenance import provenance
from heatdeath.storage.record import Record
from heatdeath.storage.stored_target import stored_target
from heatdeath.theory.equilibria import equilibria


def write_equilibria(target_path, *, temperatures, fresh_fractions, starts, output) -> None:
    """Find the equilibria of a study and write them."""
    target = stored_target(netcdf.read(target_path, kind="target"))
    record = find_equilibria(
        target, temperatures=temperatures, fresh_fractions=fresh_fractions, starts=starts
    )
    netcdf.write(record, output)


def find_equilibria(target, *, temperatures, fresh_fractions, starts=()) -> Record:
    """Find the equilibria of every cell: the faithful one and some that are locked in.

    Those locked in are of the outputs that the collapsed starts of the study are on, and of the
    two most frequent ones and the least frequent one; of several that are equally frequent, the
    first.
    """
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
    dims = ("temperature", "fresh_fraction", "equilibrium")
    variables = {
        "temperature": (("temperature",), temperatures),
        "fresh_fraction": (("fresh_fraction",), fractions),
        **{name: (dims, values) for name, values in flags.items()},
        "outcome": (dims, outcome),
        **{name: (dims, values) for name, values in numbers.items()},
    }
    attributes = {"target": target.name, "n_outcomes": target.n_outcomes, **provenance()}
    return Record("equilibria", variables, attributes)


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
