"""Family of Gaussian mixtures, fitted by expectation maximisation."""

import warnings
from typing import NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from heatdeath.checks import check_temperature
from heatdeath.errors import ParameterError
from heatdeath.tempering import temper

SMALLEST_VARIANCE = 1e-6
"""Added to each variance, so that a component of equal points has a density."""
_STARTS = 2
_MOST_STEPS = 100


class MixtureModel(NamedTuple):
    """A Gaussian mixture."""

    weights: np.ndarray  # (k,), shares of the components
    means: np.ndarray  # (k, d)
    covariances: np.ndarray  # (k, d, d), positive definite


class Mixture:
    """Gaussian mixtures with full covariances; `width` is the number of components."""

    def __init__(self, *, width=10):
        if isinstance(width, bool) or width % 1 or width < 1:
            raise ParameterError("width", width, "a number of components, from 1")
        self.width = int(width)

    def fit(self, data, key) -> MixtureModel:
        """Fit points (n, d) by maximum likelihood, from the best of several starts by k-means.

        Fewer distinct points than components have one component a point.
        """
        data = np.asarray(data, np.float64)
        mixture = GaussianMixture(
            min(self.width, len(np.unique(data, axis=0))),
            reg_covar=SMALLEST_VARIANCE,
            n_init=_STARTS,
            max_iter=_MOST_STEPS,
            random_state=int(np.random.default_rng(key).integers(2**32)),
        )
        # One thread: sums that run in another order would change the last bits from run to run.
        with threadpool_limits(1), warnings.catch_warnings():
            # Overlapping components, as of data from a hot mixture, take more steps than are
            # worth their while: the likelihood hardly grows.
            warnings.simplefilter("ignore", ConvergenceWarning)
            mixture.fit(data)
        return MixtureModel(mixture.weights_, mixture.means_, mixture.covariances_)

    def sample(self, model, n, temperature, key) -> np.ndarray:
        """Draw points (n, d), of components ∝ weight^{1/T} with T times their covariance."""
        temperature = check_temperature(temperature)
        rng = np.random.default_rng(key)
        component = rng.choice(len(model.weights), size=n, p=temper(model.weights, temperature))
        noise = rng.standard_normal((n, model.means.shape[1]))
        roots = np.sqrt(temperature) * np.linalg.cholesky(model.covariances)
        return model.means[component] + np.einsum("nij,nj->ni", roots[component], noise)
