"""One family over all seeds of a job, whether it is called for each or for all at once."""

from functools import lru_cache

import numpy as np


def over_seeds(family, *, capacity):
    """Return an object that fits and samples the models of several seeds.

    Parameters
    ----------
    family : heatdeath.models.protocol.Family
        The family.
    capacity : int
        Size of the largest dataset that it will be fitted to.

    Returns
    -------
    OneByOne or heatdeath.models.vectorised.AllAtOnce
        With the methods ``fit(data, keys)``, ``sample(models, n, temperature, keys)`` and
        ``log_probabilities(models, data)``; data of shape (seed, n, ...), keys (seed, 2).
    """
    if getattr(family, "vectorised", False):
        from heatdeath.models.vectorised import AllAtOnce

        return AllAtOnce(family, capacity=capacity)
    return OneByOne(family)


def sample_of_fit(family, data, *, n, fit_key, sample_key) -> np.ndarray:
    """Fit one model and sample it at a temperature of 1.

    Parameters
    ----------
    family : heatdeath.models.protocol.Family
        The family; what is compiled of it is kept while it is in use.
    data : numpy.ndarray, shape (size, ...)
        The dataset.
    n : int
        How many samples.
    fit_key, sample_key : numpy.ndarray, shape (2,), uint32
        What the fit and the samples are drawn from.

    Returns
    -------
    numpy.ndarray, shape (n, ...)
        The samples.
    """
    # A user's class that is called seed by seed need not have a hash: nothing is compiled.
    vectorised = getattr(family, "vectorised", False)
    models = _over_one_seed(family, len(data)) if vectorised else OneByOne(family)
    fitted = models.fit(np.asarray(data)[np.newaxis], fit_key[np.newaxis])
    return models.sample(fitted, n, 1.0, sample_key[np.newaxis])[0]


@lru_cache(maxsize=8)
def _over_one_seed(family, capacity):
    return over_seeds(family, capacity=capacity)


class OneByOne:
    """A family that is called once for each seed.

    Parameters
    ----------
    family : heatdeath.models.protocol.Family
        The family.
    """

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
