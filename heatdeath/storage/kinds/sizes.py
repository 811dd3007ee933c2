"""Sizes: critical and tolerance fractions against the number of outcomes, by family of target."""

from heatdeath.storage.axes import AXES
from heatdeath.storage.shared_variables import critical_kind
from heatdeath.storage.variables import Kind, Variable

_GRID = ("family", "temperature", "n_outcomes")


def _number(name, long_name, *, formula="", may_be_infinite=False):
    return Variable(
        name,
        _GRID,
        ("float64",),
        "1",
        long_name,
        formula=formula,
        may_be_infinite=may_be_infinite,
    )


KIND = Kind(
    name="sizes",
    title="Critical and tolerance fractions against the number of outcomes",
    dimensions={
        "family": "targets of one law, whatever their number of outcomes",
        "temperature": "sampling temperatures",
        "n_outcomes": "numbers of outcomes",
    },
    variables=(
        Variable(
            "family",
            ("family",),
            ("string",),
            None,
            "name of the target without its number of outcomes",
            coordinate=True,
        ),
        *(axis for axis in AXES if axis.name == "temperature"),
        Variable(
            "n_outcomes",
            ("n_outcomes",),
            ("int64",),
            "1",
            "number of possible outputs, n",
            coordinate=True,
        ),
        critical_kind(_GRID),
        _number("prevent", "fresh fraction below which the faithful branch is gone; 0 without one"),
        _number(
            "recover",
            "fresh fraction above which no locked-in branch is left; 0 where there is none",
        ),
        _number(
            "tolerance_fraction",
            "least fresh fraction from which on the faithful equilibrium is within the tolerance",
        ),
        _number(
            "euclidean_ratio",
            "least human-to-synthetic ratio of the published Euclidean condition, without training "
            "error and in the limit of its contraction to 1",
            formula="1 / (T min p)",
            may_be_infinite=True,
        ),
    ),
    attributes={
        "tolerance": "largest total variation distance from the target",
        "package_version": "version of heatdeath that made the file",
        "library_versions": "versions of the libraries that the numbers depend on",
    },
)
