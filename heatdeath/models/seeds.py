"""One family over all seeds of a job, whether it is called for each or for all at once."""

from functools import lru_cache

import numpy as np


def over_seeds(family, *, capacity):
    """Return an object that fits and samples the models of several seeds."""
    if getattr(family, "vectorised", False):
        from heatdeath.models.vectorised import AllAtOnce

        return AllAtOnce(family, capacity=capacity)
    return OneByOne(family)


def sample_of_fit(family, data, *, n, fit_key, sample_key) -> np.ndarray:
    """Fit one model and sample it at a temperature of 1."""
    # A user's class that is called seed by seed need not have a hash: nothing is compiled.
    vectorised = getattr(family, "vectorised", False)
    models = _over_one_seed(family, len(data)) if vectorised else OneByOne(family)
    fitted = models.fit(np.asarray(data)[np.newaxis], fit_key[np.newaxis])
    return models.sample(fitted, n, 1.0, sample_key[np.newaxis])[0]


@lru_cache(maxsize=8)
def _over_one_seed(family, capacity):
    return over_seeds(family, capacity=capacity)


class OneByOne:
    """A family that is called once for each seed."""

    device = "cpu"

    def __init__(self, family):
        self.family = family

    def fit(self, data, keys):
        """Fit a model to the data of each seed."""
        return [self.family.fit(rows, key) for rows, key in zip(data, keys, strict=True)]

    def sample(self, models, n, temperature, keys):
        """Sample each model, shape (seed, n, ...)."""
        return np.stack(
            [
                np.asarray(self.family.sample(model, n, temperature, key))
                for model, key in zip(models, keys, strict=True)
            ]
        )

    def log_probabilities(self, models, data):
        """Return the logarithms of the probabilities of data, shape (seed, n)."""
        return np.stack([self.family.log_probabilities(model, data) for model in models])
