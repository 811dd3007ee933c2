"""What the seeds of every cell of a study were at the start, and what they became."""

from dataclasses import dataclass
from math import prod

import numpy as np

from heatdeath.measure.cells import read_cell, read_targets, split_into_cells
from heatdeath.observables import RECORDED, observe
from heatdeath.trajectories import TRAJECTORIES


@dataclass(frozen=True)
class Endpoints:
    """The seeds of one cell at the start and at the horizon."""

    place: dict
    attributes: dict
    p: np.ndarray
    tolerance: float
    initial_size: float
    horizon: int
    outputs: np.ndarray
    departure: np.ndarray
    start: dict[str, np.ndarray]
    end: dict[str, np.ndarray]

    @property
    def temperature(self) -> float:
        """The sampling temperature, T."""
        return float(self.attributes["temperature"])

    @property
    def fresh_fraction(self) -> float:
        """The fresh fraction, f."""
        return float(self.attributes["fresh_fraction"])

    @property
    def initial(self) -> str:
        """The start."""
        return str(self.attributes["initial"])

    @property
    def target(self) -> str:
        """Name of the target."""
        return str(self.attributes["target"])

    @property
    def growth(self) -> float:
        """Outputs at the start and sampled, over those at the start: (ℓ₀ + K)/ℓ₀."""
        return 1 + self.horizon / self.initial_size

    @property
    def generations(self) -> np.ndarray:
        """Shape (checkpoint,): batches sampled at every checkpoint."""
        return self.outputs / float(self.attributes["batch_size"])

    @property
    def target_entropy(self) -> float:
        """Entropy of the target, nats."""
        return float(observe(self.p, self.p)["entropy"])

    @property
    def faithful(self) -> np.ndarray:
        """Shape (seed,): whether the total variation at the horizon is within the tolerance."""
        return self.end["total_variation"] <= self.tolerance

    def change(self, name) -> np.ndarray:
        """Return, of shape (seed,), an observable at the horizon less that at the start."""
        return self.end[name] - self.start[name]


def read_endpoints(
    trajectory_paths, *, axes, target_paths, tolerance, origin=None, kind=TRAJECTORIES
) -> list[Endpoints]:
    """Read the endpoints of every cell of a study, whatever its data regime."""
    shape = tuple(len(values) for values in axes.values())
    targets = [
        record.values("probability")
        for record in read_targets(target_paths, axes=axes, origin=origin)
    ]
    cells = split_into_cells(trajectory_paths, prod(shape))
    found = []
    for index, paths in zip(np.ndindex(shape), cells, strict=True):
        at = dict(zip(axes, index, strict=True))
        place = {name: axes[name][i] for name, i in at.items()}
        records = read_cell(paths, place, origin=origin, kind=kind)
        found.append(_endpoints(records, place, targets[at.get("target", 0)], tolerance))
    return found


def _endpoints(records, place, p, tolerance):
    start, end = (
        {
            name: np.concatenate([record.values(name)[:, moment] for record in records])
            for name in RECORDED
        }
        for moment in (0, -1)
    )
    first = records[0]
    return Endpoints(
        place=place,
        attributes=first.attributes,
        p=p,
        tolerance=float(tolerance),
        initial_size=float(first.values("dataset_size")[0]),
        horizon=int(first.values("outputs")[-1]),
        outputs=first.values("outputs"),
        departure=np.concatenate(
            [record.values("total_variation_from_start") for record in records]
        ),
        start=start,
        end=end,
    )
