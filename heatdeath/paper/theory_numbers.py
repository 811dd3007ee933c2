"""What the text quotes about theory, and about what was measured beside it.

Thresholds of one example; critical and tolerance fractions; times to collapse, exponents of
relaxation, and the mean-field flow. Each function reads one kind of file and returns entries by
name; `rows`, where there are any, are those of a table.
"""

import math

import numpy as np

from heatdeath.figures.selection import cell_axes, flag_value
from heatdeath.figures.wording import target_text
from heatdeath.files import netcdf
from heatdeath.measure.capture import CAPTURE
from heatdeath.measure.collapse_time import COLLAPSE_TIME
from heatdeath.measure.flow_agreement import FLOW_AGREEMENT
from heatdeath.measure.fraction_agreement import FRACTION_AGREEMENT
from heatdeath.measure.growth import GROWTH
from heatdeath.measure.recovery import RECOVERY
from heatdeath.measure.relaxation import RELAXATION
from heatdeath.measure.sizes import SIZES
from heatdeath.measure.tolerance_scan import TOLERANCE_SCAN
from heatdeath.paper.entries import decimal, exact, measured, p_value, setting, words
from heatdeath.study.target_names import n_outcomes
from heatdeath.theory.critical import critical_fractions
from heatdeath.theory.frozen_noise import half_capture_fraction
from heatdeath.theory.published_bounds import euclidean_bound, fisher_rao_bound

# Tables quote theory with as many decimals as the check values of the documentation.
_PLACES = 4
_PLACES_IN_TEXT = 3


def example_numbers(target, *, temperature) -> dict:
    """Work out the thresholds that one target has, and the published conditions."""
    critical = critical_fractions(target, temperature=temperature)
    euclidean = euclidean_bound(target, temperature=temperature)
    fisher_rao = fisher_rao_bound(target, temperature=temperature)
    numbers = {
        "target": words(target_text(target)),
        "n_outcomes": exact(n_outcomes(target)),
        "temperature": setting(temperature),
        "euclidean_fraction": decimal(euclidean.fresh_fraction, places=_PLACES_IN_TEXT),
        "euclidean_ratio": exact(euclidean.ratio),
        "fisher_rao_ratio": exact(fisher_rao.ratio),
    }
    for name in ("prevent", "recover"):
        fraction = getattr(critical, name)
        if np.isfinite(fraction):
            ratio = fraction / (1 - fraction)
            numbers |= {
                name: decimal(fraction, places=_PLACES_IN_TEXT),
                f"{name}_ratio": exact(ratio),
                f"{name}_euclidean_factor": exact(euclidean.ratio / ratio, digits=2),
            }
    return numbers


def agreement_numbers(agreement) -> dict:
    """Collect the measured critical fractions beside those of theory."""
    record = netcdf.read(agreement, kind=FRACTION_AGREEMENT)
    columns = {name: record.values(name) for name in record.variables}
    rows = []
    for i in range(columns["measured"].size):
        value, half = columns["measured"][i], columns["half_width"][i]
        name = str(columns["target"][i])
        rows.append(
            {
                "quantity": words(columns["quantity"][i]),
                "target": words(_short_target(name)),
                "temperature": setting(float(columns["temperature"][i])),
                "measured": measured(value, value - half, value + half),
                "theory": decimal(columns["theory"][i], places=_PLACES),
                "deviate": decimal(columns["z_score"][i], places=1),
            }
        )
    return _tested(record.attributes) | {"n_fractions": exact(len(rows)), "rows": rows}


def growth_numbers(growth) -> dict:
    """Collect how deviations of drawn starts were measured: the settings of the study."""
    return _settings([netcdf.read(growth, kind=GROWTH)])


def recovery_numbers(recoveries) -> dict:
    """Collect how passages from collapse were measured: the settings of the studies."""
    return _settings([netcdf.read(path, kind=RECOVERY) for path in recoveries])


def tolerance_numbers(tolerance) -> dict:
    """Collect the measured tolerance fractions beside those of theory."""
    record = netcdf.read(tolerance, kind=TOLERANCE_SCAN)
    rows = [
        {
            "target": words(_short_target(cell["target"])),
            "temperature": setting(float(cell["temperature"])),
            "measured": measured(
                _at(record, "sufficient", place), *_at(record, "sufficient_interval", place)
            ),
            "theory": decimal(_at(record, "sufficient_theory", place), places=_PLACES),
        }
        for place, cell in _cells(record, "sufficient")
        if _at(record, "sufficient_measured", place)
    ]
    numbers = _tested(record.attributes) | {
        "tolerance": setting(record.attributes["tolerance"]),
        "n_fractions": exact(len(rows)),
        "rows": rows,
    }
    if rows:
        ordered = sorted((row["measured"] for row in rows), key=lambda entry: entry["value"])
        numbers |= {"least": ordered[0], "most": ordered[-1]}
    return numbers


