"""The cells of a study of a family of generative models, with all seeds of each put together."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np

from heatdeath.analysis.cells import read_cell, split_into_cells
from heatdeath.errors import FileFormatError, ParameterError


@dataclass(frozen=True)
class ModelCell:
    """What the seeds of one cell recorded.

    Parameters
    ----------
    place : dict of str to int
        Its place on every axis of the study.
    paths : list of path
        Its files, for messages.
    attributes : dict
        What the first of them says of itself.
    outputs : numpy.ndarray, shape (checkpoint,)
        Outputs sampled at every checkpoint.
    values : dict of str to numpy.ndarray, shape (seed, checkpoint)
        The variables that were asked for, in the order of the seeds.
    """

    place: dict
    paths: list
    attributes: dict
    outputs: np.ndarray
    values: dict

    @property
    def n_seeds(self) -> int:
        """Number of seeds."""
        return len(next(iter(self.values.values())))


def model_cells(trajectory_paths, *, axes, names, origin=None, only=None) -> Iterator[ModelCell]:
    """Read the cells of a study of a family, one after the other.

    Parameters
    ----------
    trajectory_paths : sequence of path
        Cell after cell, in the order of the product of the axes (the last axis varies fastest);
        within a cell, its blocks of seeds.
    axes : dict of str to list
        The values of every axis.
    names : sequence of str
        The variables of the trajectories that are needed, at least one.
    origin : dict, optional
        What the files must have been made from, as in `heatdeath.analysis.origin.check_origin`.
    only : dict of str to value, optional
        Values of some of the axes; cells that have others there are not read.

    Yields
    ------
    ModelCell
        In the order of the grid.

    Raises
    ------
    ParameterError
        If the number of files does not fit, or cells do not have equally many seeds, two or more.
    FileFormatError
        If a file is damaged, or is not of the cell that its place in the list says.
    """
    shape = tuple(len(values) for values in axes.values())
    by_cell = split_into_cells(trajectory_paths, prod(shape))
    n_seeds = None
    for index, paths in zip(np.ndindex(shape), by_cell, strict=True):
        values = {name: each[i] for (name, each), i in zip(axes.items(), index, strict=True)}
        if any(values[name] != value for name, value in (only or {}).items()):
            continue
        cell = _read(dict(zip(axes, index, strict=True)), paths, values, names, origin)
        n_seeds = n_seeds or cell.n_seeds
        if cell.n_seeds != n_seeds or n_seeds < 2:
            raise ParameterError(
                "seeds", cell.n_seeds, "as many in every cell, at least 2 for an interval"
            )
        yield cell


def _read(place, paths, values, names, origin):
    records = read_cell(paths, values, origin=origin, kind="model_trajectories")
    outputs = records[0].values("outputs")
    for path, record in zip(paths, records, strict=True):
        if not np.array_equal(record.values("outputs"), outputs):
            raise FileFormatError(path, "has other checkpoints than another file of its cell")
    seeds = np.concatenate([record.values("seed") for record in records])
    if np.unique(seeds).size != seeds.size:
        raise FileFormatError(paths[-1], "repeats seeds of another file of its cell")
    order = np.argsort(seeds)
    merged = {
        name: np.concatenate([record.values(name) for record in records])[order] for name in names
    }
    return ModelCell(place, paths, records[0].attributes, outputs, merged)
