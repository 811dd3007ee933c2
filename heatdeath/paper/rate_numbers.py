"""What the text quotes about rates: times to collapse, exponents, and the mean-field flow."""

import math

import numpy as np

from heatdeath.files import netcdf
from heatdeath.measure.collapse_time import COLLAPSE_TIME
from heatdeath.measure.flow_agreement import FLOW_AGREEMENT
from heatdeath.measure.relaxation import RELAXATION
from heatdeath.paper.cells import at, cells, short_target
from heatdeath.paper.entries import exact, measured, p_value, setting, words


def collapse_numbers(collapse_time) -> dict:
    """Collect how much data it takes until one outcome holds half."""
    record = netcdf.read(collapse_time, kind=COLLAPSE_TIME)
    middle = int(np.argmin(abs(record.values("quantile") - 0.5)))
    numbers = {
        "n_cells": exact(record.values("prediction_p_value").size),
        "n_seeds": exact(record.attributes["n_seeds"]),
        "mass": setting(record.attributes["mass"]),
        "least_p": p_value(record.values("prediction_p_value").min()),
        "flow_least_p": p_value(record.values("flow_p_value").min()),
    }
    found = []
    for place, cell in cells(record, "log_growth"):
        median = at(record, "log_growth", place)[middle]
        interval = at(record, "median_interval", place)
        if np.isfinite(median) and np.all(np.isfinite(interval)):
            found.append((float(cell["temperature"]), str(cell["target"]), median, interval))
    if not found:
        return numbers
    target = found[0][1]
    ordered = sorted((each for each in found if each[1] == target), key=lambda each: each[0])
    numbers["target"] = words(short_target(target))
    for name, (temperature, _, median, interval) in (("cold", ordered[0]), ("mild", ordered[-1])):
        numbers |= {
            f"{name}_temperature": setting(temperature),
            f"{name}_growth": measured(math.exp(median), *np.exp(interval)),
        }
    return numbers


def relaxation_numbers(relaxations) -> dict:
    """Collect how measured exponents of relaxation compare with those predicted."""
    inside, differences = [], []
    for path in relaxations:
        record = netcdf.read(path, kind=RELAXATION)
        predicted = record.values("predicted_exponent")
        low, high = np.moveaxis(record.values("exponent_interval"), -1, 0)
        inside += ((low <= predicted) & (predicted <= high)).ravel().tolist()
        differences += abs(record.values("exponent") - predicted).ravel().tolist()
    return {
        "n_cells": exact(len(inside)),
        "n_inside": exact(sum(inside)),
        "largest_difference": exact(max(differences), digits=2),
        "n_seeds": exact(record.attributes["n_seeds"]),
        "fit_from": exact(record.attributes["fit_from"]),
    }


def flow_numbers(flow_agreement) -> dict:
    """Collect how simulations compare with the mean-field flow."""
    record = netcdf.read(flow_agreement, kind=FLOW_AGREEMENT)
    attributes = record.attributes
    return {
        "n_cells": exact(record.values("pull").size),
        "n_seeds": exact(attributes["n_seeds"]),
        "chi_square": exact(attributes["chi_square"]),
        "degrees_of_freedom": exact(attributes["degrees_of_freedom"]),
        "p": p_value(attributes["p_value"]),
        "shift": setting(100 * attributes["shift"]),
        "shifted_p": p_value(attributes["shifted_p_value"]),
    }
