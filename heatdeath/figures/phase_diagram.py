r"""The phase diagram: temperature against fresh fraction, from every start of a study.

The phase diagram of the study ``{study}``. Colour is the median over the seeds of the order
parameter ln(N\ :sub:`eff` of the model / N\ :sub:`eff` of the target), on a scale from one
remaining outcome to all outcomes equally frequent. Lines separate phases: faithful (total variation
from the target within the tolerance), collapsed (fewer effective outcomes) and heat death (more).
Hatched cells have another phase from another start, or collapse on another outcome; near T = 1 that
may be the horizon K and not a lasting memory of the start. A dot marks a cell where the 95 % Wilson
interval leaves open whether any phase holds more than half of the seeds. Lines of theory: green, up
to which fresh fraction a model can stay locked in to an outcome (solid: the outcome of the start,
or the most persistent one; dotted: the rarest one), with ticks on the side where it can while the
faithful equilibrium is stable too; where the faithful branch itself ends in a fold, a second solid
line says where; dashed, contours of the total variation between the faithful equilibrium and the
target, each labelled once with its value and meeting at T = 1, the thick one at the tolerance of
the study. The lines are the limit of long horizons and large starts: at a finite K/ℓ\ :sub:`0` a
collapsed start is still on its way out above the green line, and a drawn one still on its way in.
Fresh or synthetic is an independent coin for every output.
"""

import math

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from heatdeath.figures import style
from heatdeath.figures.order_colours import add_order_bar, is_dark, order_scale
from heatdeath.figures.plane import FreshFractionAxis, TemperatureAxis
from heatdeath.figures.plane_panel import fill_plane, name_phases
from heatdeath.figures.selection import axis_values, over
from heatdeath.figures.theory_overlay import draw_lines, lines_over_plane, theory_handles
from heatdeath.figures.wording import settings_text, start_text
from heatdeath.files import netcdf
from heatdeath.measure.phase_diagram import PHASE_DIAGRAM
from heatdeath.measure.theory_lines import THEORY_LINES
from heatdeath.phases import DISAGREE

_PLANE = ("temperature", "fresh_fraction")
_COLUMNS = 2
_HATCH = "////"
# Inches.
_PANEL_HEIGHT, _LEFT, _RIGHT, _BOTTOM, _TOP = 2.35, 0.5, 0.95, 0.82, 0.3
_BETWEEN, _ABOVE = 0.18, 0.72
_LEGEND_ROW = 0.17
# Entries of theory in a row of the legend, of a figure of one and of two columns.
_THEORY_PER_ROW = (2, 3)


