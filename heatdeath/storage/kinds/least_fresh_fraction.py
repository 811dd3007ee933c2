"""Least fresh fraction: how much keeps the models of a family within the tolerance of a study."""

from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.shared_variables import BOUND
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

CENSORING = ("crossed", "within_at_the_least", "never_within")
"""What a scan of the fresh fraction says of the tolerance, in the order of the flags."""

_AXES = (CELL_AXES,)


def _flag(name, long_name):
    return Variable(name, _AXES, ("int8",), None, long_name, flags=((0, "no"), (1, "yes")))


def _number(name, long_name, *, dims=_AXES):
    return Variable(name, dims, ("float64",), "1", long_name)


KIND = Kind(
    name="least_fresh_fraction",
    title="Least fresh fraction that keeps a family of generative models within a tolerance",
    dimensions={**AXIS_DIMENSIONS, "bound": "ends of an interval"},
    variables=(
        *AXES,
        BOUND,
        Variable(
            "censoring",
            _AXES,
            ("int8",),
            None,
            "whether the mean over seeds of the total variation at the horizon crosses the "
            "tolerance on the scan, is within it from the least fresh fraction on, or is beyond "
            "it at the largest",
            flags=tuple(enumerate(CENSORING)),
        ),
        _number(
            "least_fresh_fraction",
            "fresh fraction from which on the mean total variation is within the tolerance, "
            "linear between those of the study; where it does not cross, the least or the largest "
            "of the study",
        ),
        _number(
            "least_fresh_fraction_interval",
            "confidence interval by resampled seeds; from 0 or to 1 where it does not cross",
            dims=(CELL_AXES, "bound"),
        ),
        _number(
            "bracket",
            "fresh fractions of the study next to the crossing; 0 and the least, or the largest "
            "and 1, where it does not cross",
            dims=(CELL_AXES, "bound"),
        ),
        _flag("urn_exists", "whether theory has equilibria of the urn at the temperature"),
        _number(
            "urn_least_fresh_fraction",
            "fresh fraction from which on the urn of the same distribution rests within the "
            "tolerance from the same start; 0 without theory",
        ),
        _number(
            "urn_tolerance_fraction",
            "least fresh fraction from which on the faithful equilibrium of the urn is within the "
            "tolerance; 0 without theory",
        ),
        _flag(
            "urn_fold_exists",
            "whether a fold of the urn is met from the start: the end of the faithful branch, or "
            "from collapse that of the branch locked in to its outcome",
        ),
        _number("urn_fold", "fresh fraction of that fold; 0 without one"),
    ),
    attributes={
        "target": "name of the source of fresh data",
        "n_outcomes": "number of possible outputs, n",
        "family": "family of generative models, by name or dotted path",
        "n_seeds": "seeds per cell",
        "confidence": "coverage of the intervals",
        "tolerance": "total variation distance from the target that is tolerated",
    },
)
