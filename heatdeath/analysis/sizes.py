"""How the critical fractions of a family of targets change with the number of outcomes."""

import numpy as np

from heatdeath import targets
from heatdeath.errors import ParameterError
from heatdeath.storage import netcdf
from heatdeath.storage.provenance import provenance
from heatdeath.storage.record import Record
from heatdeath.storage.shared_variables import CRITICAL_KINDS
from heatdeath.theory.critical import critical_fractions, tolerance_fraction
from heatdeath.theory.published_bounds import euclidean_bound


def write_sizes(families, *, n_outcomes, temperatures, tolerance, output) -> None:
    """Compute critical and tolerance fractions against the number of outcomes and write them."""
    record = sizes(families, n_outcomes=n_outcomes, temperatures=temperatures, tolerance=tolerance)
    netcdf.write(record, output)


def sizes(families, *, n_outcomes, temperatures, tolerance) -> Record:
    """Compute critical and tolerance fractions against the number of outcomes."""
    families = list(families)
    numbers, heat = sorted(set(n_outcomes)), sorted({float(value) for value in temperatures})
    if not (families and numbers and heat):
        raise ParameterError(
            "families, n_outcomes and temperatures",
            (families, numbers, heat),
            "at least one of each",
        )
    if numbers[0] < 2:
        raise ParameterError("n_outcomes", numbers[0], "integers >= 2")
    shape = len(families), len(heat), len(numbers)
    kinds = np.empty(shape, np.int8)
    prevent, recover, within, published = (np.empty(shape) for _ in range(4))
    for i, family in enumerate(families):
        for k, n in enumerate(numbers):
            target = targets.resolve(f"{family}:{n}")
            for j, temperature in enumerate(heat):
                critical = critical_fractions(target, temperature=temperature)
                place = i, j, k
                kinds[place] = CRITICAL_KINDS.index(critical.kind)
                prevent[place] = critical.prevent
                recover[place] = critical.recover
                within[place] = tolerance_fraction(
                    target, temperature=temperature, tolerance=tolerance
                )
                published[place] = euclidean_bound(target, temperature=temperature).ratio
    grid = "family", "temperature", "n_outcomes"
    variables = {
        "family": (("family",), np.array(families)),
        "temperature": (("temperature",), np.array(heat)),
        "n_outcomes": (("n_outcomes",), np.array(numbers, np.int64)),
        "critical_kind": (grid, kinds),
        "prevent": (grid, np.nan_to_num(prevent)),
        "recover": (grid, np.nan_to_num(recover)),
        "tolerance_fraction": (grid, within),
        "euclidean_ratio": (grid, published),
    }
    return Record("sizes", variables, {"tolerance": float(tolerance), **provenance()})
