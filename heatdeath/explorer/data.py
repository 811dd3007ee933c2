"""What the explorer shows of each study, as plain lists, numbers of three digits, and texts."""

import json
import math
from itertools import product

import numpy as np
from matplotlib.colors import to_hex

from heatdeath.canonical import decimal_text
from heatdeath.explorer.digits import pack
from heatdeath.figures.order_colours import ORDER_COLOURS, order_scale
from heatdeath.figures.selection import axis_values, cell_axes, flag_value, over
from heatdeath.figures.theory_overlay import lines_over_plane
from heatdeath.figures.wording import start_text, target_text, variant_text
from heatdeath.files.axes import PLANE
from heatdeath.measure.equilibria import BRANCHES
from heatdeath.measure.theory_lines import CRITICAL_KINDS
from heatdeath.observables import OBSERVABLES, RECORDED, observe
from heatdeath.trajectories import TRAJECTORIES

_LEFT_OUT = {
    "normalized_entropy": "it is H/ln n",
    "top5_mass": "it lies between the masses of the 1 and of the 10 most probable outcomes",
    "hellinger": "it is √(1 − cos of the Fisher-Rao distance)",
}
_FIRST = (
    "total_variation",
    "effective_outcomes",
    "entropy",
    "top1_mass",
    "top10_mass",
    "collision_probability",
    "support_size",
    "tail_mass",
    "fisher_rao",
)
SHOWN = (*_FIRST, *(name for name in RECORDED if name not in (*_FIRST, *_LEFT_OUT)))
"""The observables of the page, in its order: all that is recorded but what is left out."""

_LOGARITHMIC = (
    "effective_outcomes",
    "top1_mass",
    "top10_mass",
    "collision_probability",
    "support_size",
)
_SIGNS = (
    ("sum_i", "Σᵢ"),
    ("max_i", "maxᵢ"),
    ("theta_i", "θᵢ"),
    ("theta", "θ"),
    ("p_i", "pᵢ"),
    ("sqrt", "√"),
    ("(1/2)", "½"),
    ("||", "‖"),
    (" - ", " − "),
    ("= -", "= −"),
)
_THRESHOLD_DIGITS = 4
# Below this luminance white stands out more than black, and either by 4.5 to 1 or more.
_DARK = 0.179
_AXIS_NAMES = {"initial": "start", "variant": "variant"}


def observables() -> list[dict]:
    """Return name, title, units and formula of every observable of the page, and its axis."""
    declared = {each.name: each for each in TRAJECTORIES.variables}
    return [
        {
            "name": name,
            "title": _typeset(_sentence(declared[name].long_name)),
            "units": declared[name].units,
            "formula": _typeset(declared[name].formula),
            "logarithmic": name in _LOGARITHMIC,
            "bounded": not declared[name].may_be_infinite,
        }
        for name in SHOWN
    ]


def study_data(diagram, ensemble, target, *, name, question, lines=None, equilibria=None) -> dict:
    """Return what the page shows of a study, for JSON.

    A panel is one value of each axis beside temperature and fresh fraction; columns over the cells
    run over panels, then temperatures, then fresh fractions, each ascending.
    """
    others = [axis for axis in cell_axes(diagram) if axis not in PLANE]
    temperatures = axis_values(diagram, "temperature").tolist()
    fractions = axis_values(diagram, "fresh_fraction").tolist()
    axes = (*others, *PLANE)
    panels = _panels(diagram, ensemble, others)
    p = target.values("probability")
    labels = target.values("label").tolist() if "label" in target.variables else None
    attributes = diagram.attributes
    scale = order_scale(diagram)
    return {
        "name": name,
        "question": question,
        "facts": _facts(attributes, panels),
        "seeds": int(attributes["n_seeds"]),
        "tolerance": attributes["tolerance"],
        "confidence": attributes["confidence"],
        "temperatures": [decimal_text(value) for value in temperatures],
        "fresh_fractions": [decimal_text(value) for value in fractions],
        "panel_axis": " and ".join(_AXIS_NAMES.get(axis, axis) for axis in others),
        "panels": panels,
        "order_limits": [_digits(scale.vmin), _digits(scale.vmax)],
        "cells": _cells(diagram, axes, scale),
        "curves": {each: _curve(ensemble, each, axes) for each in SHOWN},
        "target": _target_values(p),
        "lines": [] if lines is None else _overlay(lines, panels, others, temperatures, fractions),
        "thresholds": None if lines is None else _thresholds(lines, temperatures, labels),
        "equilibria": None
        if equilibria is None
        else _equilibria(equilibria, temperatures, fractions, labels),
    }


