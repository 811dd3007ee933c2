"""Thresholds: the exact critical fractions against temperature, and what published bounds ask."""

from heatdeath.storage.axes import AXES
from heatdeath.storage.variables import Kind, Variable

_LINE = ("temperature",)
_EXISTENCE = ((0, "no"), (1, "yes"))


def _flag(name, long_name):
    return Variable(name, _LINE, ("int8",), None, long_name, flags=_EXISTENCE)


def _number(name, long_name, *, references="", may_be_infinite=False):
    return Variable(
        name,
        _LINE,
        ("float64",),
        "1",
        long_name,
        references=references,
        may_be_infinite=may_be_infinite,
    )


KIND = Kind(
    name="thresholds",
    title="Exact critical fresh fractions against temperature, and published sufficient ones",
    dimensions={"temperature": "sampling temperatures"},
    variables=(
        next(axis for axis in AXES if axis.name == "temperature"),
        _flag("prevent_exists", "whether the faithful branch ends in a fold"),
        _number("prevent", "fresh fraction that prevents collapse; 0 without a fold"),
        _flag("recover_exists", "whether a locked-in branch ends in a fold"),
        _number("recover", "fresh fraction that undoes every collapse; 0 without a fold"),
        _number(
            "euclidean_ratio",
            "ratio of fresh to synthetic outputs that a Euclidean contraction asks for",
            references="Gharesifard and Tabuada, IEEE Conference on Decision and Control, 2025",
            may_be_infinite=True,
        ),
        _number(
            "fisher_rao_ratio",
            "ratio of fresh to synthetic outputs that a Fisher-Rao contraction asks for",
            references="Marchi, Silvestre, Gharesifard and Tabuada, Preventing Model Collapse: A "
            "Fisher-Rao Perspective",
            may_be_infinite=True,
        ),
    ),
    attributes={
        "target": "name of the target distribution",
        "n_outcomes": "number of possible outputs, n",
        "package_version": "version of heatdeath that made the file",
    },
)
