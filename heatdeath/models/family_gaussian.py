"""The Gaussian family: a mean and a covariance."""

from typing import NamedTuple

import numpy as np


class Fitted(NamedTuple):
    """A fitted normal distribution."""

    mean: np.ndarray  # (d,)
    root: np.ndarray  # (d, d), whose product with its transpose is the covariance


class Gaussian:
    """Normal distributions with the mean and the unbiased covariance of the data.

    At a temperature T samples have T times the covariance, which is what tempering does to a
    normal density: N(x; m, C)^(1/T) is proportional to N(x; m, T C).
    """

    def fit(self, data, key):
        """Fit the mean and the unbiased covariance of data (n, d); one datum alone has none."""
        data = np.asarray(data, np.float64)
        if len(data) < 2:
            return Fitted(data.mean(0), np.zeros((data.shape[1],) * 2))
        covariance = np.atleast_2d(np.cov(data, rowvar=False))
        # A root by eigenvalues exists for singular covariances too.
        values, vectors = np.linalg.eigh(covariance)
        return Fitted(data.mean(0), vectors * np.sqrt(np.maximum(values, 0)))

    def sample(self, model, n, temperature, key):
        """Sample with T times the covariance, shape (n, d)."""
        noise = np.random.default_rng(key).standard_normal((n, len(model.mean)))
        return model.mean + np.sqrt(temperature) * noise @ model.root.T
