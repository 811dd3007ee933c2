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

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from heatdeath.figures import style
from heatdeath.figures.order_colours import add_order_bar, is_dark, order_scale
from heatdeath.figures.plane_cells import Plane
from heatdeath.figures.selection import axis_values, over
from heatdeath.figures.theory_overlay import draw_lines, lines_over_plane, theory_handles
from heatdeath.figures.wording import settings_text, start_text
from heatdeath.files import netcdf
from heatdeath.files.axes import PLANE
from heatdeath.measure.phase_diagram import PHASE_DIAGRAM
from heatdeath.measure.theory_lines import THEORY_LINES
from heatdeath.phases import DISAGREE

_COLUMNS = (1, 2)
_HATCH = "////"
# Inches.
_PANEL_HEIGHT, _BOTTOM, _LEGEND_BOTTOM = 2.35, 0.82, 0.2
_MARGINS = {"left": 0.5, "right": 0.95, "top": 0.3, "between": 0.18, "above": 0.72}
# Entries of theory in a row of the legend, of a figure of one and of two columns.
_THEORY_PER_ROW = (2, 3)


def draw(phase_diagram_path, *, output_pdf, output_png, theory_lines_path=None) -> None:
    """Draw the phase diagram of a study, a panel for each start."""
    record = netcdf.read(phase_diagram_path, kind=PHASE_DIAGRAM)
    lines = None
    if theory_lines_path is not None:
        lines = netcdf.read(theory_lines_path, kind=THEORY_LINES)
    starts = axis_values(record, "initial")
    plane = Plane(record, order_scale(record))
    hatched = _where_starts_disagree(record)
    theory = [] if lines is None else theory_handles(lines)
    per_row = _THEORY_PER_ROW[len(starts) > 1]
    theory_rows = [theory[i : i + per_row] for i in range(0, len(theory), per_row)]
    grid = style.PanelGrid(
        len(starts),
        columns=_COLUMNS,
        width=style.DOUBLE_COLUMN if len(starts) > 1 else style.MIDDLE,
        panel_height=_PANEL_HEIGHT,
        bottom=_BOTTOM + len(theory_rows) * style.LEGEND_ROW,
        **_MARGINS,
    )
    with grid.drawing(output_pdf=output_pdf, output_png=output_png) as figure:
        panels = []
        for number, start in enumerate(starts):
            panel = grid.add(figure, number)
            panels.append(panel)
            plane.decorate(panel, y_label=grid.is_first_in_row(number))
            if not grid.is_first_in_row(number):
                panel.set_yticklabels([])
            panel.set_title(f"start: {start_text(start)}")
            order = _per_start(record, "order_parameter", number, quantile=0.5)
            phase = _per_start(record, "phase", number)
            plane.fill(panel, order, phase)
            _hatch(panel, plane, hatched, order)
            _dot(panel, plane, _per_start(record, "phase_share_interval", number))
            over_plane = []
            if lines is not None:
                over_plane = lines_over_plane(
                    lines, plane.temperatures, plane.fractions, output=str(start)
                )
            curves = [(line.x, line.y) for line in over_plane]
            plane.name_phases(panel, order, phase, hatched=hatched, lines=curves)
            # After the names, which the labels of the contours avoid.
            draw_lines(panel, over_plane)
        if len(panels) > 1:
            style.label_panels(panels)
        add_order_bar(figure, plane.scale, middle=grid.middle_height, length=_PANEL_HEIGHT - 0.2)
        style.add_legend(figure, _handles(record), *theory_rows, bottom=_LEGEND_BOTTOM)
        style.note(figure, settings_text(record.attributes))


def _per_start(record, name, number, **selection):
    return over(record, name, (*PLANE, "initial"), **selection)[:, :, number]


def _where_starts_disagree(record):
    if "joint_phase" not in record.variables:
        return np.zeros_like(over(record, "phase", PLANE), bool)
    return over(record, "joint_phase", PLANE) == DISAGREE


def _hatch(panel, plane, hatched, order):
    """Hatch cells, light on dark colours and dark on light ones."""
    for i, j in np.argwhere(hatched):
        (left, right), (low, high) = plane.temperatures.cells[i], plane.fractions.cells[j]
        panel.fill(
            [left, right, right, left],
            [low, low, high, high],
            facecolor="none",
            edgecolor="white" if is_dark(plane.scale, order[i, j]) else style.INK,
            hatch=_HATCH,
            lw=0,
        )


def _dot(panel, plane, interval):
    """Dot the cells where no phase has a share whose interval is above one half."""
    for i, j in np.argwhere(interval[..., 0].max(-1) <= 0.5):
        panel.plot(
            np.mean(plane.temperatures.cells[i]),
            np.mean(plane.fractions.cells[j]),
            ".",
            ms=3.2,
            mfc=style.INK,
            mec="white",
            mew=0.4,
        )


def _handles(record):
    handles = [
        Line2D([], [], color=style.INK, lw=1.2, label="phase boundary"),
        Patch(fc="white", ec=style.INK, hatch=_HATCH, lw=0.4, label="starts disagree at $K$"),
        Line2D([], [], color=style.INK, ls="", marker=".", ms=4, label="no sure majority of seeds"),
        Line2D(
            [], [], ls="", label=f"faithful: total variation ≤ {record.attributes['tolerance']:g}"
        ),
    ]
    if "joint_phase" not in record.variables:
        del handles[1]
    return handles
