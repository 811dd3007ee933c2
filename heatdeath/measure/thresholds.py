"""The critical fractions of a target against temperature, beside published sufficient ones."""

import numpy as np

from heatdeath.files.axes import AXES
from heatdeath.files.provenance import provenance
from heatdeath.files.variables import Kind, Record, flag, number
from heatdeath.target_files import stored_target

TEMPERATURES = np.round(np.linspace(0.4, 0.98, 30), 2)
"""Temperatures of the lines: below 1, where there are thresholds."""

_LINE = ("temperature",)

THRESHOLDS = Kind(
    name="thresholds",
    title="Exact critical fresh fractions against temperature, and published sufficient ones",
    dimensions={"temperature": "sampling temperatures"},
    variables=(
        *(axis for axis in AXES if axis.name in _LINE),
        flag("prevent_exists", _LINE, "whether the faithful branch ends in a fold"),
        number("prevent", _LINE, "fresh fraction that prevents collapse; 0 without a fold"),
        flag("recover_exists", _LINE, "whether a locked-in branch ends in a fold"),
        number("recover", _LINE, "fresh fraction that undoes every collapse; 0 without a fold"),
        number(
            "euclidean_ratio",
            _LINE,
            "ratio of fresh to synthetic outputs that a Euclidean contraction asks for",
            references="Gharesifard and Tabuada, IEEE Conference on Decision and Control, 2025",
            may_be_infinite=True,
        ),
        number(
            "fisher_rao_ratio",
            _LINE,
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


def thresholds(target, *, temperatures=TEMPERATURES) -> Record:
    """Compute the exact critical fractions of a target, and what published bounds ask for."""
    from heatdeath.theory.critical import critical_fractions
    from heatdeath.theory.published_bounds import euclidean_bound, fisher_rao_bound

    target = stored_target(target)
    temperatures = np.asarray(temperatures, float)
    critical = [critical_fractions(target, temperature=T) for T in temperatures.tolist()]
    variables = {"temperature": (_LINE, temperatures)}
    for name in ("prevent", "recover"):
        values = np.array([getattr(each, name) for each in critical])
        exists = np.isfinite(values)
        variables[f"{name}_exists"] = (_LINE, exists.astype(np.int8))
        variables[name] = (_LINE, np.where(exists, values, 0.0))
    for name, bound in (("euclidean", euclidean_bound), ("fisher_rao", fisher_rao_bound)):
        ratios = [bound(target, temperature=T).ratio for T in temperatures.tolist()]
        variables[f"{name}_ratio"] = (_LINE, np.array(ratios))
    attributes = {"target": target.name, "n_outcomes": target.n_outcomes, **provenance()}
    return Record(THRESHOLDS, variables, attributes)
