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
from heatdeath.figures.family_panels import add_panel, leave_empty, name_family, panel_grid, passes
from heatdeath.figures.order_colours import add_order_bar, common_scale, order_scale
from heatdeath.figures.plane import FreshFractionAxis, TemperatureAxis
from heatdeath.figures.plane_panel import fill_plane, name_phases
from heatdeath.figures.selection import axis_values, over
from heatdeath.figures.theory_overlay import draw_lines, lines_over_plane, theory_handles
from heatdeath.figures.wording import loops_text
from heatdeath.files import netcdf
from heatdeath.measure.phase_diagram import PHASE_DIAGRAM
from heatdeath.measure.theory_lines import THEORY_LINES
from heatdeath.models.gates import GATE
from heatdeath.starts import parse_start

_AXES = ("temperature", "fresh_fraction", "initial")
_FROM = ("from the target", "from collapse")
# Inches.
_PANEL, _LEFT, _RIGHT, _BOTTOM, _TOP = 1.18, 0.62, 0.95, 0.99, 0.36
_BETWEEN, _BETWEEN_STARTS, _ABOVE = 0.12, 0.12, 0.62
# Where fresh fractions differ between the columns, each has labels of its own.
_BETWEEN_LABELLED = 0.36
_LEGEND_ROW = 0.17


def draw(phase_diagram_paths, *, theory_lines_paths, gate_paths, output_pdf, output_png) -> None:
    """Draw the plane of temperature and fresh fraction of every family.

    Colour is the median order parameter, on one scale; lines separate the phases of the cells.
    Over the cells stand the critical fractions of the urn of the same distribution and the contour
    on which its faithful equilibrium uses up the tolerance of the study. A family that fails its
    quality gate has an empty panel.
    """
    diagrams = [netcdf.read(path, kind=PHASE_DIAGRAM) for path in phase_diagram_paths]
    lines = [netcdf.read(path, kind=THEORY_LINES) for path in theory_lines_paths]
    shown = [passes(netcdf.read(path, kind=GATE)) for path in gate_paths]
    scale = common_scale(
        order_scale(
            target_entropy=record.attributes["target_entropy"],
            n_outcomes=record.attributes["n_outcomes"],
        )
        for record in diagrams
    )
    rows = _rows(diagrams)
    width = style.DOUBLE_COLUMN
    alike = all(_same_fractions(record, diagrams[0]) for record in diagrams)
    between = _BETWEEN if alike else _BETWEEN_LABELLED
    n_columns, n_blocks, span = panel_grid(
        len(diagrams), width=width, left=_LEFT, right=_RIGHT, between=between
    )
    block = len(rows) * (_PANEL + _BETWEEN_STARTS) - _BETWEEN_STARTS
    height = _BOTTOM + n_blocks * (block + _ABOVE) - _ABOVE + _TOP
    with style.drawing(width, height, output_pdf=output_pdf, output_png=output_png) as figure:
        lettered = []
        for number, (record, theory, is_shown) in enumerate(
            zip(diagrams, lines, shown, strict=True)
        ):
            in_block, column = divmod(number, n_columns)
            starts = _starts(record)
            last = max(starts)
            for row in sorted(starts):
                top = _TOP + in_block * (block + _ABOVE) + row * (_PANEL + _BETWEEN_STARTS)
                panel = add_panel(figure, _LEFT + column * span, top, span - between, _PANEL)
                if row == min(starts):
                    name_family(panel, record.attributes)
                    lettered.append(panel)
                if column == 0 and len(rows) > 1:
                    panel.set_ylabel(_FROM[row], labelpad=19 if not is_shown else 3)
                if not is_shown:
                    leave_empty(panel)
                    continue
                _draw_plane(panel, record, theory, starts[row], scale)
                if column and alike:
                    panel.set_yticklabels([])
                if row != last:
                    panel.set_xticklabels([])
        style.label_panels(lettered, x=0.06, y=1.17)
        used = min(len(diagrams), n_columns)
        _name_axes(figure, height, middle=_LEFT + (used * span - between) / 2)
        bar = min(2.0, height - _BOTTOM - _TOP - 0.5)
        add_order_bar(
            figure,
            (
                (width - 0.74) / width,
                ((_BOTTOM + height - _TOP) / 2 - bar / 2) / height,
                0.11 / width,
                bar / height,
            ),
            scale,
            ends=("fewer\noutcomes", "more"),
        )
        _explain(figure, lines, height)
        style.note(figure, _settings(diagrams))


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
    temperatures = TemperatureAxis(axis_values(record, "temperature"))
    fractions = FreshFractionAxis(axis_values(record, "fresh_fraction"))
    temperatures.decorate(panel, label=False)
    fractions.decorate(panel, label=False)
    order = over(record, "order_parameter", _AXES, quantile=0.5)[:, :, start]
    phase = over(record, "phase", _AXES)[:, :, start]
    fill_plane(panel, order, phase, temperatures, fractions, scale)
    name = str(axis_values(record, "initial")[start])
    # In a small panel the contours of other tolerances would hide the cells.
    shown = [
        line
        for line in lines_over_plane(theory, temperatures, fractions, output=name)
        if line.tolerance is None or line.studied
    ]
    name_phases(
        panel,
        order,
        phase,
        temperatures,
        fractions,
        scale,
        lines=[(line.x, line.y) for line in shown],
        size=7,
        broken=True,
    )
    draw_lines(panel, shown)


def _name_axes(figure, height, *, middle):
    width = style.DOUBLE_COLUMN
    figure.text(
        middle / width,
        (_BOTTOM - 0.36) / height,
        "sampling temperature $T$",
        ha="center",
        fontsize=8,
    )
    figure.text(
        0.08 / width,
        (_BOTTOM + height - _TOP) / 2 / height,
        "fresh fraction $f$",
        rotation=90,
        va="center",
        fontsize=8,
    )


def _explain(figure, lines, height):
    theory = max(map(theory_handles, lines), key=len)
    # The last entry is that of the contours, of which one is drawn.
    theory[-1].set(linewidth=1.1, label="theory: total variation at the tolerance")
    handles = [Line2D([], [], color=style.INK, lw=1.2, label="phase boundary"), *theory]
    figure.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 0.32 / height),
        ncols=len(handles),
        columnspacing=1.2,
        handletextpad=0.5,
    )


def _settings(diagrams):
    tolerances = sorted({record.attributes["tolerance"] for record in diagrams})
    within = " or ".join(f"{tolerance:g}" for tolerance in tolerances)
    return f"{loops_text(diagrams)}\nfaithful: total variation ≤ {within}"
