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
from heatdeath.figures.family_panels import add_panel, leave_empty, name_family, panel_grid, passes
from heatdeath.figures.plane import TemperatureAxis
from heatdeath.figures.selection import axis_values, over
from heatdeath.figures.wording import loops_text
from heatdeath.files import netcdf
from heatdeath.measure.collapse_rate import COLLAPSE_RATE
from heatdeath.models.gates import GATE

_AXES = ("temperature",)
_PER = {"generation": "per generation", "e_fold": "per e-fold of the data"}
# Rates within this range are drawn linearly, others by their logarithm.
_LINEAR, _TICKS = 0.1, (-10, -1, -0.1, 0, 0.1, 1, 10)
# Inches.
_PANEL, _LEFT, _RIGHT, _BOTTOM, _TOP, _BETWEEN, _ABOVE = 1.3, 0.78, 0.1, 0.84, 0.36, 0.14, 0.62


def draw(collapse_rate_paths, *, gate_paths, output_pdf, output_png) -> None:
    """Draw the rates of collapse of every family against temperature.

    A family that fails its quality gate has an empty panel.
    """
    records = [netcdf.read(path, kind=COLLAPSE_RATE) for path in collapse_rate_paths]
    shown = [passes(netcdf.read(path, kind=GATE)) for path in gate_paths]
    limits = _limits(record for record, is_shown in zip(records, shown, strict=True) if is_shown)
    width = style.DOUBLE_COLUMN
    n_columns, n_rows, span = panel_grid(
        len(records), width=width, left=_LEFT, right=_RIGHT, between=_BETWEEN
    )
    height = _BOTTOM + n_rows * (_PANEL + _ABOVE) - _ABOVE + _TOP
    with style.drawing(width, height, output_pdf=output_pdf, output_png=output_png) as figure:
        panels = []
        for number, (record, is_shown) in enumerate(zip(records, shown, strict=True)):
            row, column = divmod(number, n_columns)
            top = _TOP + row * (_PANEL + _ABOVE)
            panel = add_panel(figure, _LEFT + column * span, top, span - _BETWEEN, _PANEL)
            panels.append(panel)
            name_family(panel, record.attributes)
            if not is_shown:
                leave_empty(panel)
                continue
            _draw_rates(panel, record, limits)
            if column:
                panel.set_yticklabels([])
        style.label_panels(panels, x=0.06, y=1.13)
        used = min(len(records), n_columns)
        _explain(figure, records, height, middle=_LEFT + (used * span - _BETWEEN) / 2)
        style.note(figure, f"without fresh data; {loops_text(records)}")


def _limits(records):
    """Return a range that holds all rates, with their intervals and those of the urn."""
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


def _explain(figure, records, height, *, middle):
    width = style.DOUBLE_COLUMN
    figure.text(
        middle / width,
        (_BOTTOM - 0.38) / height,
        "sampling temperature $T$",
        ha="center",
        fontsize=8,
    )
    clock = _PER[str(records[0].attributes["clock"])]
    figure.text(
        0.08 / width,
        (_BOTTOM + height - _TOP) / 2 / height,
        f"rate of $\\ln(N_\\mathrm{{eff}}/N_\\mathrm{{eff}}^{{\\,p}})$\n{clock}",
        rotation=90,
        va="center",
        ha="left",
        multialignment="center",
        linespacing=1.6,
        fontsize=8,
    )
    confidence = 100 * records[0].attributes["confidence"]
    handles = [
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
    figure.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 0.19 / height),
        ncols=len(handles),
        columnspacing=1.6,
    )
