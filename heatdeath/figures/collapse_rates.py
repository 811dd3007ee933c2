r"""Rates of collapse: how fast each family collapses or spreads at first, against temperature.

How fast each family of generative models collapses or spreads at first, without fresh data, from a
start drawn from the source of the data. The rate of a seed is the slope of its order parameter
ln(N\ :sub:`eff` of the model / N\ :sub:`eff` of the target) from the first model on, by least
squares up to the checkpoint at which it has moved by one nat: negative where outcomes are lost,
positive where the model spreads. Points are means over the seeds, bars their 95 % intervals. The
line is the same of the urn of the same distribution of outcomes, whose model is its data, from the
target and without chance. Rates up to 0.1 are drawn linearly, larger ones by their logarithm. A
family that fails its quality gate has an empty panel.
"""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from heatdeath.figures import style
from heatdeath.figures.plane_axes import TemperatureAxis
from heatdeath.figures.selection import axis_values, over, passes_gates
from heatdeath.figures.wording import family_text, loops_text, source_text
from heatdeath.files import netcdf
from heatdeath.measure.collapse_rate import COLLAPSE_RATE
from heatdeath.models.gates import GATE

_AXES = ("temperature",)
_PER = {"generation": "per generation", "e_fold": "per e-fold of the data"}
# Rates within this range are drawn linearly, others by their logarithm.
_LINEAR, _TICKS = 0.1, (-10, -1, -0.1, 0, 0.1, 1, 10)
# Inches.
_MARGINS = {"left": 0.78, "right": 0.1, "bottom": 0.84, "top": 0.36, "between": 0.14, "above": 0.62}
_PANEL_HEIGHT, _LEGEND_BOTTOM = 1.3, 0.19


def draw(collapse_rate_paths, *, gate_paths, output_pdf, output_png) -> None:
    """Draw the rates of collapse of every family against temperature."""
    records = [netcdf.read(path, kind=COLLAPSE_RATE) for path in collapse_rate_paths]
    shown = [passes_gates(netcdf.read(path, kind=GATE)) for path in gate_paths]
    limits = _limits(record for record, is_shown in zip(records, shown, strict=True) if is_shown)
    grid = style.PanelGrid(
        len(records),
        columns=style.FAMILY_COLUMNS,
        width=style.DOUBLE_COLUMN,
        panel_height=_PANEL_HEIGHT,
        **_MARGINS,
    )
    with grid.drawing(output_pdf=output_pdf, output_png=output_png) as figure:
        panels = []
        for number, (record, is_shown) in enumerate(zip(records, shown, strict=True)):
            panel = grid.add(figure, number)
            panels.append(panel)
            found = record.attributes
            style.title_panel(panel, family_text(found["family"]), source_text(found["target"]))
            if not is_shown:
                style.leave_empty(panel, style.FAILS)
                continue
            _draw_rates(panel, record, limits)
            if not grid.is_first_in_row(number):
                panel.set_yticklabels([])
        style.label_panels(panels, x=0.06, y=1.13)
        clock = _PER[str(records[0].attributes["clock"])]
        grid.name_axes(
            figure,
            "sampling temperature $T$",
            f"rate of $\\ln(N_\\mathrm{{eff}}/N_\\mathrm{{eff}}^{{\\,p}})$\n{clock}",
            below=0.38,
            ha="left",
            multialignment="center",
            linespacing=1.6,
        )
        style.add_legend(figure, _handles(records), bottom=_LEGEND_BOTTOM)
        style.note(figure, f"without fresh data; {loops_text(records)}")


def _limits(records):
    """Return a range, 0 within it, that holds all rates with their intervals and the urn's."""
    values = [np.zeros(1)]
    for record in records:
        values += [record.values(name).ravel() for name in ("rate_interval", "urn_rate")]
    values = np.concatenate(values)
    return min(1.6 * values.min(), -2 * _LINEAR), max(1.6 * values.max(), 2 * _LINEAR)


def _draw_rates(panel, record, limits):
    temperatures = TemperatureAxis(axis_values(record, "temperature"))
    temperatures.decorate(panel, label=False)
    x = temperatures.position(temperatures.values)
    rate = over(record, "rate", _AXES)
    low, high = over(record, "rate_interval", _AXES).T
    panel.axhline(0, color=style.GREY, lw=0.6, zorder=1)
    urn = over(record, "urn_rate", _AXES)
    finite = temperatures.values > 0
    panel.plot(x[finite], urn[finite], color=style.VERMILION, lw=1.1, zorder=2)
    # T = 0 has a column of its own, to which no line leads.
    for place in np.flatnonzero(~finite):
        panel.hlines(urn[place], *temperatures.cells[place], color=style.VERMILION, lw=1.1)
    panel.vlines(x, low, high, color=style.BLUE, lw=1.6, zorder=3)
    panel.plot(x, rate, "o", ms=3.4, mfc=style.BLUE, mec="white", mew=0.4, zorder=4)
    panel.set_yscale("symlog", linthresh=_LINEAR, linscale=0.6)
    panel.set_ylim(*limits)
    panel.set_yticks([tick for tick in _TICKS if limits[0] <= tick <= limits[1]])
    panel.yaxis.set_major_formatter(lambda rate, _: f"{rate:g}".replace("-", "−"))
    panel.yaxis.set_minor_locator(NullLocator())


def _handles(records):
    confidence = 100 * records[0].attributes["confidence"]
    return [
        Line2D(
            [],
            [],
            color=style.BLUE,
            marker="o",
            ms=3.4,
            lw=1.6,
            label=f"measured, with its {confidence:g} % interval",
        ),
        Line2D([], [], color=style.VERMILION, lw=1.1, label="urn of the same distribution"),
    ]
