"""The cells of a study whose data accumulate one output at a time, read one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from os import PathLike

import numpy as np

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.measure.cells import (
    OF_ONE_FILE,
    common_attributes,
    coordinate,
    read_cell,
    read_targets,
    split_into_cells,
)
from heatdeath.measure.progress import reported
from heatdeath.sampling_rules import RULE_ARGUMENTS
from heatdeath.target_files import stored_target
from heatdeath.targets import Target


@dataclass(frozen=True)
class AccumulatingCell:
    """What the seeds of one cell recorded."""

    paths: tuple
    p: np.ndarray
    attributes: dict
    dataset_size: np.ndarray
    values: dict

    @property
    def temperature(self) -> float:
        """The sampling temperature, T."""
        return float(self.attributes["temperature"])

    @property
    def fresh_fraction(self) -> float:
        """The fresh fraction, f."""
        return float(self.attributes["fresh_fraction"])

    @property
    def initial_size(self) -> float:
        """Outputs in the initial dataset, ℓ₀."""
        return float(self.dataset_size[0])

    @property
    def log_growth(self) -> np.ndarray:
        """Shape (checkpoint,): ln(ℓ/ℓ₀)."""
        return np.log(self.dataset_size / self.dataset_size[0])

    @property
    def log_size(self) -> np.ndarray:
        """Shape (checkpoint,): the logarithmic time in which outputs one at a time take effect.

        An output at size ℓ moves the model by 1/(ℓ + 1), and Σ 1/(ℓ + 1) from ℓ to ℓ' − 1 is
        ln((ℓ' + ½)/(ℓ + ½)) up to a term of the order of 1/ℓ².
        """
        return np.log(self.dataset_size + 0.5)

    @cached_property
    def theta(self) -> np.ndarray:
        """Shape (seed, checkpoint, outcome): the models, where counts were asked for."""
        counts = self.values["counts"]
        return counts / counts.sum(-1, keepdims=True)

    @property
    def shared_start(self) -> np.ndarray:
        """Shape (outcome,): the model that all seeds start from."""
        start = self.theta[0, 0]
        if (self.theta[:, 0] != start).any():
            raise FileFormatError(
                self.paths[0], "has a random start; needed: the same start for all seeds"
            )
        return start


@dataclass
class StudyCells:
    """The cells of a study, read one at a time."""

    trajectory_paths: list
    axes: dict
    target_paths: list
    names: tuple[str, ...] = ("counts",)
    origin: dict | None = None
    shared: dict | None = field(default=None, init=False)
    n_seeds: int = field(default=0, init=False)

    def __post_init__(self):
        """Check that the numbers of files fit."""
        if isinstance(self.target_paths, str | PathLike):
            self.target_paths = [self.target_paths]
        needed = len(self.axes.get("target", [None]))
        if len(self.target_paths) != needed:
            raise ParameterError(
                "target_paths", f"{len(self.target_paths)} files", f"{needed}, one a target"
            )
        self._by_cell = split_into_cells(self.trajectory_paths, prod(self.shape))

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of every axis."""
        return tuple(len(values) for values in self.axes.values())

    @property
    def coordinates(self) -> dict:
        """The coordinate variables of the axes."""
        return {name: coordinate(name, values) for name, values in self.axes.items()}

    @property
    def attributes(self) -> dict:
        """What all files have in common, and the number of seeds, once all cells were read."""
        shared = self.shared or {}
        common = {name: shared[name] for name in sorted(shared) if name not in OF_ONE_FILE}
        return common | {"n_seeds": self.n_seeds}

    @cached_property
    def targets(self) -> list[Target]:
        """Every target, in the order of their files."""
        records = read_targets(self.target_paths, axes=self.axes, origin=self.origin)
        return [stored_target(record) for record in records]

    def __iter__(self) -> Iterator[AccumulatingCell]:
        """Read cell after cell."""
        places = zip(np.ndindex(self.shape), self._by_cell, strict=True)
        for index, paths in reported(places, total=len(self._by_cell)):
            place = dict(zip(self.axes, index, strict=True))
            values = {name: self.axes[name][i] for name, i in place.items()}
            yield self._read(paths, values, self.targets[place.get("target", 0)])

    def _read(self, paths, place, target):
        records = read_cell(paths, place | {"target": target.name}, origin=self.origin)
        for path, record in zip(paths, records, strict=True):
            _check(path, record, self.names)
            self.shared = common_attributes(self.shared, record.attributes)
        seeds = np.concatenate([record.values("seed") for record in records])
        if np.unique(seeds).size != seeds.size:
            raise FileFormatError(paths[-1], "repeats seeds of another file of its cell")
        if self.n_seeds and seeds.size != self.n_seeds:
            raise ParameterError(
                "trajectory_paths",
                f"cells of {self.n_seeds} and of {seeds.size} seeds",
                "files with the same number of seeds in every cell",
            )
        self.n_seeds = seeds.size
        sizes = records[0].values("dataset_size")
        for path, record in zip(paths, records, strict=True):
            if not np.array_equal(record.values("dataset_size"), sizes):
                raise FileFormatError(path, "has other checkpoints than another file of its cell")
        order = np.argsort(seeds)
        values = {
            name: np.concatenate([record.values(name) for record in records])[order]
            for name in self.names
        }
        return AccumulatingCell(
            tuple(paths), target.probabilities, records[0].attributes, sizes, values
        )


def _check(path, record, names):
    attributes = record.attributes
    if attributes["regime"] != "accumulate":
        raise FileFormatError(
            path, f"has the regime {attributes['regime']!r}; needed: 'accumulate'"
        )
    if int(attributes.get("batch_size", 1)) != 1:
        raise FileFormatError(path, f"has batches of {attributes['batch_size']}; needed: 1")
    for name in RULE_ARGUMENTS:
        if name in attributes:
            raise FileFormatError(path, f"has the sampling rule {name!r}; needed: none")
    for name in names:
        if name not in record.variables:
            raise FileFormatError(path, f"has no {name}; needed: a study that records it")
