"""The standard normal distribution, cut into cells of equal probability."""

import math

import numpy as np
from scipy.special import ndtri

from heatdeath.errors import ParameterError
from heatdeath.models.measures import coverage


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
        self.cut = min(dimensions, 2)
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
        """Draw points of one cell by inverting the distribution function there."""
        points = self.draw(n, rng)
        places = np.unravel_index(outcome, (self.per_side,) * self.cut)
        for axis, place in enumerate(places):
            # An end of the range has no point, and a uniform number can be 0.
            level = (place + rng.random(n)) / self.per_side
            points[:, axis] = ndtri(np.clip(level, 1e-300, 1 - 2**-53))
        return points

    def assign(self, data):
        """Return the cell of every point."""
        places = tuple(np.searchsorted(self.edges, data[:, axis]) for axis in range(self.cut))
        return np.ravel_multi_index(places, (self.per_side,) * self.cut)

    def measures(self, theta, sample):
        """Return the coverage."""
        return {"coverage": coverage(theta, self.probabilities)}
