"""Data regimes and sampling rules: the plane of each, side by side.

The plane of temperature and fresh fraction for other ways to keep data and to sample. Colour and
lines are those of the phase diagram; each panel states what it changes, and all share the start,
the horizon and the seeds.
"""

import json
import math

from heatdeath.figures import style
from heatdeath.figures.order_colours import add_order_bar, order_scale
from heatdeath.figures.plane import FreshFractionAxis, TemperatureAxis
from heatdeath.figures.plane_panel import fill_plane, name_phases
from heatdeath.figures.selection import axis_values, over
from heatdeath.figures.wording import settings_text, start_text, variant_text
from heatdeath.files import netcdf
from heatdeath.measure.phase_diagram import PHASE_DIAGRAM

_AXES = ("variant", "temperature", "fresh_fraction")
_COLUMNS = 4
# Inches.
_PANEL, _LEFT, _RIGHT, _BOTTOM, _TOP, _BETWEEN, _ABOVE = 1.22, 0.55, 0.95, 0.72, 0.5, 0.12, 0.45


def draw(phase_diagram_path, *, output_pdf, output_png) -> None:
    """Draw a small phase diagram for every variant of a study.

    Colour is the median order parameter; lines separate the phases of the cells.
    """
    record = netcdf.read(phase_diagram_path, kind=PHASE_DIAGRAM)
    variants = record.values("variant").tolist()
    settings = json.loads(record.attributes["variants"])
    temperatures = TemperatureAxis(axis_values(record, "temperature"))
    fractions = FreshFractionAxis(axis_values(record, "fresh_fraction"))
    orders = over(record, "order_parameter", _AXES, quantile=0.5)
    phases = over(record, "phase", _AXES)
    scale = order_scale(
        target_entropy=record.attributes["target_entropy"],
        n_outcomes=record.attributes["n_outcomes"],
    )
    n_columns = min(_COLUMNS, len(variants))
    n_rows = math.ceil(len(variants) / n_columns)
    width = style.DOUBLE_COLUMN
    height = _BOTTOM + n_rows * _PANEL + (n_rows - 1) * _ABOVE + _TOP
    span = (width - _LEFT - _RIGHT + _BETWEEN) / n_columns
    with style.drawing(width, height, output_pdf=output_pdf, output_png=output_png) as figure:
        panels = []
        for number, variant in enumerate(variants):
            row, column = divmod(number, n_columns)
            bottom = height - _TOP - _PANEL - row * (_PANEL + _ABOVE)
            panel = figure.add_axes(
                (
                    (_LEFT + column * span) / width,
                    bottom / height,
                    (span - _BETWEEN) / width,
                    _PANEL / height,
                )
            )
            panels.append(panel)
            temperatures.decorate(panel, label=False)
            fractions.decorate(panel, label=False)
            if column:
                panel.set_yticklabels([])
            if number + n_columns < len(variants):
                panel.set_xticklabels([])
            panel.set_title(variant.replace("_", " "), fontweight="bold", fontsize=7.5, pad=13)
            panel.text(
                0.5,
                1.04,
                variant_text(settings[variant]),
                transform=panel.transAxes,
                ha="center",
                va="bottom",
            )
            fill_plane(panel, orders[number], phases[number], temperatures, fractions, scale)
            name_phases(
                panel, orders[number], phases[number], temperatures, fractions, scale, size=7
            )
        style.label_panels(panels, x=0.06, y=1.17)
        middle = (_LEFT + width - _RIGHT) / 2 / width
        figure.text(middle, 0.3 / height, "sampling temperature $T$", ha="center", fontsize=8)
        figure.text(
            0.1 / width,
            (_BOTTOM + height - _TOP) / 2 / height,
            fractions.label,
            rotation=90,
            va="center",
            fontsize=8,
        )
        bar_height = min(2.0, height - _BOTTOM - _TOP - 0.2)
        add_order_bar(
            figure,
            (
                (width - 0.74) / width,
                ((_BOTTOM + height - _TOP) / 2 - bar_height / 2) / height,
                0.11 / width,
                bar_height / height,
            ),
            scale,
        )
        parts = [settings_text(record.attributes)]
        if "initial" in record.attributes:
            parts.append(f"start: {start_text(record.attributes['initial'])}")
        parts.append(f"faithful: total variation ≤ {record.attributes['tolerance']:g}")
        style.note(figure, "; ".join(parts))
