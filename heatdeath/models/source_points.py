"""Sources of points: a normal distribution in cells, and clusters on a plane."""

import math

import numpy as np
from scipy.spatial import KDTree
from scipy.special import ndtri

from heatdeath.checks import check_integer
from heatdeath.errors import ParameterError
from heatdeath.models.measures import coverage

SPACING = 13.0
"""Distance of neighbouring centres, in standard deviations of a cluster: a point lies nearer to
another centre than to its own with a probability of at most 2·Φ(−6.5) = 8·10⁻¹¹."""
_MOST_CLUSTERS = 10_000
_REFERENCE_SEED = 20_240_402
_MOST_COMPARED = 4000


class Normal:
    """Points of a standard normal distribution in D dimensions, in N equiprobable cells.

    In one dimension the cells are intervals; in more, the rectangles of a square grid over the
    first two coordinates.
    """

    labels = None
    outcomes = None

    def __init__(self, dimensions, n_outcomes):
        self.name = f"normal:{dimensions}:{n_outcomes}"
        self.dimensions = dimensions
        self.cut = min(dimensions, 2)  # coordinates that are cut into cells
        self.per_side = n_outcomes if self.cut == 1 else math.isqrt(n_outcomes)
        if self.per_side**self.cut != n_outcomes:
            raise ParameterError(
                "target", self.name, "a square number of outcomes in two dimensions or more"
            )
        self.edges = ndtri(np.arange(1, self.per_side) / self.per_side)
        self.probabilities = np.full(n_outcomes, 1 / n_outcomes)

    def draw(self, n, rng):
        """Draw points, float64 of shape (n, D)."""
        return rng.standard_normal((n, self.dimensions))

    def draw_outcome(self, outcome, n, rng):
        """Draw points of one cell by inverting the distribution function there, shape (n, D)."""
        points = self.draw(n, rng)
        places = np.unravel_index(outcome, (self.per_side,) * self.cut)
        for axis, place in enumerate(places):
            # An end of the range has no point, and a uniform number can be 0.
            level = (place + rng.random(n)) / self.per_side
            points[:, axis] = ndtri(np.clip(level, 1e-300, 1 - 2**-53))
        return points

    def assign(self, data):
        """Return the cell of every point, (n, D) to (n,)."""
        places = tuple(np.searchsorted(self.edges, data[:, axis]) for axis in range(self.cut))
        return np.ravel_multi_index(places, (self.per_side,) * self.cut)

    def measures(self, theta, sample):
        """Return the coverage of a model's outcomes, which have the distribution θ, shape (N,)."""
        return {"coverage": coverage(theta, self.probabilities)}


class Gaussians:
    """Round normal distributions of variance 1 on a plane, their centres evenly on a circle.

    Cluster i of N, at the angle 2πi/N, has a weight ∝ 1/(i + 1) (Zipf). The outcome of a point is
    the nearest centre.
    """

    labels = None
    outcomes = None

    def __init__(self, n_clusters):
        n_clusters = check_integer("N of gaussians:N", n_clusters, 1, _MOST_CLUSTERS)
        weights = 1 / np.arange(1, n_clusters + 1)
        angles = 2 * np.pi * np.arange(n_clusters) / n_clusters
        radius = SPACING / (2 * np.sin(np.pi / n_clusters)) if n_clusters > 1 else 0.0
        self.name = f"gaussians:{n_clusters}"
        self.probabilities = weights / weights.sum()
        self.centres = radius * np.column_stack([np.cos(angles), np.sin(angles)])
        self._nearest = KDTree(self.centres)
        for array in (self.probabilities, self.centres):
            array.flags.writeable = False

    def draw(self, n, rng) -> np.ndarray:
        """Draw points independently, shape (n, 2)."""
        cluster = rng.choice(len(self.centres), size=n, p=self.probabilities)
        return self.centres[cluster] + rng.standard_normal((n, 2))

    def draw_outcome(self, outcome, n, rng) -> np.ndarray:
        """Draw points of one cluster, shape (n, 2)."""
        if not 0 <= outcome < len(self.centres):
            raise ParameterError("outcome", outcome, f"from 0 to {len(self.centres) - 1}")
        return self.centres[outcome] + rng.standard_normal((n, 2))

    def assign(self, data) -> np.ndarray:
        """Return the cluster of the nearest centre of each point, (n, 2) to (n,)."""
        return self._nearest.query(np.asarray(data, np.float64))[1].astype(np.int64)

    def measures(self, theta, sample) -> dict[str, float]:
        """Measure a model by its outcomes θ, shape (N,), and by points sampled from it, (n, 2).

        The distance of a point to the nearest other is relative to that among as many points of
        the source, 4000 at most: 0 where all points are the same.
        """
        sample = np.asarray(sample, np.float64)[:_MOST_COMPARED]
        real = self.draw(len(sample), np.random.default_rng(_REFERENCE_SEED))
        return {
            "coverage": coverage(theta, self.probabilities),
            "neighbour_distance": _neighbour_distance(sample) / _neighbour_distance(real),
        }


def _neighbour_distance(points):
    """Return the mean distance of points (n, 2) to the nearest other."""
    return float(KDTree(points).query(points, k=2)[0][:, 1].mean())
