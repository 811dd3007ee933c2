"""Scans of the fresh fraction: the cells of a study that differ in it alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from heatdeath.analysis.cells import coordinate
from heatdeath.analysis.study_cells import AccumulatingCell, StudyCells
from heatdeath.errors import ParameterError

_SCANNED = "fresh_fraction"


@dataclass(frozen=True)
class Scan:
    """The cells of a study that differ in the fresh fraction alone.

    Parameters
    ----------
    temperature : float
        T of all of them.
    p : numpy.ndarray, shape (outcome,)
        Their target.
    fractions : numpy.ndarray, shape (fraction,)
        Their fresh fractions, as the study lists them.
    cells : list, length (fraction,)
        What each was reduced to.
    """

    temperature: float
    p: np.ndarray
    fractions: np.ndarray
    cells: list


@dataclass(frozen=True)
class StudyOfScans:
    """A study cut into scans.

    Parameters
    ----------
    axes : dict of str to list
        The axes of the study.
    attributes : dict
        What all its files say, and the number of seeds.
    scans : list of Scan
        One for each place on the other axes, the last of them varying fastest.
    """

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
        """Return the dimensions and values of what every scan has one of.

        Parameters
        ----------
        values : array_like, shape (scan, ...)
            In the order of `scans`.

        Returns
        -------
        tuple of (tuple of str, numpy.ndarray)
            The axes beside the fresh fraction, and the values over them.
        """
        values = np.asarray(values)
        shape = [len(self.axes[name]) for name in self.other_axes]
        return self.other_axes, values.reshape(*shape, *values.shape[1:])

    def over_cells(self, values) -> tuple[tuple[str, ...], np.ndarray]:
        """Return the dimensions and values of what every cell has one of.

        Parameters
        ----------
        values : array_like, shape (scan, fraction)
            In the order of `scans`.

        Returns
        -------
        tuple of (tuple of str, numpy.ndarray)
            All axes, in their order, and the values over them.
        """
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
    """Read a study whose data accumulate one output at a time, one cell after the other.

    Parameters
    ----------
    trajectory_paths : sequence of path
        Cell after cell, in the order of the product of the axes (the last axis varies fastest);
        within a cell, its blocks of seeds.
    axes : dict of str to list
        The values of every axis, the fresh fraction among them.
    target_paths : path or sequence of path
        The file of the target; for each value of an axis ``target``, in its order, one file.
    names : sequence of str
        The variables of the trajectories that are needed.
    reduce : callable
        What is kept of each cell.
    origin : dict, optional
        What the files must have been made from, as in `heatdeath.analysis.origin.check_origin`.

    Returns
    -------
    StudyOfScans
        The scans of the study.

    Raises
    ------
    ParameterError
        If there is no axis of fresh fractions, or a number of files or seeds does not fit.
    FileFormatError
        If a file is damaged, is not the cell that its place in the list says, or is of a study
        of another sort.
    """
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
