"""The cells of a study of a family of generative models, with all seeds of each put together."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.measure.cells import read_cell, split_into_cells
from heatdeath.models.measures import MODEL_TRAJECTORIES


@dataclass(frozen=True)
class ModelCell:
    """What the seeds of one cell recorded."""

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
    """Read the cells of a study of a family, one after the other."""
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
    records = read_cell(paths, values, origin=origin, kind=MODEL_TRAJECTORIES)
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
