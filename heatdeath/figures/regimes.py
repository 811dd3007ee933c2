"""Data regimes and sampling rules: the plane of each, side by side.

The plane of temperature and fresh fraction for other ways to keep data and to sample. Colour and
lines are those of the phase diagram; each panel states what it changes, and all share the start,
the horizon and the seeds.
"""

import json
import math

from heatdeath.figures import style
from heatdeath.figures.order_colours import add_order_bar, order_scale
from heatdeath.figures.plane_cells import Plane
from heatdeath.figures.selection import over
from heatdeath.figures.wording import settings_text, start_text, variant_text
from heatdeath.files import netcdf
from heatdeath.measure.phase_diagram import PHASE_DIAGRAM

_AXES = ("variant", "temperature", "fresh_fraction")
_COLUMNS = 4
# Inches.
_MARGINS = {"left": 0.55, "right": 0.95, "bottom": 0.72, "top": 0.5, "between": 0.12, "above": 0.45}
_PANEL_HEIGHT, _LONGEST_BAR = 1.22, 2.0


def draw(phase_diagram_path, *, output_pdf, output_png) -> None:
    """Draw a small phase diagram for every variant of a study."""
    record = netcdf.read(phase_diagram_path, kind=PHASE_DIAGRAM)
    variants = record.values("variant").tolist()
    settings = json.loads(record.attributes["variants"])
    plane = Plane(record, order_scale(record))
    orders = over(record, "order_parameter", _AXES, quantile=0.5)
    phases = over(record, "phase", _AXES)
    n_rows = math.ceil(len(variants) / _COLUMNS)
    # Added up in another order, rounding would move the bar of colours by a pixel.
    height = _MARGINS["bottom"] + n_rows * _PANEL_HEIGHT + (n_rows - 1) * _MARGINS["above"]
    grid = style.PanelGrid(
        len(variants),
        columns=(1, _COLUMNS),
        width=style.DOUBLE_COLUMN,
        height=height + _MARGINS["top"],
        panel_height=_PANEL_HEIGHT,
        **_MARGINS,
    )
    with grid.drawing(output_pdf=output_pdf, output_png=output_png) as figure:
        panels = []
        for number, (variant, order, phase) in enumerate(
            zip(variants, orders, phases, strict=True)
        ):
            panel = grid.add(figure, number)
            panels.append(panel)
            plane.decorate(panel, x_label=False, y_label=False)
            if not grid.is_first_in_row(number):
                panel.set_yticklabels([])
            if number + grid.n_columns < len(variants):
                panel.set_xticklabels([])
            style.title_panel(panel, variant.replace("_", " "), variant_text(settings[variant]))
            plane.fill(panel, order, phase)
            plane.name_phases(panel, order, phase, size=7)
        style.label_panels(panels, x=0.06, y=1.17)
        grid.name_axes(
            figure, "sampling temperature $T$", plane.fractions.label, below=0.42, left=0.1
        )
        length = min(_LONGEST_BAR, grid.rows_height - 0.2)
        add_order_bar(figure, plane.scale, middle=grid.middle_height, length=length)
        parts = [settings_text(record.attributes)]
        if "initial" in record.attributes:
            parts.append(f"start: {start_text(record.attributes['initial'])}")
        parts.append(f"faithful: total variation ≤ {record.attributes['tolerance']:g}")
        style.note(figure, "; ".join(parts))
