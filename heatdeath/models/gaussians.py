"""Source of points in round clusters on a plane, the common test of lost modes."""

import numpy as np
from scipy.spatial import KDTree

from heatdeath.errors import ParameterError
from heatdeath.models.measures import coverage

SPACING = 13.0
"""Distance of neighbouring centres, in standard deviations of a cluster: a point lies nearer to
another centre than to its own with a probability of at most 2·Φ(−6.5) = 8·10⁻¹¹."""
_MOST_CLUSTERS = 10_000
_REFERENCE_SEED = 20_240_402
_MOST_COMPARED = 4000


class Gaussians:
    """Round normal distributions of variance 1, their centres evenly on a circle.

    Cluster i, at the angle 2πi/N, has a weight ∝ 1/(i + 1) (Zipf). The outcome of a point is the
    nearest centre.
    """

    labels = None
    outcomes = None

    def __init__(self, n_clusters):
        if isinstance(n_clusters, bool) or n_clusters % 1 or not 1 <= n_clusters <= _MOST_CLUSTERS:
            allowed = f"an integer from 1 to {_MOST_CLUSTERS}"
            raise ParameterError("N of gaussians:N", n_clusters, allowed)
        n_clusters = int(n_clusters)
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
        """Draw points independently."""
        cluster = rng.choice(len(self.centres), size=n, p=self.probabilities)
        return self.centres[cluster] + rng.standard_normal((n, 2))

    def draw_outcome(self, outcome, n, rng) -> np.ndarray:
        """Draw points of one cluster."""
        if not 0 <= outcome < len(self.centres):
            raise ParameterError("outcome", outcome, f"from 0 to {len(self.centres) - 1}")
        return self.centres[outcome] + rng.standard_normal((n, 2))

    def assign(self, data) -> np.ndarray:
        """Find the nearest centre of each point."""
        return self._nearest.query(np.asarray(data, np.float64))[1].astype(np.int64)

    def measures(self, theta, sample) -> dict[str, float]:
        """Measure a model by its outcomes and by points sampled from it."""
        sample = np.asarray(sample, np.float64)[:_MOST_COMPARED]
        real = self.draw(len(sample), np.random.default_rng(_REFERENCE_SEED))
        return {
            "coverage": coverage(theta, self.probabilities),
            "neighbour_distance": _neighbour_distance(sample) / _neighbour_distance(real),
        }


def _neighbour_distance(points):
    return float(KDTree(points).query(points, k=2)[0][:, 1].mean())
