"""Scans of the fresh fraction: the cells of a study that differ in it alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from heatdeath.errors import ParameterError
from heatdeath.measure.seeds import Cell, StudyCells, coordinate
from heatdeath.targets import Target

_SCANNED = "fresh_fraction"


@dataclass(frozen=True)
class Scan:
    """The cells of a study that differ in the fresh fraction alone."""

    place: dict  # value on every other axis, by name
    target: Target
    temperature: float
    fractions: np.ndarray  # (cell,), the fresh fractions in the order of the study
    cells: list  # what was kept of each cell

    @property
    def p(self) -> np.ndarray:
        """Probabilities of the target, shape (outcome,)."""
        return self.target.probabilities


@dataclass(frozen=True)
class StudyOfScans:
    """A study cut into scans."""

    axes: dict  # values by axis
    attributes: dict  # what all files have in common, and the number of seeds
    scans: list[Scan]  # in the order of the other axes, the last varying fastest

    @property
    def other_axes(self) -> tuple[str, ...]:
        """Names of the axes beside the fresh fraction."""
        return tuple(name for name in self.axes if name != _SCANNED)

    def coordinates(self, names) -> dict:
        """Return the coordinate variables of some axes."""
        return {name: coordinate(name, self.axes[name]) for name in names}

    def over_scans(self, values) -> tuple[tuple[str, ...], np.ndarray]:
        """Return the dimensions and values of what every scan has one of, shape (scan, ...)."""
        values = np.asarray(values)
        shape = [len(self.axes[name]) for name in self.other_axes]
        return self.other_axes, values.reshape(*shape, *values.shape[1:])

    def over_cells(self, values) -> tuple[tuple[str, ...], np.ndarray]:
        """Return the dimensions and values of what every cell has one of, shape (scan, cell)."""
        values = self.over_scans(values)[1]
        return tuple(self.axes), np.moveaxis(values, -1, list(self.axes).index(_SCANNED))


def read_scans(
    trajectory_paths, *, axes, target_paths, reduce: Callable[[Cell], object], **options
) -> StudyOfScans:
    """Read a study, keeping of each cell what it is reduced to; options are of `StudyCells`."""
    if _SCANNED not in axes:
        raise ParameterError("axes", sorted(axes), f"axes with {_SCANNED} among them")
    study = StudyCells(trajectory_paths, axes, target_paths, least_seeds=2, **options)
    fractions = np.array([float(value) for value in axes[_SCANNED]])
    others = [name for name in axes if name != _SCANNED]
    scans = {}
    for cell in study:
        place = {name: cell.place[name] for name in others}
        key = tuple(cell.index[list(axes).index(name)] for name in others)
        scan = scans.setdefault(key, Scan(place, cell.target, cell.temperature, fractions, []))
        scan.cells.append(reduce(cell))
    return StudyOfScans(axes, study.attributes, [scans[key] for key in sorted(scans)])
