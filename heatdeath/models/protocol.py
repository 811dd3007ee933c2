"""What a family of generative models, and a source of data, must be able to do."""

from typing import Any, Protocol

import numpy as np


class Family(Protocol):
    """A way to fit a model to data and to sample from it at a temperature.

    A family of one's own is a class with `fit` and `sample`, named in a configuration by its
    dotted path. It is made with no arguments, or with ``width=…`` where the configuration has
    that. Everything random comes from the key: two words, uint32, which
    ``numpy.random.default_rng`` and ``jax.random.wrap_key_data`` both take.

    A family with ``vectorised = True`` consists of pure functions of JAX: all seeds of a job are
    fitted at once under ``jax.vmap`` and ``jax.jit``. Its ``fit`` has a third argument, ``size``:
    the data then have room for the largest dataset of the run, and their first `size` rows count.
    """

    def fit(self, data: np.ndarray, key: np.ndarray) -> Any:
        """Fit a model to data, from nothing.

        Parameters
        ----------
        data : numpy.ndarray, shape (size, ...)
            The dataset, one datum a row.
        key : numpy.ndarray, shape (2,), uint32
            What everything random is drawn from.

        Returns
        -------
        object
            The model.
        """

    def sample(self, model: Any, n: int, temperature: float, key: np.ndarray) -> np.ndarray:
        """Sample a model.

        Parameters
        ----------
        model : object
            What `fit` returned.
        n : int
            How many data.
        temperature : float
            T from 0 to below inf; 1 samples the model as it is.
        key : numpy.ndarray, shape (2,), uint32
            What everything random is drawn from.

        Returns
        -------
        numpy.ndarray, shape (n, ...)
            Rows like those of the data.
        """


class WithProbabilities(Family, Protocol):
    """A family whose models can say how probable a datum is, so that θ is exact."""

    def log_probabilities(self, model: Any, data: np.ndarray) -> np.ndarray:
        """Return the logarithm of the probability of every datum at a temperature of 1.

        Parameters
        ----------
        model : object
            What `fit` returned.
        data : numpy.ndarray, shape (n, ...)
            The data.

        Returns
        -------
        numpy.ndarray, shape (n,)
            In nats; -inf where a datum is impossible.
        """


class Source(Protocol):
    """Fresh data, and the outcomes that they are reduced to.

    Attributes
    ----------
    name : str
        Canonical name; in a study that of a class of your own is its dotted path.
    probabilities : numpy.ndarray, shape (n,), float64
        The distribution p of the outcomes of fresh data.
    labels : tuple of str or None
        What the outcomes are called.
    outcomes : numpy.ndarray or None
        Where an outcome is a single datum, those data in the order of the outcomes; what no row
        of them is belongs to one more outcome, the last. None elsewhere.
    """

    name: str
    probabilities: np.ndarray
    labels: tuple[str, ...] | None
    outcomes: np.ndarray | None

    def draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Draw independent fresh data.

        Parameters
        ----------
        n : int
            How many.
        rng : numpy.random.Generator
            What they are drawn from.

        Returns
        -------
        numpy.ndarray, shape (n, ...)
            One datum a row.
        """

    def draw_outcome(self, outcome: int, n: int, rng: np.random.Generator) -> np.ndarray:
        """Draw independent fresh data that are all one outcome.

        Parameters
        ----------
        outcome : int
            Its index.
        n : int
            How many.
        rng : numpy.random.Generator
            What they are drawn from.

        Returns
        -------
        numpy.ndarray, shape (n, ...)
            One datum a row.
        """

    def assign(self, data: np.ndarray) -> np.ndarray:
        """Reduce data to outcomes.

        Parameters
        ----------
        data : numpy.ndarray, shape (n, ...)
            The data, fresh or sampled.

        Returns
        -------
        numpy.ndarray, shape (n,), int64
            The index of the outcome of each.
        """

    def measures(self, theta: np.ndarray, sample: np.ndarray | None) -> dict[str, float]:
        """Return what the field reports of a model, by names in `heatdeath.models.measures`.

        Parameters
        ----------
        theta : numpy.ndarray, shape (n,)
            The model's distribution over the outcomes.
        sample : numpy.ndarray or None
            Data sampled from it at a temperature of 1; None where θ is exact.

        Returns
        -------
        dict of str to float
            The same names for every model.
        """
