"""The lines of theory in a phase diagram: critical and tolerance fractions on fine temperatures."""

import math

import numpy as np

from heatdeath.errors import ParameterError
from heatdeath.files.axes import AXES
from heatdeath.files.provenance import provenance
from heatdeath.files.variables import Kind, Record, Variable, flag, integer, number
from heatdeath.starts import collapsed_output, parse_start
from heatdeath.target_files import stored_target
from heatdeath.theory.critical import critical_fractions, recovery_fraction, tolerance_fraction

CRITICAL_KINDS = ("fold", "crossover", "unique")
"""What ends the faithful branch, in the order of its flags; see `heatdeath.critical_fractions`."""
TOLERANCES = (0.05, 0.1, 0.2, 0.4)
"""Total variations whose lines every diagram has, beside that of its study."""

# Between temperatures, in the logarithm.
_LARGEST_STEP = 0.1
# The lines bend sharply towards T = 1, where fresh data are needed no longer.
_NEAR_ONE = (0.24, 0.16, 0.12, 0.08, 0.04, 0.02, 0.01)

_LINE = ("temperature",)
_STARTS = ("temperature", "initial")
_CONTOURS = ("temperature", "tolerance")


def critical_kind(dims, *, source="") -> Variable:
    """Declare the flag that says what ends the faithful branch."""
    what = f"what ends the faithful branch as the fresh fraction falls{source}"
    return flag("critical_kind", dims, what, meanings=CRITICAL_KINDS)


THEORY_LINES = Kind(
    name="theory_lines",
    title="Critical and tolerance fractions of a target against temperature",
    dimensions={
        "temperature": "sampling temperatures of the lines, finer than those of the study",
        "initial": "collapsed starts of the study",
        "tolerance": "total variation distances from the target",
    },
    variables=(
        *(axis for axis in AXES if axis.name in _STARTS),
        number(
            "tolerance",
            ("tolerance",),
            "total variation distance between the faithful equilibrium and the target",
            coordinate=True,
        ),
        critical_kind(_LINE),
        number(
            "prevent",
            _LINE,
            "fresh fraction below which the faithful branch is gone; 0 without a fold",
        ),
        number(
            "recover",
            _LINE,
            "fresh fraction above which no locked-in branch is left, the largest over "
            "outputs; 0 where there is none",
        ),
        integer(
            "recover_output",
            _LINE,
            "index, from 0, of the output whose locked-in branch is the last to go; -1 "
            "where there is none",
        ),
        number(
            "recover_least_frequent",
            _LINE,
            "fresh fraction above which the branch locked in to the least frequent "
            "output is gone; 0 where there is none",
        ),
        flag(
            "start_flag",
            _STARTS,
            "whether the branch locked in to the output of the start ends in a fold",
            required=False,
            meanings=("no_fold", "fold"),
        ),
        number(
            "recover_from_start",
            _STARTS,
            "fresh fraction above which the branch locked in to the output of the start "
            "is gone; 0 without a fold",
            required=False,
        ),
        number(
            "tolerance_fraction",
            _CONTOURS,
            "least fresh fraction from which on the faithful equilibrium is within the tolerance",
        ),
    ),
    attributes={
        "target": "name of the target distribution",
        "n_outcomes": "number of possible outputs, n",
        "study_tolerance": "tolerance of the study, one of the tolerances",
        "package_version": "version of heatdeath that made the file",
        "library_versions": "versions of the libraries that the numbers depend on",
    },
)


def theory_lines(target, *, temperatures, starts=(), tolerance=0.1) -> Record:
    """Compute critical and tolerance fractions over the range of temperatures of a study."""
    target = stored_target(target)
    grid = fine_temperatures(temperatures)
    tolerances = sorted({*TOLERANCES, float(tolerance)})
    collapsed = [str(start) for start in starts if parse_start(str(start)).kind == "collapsed"]
    outputs = [collapsed_output(parse_start(start), target) for start in collapsed]
    least = _least_frequent(target)
    kinds, prevent, recover, branch = [], [], [], []
    from_least, from_starts, within = [], [], []
    for temperature in grid.tolist():
        critical = critical_fractions(target, temperature=temperature)
        kinds.append(CRITICAL_KINDS.index(critical.kind))
        prevent.append(critical.prevent)
        recover.append(critical.recover)
        branch.append(-1 if critical.branch is None else critical.branch)
        by_output = {critical.branch: critical.recover} | {
            output: recovery_fraction(target, temperature=temperature, outcome=output)
            for output in {least, *outputs} - {critical.branch}
        }
        from_least.append(by_output[least])
        from_starts.append([by_output[output] for output in outputs])
        within.append(
            [
                tolerance_fraction(target, temperature=temperature, tolerance=each)
                for each in tolerances
            ]
        )
    variables = {
        "temperature": (_LINE, grid),
        "tolerance": (("tolerance",), np.array(tolerances)),
        "critical_kind": (_LINE, np.array(kinds, np.int8)),
        "prevent": (_LINE, np.nan_to_num(prevent)),
        "recover": (_LINE, np.nan_to_num(recover)),
        "recover_output": (_LINE, np.array(branch, np.int64)),
        "recover_least_frequent": (_LINE, np.nan_to_num(from_least)),
        "tolerance_fraction": (_CONTOURS, np.array(within)),
    }
    if collapsed:
        per_start = np.array(from_starts)
        variables["initial"] = (("initial",), np.array(collapsed))
        variables["start_flag"] = (_STARTS, np.isfinite(per_start).astype(np.int8))
        variables["recover_from_start"] = (_STARTS, np.nan_to_num(per_start))
    attributes = {
        "target": target.name,
        "n_outcomes": target.n_outcomes,
        "study_tolerance": float(tolerance),
        **provenance(),
    }
    return Record(THEORY_LINES, variables, attributes)


def fine_temperatures(temperatures) -> np.ndarray:
    """Return temperatures for smooth lines over the finite range of a study's, increasing."""
    given = np.array([float(value) for value in temperatures])
    given = given[(given > 0) & np.isfinite(given)]
    if not given.size:
        raise ParameterError(
            "temperatures", list(temperatures), "at least one that is positive and finite"
        )
    low, high = float(given.min()), float(given.max())
    steps = math.ceil(math.log(high / low) / _LARGEST_STEP)
    even = np.exp(np.linspace(math.log(low), math.log(high), steps + 1))
    near = np.concatenate([[1.0], 1 - np.array(_NEAR_ONE), 1 + np.array(_NEAR_ONE)])
    grid = np.unique(np.concatenate([even, near, given]))
    grid = grid[(grid >= low) & (grid <= high)]
    # Of values that differ by rounding alone one is enough.
    return grid[np.concatenate([[True], np.diff(grid) > 1e-9])]


def _least_frequent(target):
    p = target.probabilities
    return int(np.flatnonzero(p == p[p > 0].min())[-1])
