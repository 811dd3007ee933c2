"""Scans of the fresh fraction: the cells of a study that differ in it alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from heatdeath.errors import ParameterError
from heatdeath.measure.cells import coordinate
from heatdeath.measure.study_cells import AccumulatingCell, StudyCells

_SCANNED = "fresh_fraction"


@dataclass(frozen=True)
class Scan:
    """The cells of a study that differ in the fresh fraction alone."""

    temperature: float
    p: np.ndarray
    fractions: np.ndarray
    cells: list


@dataclass(frozen=True)
class StudyOfScans:
    """A study cut into scans."""

    axes: dict
    attributes: dict
    scans: list

    @property
    def other_axes(self) -> tuple[str, ...]:
        """Names of the axes beside the fresh fraction."""
        return tuple(name for name in self.axes if name != _SCANNED)

    @property
    def coordinates(self) -> dict:
        """The coordinate variables of all axes."""
        return {name: coordinate(name, values) for name, values in self.axes.items()}

    def over_scans(self, values) -> tuple[tuple[str, ...], np.ndarray]:
        """Return the dimensions and values of what every scan has one of."""
        values = np.asarray(values)
        shape = [len(self.axes[name]) for name in self.other_axes]
        return self.other_axes, values.reshape(*shape, *values.shape[1:])

    def over_cells(self, values) -> tuple[tuple[str, ...], np.ndarray]:
        """Return the dimensions and values of what every cell has one of."""
        values = self.over_scans(values)[1]
        return tuple(self.axes), np.moveaxis(values, -1, list(self.axes).index(_SCANNED))


def read_scans(
    trajectory_paths,
    *,
    axes,
    target_paths,
    names,
    reduce: Callable[[AccumulatingCell], object],
    origin=None,
) -> StudyOfScans:
    """Read a study whose data accumulate one output at a time, one cell after the other."""
    if _SCANNED not in axes:
        raise ParameterError("axes", sorted(axes), f"axes with {_SCANNED} among them")
    cells = StudyCells(trajectory_paths, axes, target_paths, tuple(names), origin)
    reduced, temperatures = np.empty(cells.shape, object), np.empty(cells.shape)
    for index, cell in zip(np.ndindex(cells.shape), cells, strict=True):
        if cells.n_seeds < 2:
            raise ParameterError("seeds", cells.n_seeds, "at least 2, for an interval")
        reduced[index] = reduce(cell)
        temperatures[index] = cell.temperature
    probabilities = [target.probabilities for target in cells.targets]
    targets = dict(zip(axes.get("target", [None]), probabilities, strict=True))
    return StudyOfScans(axes, cells.attributes, _cut(axes, targets, reduced, temperatures))


def _cut(axes, targets, reduced, temperatures):
    scanned = list(axes).index(_SCANNED)
    others = [name for name in axes if name != _SCANNED]
    cells, temperatures = np.moveaxis(reduced, scanned, -1), np.moveaxis(temperatures, scanned, -1)
    fractions = np.array([float(value) for value in axes[_SCANNED]])
    scans = []
    for index in np.ndindex(cells.shape[:-1]):
        place = dict(zip(others, index, strict=True))
        target = axes["target"][place["target"]] if "target" in axes else None
        scans.append(
            Scan(
                temperature=float(temperatures[index][0]),
                p=targets[target],
                fractions=fractions,
                cells=list(cells[index]),
            )
        )
    return scans
