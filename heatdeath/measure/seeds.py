"""The cells of a study, each with all of its seeds, read one after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from os import PathLike

import numpy as np

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files import netcdf
from heatdeath.files.axes import REAL_AXES
from heatdeath.files.variables import Kind
from heatdeath.measure.origin import as_stated, check_origin, check_stated
from heatdeath.measure.progress import reported
from heatdeath.sampling_rules import RULE_ARGUMENTS
from heatdeath.target_files import TARGET, stored_target
from heatdeath.targets import Target
from heatdeath.trajectories import TRAJECTORIES

# What the files of a study say of their block of seeds alone.
_OF_ONE_FILE = frozenset({"seeds", "samplers_used"})


class OfOneCell:
    """What the attributes of the files of one cell say."""

    @property
    def temperature(self) -> float:
        """The sampling temperature, T."""
        return float(self.attributes["temperature"])

    @property
    def fresh_fraction(self) -> float:
        """The fresh fraction, f."""
        return float(self.attributes["fresh_fraction"])


@dataclass(frozen=True)
class Cell(OfOneCell):
    """What the seeds of one cell recorded, in the order of the seeds."""

    index: tuple[int, ...]  # of its value on every axis
    place: dict  # its value on every axis, by name
    paths: list
    records: list  # one a file
    target: Target

    @property
    def attributes(self) -> dict:
        """The attributes of its first file."""
        return self.records[0].attributes

    @property
    def n_seeds(self) -> int:
        """Number of seeds."""
        return self._order.size

    @cached_property
    def _order(self):
        return np.argsort(np.concatenate([record.values("seed") for record in self.records]))

    @cached_property
    def _put_together(self):
        return {}

    def has(self, name) -> bool:
        """Return whether a variable is recorded of every model."""
        return name in self._put_together or name in self.records[0].variables

    def values(self, name) -> np.ndarray:
        """Return a variable that is recorded of every model, shape (seed, checkpoint, ...)."""
        if name not in self._put_together:
            # Taken out of the records, so that it is not held twice.
            blocks = [record.variables.pop(name)[1] for record in self.records]
            self._put_together[name] = np.concatenate(blocks)[self._order]
        return self._put_together[name]

    @property
    def outputs(self) -> np.ndarray:
        """Outputs sampled so far, shape (checkpoint,)."""
        return self.records[0].values("outputs")

    @property
    def dataset_size(self) -> np.ndarray:
        """Size ℓ of the data that the model is fitted to, shape (checkpoint,)."""
        return self.records[0].values("dataset_size")

    @property
    def p(self) -> np.ndarray:
        """Probabilities of the target, shape (outcome,)."""
        return self.target.probabilities

    @property
    def initial_size(self) -> float:
        """Outputs in the initial dataset, ℓ₀."""
        return float(self.dataset_size[0])

    @property
    def log_growth(self) -> np.ndarray:
        """ln(ℓ/ℓ₀), shape (checkpoint,)."""
        return np.log(self.dataset_size / self.dataset_size[0])

    @property
    def log_size(self) -> np.ndarray:
        """The logarithmic time in which outputs one at a time take effect, shape (checkpoint,).

        An output at size ℓ moves the model by 1/(ℓ + 1), and Σ 1/(ℓ + 1) from ℓ to ℓ' − 1 is
        ln((ℓ' + ½)/(ℓ + ½)) up to a term of the order of 1/ℓ².
        """
        return np.log(self.dataset_size + 0.5)

    @cached_property
    def theta(self) -> np.ndarray:
        """The models of a study that records counts, shape (seed, checkpoint, outcome)."""
        counts = self.values("counts")
        return counts / counts.sum(-1, keepdims=True)

    @property
    def shared_start(self) -> np.ndarray:
        """The model that all seeds start from, shape (outcome,)."""
        start = self.theta[0, 0]
        if (self.theta[:, 0] != start).any():
            raise FileFormatError(
                self.paths[0], "has a random start; needed: the same start for all seeds"
            )
        return start


def check_one_at_a_time(path, attributes) -> None:
    """Refuse a file unless data accumulate, one output at a time, sampled without a rule."""
    check_accumulates(path, attributes)
    if int(attributes.get("batch_size", 1)) != 1:
        raise FileFormatError(path, f"has batches of {attributes['batch_size']}; needed: 1")


def check_accumulates(path, attributes) -> None:
    """Refuse a file unless data accumulate, sampled without a rule."""
    if attributes["regime"] != "accumulate":
        raise FileFormatError(
            path, f"has the regime {attributes['regime']!r}; needed: 'accumulate'"
        )
    for name in RULE_ARGUMENTS:
        if name in attributes:
            raise FileFormatError(path, f"has the sampling rule {name!r}; needed: none")


def _unequal_study(paths, n_seeds, n_before):
    return ParameterError(
        "trajectory_paths",
        f"cells of {n_before} and of {n_seeds} seeds",
        "files with the same number of seeds in every cell",
    )


@dataclass
class StudyCells:
    """The cells of a study, of the urn or of a family, read one at a time."""

    trajectory_paths: list
    axes: dict
    target_paths: list
    origin: dict | None = None
    kind: Kind = TRAJECTORIES
    recorded: tuple[str, ...] = ()  # variables that every file must have
    check: Callable | None = None  # refuses a file by its path and its attributes
    least_seeds: int = 1
    only: dict = field(default_factory=dict)  # values on some axes: other cells are left out
    unequal: Callable = _unequal_study  # the error of a cell with another number of seeds
    n_seeds: int = field(default=0, init=False)  # of every cell that was read
    _common: dict | None = field(default=None, init=False)
    _common_of_variants: dict = field(default_factory=dict, init=False)

    def __post_init__(self):
        """Check that the numbers of files fit."""
        if isinstance(self.target_paths, str | PathLike):
            self.target_paths = [self.target_paths]
        needed = len(self.axes.get("target", [None]))
        if len(self.target_paths) != needed:
            raise ParameterError(
                "target_paths", f"{len(self.target_paths)} files", f"{needed}, one a target"
            )
        self._paths = split_into_cells(self.trajectory_paths, prod(self.shape))

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
        common = self._common or {}
        shared = {name: common[name] for name in sorted(common) if name not in _OF_ONE_FILE}
        return shared | {"n_seeds": self.n_seeds}

    @property
    def variants(self) -> dict[str, dict]:
        """What each variant has that not all files have, once all cells were read."""
        return {
            variant: {
                name: value
                for name, value in sorted(common.items())
                if name not in self._common and name not in _OF_ONE_FILE
            }
            for variant, common in self._common_of_variants.items()
        }

    @cached_property
    def targets(self) -> list[Target]:
        """Every target, in the order of their files."""
        if "target" in self.axes:
            names = self.axes["target"]
        else:
            names = [self.origin["settings"]["target"] if self.origin else None]
        records = [netcdf.read(path, kind=TARGET) for path in self.target_paths]
        for path, record, name in zip(self.target_paths, records, names, strict=True):
            if name is not None:
                check_stated(path, "target", record.attributes["target"], name)
        return [stored_target(record) for record in records]

    def __iter__(self) -> Iterator[Cell]:
        """Read cell after cell."""
        wanted = []
        for index, paths in zip(np.ndindex(self.shape), self._paths, strict=True):
            place = {name: self.axes[name][i] for name, i in zip(self.axes, index, strict=True)}
            if all(place[name] == value for name, value in self.only.items()):
                wanted.append((index, place, paths))
        for index, place, paths in reported(wanted, total=len(wanted)):
            yield self._read(index, place, paths)

    def _read(self, index, place, paths):
        target = self.targets[dict(zip(self.axes, index, strict=True)).get("target", 0)]
        records = read_cell(
            paths, place | {"target": target.name}, origin=self.origin, kind=self.kind
        )
        for path, record in zip(paths, records, strict=True):
            if self.check is not None:
                self.check(path, record.attributes)
            for name in self.recorded:
                if name not in record.variables:
                    raise FileFormatError(path, f"has no {name}; needed: a study that records it")
            self._share(record.attributes, place.get("variant"))
        self._check_seeds(paths, np.concatenate([record.values("seed") for record in records]))
        return Cell(index, place, paths, records, target)

    def _share(self, attributes, variant):
        self._common = _in_common(self._common, attributes)
        if variant is not None:
            known = self._common_of_variants.get(variant)
            self._common_of_variants[variant] = _in_common(known, attributes)

    def _check_seeds(self, paths, seeds):
        if np.unique(seeds).size != seeds.size:
            raise FileFormatError(paths[-1], "repeats seeds of another file of its cell")
        if seeds.size < self.least_seeds:
            raise ParameterError(
                "seeds", seeds.size, f"at least {self.least_seeds}, for an interval"
            )
        if self.n_seeds and seeds.size != self.n_seeds:
            raise self.unequal(paths, seeds.size, self.n_seeds)
        self.n_seeds = seeds.size


def read_cell(paths, place, *, origin=None, kind=TRAJECTORIES) -> list:
    """Read the files of a cell, and compare what they say of themselves with their place."""
    records = [_read_at_place(path, place, kind) for path in paths]
    for name in ("outputs", "dataset_size"):
        for path, record in zip(paths, records, strict=True):
            if not np.array_equal(record.values(name), records[0].values(name)):
                raise FileFormatError(path, "has other checkpoints than another file of its cell")
    if origin is not None:
        check_origin(paths, records, place, origin)
    return records


def _read_at_place(path, place, kind):
    record = netcdf.read(path, kind=kind)
    for name, expected in place.items():
        # A variant is a bundle of settings, which has no attribute of its own.
        found = record.attributes.get(name)
        if name != "variant" and as_stated(found) != as_stated(expected):
            raise FileFormatError(
                path, f"has {name} {found!r}, but stands where {expected!r} was expected"
            )
    return record


def split_into_cells(paths, n_cells) -> list[list]:
    """Cut a list of files, cell after cell with equally many files each, into cells."""
    paths = list(paths)
    if not paths or len(paths) % n_cells:
        raise ParameterError(
            "trajectory_paths",
            f"{len(paths)} files",
            f"the same number of files, at least one, for each of the {n_cells} cells",
        )
    size = len(paths) // n_cells
    return [paths[first : first + size] for first in range(0, len(paths), size)]


def coordinate(name, values) -> tuple:
    """Return the coordinate variable of an axis of a study: its dimensions and its values."""
    if name in REAL_AXES:
        return (name,), np.array([float(value) for value in values])
    return (name,), np.array(values)


def _in_common(common, attributes):
    """Return what two sets of attributes have in common; `common` is None before the first."""
    if common is None:
        return dict(attributes)
    return {name: value for name, value in common.items() if attributes.get(name) == value}
