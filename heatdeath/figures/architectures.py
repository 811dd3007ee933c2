r"""Architectures: the measured plane of each family of generative models, from both starts.

The measured plane of each family of generative models, trained again and again on a mixture of its
own samples and fresh data. Above from a start drawn from the source of the data, below from a start
that is collapsed on one outcome. Colour is the median over the seeds of the order parameter
ln(N\ :sub:`eff` of the model / N\ :sub:`eff` of the target), of the distribution over outcomes that
the model has at a temperature of 1, on one scale for all families. Lines separate the phases of
more than half of the seeds: faithful (total variation from the target within the tolerance),
collapsed (fewer effective outcomes) and heat death (more). Over the cells, theory of the urn of the
same distribution of outcomes: green, up to which fresh fraction it can stay locked in to an
outcome, with ticks on the side where it can while the faithful equilibrium is stable too; dashed,
where its faithful equilibrium uses up the tolerance. The urn has no generalisation: what a family
does beside these lines is its own. A family that does not learn real data well enough fails its
quality gate, and its panel is empty.
"""

import numpy as np
from matplotlib.lines import Line2D

from heatdeath.figures import style
from heatdeath.figures.order_colours import add_order_bar, order_scale
from heatdeath.figures.plane_cells import Plane
from heatdeath.figures.selection import axis_values, over, passes_gates
from heatdeath.figures.theory_overlay import draw_lines, lines_over_plane, theory_handles
from heatdeath.figures.wording import family_text, loops_text, source_text, tolerances_text
from heatdeath.files import netcdf
from heatdeath.measure.phase_diagram import PHASE_DIAGRAM
from heatdeath.measure.theory_lines import THEORY_LINES
from heatdeath.models.gates import GATE
from heatdeath.starts import parse_start

_AXES = ("temperature", "fresh_fraction", "initial")
_FROM = ("from the target", "from collapse")
# Inches.
_MARGINS = {"left": 0.62, "right": 0.95, "bottom": 0.99, "top": 0.36, "above": 0.62}
_PANEL_HEIGHT, _BETWEEN_STARTS, _LONGEST_BAR, _LEGEND_BOTTOM = 1.18, 0.12, 2.0, 0.32
# Where fresh fractions differ between the columns, each has labels of its own.
_BETWEEN, _BETWEEN_LABELLED = 0.12, 0.36


def draw(phase_diagram_paths, *, theory_lines_paths, gate_paths, output_pdf, output_png) -> None:
    """Draw the plane of temperature and fresh fraction of every family, from each start."""
    diagrams = [netcdf.read(path, kind=PHASE_DIAGRAM) for path in phase_diagram_paths]
    lines = [netcdf.read(path, kind=THEORY_LINES) for path in theory_lines_paths]
    shown = [passes_gates(netcdf.read(path, kind=GATE)) for path in gate_paths]
    scale = order_scale(*diagrams)
    rows = _rows(diagrams)
    alike = all(_same_fractions(record, diagrams[0]) for record in diagrams)
    grid = style.PanelGrid(
        len(diagrams),
        columns=style.FAMILY_COLUMNS,
        width=style.DOUBLE_COLUMN,
        panel_height=len(rows) * (_PANEL_HEIGHT + _BETWEEN_STARTS) - _BETWEEN_STARTS,
        between=_BETWEEN if alike else _BETWEEN_LABELLED,
        **_MARGINS,
    )
    with grid.drawing(output_pdf=output_pdf, output_png=output_png) as figure:
        lettered = []
        for number, (record, theory, is_shown) in enumerate(
            zip(diagrams, lines, shown, strict=True)
        ):
            is_first = grid.is_first_in_row(number)
            found = record.attributes
            starts = _starts(record)
            for row in sorted(starts):
                down = row * (_PANEL_HEIGHT + _BETWEEN_STARTS)
                panel = grid.add(figure, number, down=down, height=_PANEL_HEIGHT)
                if row == min(starts):
                    source = source_text(found["target"])
                    style.title_panel(panel, family_text(found["family"]), source)
                    lettered.append(panel)
                if is_first and len(rows) > 1:
                    panel.set_ylabel(_FROM[row], labelpad=19 if not is_shown else 3)
                if not is_shown:
                    style.leave_empty(panel, style.FAILS)
                    continue
                _draw_plane(panel, record, theory, starts[row], scale)
                if not is_first and alike:
                    panel.set_yticklabels([])
                if row != max(starts):
                    panel.set_xticklabels([])
        style.label_panels(lettered, x=0.06, y=1.17)
        grid.name_axes(figure, "sampling temperature $T$", "fresh fraction $f$", below=0.36)
        add_order_bar(
            figure,
            scale,
            middle=grid.middle_height,
            length=min(_LONGEST_BAR, grid.rows_height - 0.5),
            ends=("fewer\noutcomes", "more"),
        )
        style.add_legend(
            figure,
            _handles(lines),
            bottom=_LEGEND_BOTTOM,
            columnspacing=1.2,
            handletextpad=0.5,
        )
        within = f"faithful: total variation ≤ {tolerances_text(diagrams)}"
        style.note(figure, f"{loops_text(diagrams)}\n{within}")


def _rows(diagrams):
    return sorted({row for record in diagrams for row in _starts(record)})


def _starts(record):
    """Return the place of the start of each row: 0 from the target, 1 from collapse."""
    starts = axis_values(record, "initial").tolist()
    return {int(parse_start(str(start)).kind == "collapsed"): k for k, start in enumerate(starts)}


def _same_fractions(record, other):
    return np.array_equal(
        axis_values(record, "fresh_fraction"), axis_values(other, "fresh_fraction")
    )


def _draw_plane(panel, record, theory, start, scale):
    plane = Plane(record, scale)
    plane.decorate(panel, x_label=False, y_label=False)
    order = over(record, "order_parameter", _AXES, quantile=0.5)[:, :, start]
    phase = over(record, "phase", _AXES)[:, :, start]
    plane.fill(panel, order, phase)
    name = str(axis_values(record, "initial")[start])
    # In a small panel the contours of other tolerances would hide the cells.
    shown = [
        line
        for line in lines_over_plane(theory, plane.temperatures, plane.fractions, output=name)
        if line.tolerance is None or line.studied
    ]
    curves = [(line.x, line.y) for line in shown]
    plane.name_phases(panel, order, phase, lines=curves, size=7, broken=True)
    draw_lines(panel, shown)


def _handles(lines):
    theory = max(map(theory_handles, lines), key=len)
    # The last entry is that of the contours, of which one is drawn.
    theory[-1].set(linewidth=1.1, label="theory: total variation at the tolerance")
    return [Line2D([], [], color=style.INK, lw=1.2, label="phase boundary"), *theory]
