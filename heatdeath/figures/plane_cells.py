"""The cells of the plane: coloured by the order parameter, their phases outlined and named."""

from itertools import pairwise, product

import numpy as np
from matplotlib.patheffects import withStroke

from heatdeath.figures import style
from heatdeath.figures.order_colours import ORDER_COLOURS, is_dark
from heatdeath.figures.plane_axes import FreshFractionAxis, TemperatureAxis
from heatdeath.figures.selection import axis_values
from heatdeath.phases import COLLAPSED, FAITHFUL, HEAT_DEATH, MIXED

_NAMES = {FAITHFUL: "faithful", COLLAPSED: "collapsed", HEAT_DEATH: "heat death", MIXED: "mixed"}
# In two lines, for cells that are too narrow for one.
_BROKEN = {FAITHFUL: "faith-\nful", COLLAPSED: "col-\nlapsed", HEAT_DEATH: "heat\ndeath"}
# Points along either side of a plane at which a name may stand.
_RASTER = 400


class Plane:
    """The cells of a study over temperature and fresh fraction, on a scale of colours."""

    def __init__(self, record, scale):
        self.temperatures = TemperatureAxis(axis_values(record, "temperature"))
        self.fractions = FreshFractionAxis(axis_values(record, "fresh_fraction"))
        self.scale = scale

    def decorate(self, panel, *, x_label=True, y_label=True) -> None:
        """Set limits, ticks and labels of both axes of a panel."""
        self.temperatures.decorate(panel, label=x_label)
        self.fractions.decorate(panel, label=y_label)

    def fill(self, panel, order, phase) -> None:
        """Colour the cells by the order parameter and draw the edges between phases.

        Both are of shape (temperature, fresh fraction).
        """
        edges = [self.fractions.cells[0][0], *(upper for _, upper in self.fractions.cells)]
        for column, (left, right) in zip(order, self.temperatures.cells, strict=True):
            panel.pcolormesh(
                [left, right],
                edges,
                column[:, None],
                norm=self.scale,
                cmap=ORDER_COLOURS,
                # Cells that only touch show hairlines between them in many viewers of PDF.
                edgecolors="face",
                linewidth=0.3,
            )
        for x, y in outline(phase, self.temperatures.cells, self.fractions.cells):
            panel.plot(x, y, color=style.INK, lw=1.2, solid_capstyle="projecting")
        for before, after in pairwise(self.temperatures.cells):
            if after[0] > before[1]:
                panel.axvspan(before[1], after[0], color="white", lw=0, zorder=3)
                for x in (before[1], after[0]):
                    panel.axvline(x, color=style.INK, lw=0.6, zorder=3.1)

    def name_phases(
        self, panel, order, phase, *, hatched=None, lines=(), size=8, broken=False
    ) -> None:
        """Write the name of each phase where it fits into the cells of that phase.

        Names keep away from the curves (x, y) of `lines` if they can, have a background on the
        cells that are `hatched`, of the shape of `phase`, and may be `broken` into two lines.
        """
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
            region = (np.asarray(phase) == code, self.temperatures.cells, self.fractions.cells)
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
            dark = is_dark(self.scale, order[i, j])
            text.set(position=(x, y), color="white" if dark else style.INK, zorder=5)
            reached = {
                bool(is_dark(self.scale, order[column, row]))
                for column in _cells_under(self.temperatures.cells, x, room[0])
                for row in _cells_under(self.fractions.cells, y, room[1])
            }
            if covers or len(reached) > 1 or (hatched is not None and hatched[i, j]):
                background = ORDER_COLOURS(self.scale(order[i, j]))
                text.set_bbox(
                    {"boxstyle": "round,pad=0.15", "fc": background, "lw": 0, "alpha": 0.85}
                )
            halo = style.INK if dark else "white"
            text.set_path_effects([withStroke(linewidth=1.2, foreground=halo, alpha=0.6)])


