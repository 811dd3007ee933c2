"""Theory lines: critical and tolerance fractions against temperature, for a phase diagram."""

from heatdeath.storage.axes import AXES
from heatdeath.storage.shared_variables import critical_kind
from heatdeath.storage.variables import Kind, Variable

_AXES = ("temperature", "initial")
_LINE = ("temperature",)


def _number(name, dims, long_name, *, required=True):
    return Variable(name, dims, ("float64",), "1", long_name, required=required)


KIND = Kind(
    name="theory_lines",
    title="Critical and tolerance fractions of a target against temperature",
    dimensions={
        "temperature": "sampling temperatures of the lines, finer than those of the study",
        "initial": "collapsed starts of the study",
        "tolerance": "total variation distances from the target",
    },
    variables=(
        *(axis for axis in AXES if axis.name in _AXES),
        Variable(
            "tolerance",
            ("tolerance",),
            ("float64",),
            "1",
            "total variation distance between the faithful equilibrium and the target",
            coordinate=True,
        ),
        critical_kind(_LINE),
        _number(
            "prevent",
            _LINE,
            "fresh fraction below which the faithful branch is gone; 0 without a fold",
        ),
        _number(
            "recover",
            _LINE,
            "fresh fraction above which no locked-in branch is left, the largest over outputs; 0 "
            "where there is none",
        ),
        Variable(
            "recover_output",
            _LINE,
            ("int64",),
            "1",
            "index, from 0, of the output whose locked-in branch is the last to go; -1 where there "
            "is none",
        ),
        _number(
            "recover_least_frequent",
            _LINE,
            "fresh fraction above which the branch locked in to the least frequent output is gone; "
            "0 where there is none",
        ),
        Variable(
            "start_flag",
            ("temperature", "initial"),
            ("int8",),
            None,
            "whether the branch locked in to the output of the start ends in a fold",
            required=False,
            flags=((0, "no_fold"), (1, "fold")),
        ),
        _number(
            "recover_from_start",
            ("temperature", "initial"),
            "fresh fraction above which the branch locked in to the output of the start is gone; 0 "
            "without a fold",
            required=False,
        ),
        _number(
            "tolerance_fraction",
            ("temperature", "tolerance"),
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
