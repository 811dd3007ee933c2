"""Trajectories: what becomes of a model as its dataset fills with its own outputs.

What becomes of a model as its dataset fills with its own outputs, at sampling temperatures below,
at and above 1, without and with fresh data. Lines are medians over the seeds, bands hold 50 % and
90 % of them, and dashed lines follow the mean-field flow, of a drawn start from the target itself.
The horizontal axis is the logarithm of the dataset size, in which the dynamics is autonomous. Fresh
or synthetic is an independent coin for every output.
"""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import (
    FixedLocator,
    FuncFormatter,
    LogLocator,
    MultipleLocator,
    NullFormatter,
)

from heatdeath.errors import ParameterError
from heatdeath.figures import style
from heatdeath.figures.selection import axis_values, over
from heatdeath.figures.wording import settings_text, start_text
from heatdeath.files import netcdf
from heatdeath.measure.mean_field import MEAN_FIELD
from heatdeath.measure.phase_diagram import ENSEMBLE

_AXES = ("temperature", "fresh_fraction", "initial")
_COLOURS = (style.VERMILION, style.BLUE, style.GREEN, style.PURPLE)
_ROWS = (
    ("effective_outcomes", "effective\noutcomes $N_\\mathrm{eff}$"),
    ("top1_mass", "mass of the\ntop outcome"),
    ("collision_probability", "collision\nprobability $\\Sigma\\theta^2$"),
    ("total_variation", "total variation\nfrom the target"),
)
# Inches.
_LEFT, _RIGHT, _BOTTOM, _TOP, _ROW, _GAP = 0.78, 0.55, 0.98, 0.36, 1.12, 0.13
_LEGEND_BOTTOM = 0.24


def draw(
    ensemble_path,
    *,
    mean_field_path,
    output_pdf,
    output_png,
    temperatures=None,
    fresh_fractions=None,
    initial=None,
) -> None:
    """Draw observables against the size of the dataset: a row each, a column a temperature.

    Temperatures, fresh fractions and the start are those of the study that are asked for, or else
    a few of the usual ones and the first start.
    """
    ensemble = netcdf.read(ensemble_path, kind=ENSEMBLE)
    flow = netcdf.read(mean_field_path, kind=MEAN_FIELD)
    columns = _chosen(ensemble, "temperature", temperatures, _usual_temperatures)
    curves = _chosen(ensemble, "fresh_fraction", fresh_fractions, _usual_fractions)
    starts = axis_values(ensemble, "initial").tolist()
    start = starts[0] if initial is None else initial
    if start not in starts:
        raise ParameterError("figures.trajectories.initial", initial, " or ".join(starts))
    place = starts.index(start)
    width = style.DOUBLE_COLUMN
    height = _BOTTOM + len(_ROWS) * (_ROW + _GAP) - _GAP + _TOP
    with style.drawing(width, height, output_pdf=output_pdf, output_png=output_png) as figure:
        panels = figure.subplots(
            len(_ROWS),
            len(columns),
            sharex=True,
            sharey="row",
            squeeze=False,
            gridspec_kw={
                "left": _LEFT / width,
                "right": 1 - _RIGHT / width,
                "bottom": _BOTTOM / height,
                "top": 1 - _TOP / height,
                "hspace": _GAP / _ROW,
                "wspace": 0.14,
            },
        )
        for row, (name, label) in zip(panels, _ROWS, strict=True):
            row[0].set_ylabel(label)
            for panel, column in zip(row, columns, strict=True):
                for curve, colour in zip(curves, _COLOURS, strict=False):
                    _curve(panel, ensemble, flow, name, (column, curve, place), colour)
                panel.axhline(
                    flow.attributes[f"target_{name}"], color=style.GREY, lw=0.9, ls=(0, (1, 1.5))
                )
            _scale(row, name, ensemble.attributes["n_outcomes"])
        for panel, column in zip(panels[0], columns, strict=True):
            panel.set_title(f"$T$ = {_number(axis_values(ensemble, 'temperature')[column])}")
        _sizes(panels, ensemble)
        figure.align_ylabels(panels[:, 0])
        style.label_panels(panels[0])
        shown = [axis_values(ensemble, "fresh_fraction")[curve] for curve in curves]
        style.add_legend(figure, _handles(shown), bottom=_LEGEND_BOTTOM, columnspacing=1.4)
        style.note(figure, f"{settings_text(ensemble.attributes)}; start: {start_text(start)}")


