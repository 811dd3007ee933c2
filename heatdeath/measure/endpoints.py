"""What the seeds of every cell of a study were at the start, and what they became."""

from dataclasses import dataclass

import numpy as np

from heatdeath.measure.seeds import OfOneCell, StudyCells
from heatdeath.observables import RECORDED, observe
from heatdeath.trajectories import TRAJECTORIES


@dataclass(frozen=True)
class Endpoints(OfOneCell):
    """The seeds of one cell at the start and at the horizon."""

    place: dict  # value on every axis
    attributes: dict  # of the first file
    p: np.ndarray  # (outcome,), the target
    tolerance: float  # largest total variation that counts as faithful
    initial_size: float  # outputs in the initial dataset, ℓ₀
    horizon: int  # outputs sampled in a trajectory, K
    outputs: np.ndarray  # (checkpoint,), sampled so far
    departure: np.ndarray  # (seed, checkpoint), total variation from the model at the start
    start: dict[str, np.ndarray]  # observables at the start, each (seed,)
    end: dict[str, np.ndarray]  # the same at the horizon

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
    study = StudyCells(trajectory_paths, axes, target_paths, origin=origin, kind=kind)
    return [_endpoints(cell, float(tolerance)) for cell in study]


def _endpoints(cell, tolerance):
    start, end = (
        # Copies, since views would keep all checkpoints in memory.
        {name: cell.values(name)[:, moment].copy() for name in RECORDED}
        for moment in (0, -1)
    )
    return Endpoints(
        place=cell.place,
        attributes=cell.attributes,
        p=cell.p,
        tolerance=tolerance,
        initial_size=cell.initial_size,
        horizon=int(cell.outputs[-1]),
        outputs=cell.outputs,
        departure=cell.values("total_variation_from_start"),
        start=start,
        end=end,
    )
