"""Model sizes: how much fresh data each family needs against the size of its models.

How much fresh data each family of generative models needs, against the size of its models: the
least fresh fraction from which on the mean over the seeds of the total variation at the horizon is
within the tolerance, linear between the fresh fractions of the study, with 95 % intervals.
Triangles that point down: within the tolerance at the least fresh fraction of the study already;
up: beyond it at the largest. Horizontal lines are those of the urn of the same distribution of
outcomes from the same start. Crosses mark widths at which the family fails its quality gate; these
are not drawn.
"""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, MultipleLocator, NullLocator

from heatdeath.figures import style
from heatdeath.figures.selection import axis_values, flag_value, over, widths_that_pass
from heatdeath.figures.wording import family_text, loops_text, source_text, tolerances_text
from heatdeath.files import netcdf
from heatdeath.measure.least_fresh_fraction import LEAST_FRESH_FRACTION
from heatdeath.models.gates import GATE
from heatdeath.starts import parse_start

_AXES = ("temperature", "initial", "width")
_COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE, style.SKY)
# From the target and from collapse: mark, line of theory, and name.
_STARTS = (("o", (0, (4, 1.5)), "from the target"), ("s", (0, (1, 1.3)), "from collapse"))
_CENSORED = {"within_at_the_least": "v", "never_within": "^"}
# Marks at the same width stand side by side, on this share of the way to the next width.
_CLUSTER = 0.62
_MOST_TICKS = 6
# Inches.
_MARGINS = {"left": 0.55, "right": 0.1, "bottom": 1.15, "top": 0.36, "between": 0.16, "above": 0.64}
_PANEL_HEIGHT, _LEGEND_BOTTOM = 1.45, 0.32


def draw(least_fresh_fraction_paths, *, gate_paths, output_pdf, output_png) -> None:
    """Draw the least fresh fraction of every family against the width of its models."""
    records = [netcdf.read(path, kind=LEAST_FRESH_FRACTION) for path in least_fresh_fraction_paths]
    gates = [netcdf.read(path, kind=GATE) for path in gate_paths]
    temperatures = sorted(
        {t for each in records for t in axis_values(each, "temperature").tolist()}
    )
    colours = dict(zip(temperatures, _COLOURS, strict=False))
    grid = style.PanelGrid(
        len(records),
        columns=style.FAMILY_COLUMNS,
        width=style.DOUBLE_COLUMN,
        panel_height=_PANEL_HEIGHT,
        **_MARGINS,
    )
    marks = set()
    with grid.drawing(output_pdf=output_pdf, output_png=output_png) as figure:
        panels = []
        for number, (record, gate) in enumerate(zip(records, gates, strict=True)):
            panel = grid.add(figure, number)
            panels.append(panel)
            found = record.attributes
            style.title_panel(panel, family_text(found["family"]), source_text(found["target"]))
            marks |= _draw_fractions(panel, record, gate, colours)
            if not grid.is_first_in_row(number):
                panel.set_yticklabels([])
        style.label_panels(panels, x=0.06, y=1.12)
        grid.name_axes(figure, "width of the models", "least fresh fraction $f$", below=0.37)
        style.add_legend(
            figure,
            *_handles(colours, marks),
            bottom=_LEGEND_BOTTOM,
            columnspacing=1.3,
            handletextpad=0.5,
        )
        within = f"tolerated total variation: {tolerances_text(records)}"
        style.note(figure, f"{loops_text(records)}\n{within}")


def _draw_fractions(panel, record, gate, colours):
    """Draw a panel, and return which marks it has."""
    widths = np.sort(axis_values(record, "width"))
    order = np.argsort(axis_values(record, "width"))
    passing = np.array(widths_that_pass(gate, widths.tolist()))
    names = ("least_fresh_fraction", "least_fresh_fraction_interval", "censoring")
    value, interval, censoring = (over(record, name, _AXES)[:, :, order] for name in names)
    exists = over(record, "urn_exists", _AXES) == flag_value(record, "urn_exists", "yes")
    urn = over(record, "urn_least_fresh_fraction", _AXES)
    gap = np.diff(np.log(widths)).min() if widths.size > 1 else 1.0
    temperatures = axis_values(record, "temperature").tolist()
    starts = [parse_start(str(each)).kind for each in axis_values(record, "initial").tolist()]
    n_sets = len(temperatures) * len(starts)
    step = _CLUSTER * gap / n_sets
    marks = set()
    for number, (i, j) in enumerate(np.ndindex(len(temperatures), len(starts))):
        colour = colours.get(temperatures[i], style.GREY)
        kind = int(starts[j] == "collapsed")
        mark, line, _ = _STARTS[kind]
        marks.add(kind)
        x = widths * np.exp(step * (number - (n_sets - 1) / 2))
        if exists[i, j, 0]:
            panel.axhline(urn[i, j, 0], color=colour, ls=line, lw=0.9, zorder=1)
        panel.plot(x[passing], value[i, j, passing], color=colour, lw=0.5, alpha=0.6, zorder=2)
        panel.vlines(x[passing], *interval[i, j, passing].T, color=colour, lw=1.2, zorder=2)
        for k in np.flatnonzero(passing):
            shape, face = mark, colour
            for meaning, arrow in _CENSORED.items():
                if censoring[i, j, k] == flag_value(record, "censoring", meaning):
                    shape, face = arrow, "white"
                    marks.add(meaning)
            panel.plot(x[k], value[i, j, k], shape, ms=3.4, mfc=face, mec=colour, mew=0.6, zorder=3)
    if not passing.all():
        marks.add("fails")
        failing = widths[~passing]
        panel.plot(failing, np.zeros(failing.size), "x", ms=4, color=style.GREY, zorder=3)
    _decorate(panel, widths, gap)
    return marks


def _decorate(panel, widths, gap):
    panel.set_xscale("log")
    margin = np.exp(0.6 * gap)
    panel.set_xlim(widths[0] / margin, widths[-1] * margin)
    shown = widths[:: -(-widths.size // _MOST_TICKS)]
    panel.xaxis.set_major_locator(FixedLocator(shown))
    panel.xaxis.set_major_formatter(lambda width, _: f"{width:g}")
    panel.xaxis.set_minor_locator(NullLocator())
    panel.set_ylim(-0.05, 1.05)
    panel.yaxis.set_major_locator(MultipleLocator(0.5))
    panel.yaxis.set_minor_locator(MultipleLocator(0.1))


def _handles(colours, marks):
    """Return the two rows of the legend: what was measured, and what else there is."""
    ink = {"color": style.INK, "ls": "", "ms": 3.8}
    measured = [
        Line2D([], [], color=colour, lw=1.6, label=f"$T$ = {temperature:g}")
        for temperature, colour in colours.items()
    ]
    for kind in (0, 1):
        if kind in marks:
            mark, line, name = _STARTS[kind]
            measured.append(
                Line2D([], [], color=style.INK, marker=mark, ms=3.8, ls=line, lw=0.9, label=name)
            )
    others = [Line2D([], [], color=style.INK, ls=_STARTS[0][1], lw=0.9, label="line: the urn")]
    texts = {
        "within_at_the_least": "within at the least $f$",
        "never_within": "beyond at the largest",
    }
    for meaning, text in texts.items():
        if meaning in marks:
            arrow = _CENSORED[meaning]
            others.append(Line2D([], [], **ink, marker=arrow, mfc="white", mew=0.6, label=text))
    if "fails" in marks:
        others.append(
            Line2D(
                [], [], color=style.GREY, ls="", marker="x", ms=4, label="fails its quality gate"
            )
        )
    return measured, others
