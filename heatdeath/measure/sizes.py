"""How the critical fractions of a family of targets change with the number of outcomes."""

import numpy as np

from heatdeath import targets
from heatdeath.errors import ParameterError
from heatdeath.files.axes import AXES
from heatdeath.files.provenance import provenance
from heatdeath.files.variables import Kind, Record, integer, number, text
from heatdeath.measure.theory_lines import CRITICAL_KINDS, critical_kind
from heatdeath.theory.critical import critical_fractions, tolerance_fraction
from heatdeath.theory.published_bounds import euclidean_bound

_GRID = ("family", "temperature", "n_outcomes")

SIZES = Kind(
    name="sizes",
    title="Critical and tolerance fractions against the number of outcomes",
    dimensions={
        "family": "targets of one law, whatever their number of outcomes",
        "temperature": "sampling temperatures",
        "n_outcomes": "numbers of outcomes",
    },
    variables=(
        text(
            "family",
            ("family",),
            "name of the target without its number of outcomes",
            coordinate=True,
        ),
        *(axis for axis in AXES if axis.name in _GRID),
        integer("n_outcomes", ("n_outcomes",), "number of possible outputs, n", coordinate=True),
        critical_kind(_GRID),
        number(
            "prevent",
            _GRID,
            "fresh fraction below which the faithful branch is gone; 0 without one",
        ),
        number(
            "recover",
            _GRID,
            "fresh fraction above which no locked-in branch is left; 0 where there is none",
        ),
        number(
            "tolerance_fraction",
            _GRID,
            "least fresh fraction from which on the faithful equilibrium is within the tolerance",
        ),
        number(
            "euclidean_ratio",
            _GRID,
            "least human-to-synthetic ratio of the published Euclidean condition, "
            "without training error and in the limit of its contraction to 1",
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


def sizes(families, *, n_outcomes, temperatures, tolerance) -> Record:
    """Compute critical and tolerance fractions of families such as ``zipf:1``, by size."""
    families, numbers = list(families), sorted(set(n_outcomes))
    temperatures = sorted({float(value) for value in temperatures})
    if not (families and numbers and temperatures):
        raise ParameterError(
            "families, n_outcomes and temperatures",
            (families, numbers, temperatures),
            "at least one of each",
        )
    if numbers[0] < 2:
        raise ParameterError("n_outcomes", numbers[0], "integers >= 2")
    shape = len(families), len(temperatures), len(numbers)
    kinds = np.empty(shape, np.int8)
    prevent, recover, within, published = (np.empty(shape) for _ in range(4))
    for i, family in enumerate(families):
        for k, n in enumerate(numbers):
            target = targets.resolve(f"{family}:{n}")
            for j, temperature in enumerate(temperatures):
                critical = critical_fractions(target, temperature=temperature)
                place = i, j, k
                kinds[place] = CRITICAL_KINDS.index(critical.kind)
                prevent[place] = critical.prevent
                recover[place] = critical.recover
                within[place] = tolerance_fraction(
                    target, temperature=temperature, tolerance=tolerance
                )
                published[place] = euclidean_bound(target, temperature=temperature).ratio
    variables = {
        "family": (("family",), np.array(families)),
        "temperature": (("temperature",), np.array(temperatures)),
        "n_outcomes": (("n_outcomes",), np.array(numbers, np.int64)),
        "critical_kind": (_GRID, kinds),
        "prevent": (_GRID, np.nan_to_num(prevent)),
        "recover": (_GRID, np.nan_to_num(recover)),
        "tolerance_fraction": (_GRID, within),
        "euclidean_ratio": (_GRID, published),
    }
    return Record(SIZES, variables, {"tolerance": float(tolerance), **provenance()})
