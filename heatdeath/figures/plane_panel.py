"""A panel of the plane: cells in the colours of the order parameter, phases outlined and named."""

from itertools import product

import numpy as np
from matplotlib.patheffects import withStroke

from heatdeath.figures import style
from heatdeath.figures.order_colours import ORDER_COLOURS, is_dark
from heatdeath.figures.regions import outline, roomiest_place
from heatdeath.phases import COLLAPSED, FAITHFUL, HEAT_DEATH, MIXED

_NAMES = {FAITHFUL: "faithful", COLLAPSED: "collapsed", HEAT_DEATH: "heat death", MIXED: "mixed"}
# In two lines, for cells that are too narrow for one.
_BROKEN = {FAITHFUL: "faith-\nful", COLLAPSED: "col-\nlapsed", HEAT_DEATH: "heat\ndeath"}


def fill_plane(panel, order, phase, temperatures, fractions, scale) -> None:
    """Colour the cells by the order parameter and draw the edges between phases."""
    edges = [fractions.cells[0][0], *(upper for _, upper in fractions.cells)]
    for column, (left, right) in zip(order, temperatures.cells, strict=True):
        panel.pcolormesh(
            [left, right],
            edges,
            column[:, None],
            norm=scale,
            cmap=ORDER_COLOURS,
            # Cells that only touch show hairlines between them in many viewers of PDF.
            edgecolors="face",
            linewidth=0.3,
        )
    for x, y in outline(phase, temperatures.cells, fractions.cells):
        panel.plot(x, y, color=style.INK, lw=1.2, solid_capstyle="projecting")
    for before, after in zip(temperatures.cells, temperatures.cells[1:], strict=False):
        if after[0] > before[1]:
            panel.axvspan(before[1], after[0], color="white", lw=0, zorder=3)
            for x in (before[1], after[0]):
                panel.axvline(x, color=style.INK, lw=0.6, zorder=3.1)


def name_phases(
    panel,
    order,
    phase,
    temperatures,
    fractions,
    scale,
    *,
    hatched=None,
    lines=(),
    size=8,
    broken=False,
) -> None:
    """Write the name of each phase where it fits into the cells of that phase."""
    for code, name in _NAMES.items():
        text = panel.text(
            0,
            0,
            name,
            ha="center",
            va="center",
            fontsize=size,
            fontstyle="italic",
            linespacing=1.0,
        )
        region = (np.asarray(phase) == code, temperatures.cells, fractions.cells)
        names = [name, _BROKEN[code]] if broken and code in _BROKEN else [name]
        for curves, name in product((lines, ()) if len(lines) else ((),), names):
            text.set_text(name)
            box = text.get_window_extent().transformed(panel.transData.inverted())
            room = (1.1 * box.width, 1.2 * box.height)
            place = roomiest_place(*region, room, lines=curves)
            if place is not None:
                break
        else:
            text.remove()
            continue
        covers = len(lines) > 0 and not len(curves)
        x, y, i, j = place
        dark = is_dark(scale, order[i, j])
        text.set(position=(x, y), color="white" if dark else style.INK, zorder=5)
        reached = {
            bool(is_dark(scale, order[column, row]))
            for column in _cells_under(temperatures.cells, x, room[0])
            for row in _cells_under(fractions.cells, y, room[1])
        }
        if covers or len(reached) > 1 or (hatched is not None and hatched[i, j]):
            background = ORDER_COLOURS(scale(order[i, j]))
            text.set_bbox({"boxstyle": "round,pad=0.15", "fc": background, "lw": 0, "alpha": 0.85})
        halo = style.INK if dark else "white"
        text.set_path_effects([withStroke(linewidth=1.2, foreground=halo, alpha=0.6)])


def _cells_under(cells, middle, width):
    """Return the numbers of the cells that a box reaches into."""
    return [
        number
        for number, (low, high) in enumerate(cells)
        if low < middle + width / 2 and high > middle - width / 2
    ]
