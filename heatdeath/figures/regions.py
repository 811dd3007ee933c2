"""Regions of equal cells: their outlines, and the place in them that has most room."""

import numpy as np

_RASTER = 400


def outline(codes, columns, rows) -> list[tuple[list[float], list[float]]]:
    """Return the edges between neighbouring cells that differ."""
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
    """Find where a box fits into a region, as far from the region's border as possible."""
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