def draw(phase_diagram_path, *, output_pdf, output_png, theory_lines_path=None) -> None:
    """Draw the phase diagram of a study, a panel for each start.

    Colour is the median order parameter. Lines separate the phases of the cells; hatching marks
    cells where the starts disagree; a dot marks a cell in which no phase
    surely has more than half of the seeds (95 %). Over the cells stand the critical fractions of
    theory and the contours of the total variation of its faithful equilibrium.
    """
    record = netcdf.read(phase_diagram_path, kind=PHASE_DIAGRAM)
    lines = None
    if theory_lines_path is not None:
        lines = netcdf.read(theory_lines_path, kind=THEORY_LINES)
    starts = axis_values(record, "initial")
    temperatures = TemperatureAxis(axis_values(record, "temperature"))
    fractions = FreshFractionAxis(axis_values(record, "fresh_fraction"))
    scale = order_scale(
        target_entropy=record.attributes["target_entropy"],
        n_outcomes=record.attributes["n_outcomes"],
    )
    hatched = _where_starts_disagree(record)
    n_columns = min(_COLUMNS, len(starts))
    n_rows = math.ceil(len(starts) / n_columns)
    width = style.DOUBLE_COLUMN if n_columns > 1 else style.MIDDLE
    theory = [] if lines is None else theory_handles(lines)
    per_row = _THEORY_PER_ROW[min(n_columns, 2) - 1]
    theory_rows = [theory[i : i + per_row] for i in range(0, len(theory), per_row)]
    bottom = _BOTTOM + len(theory_rows) * _LEGEND_ROW
    height = bottom + n_rows * (_PANEL_HEIGHT + _ABOVE) - _ABOVE + _TOP
    span = (width - _LEFT - _RIGHT + _BETWEEN) / n_columns
    with style.drawing(width, height, output_pdf=output_pdf, output_png=output_png) as figure:
        panels = []
        for number, start in enumerate(starts):
            row, column = divmod(number, n_columns)
            place = (
                (_LEFT + column * span) / width,
                1 - (_TOP + _PANEL_HEIGHT + row * (_PANEL_HEIGHT + _ABOVE)) / height,
                (span - _BETWEEN) / width,
                _PANEL_HEIGHT / height,
            )
            panel = figure.add_axes(place)
            panels.append(panel)
            temperatures.decorate(panel)
            fractions.decorate(panel, label=column == 0)
            if column:
                panel.set_yticklabels([])
            panel.set_title(f"start: {start_text(start)}")
            order = _per_start(record, "order_parameter", number, quantile=0.5)
            phase = _per_start(record, "phase", number)
            fill_plane(panel, order, phase, temperatures, fractions, scale)
            _hatch(panel, hatched, order, temperatures, fractions, scale)
            _dot(panel, record, number, temperatures, fractions)
            over_plane = []
            if lines is not None:
                over_plane = lines_over_plane(lines, temperatures, fractions, output=str(start))
            name_phases(
                panel,
                order,
                phase,
                temperatures,
                fractions,
                scale,
                hatched=hatched,
                lines=[(line.x, line.y) for line in over_plane],
            )
            # After the names, which the labels of the contours avoid.
            draw_lines(panel, over_plane)
        if len(panels) > 1:
            style.label_panels(panels)
        bar_bottom = (bottom + height - _TOP - _PANEL_HEIGHT) / 2 + 0.1
        add_order_bar(
            figure,
            (
                (width - 0.74) / width,
                bar_bottom / height,
                0.11 / width,
                (_PANEL_HEIGHT - 0.2) / height,
            ),
            scale,
        )
        _explain(figure, record, theory_rows, height)
        style.note(figure, settings_text(record.attributes))


def _per_start(record, name, number, **selection):
    return over(record, name, (*_PLANE, "initial"), **selection)[:, :, number]


def _where_starts_disagree(record):
    if "joint_phase" not in record.variables:
        return np.zeros_like(over(record, "phase", _PLANE), bool)
    return over(record, "joint_phase", _PLANE) == DISAGREE


def _hatch(panel, hatched, order, temperatures, fractions, scale):
    """Hatch cells, light on dark colours and dark on light ones."""
    for i, j in np.argwhere(hatched):
        (left, right), (low, high) = temperatures.cells[i], fractions.cells[j]
        panel.fill(
            [left, right, right, left],
            [low, low, high, high],
            facecolor="none",
            edgecolor="white" if is_dark(scale, order[i, j]) else style.INK,
            hatch=_HATCH,
            lw=0,
        )


def _dot(panel, record, number, temperatures, fractions):
    """Dot the cells where no phase has a share whose interval is above one half."""
    interval = _per_start(record, "phase_share_interval", number)
    for i, j in np.argwhere(interval[..., 0].max(-1) <= 0.5):
        panel.plot(
            np.mean(temperatures.cells[i]),
            np.mean(fractions.cells[j]),
            ".",
            ms=3.2,
            mfc=style.INK,
            mec="white",
            mew=0.4,
        )


def _explain(figure, record, theory_rows, height):
    tolerance = record.attributes["tolerance"]
    handles = [
        Line2D([], [], color=style.INK, lw=1.2, label="phase boundary"),
        Patch(fc="white", ec=style.INK, hatch=_HATCH, lw=0.4, label="starts disagree at $K$"),
        Line2D([], [], color=style.INK, ls="", marker=".", ms=4, label="no sure majority of seeds"),
        Line2D([], [], ls="", label=f"faithful: total variation ≤ {tolerance:g}"),
    ]
    if "joint_phase" not in record.variables:
        del handles[1]
    for number, row in enumerate(reversed([handles, *theory_rows])):
        figure.legend(
            handles=row,
            loc="lower center",
            bbox_to_anchor=(0.5, (0.2 + number * _LEGEND_ROW) / height),
            ncols=len(row),
            columnspacing=1.6,
        )