def gradient() -> list[str]:
    """Return colours from one end of the scale of the order parameter to the other."""
    return [to_hex(ORDER_COLOURS(place)) for place in np.linspace(0, 1, 11)]


def _sentence(text):
    return text[:1].upper() + text[1:]


def _typeset(formula):
    for plain, sign in _SIGNS:
        formula = formula.replace(plain, sign)
    return formula


def _panels(diagram, ensemble, others):
    """Describe every value of the axes beside the plane, and its checkpoints."""
    outputs, sizes = (_moments(ensemble, each, others) for each in ("outputs", "dataset_size"))
    values = [diagram.values(axis).tolist() for axis in others]
    settings = json.loads(diagram.attributes.get("variants", "{}"))
    panels = []
    for index in np.ndindex(*(len(each) for each in values)):
        place = {axis: each[i] for axis, each, i in zip(others, values, index, strict=True)}
        panels.append(
            {
                "key": " ".join(map(_plain, place.values())),
                "text": "; ".join(_panel_text(*each, settings) for each in place.items()),
                "start": str(place.get("initial", diagram.attributes.get("initial", ""))),
                "initial_size": _digits(_at(sizes, index)[0]),
                "outputs": _at(outputs, index).astype(int).tolist(),
            }
        )
    return panels


def _moments(ensemble, name, others):
    """Return a coordinate of the checkpoints over the other axes, of length 1 where it has none."""
    dims, values = ensemble.variables[name]
    # Neither temperature nor fresh data decides when a trajectory is recorded.
    for axis in PLANE:
        if axis in dims:
            values = np.take(values, 0, axis=dims.index(axis))
            dims = tuple(dim for dim in dims if dim != axis)
    lengths = [values.shape[dims.index(axis)] if axis in dims else 1 for axis in others]
    return values.reshape(*lengths, values.shape[-1])


def _at(values, index):
    return values[tuple(min(i, n - 1) for i, n in zip(index, values.shape[:-1], strict=True))]


def _plain(value):
    return value if isinstance(value, str) else decimal_text(value)


def _panel_text(axis, value, settings):
    if axis == "initial":
        return start_text(value)
    if axis == "variant":
        own = variant_text(settings.get(value, {})).replace("$", "")
        return f"{value}: {own}" if own else value
    if axis == "target":
        return target_text(value)
    return f"{axis.replace('_', ' ')} {_plain(value)}"


def _facts(attributes, panels):
    facts = [target_text(attributes["target"])] if "target" in attributes else []
    facts.append(f"n = {attributes['n_outcomes']:,} outcomes")
    sizes = {panel["initial_size"] for panel in panels}
    growths = {_digits(panel["outputs"][-1] / panel["initial_size"]) for panel in panels}
    if len(sizes) == 1:
        facts.append(f"ℓ₀ = {sizes.pop():,} outputs at the start")
    if len(growths) == 1:
        facts.append(f"K/ℓ₀ = {growths.pop():,}")
    return [*facts, f"{attributes['n_seeds']:,} seeds per cell"]


def _cells(diagram, axes, scale):
    order = over(diagram, "order_parameter", axes)
    middle = int(np.argmin(abs(diagram.values("quantile") - 0.5)))
    medians = order[..., middle].ravel()
    cells = {
        "order": _numbers(order),
        "colour": [to_hex(ORDER_COLOURS(scale(value))) for value in medians],
        "dark": [int(_luminance(ORDER_COLOURS(scale(value))) < _DARK) for value in medians],
        "phase": over(diagram, "phase", axes).ravel().tolist(),
        "share": _numbers(over(diagram, "phase_share", axes)),
        "interval": _numbers(over(diagram, "phase_share_interval", axes)),
    }
    if "joint_phase" in diagram.variables:
        joint = over(diagram, "joint_phase", [axis for axis in axes if axis != "initial"])
        joint = np.expand_dims(joint, axes.index("initial"))
        shape = over(diagram, "phase", axes).shape
        cells["joint"] = np.broadcast_to(joint, shape).ravel().tolist()
    return cells