def size_numbers(sizes) -> dict:
    """Collect critical fractions at the least and the greatest number of outcomes of a family."""
    record = netcdf.read(sizes, kind=SIZES)
    n = record.values("n_outcomes")
    fold = flag_value(record, "critical_kind", "fold")
    cold = int(np.argmin(record.values("temperature")))
    rows = []
    for i, family in enumerate(record.values("family").tolist()):
        for k in (int(np.argmin(n)), int(np.argmax(n))):
            place = i, cold, k
            recover = record.values("recover")[place]
            euclidean = record.values("euclidean_ratio")[place]
            row = {
                "family": words(family.replace("zipf:", "Zipf ")),
                "n_outcomes": exact(int(n[k])),
                "tolerance_fraction": decimal(
                    record.values("tolerance_fraction")[place], places=_PLACES
                ),
                "euclidean_ratio": exact(euclidean),
            }
            if record.values("critical_kind")[place] == fold:
                row["prevent"] = decimal(record.values("prevent")[place], places=_PLACES)
            if recover > 0:
                row["recover"] = decimal(recover, places=_PLACES)
                row["recover_ratio"] = exact(recover / (1 - recover))
            rows.append(row)
    return {
        "temperature": setting(float(record.values("temperature")[cold])),
        "tolerance": setting(record.attributes["tolerance"]),
        "rows": rows,
    }


def capture_numbers(capture) -> dict:
    """Collect the fresh fraction at which half of the drawn starts are captured, where measured."""
    record = netcdf.read(capture, kind=CAPTURE)
    bracketed = flag_value(record, "half_flag", "bracketed")
    predicted = flag_value(record, "prediction_flag", "predicted")
    rows = []
    for place, cell in _cells(record, "half_fraction"):
        if _at(record, "half_flag", place) != bracketed:
            continue
        size = float(cell["initial_size"])
        half = _at(record, "half_fraction", place)
        row = {
            "target": words(_short_target(cell["target"])),
            "initial_size": exact(size),
            "measured": measured(half, *_at(record, "half_fraction_interval", place)),
        }
        if _at(record, "prediction_flag", place) == predicted:
            fraction = half_capture_fraction(
                n_outcomes=n_outcomes(str(cell["target"])),
                temperature=float(cell["temperature"]),
                initial_size=size,
            )
            row["predicted"] = decimal(fraction, places=_PLACES)
        rows.append(row)
    return _settings([record]) | {"rows": rows}


def collapse_numbers(collapse_time) -> dict:
    """Collect how much data it takes until one outcome holds half, at the lowest and highest T."""
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
    for place, cell in _cells(record, "log_growth"):
        median = _at(record, "log_growth", place)[middle]
        interval = _at(record, "median_interval", place)
        if np.isfinite(median) and np.all(np.isfinite(interval)):
            found.append((float(cell["temperature"]), str(cell["target"]), median, interval))
    if not found:
        return numbers
    target = found[0][1]
    ordered = sorted((each for each in found if each[1] == target), key=lambda each: each[0])
    numbers["target"] = words(_short_target(target))
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
    numbers = {
        "n_cells": exact(record.values("pull").size),
        "n_seeds": exact(record.attributes["n_seeds"]),
    }
    # The text gives this shift in percent.
    return (
        numbers | _tested(record.attributes) | {"shift": setting(100 * record.attributes["shift"])}
    )


def _tested(attributes):
    """Quote a χ² against theory, and the same with theory shifted as a negative control."""
    return {
        "chi_square": exact(attributes["chi_square"]),
        "degrees_of_freedom": exact(attributes["degrees_of_freedom"]),
        "p": p_value(attributes["p_value"]),
        "shift": setting(attributes["shift"]),
        "shifted_p": p_value(attributes["shifted_p_value"]),
    }


def _settings(records):
    sizes, growths = [], []
    for record in records:
        its = (
            record.values("initial_size").tolist()
            if "initial_size" in record.variables
            else [float(record.attributes["initial_size"])]
        )
        sizes += its
        growths += [record.attributes["horizon"] / size for size in its]
    seeds = [record.attributes["n_seeds"] for record in records]
    return {
        "least_initial_size": exact(min(sizes)),
        "most_initial_size": exact(max(sizes)),
        "least_growth": exact(min(growths), digits=2),
        "most_growth": exact(max(growths), digits=2),
        "n_seeds": exact(max(seeds)),
    }


def _cells(record, name):
    """Yield for each cell of a variable its index on each axis, and what describes it by name."""
    axes = [axis for axis in record.dimensions(name) if axis in cell_axes(record)]
    for index in np.ndindex(record.values(name).shape[: len(axes)]):
        place = dict(zip(axes, index, strict=True))
        yield place, record.attributes | {axis: record.values(axis)[i] for axis, i in place.items()}


def _at(record, name, place):
    """Return what a variable is in a cell, over its further dimensions if it has any."""
    axes = cell_axes(record)
    return record.values(name)[
        tuple(place[axis] for axis in record.dimensions(name) if axis in axes)
    ]


def _short_target(name):
    """Name a target in a table, for example ``"Zipf, n = 30"``."""
    kind, _, rest = str(name).partition(":")
    n = rest.split(":")[-1]
    if kind == "zipf":
        return f"Zipf {rest.split(':')[0]}, n = {n}"
    return f"{kind}, n = {n}" if kind in ("uniform", "words") else target_text(name)
