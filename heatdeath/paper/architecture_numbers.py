"""Numbers of families of generative models: what they share with the urn, and what not."""

import numpy as np

from heatdeath.figures.selection import axis_values, over, widths_that_pass
from heatdeath.figures.wording import family_text, source_text
from heatdeath.files import netcdf
from heatdeath.files.axes import PLANE
from heatdeath.measure.collapse_rate import COLLAPSE_RATE
from heatdeath.measure.least_fresh_fraction import CENSORING, LEAST_FRESH_FRACTION
from heatdeath.measure.phase_diagram import ENSEMBLE
from heatdeath.measure.urn_agreement import URN_AGREEMENT, URN_PHASES
from heatdeath.models.gates import GATE
from heatdeath.paper.entries import exact, measured, setting, words
from heatdeath.paper.plane_numbers import drawn_start, nearest_temperatures
from heatdeath.phases import CELL_PHASES

_AXES = (*PLANE, "initial")
_FAITHFUL = "faithful"
# What is counted of every study, the cells first.
_COUNTED = (
    *("cells", "agreeing", "lost", "kept"),
    *("pairs", "urn_decided", "decided", "both_decided"),
)


def architecture_numbers(*, agreement, gate, ensemble, rate, fraction) -> dict:
    """Quote each family that passes its gate, beside the urn; of each kind, a list of files."""
    rows, failed, counted = [], 0, dict.fromkeys(_COUNTED, 0)
    temperatures, by_chance = {}, 0.0
    for of_urn, judged, recorded, rate_path, fraction_path in zip(
        agreement, gate, ensemble, rate, fraction, strict=True
    ):
        if not netcdf.read(judged, kind=GATE).values("passed").all():
            failed += 1
            continue
        row, cells = _agreement(netcdf.read(of_urn, kind=URN_AGREEMENT))
        by_chance += row["by_chance"]["value"]
        for name, number in cells.items():
            counted[name] += number
        row |= _at_start(netcdf.read(recorded, kind=ENSEMBLE))
        rates = netcdf.read(rate_path, kind=COLLAPSE_RATE)
        fractions = netcdf.read(fraction_path, kind=LEAST_FRESH_FRACTION)
        chosen = nearest_temperatures(axis_values(rates, "temperature"))
        for name in ("cold", "hot"):
            if name in chosen:
                temperatures.setdefault(name, set()).add(chosen[name])
                row |= _rate(rates, chosen[name], name)
                row |= _least_fraction(fractions, chosen[name], name)
        rows.append(row)
    return {
        "rows": rows,
        **_failed(failed),
        "families": exact(len(rows)),
        "cells": exact(counted["cells"]),
        "chance_cells": exact(round(by_chance)),
        **{f"{name}_cells": exact(counted[name]) for name in _COUNTED[1:]},
        **{
            f"{name}_temperature": words(" or ".join(f"{t:g}" for t in sorted(found)))
            for name, found in temperatures.items()
        },
    }


def model_size_numbers(*, fraction, gate) -> dict:
    """Quote the fractions of the narrowest and the widest models that pass, by temperature."""
    rows = []
    for path, gate_path in zip(fraction, gate, strict=True):
        record = netcdf.read(path, kind=LEAST_FRESH_FRACTION)
        axes = ("temperature", "width", "initial")
        widths = axis_values(record, "width")
        judged = netcdf.read(gate_path, kind=GATE)
        good = np.flatnonzero(widths_that_pass(judged, widths))
        if not good.size:
            continue
        for i, temperature in enumerate(axis_values(record, "temperature").tolist()):
            row = {
                "family": words(family_text(record.attributes["family"])),
                "temperature": setting(temperature),
            }
            for name, place in (("narrow", good[0]), ("wide", good[-1])):
                row[f"{name}_width"] = exact(int(widths[place]))
                row |= _crossing(record, axes, (i, place, 0), name)
            rows.append(row)
    return {"rows": rows}


def _agreement(record):
    confusion = record.values("confusion")
    urn = record.values("urn_name").tolist()
    found = record.values("measured_name").tolist()
    cells = dict.fromkeys(_COUNTED, 0) | _decided_by_the_start(record)
    for i, by_urn in enumerate(urn):
        if by_urn == URN_PHASES[-1]:  # no theory
            continue
        for j, measured_phase in enumerate(found):
            number = int(confusion[i, j])
            cells["cells"] += number
            cells["agreeing"] += number * (by_urn == measured_phase)
            cells["lost"] += number * (by_urn == _FAITHFUL != measured_phase)
            cells["kept"] += number * (by_urn != _FAITHFUL == measured_phase)
    assert set(found) <= set(CELL_PHASES)
    row = {
        "family": words(family_text(record.attributes["family"])),
        "source": words(source_text(record.attributes["target"])),
        **{name: exact(cells[name]) for name in _COUNTED},
        "by_chance": exact(record.attributes["share_by_chance"] * cells["cells"], digits=2),
    }
    return row, cells


def _decided_by_the_start(record):
    """Count the pairs of cells, alike but for the start, that end in different phases."""
    if "initial" not in record.variables or len(record.values("initial")) != 2:
        return {}
    of_urn, found = (over(record, name, _AXES) for name in ("urn_phase", "measured_phase"))
    known = (of_urn != len(URN_PHASES) - 1).all(-1)
    by_urn, measured_so = ((each[..., 0] != each[..., 1]) & known for each in (of_urn, found))
    return {
        "urn_decided": int(np.count_nonzero(by_urn)),
        "decided": int(np.count_nonzero(measured_so)),
        "both_decided": int(np.count_nonzero(by_urn & measured_so)),
        "pairs": int(np.count_nonzero(known)),
    }


def _failed(number):
    if not number:
        return {}
    text = "one family fails its gate and is" if number == 1 else f"{number} families fail and are"
    return {"failed": words(f"{text} left out")}


def _at_start(record):
    variation = over(record, "total_variation", _AXES, quantile=0.5)
    return {"start_variation": exact(variation[:, :, drawn_start(record), 0].mean(), digits=2)}


def _rate(record, temperature, name):
    place = axis_values(record, "temperature").tolist().index(temperature)
    at = (place, drawn_start(record), 0)
    axes = ("temperature", "initial", "fresh_fraction")
    low, high = over(record, "rate_interval", axes)[at]
    return {
        f"{name}_rate": measured(over(record, "rate", axes)[at], low, high),
        f"{name}_urn_rate": exact(over(record, "urn_rate", axes)[at], digits=2),
    }


def _least_fraction(record, temperature, name):
    place = axis_values(record, "temperature").tolist().index(temperature)
    axes = ("temperature", "initial", "width")
    at = (place, drawn_start(record), 0)
    found = _crossing(record, axes, at, name)
    if over(record, "urn_exists", axes)[at]:
        of_urn = over(record, "urn_least_fresh_fraction", axes)[at]
        found[f"{name}_urn_fraction"] = exact(of_urn, digits=2)
    return found


def _crossing(record, axes, at, name):
    """Quote a least fresh fraction; where the scan does not cross the tolerance, its end."""
    value = over(record, "least_fresh_fraction", axes)[at]
    state = CENSORING[int(over(record, "censoring", axes)[at])]
    if state == "crossed":
        low, high = over(record, "least_fresh_fraction_interval", axes)[at]
        return {f"{name}_fraction": measured(value, low, high)}
    sign = "≤" if state == "within_at_the_least" else ">"
    return {f"{name}_fraction": words(f"{sign} {value:g}")}
