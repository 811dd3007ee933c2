"""The critical fractions of a target against temperature, beside published sufficient ones."""

import numpy as np

from heatdeath.storage import netcdf
from heatdeath.storage.provenance import provenance
from heatdeath.storage.record import Record
from heatdeath.storage.stored_target import stored_target

TEMPERATURES = np.round(np.linspace(0.4, 0.98, 30), 2)
"""Temperatures of the lines: below 1, where there are thresholds."""


def write_thresholds(target_path, *, output) -> None:
    """Compute the thresholds of a target and write them."""
    netcdf.write(thresholds(netcdf.read(target_path, kind="target")), output)


def thresholds(stored, *, temperatures=TEMPERATURES) -> Record:
    """Compute the exact critical fractions of a target, and what published bounds ask for."""
    from heatdeath.theory.critical import critical_fractions
    from heatdeath.theory.published_bounds import euclidean_bound, fisher_rao_bound

    target = stored_target(stored)
    temperatures = np.asarray(temperatures, float)
    critical = [critical_fractions(target, temperature=T) for T in temperatures.tolist()]
    line = ("temperature",)
    variables = {"temperature": (line, temperatures)}
    for name in ("prevent", "recover"):
        values = np.array([getattr(each, name) for each in critical])
        exists = np.isfinite(values)
        variables[f"{name}_exists"] = (line, exists.astype(np.int8))
        variables[name] = (line, np.where(exists, values, 0.0))
    for name, bound in (("euclidean", euclidean_bound), ("fisher_rao", fisher_rao_bound)):
        ratios = [bound(target, temperature=T).ratio for T in temperatures.tolist()]
        variables[f"{name}_ratio"] = (line, np.array(ratios))
    attributes = {"target": target.name, "n_outcomes": target.n_outcomes, **provenance()}
    return Record("thresholds", variables, attributes)