def _luminance(colour):
    """Return the relative luminance of a colour as the WCAG guidelines define it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _curve(ensemble, name, axes):
    values = over(ensemble, name, axes)
    finite = values[np.isfinite(values)]
    least, text = pack(values)
    return {
        "least": least,
        "text": text,
        "range": [_digits(finite.min()), _digits(finite.max())] if finite.size else [0, 1],
    }


def _target_values(p):
    return {name: _digits(value) for name, value in observe(p, p).items() if name in SHOWN}


class _EqualCells:
    """An axis on which all cells are equally wide, for lines over a grid of buttons."""

    def __init__(self, values, transform):
        values = np.asarray(values, float)
        within = np.isfinite(transform(values))
        self._places = np.flatnonzero(within) + 0.5
        self._values, self._transform = transform(values[within]), transform

    def position(self, value):
        """Return where values stand; nan outside of the cells."""
        value = self._transform(np.asarray(value, float))
        return np.interp(value, self._values, self._places, left=np.nan, right=np.nan)


def _logarithm(value):
    with np.errstate(divide="ignore"):
        logs = np.log(value)
    return np.where(np.isinf(logs), np.nan, logs)


def _overlay(lines, panels, others, temperatures, fractions):
    """Return for each panel the lines over its cells, with corners in units of cells."""
    columns = _EqualCells(temperatures, _logarithm)
    rows = _EqualCells(fractions, lambda value: value)
    drawn = []
    for panel in panels:
        of_panel = []
        for line in lines_over_plane(lines, columns, rows, output=panel["start"]):
            if line.tolerance is not None and not line.studied:
                continue
            there = np.isfinite(line.x) & np.isfinite(line.y)
            corners = np.stack([line.x[there], line.y[there]], axis=-1)
            style = "critical" if line.linestyle == "-" else "rarest"
            of_panel.append(
                {
                    "style": style if line.tolerance is None else "tolerance",
                    "corners": [_digits(each, 4) for each in corners.ravel()],
                }
            )
        drawn.append(of_panel)
    return drawn


def _thresholds(lines, temperatures, labels):
    """Return critical and tolerance fractions by temperature; None where theory has none."""
    grid = lines.values("temperature")
    starts = lines.values("initial").tolist() if "initial" in lines.variables else []
    fold = flag_value(lines, "start_flag", "fold")
    result = []
    for temperature in temperatures:
        place = int(np.argmin(abs(grid - temperature))) if math.isfinite(temperature) else 0
        # The lines leave out one of two temperatures that differ by rounding alone.
        if not math.isclose(grid[place], temperature, rel_tol=1e-8):
            result.append(None)
            continue
        kind = CRITICAL_KINDS[lines.values("critical_kind")[place]]
        output = int(lines.values("recover_output")[place])
        result.append(
            {
                "kind": kind,
                "prevent": _threshold(lines.values("prevent")[place]) if kind == "fold" else None,
                "recover": _threshold(lines.values("recover")[place]),
                "output": _outcome_text(output, labels),
                "rarest": _threshold(lines.values("recover_least_frequent")[place]),
                "starts": {
                    start: _threshold(lines.values("recover_from_start")[place, number])
                    if lines.values("start_flag")[place, number] == fold
                    else None
                    for number, start in enumerate(starts)
                },
                "tolerances": [
                    [_digits(tolerance), _threshold(fraction)]
                    for tolerance, fraction in zip(
                        lines.values("tolerance"),
                        lines.values("tolerance_fraction")[place],
                        strict=True,
                    )
                ],
            }
        )
    return result


def _equilibria(record, temperatures, fractions, labels):
    """Return the equilibria of each temperature and fresh fraction; None where theory has none."""
    known = sorted(record.values("temperature").tolist())
    exists, branch, stable, outcome, exponent = (
        over(record, name, PLANE)
        for name in ("exists", "branch", "stable", "outcome", "relaxation_exponent")
    )
    measured = {name: over(record, name, PLANE) for name in SHOWN if name in OBSERVABLES}
    cells = []
    for temperature, j in product(temperatures, range(len(fractions))):
        if temperature not in known:
            cells.append(None)
            continue
        i = known.index(temperature)
        cells.append(
            [
                {
                    "branch": BRANCHES[branch[i, j, k]],
                    "outcome": _outcome_text(int(outcome[i, j, k]), labels),
                    "stable": int(stable[i, j, k]),
                    "exponent": _digits(exponent[i, j, k]),
                    "values": {name: _digits(values[i, j, k]) for name, values in measured.items()},
                }
                for k in np.flatnonzero(exists[i, j])
            ]
        )
    return cells


def _outcome_text(index, labels):
    if index < 0:
        return None
    return f"outcome {index} (from 0)" if labels is None else f"“{labels[index]}”"


def _threshold(value):
    return _digits(value, _THRESHOLD_DIGITS)


def _numbers(values):
    return [_digits(value) for value in np.ravel(values)]


def _digits(value, digits=3):
    """Round to significant digits; integers as such, and infinity, which JSON lacks, as a text."""
    if math.isinf(value):
        return "inf"
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded.is_integer() else rounded