def outline(codes, columns, rows) -> list[tuple[list[float], list[float]]]:
    """Return the edges between neighbouring cells whose codes differ, as straight pieces (x, y).

    The codes have the shape (column, row); columns and rows say where each begins and ends, and
    columns that do not touch have no edge.
    """
    codes = np.asarray(codes)
    pieces = []
    for i, (left, right) in enumerate(columns):
        for j, (low, high) in enumerate(rows):
            touches = i + 1 < len(columns) and np.isclose(columns[i + 1][0], right)
            if touches and codes[i, j] != codes[i + 1, j]:
                pieces.append(([right, right], [low, high]))
            if j + 1 < len(rows) and codes[i, j] != codes[i, j + 1]:
                pieces.append(([left, right], [high, high]))
    return pieces


def roomiest_place(mask, columns, rows, box, *, lines=()):
    """Find where a box fits into a region, as far from the region's border as possible.

    The region is a mask of shape (column, row); the box, of a width and a height, must not touch
    the curves (x, y) of `lines`. The answer is its middle and the column and row of that, or None.
    """
    mask = np.asarray(mask)
    x = np.linspace(columns[0][0], columns[-1][1], _RASTER)
    y = np.linspace(rows[0][0], rows[-1][1], _RASTER)
    column, row = _cell_of(x, columns), _cell_of(y, rows)
    inside = mask[np.ix_(column, row)] & (column >= 0)[:, None]
    for curve in lines:
        inside[_points_near(x, y, *curve)] = False
    # The room around a point is how far a box of the wanted shape can grow there.
    place = None
    for scale in np.geomspace(1, 8, 25):
        half_x = int(np.ceil(scale * box[0] / 2 / (x[1] - x[0])))
        half_y = int(np.ceil(scale * box[1] / 2 / (y[1] - y[0])))
        if 2 * half_x >= _RASTER or 2 * half_y >= _RASTER:
            break
        free = _free(inside, half_x, half_y)
        if not free.any():
            break
        candidates = np.argwhere(free)
        centre = candidates.mean(axis=0)
        i, j = candidates[np.argmin(((candidates - centre) ** 2).sum(axis=1))]
        place = (i + half_x, j + half_y)
    if place is None:
        return None
    i, j = place
    return float(x[i]), float(y[j]), int(column[i]), int(row[j])


def _points_near(x, y, curve_x, curve_y):
    """Return the places, on a grid of x and y, of the points that a curve passes."""
    curve_x, curve_y = np.asarray(curve_x, float), np.asarray(curve_y, float)
    there = np.isfinite(curve_x) & np.isfinite(curve_y)
    curve_x, curve_y = curve_x[there], curve_y[there]
    fine = np.linspace(0, len(curve_x) - 1, 8 * _RASTER)
    numbers = np.arange(len(curve_x))
    i = np.rint((np.interp(fine, numbers, curve_x) - x[0]) / (x[1] - x[0])).astype(int)
    j = np.rint((np.interp(fine, numbers, curve_y) - y[0]) / (y[1] - y[0])).astype(int)
    on_grid = (i >= 0) & (i < len(x)) & (j >= 0) & (j < len(y))
    return i[on_grid], j[on_grid]


def _cell_of(positions, cells):
    """Return the cell of every position, -1 between cells."""
    result = np.full(len(positions), -1)
    for number, (low, high) in enumerate(cells):
        result[(positions >= low) & (positions <= high)] = number
    return result


def _free(inside, half_x, half_y):
    """Return for which centres a box of (2·half_x + 1) × (2·half_y + 1) points is all inside."""
    total = np.zeros((inside.shape[0] + 1, inside.shape[1] + 1), np.int64)
    total[1:, 1:] = (~inside).cumsum(0).cumsum(1)
    w, h = 2 * half_x + 1, 2 * half_y + 1
    outside = total[w:, h:] - total[:-w, h:] - total[w:, :-h] + total[:-w, :-h]
    return outside == 0


def _cells_under(cells, middle, width):
    """Return the numbers of the cells that a box reaches into."""
    return [
        number
        for number, (low, high) in enumerate(cells)
        if low < middle + width / 2 and high > middle - width / 2
    ]