def _chosen(record, axis, wanted, usual):
    """Return the positions of the wanted values on an axis."""
    values = axis_values(record, axis)
    wanted = usual(values) if wanted is None else [float(value) for value in wanted]
    for value in wanted:
        if value not in values:
            allowed = ", ".join(_number(each) for each in values)
            raise ParameterError(f"figures.trajectories.{axis}s", value, allowed)
    return [int(np.flatnonzero(values == value)[0]) for value in wanted]


def _usual_temperatures(values):
    """Choose a temperature below 1, the one nearest to 1, and one above."""
    below, above = values[(values > 0) & (values < 1)], values[(values > 1) & np.isfinite(values)]
    chosen = [_nearest(below, 0.7), _nearest(values, 1), _nearest(above, 2)]
    return sorted({value for value in chosen if value is not None})


def _usual_fractions(values):
    positive = values[values > 0]
    chosen = [_nearest(values, 0), _nearest(positive, 0.1)]
    return sorted({value for value in chosen if value is not None})


def _nearest(values, wanted):
    return float(values[np.argmin(abs(values - wanted))]) if len(values) else None


def _number(value):
    return "∞" if np.isinf(value) else f"{value:g}"


def _curve(panel, ensemble, flow, name, cell, colour):
    shape = tuple(len(axis_values(ensemble, axis)) for axis in _AXES)
    sizes = ensemble.values("dataset_size")
    if sizes.ndim > 1:
        sizes = np.broadcast_to(over(ensemble, "dataset_size", _AXES), (*shape, sizes.shape[-1]))[
            cell
        ]
    low, lower, middle, upper, high = over(ensemble, name, _AXES)[cell].T
    panel.fill_between(sizes, low, high, color=colour, alpha=0.15, lw=0)
    panel.fill_between(sizes, lower, upper, color=colour, alpha=0.3, lw=0)
    panel.plot(sizes, middle, color=colour)
    panel.plot(sizes, over(flow, name, _AXES)[cell], color=style.INK, lw=0.9, ls=(0, (3, 3)))


def _scale(row, name, n_outcomes):
    """Set the vertical axis of a row; effective outcomes also read as the entropy, on the right."""
    first, last = row[0], row[-1]
    if name == "total_variation":
        first.set_ylim(-0.03, 1.03)
        first.yaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
        first.yaxis.set_minor_locator(FixedLocator([0.25, 0.75]))
        first.yaxis.set_major_formatter(FuncFormatter(_plain))
        return
    margin = 1.25
    first.set_yscale("log")
    first.yaxis.set_major_formatter(FuncFormatter(_plain))
    first.yaxis.set_minor_formatter(NullFormatter())
    if name != "effective_outcomes":
        first.set_ylim(1 / n_outcomes / margin, margin)
        return
    first.set_ylim(1 / margin, n_outcomes * margin)
    entropy = last.secondary_yaxis("right", functions=(_log, np.exp))
    entropy.set_ylabel("entropy (nats)")
    entropy.yaxis.set_major_locator(MultipleLocator(max(1, round(np.log(n_outcomes) / 4))))
    entropy.yaxis.set_major_formatter(FuncFormatter(_plain))
    entropy.minorticks_off()


def _plain(value, _=None):
    return f"{value:,.15g}"


def _log(value):
    return np.log(np.maximum(value, 1e-300))


def _sizes(panels, ensemble):
    """Set the horizontal axes, which all panels share."""
    sizes = ensemble.values("dataset_size")
    first = panels[0][0]
    first.set_xscale("log")
    first.set_xlim(sizes.min(), sizes.max())
    first.xaxis.set_major_locator(LogLocator(numticks=6))
    panels[-1][len(panels[0]) // 2].set_xlabel(
        "size of the dataset: $\\ell_0$ at the start + outputs sampled so far"
    )


def _handles(fractions):
    curves = [
        Line2D([], [], color=colour, lw=1.6, label=f"$f$ = {fraction:g}")
        for fraction, colour in zip(fractions, _COLOURS, strict=False)
    ]
    marks = [
        Patch(fc=style.GREY, alpha=0.45, lw=0, label="50 % and 90 % of seeds"),
        Line2D([], [], color=style.GREY, label="median"),
        Line2D([], [], color=style.INK, lw=0.9, ls=(0, (3, 3)), label="mean-field flow"),
        Line2D([], [], color=style.GREY, lw=0.9, ls=(0, (1, 1.5)), label="target"),
    ]
    return [*curves, *marks]
