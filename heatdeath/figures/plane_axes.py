"""The plane of temperature and fresh fraction: where each value stands on its axis."""

import math
from itertools import pairwise

import numpy as np

# Cells whose fresh fractions lie closer than this would vanish on a linear axis.
_LEAST_LINEAR_GAP = 0.04
# Columns of T = 0 and T = ∞, and the gap before them, in units of ln T.
_END_WIDTH, _END_GAP = 0.20, 0.07
# How far the outermost cells reach over their values, at most, as a share of the axis.
_OUTER_SHARE = 0.04
# Values that get a label where there is room, those that matter most first.
_LABELLED_TEMPERATURES = (1, 0, math.inf, 0.5, 2, 0.25, 4)
_LABELLED_FRACTIONS = {
    "linear": (0, 1, 0.5, 0.2, 0.4, 0.6, 0.8),
    "root": (0, 1, 0.1, 0.4, 0.7, 0.2, 0.05, 0.01),
}
# Least distances between the middles of labels, inches.
_LABEL_WIDTH, _LABEL_HEIGHT = 0.19, 0.14


class TemperatureAxis:
    """Ascending temperatures on a logarithmic axis, T = 0 and T = ∞ in columns of their own."""

    def __init__(self, values):
        self.values = np.asarray(values, float)
        finite = self.values[(self.values > 0) & np.isfinite(self.values)]
        logs = np.log(finite) if finite.size else np.zeros(1)
        self._low, self._high = _outer_edges(logs)
        self.cells = [self._cell(value, _edges(logs), logs) for value in self.values]

    def position(self, temperature):
        """Return where temperatures stand, for lines that are drawn over the cells."""
        with np.errstate(divide="ignore"):
            position = np.log(np.asarray(temperature, float))
        position = np.where(position == -np.inf, self._low - _END_GAP - _END_WIDTH / 2, position)
        return np.where(position == np.inf, self._high + _END_GAP + _END_WIDTH / 2, position)

    @property
    def limits(self) -> tuple[float, float]:
        """Where the axis begins and ends."""
        return self.cells[0][0], self.cells[-1][1]

    def decorate(self, panel, *, label=True):
        """Set limits, ticks and label of a panel's horizontal axis."""
        panel.set_xlim(*self.limits)
        finite = (self.values > 0) & np.isfinite(self.values)
        possible = [
            t
            for t in _LABELLED_TEMPERATURES
            if (t in self.values[~finite])
            or (0 < t < math.inf and self._low <= math.log(t) <= self._high)
        ]
        ticks = _with_room(possible, self.position, self.limits, _inches(panel)[0] / _LABEL_WIDTH)
        panel.set_xticks(self.position(ticks), ["∞" if math.isinf(t) else f"{t:g}" for t in ticks])
        panel.set_xticks(self.position(self.values[finite]), minor=True)
        if label:
            panel.set_xlabel("sampling temperature $T$")

    def _cell(self, value, edges, logs):
        if value == 0:
            return self._low - _END_GAP - _END_WIDTH, self._low - _END_GAP
        if math.isinf(value):
            return self._high + _END_GAP, self._high + _END_GAP + _END_WIDTH
        place = int(np.argmin(abs(logs - math.log(value))))
        return edges[place], edges[place + 1]


class FreshFractionAxis:
    """Ascending fresh fractions, on an axis of their square roots where many are small."""

    def __init__(self, values):
        self.values = np.asarray(values, float)
        gaps = np.diff(self.values)
        self._root = bool(gaps.size and gaps.min() < _LEAST_LINEAR_GAP)
        edges = _edges(self.position(self.values))
        self.cells = list(pairwise(edges))

    def position(self, fresh_fraction):
        """Return where fresh fractions stand."""
        fresh_fraction = np.asarray(fresh_fraction, float)
        return np.sqrt(fresh_fraction) if self._root else fresh_fraction

    @property
    def limits(self) -> tuple[float, float]:
        """Where the axis begins and ends."""
        return self.cells[0][0], self.cells[-1][1]

    @property
    def label(self) -> str:
        """What the axis is, and of which scale."""
        return "fresh fraction $f$" + (" (square-root scale)" if self._root else "")

    def decorate(self, panel, *, label=True):
        """Set limits, ticks and label of a panel's vertical axis."""
        panel.set_ylim(*self.limits)
        low, high = self.limits
        usual = _LABELLED_FRACTIONS["root" if self._root else "linear"]
        possible = [f for f in usual if low <= self.position(f) <= high]
        ticks = _with_room(possible, self.position, self.limits, _inches(panel)[1] / _LABEL_HEIGHT)
        panel.set_yticks(self.position(ticks), [f"{f:g}" for f in ticks])
        panel.set_yticks(self.position(self.values), minor=True)
        if label:
            panel.set_ylabel(self.label)


def _inches(panel):
    """Return width and height of a panel."""
    return panel.get_position().size * panel.figure.get_size_inches()


def _with_room(values, position, limits, most):
    """Keep values, the first ones first, that stand apart when `most` fill the axis."""
    kept = []
    apart = (limits[1] - limits[0]) / most
    for value in values:
        if all(abs(position(value) - position(other)) >= apart for other in kept):
            kept.append(value)
    return sorted(kept)


def _edges(positions):
    """Return where cells around positions begin and end, one edge more than positions."""
    middle = (positions[1:] + positions[:-1]) / 2
    low, high = _outer_edges(positions)
    return np.concatenate([[low], middle, [high]])


def _outer_edges(positions):
    if len(positions) == 1:
        return positions[0] - _END_WIDTH / 2, positions[0] + _END_WIDTH / 2
    # Beyond the first and last cell there is nothing, so they need no more than to be seen.
    most = _OUTER_SHARE * (positions[-1] - positions[0])
    first, last = positions[1] - positions[0], positions[-1] - positions[-2]
    return positions[0] - min(first / 2, most), positions[-1] + min(last / 2, most)
