"""One family over all seeds of a job, whether it is called for each or for all at once."""

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
