"""Temperature: the tempered distribution that a model is sampled from."""

import math

import numpy as np

from heatdeath.checks import check_temperature
from heatdeath.errors import ParameterError

_SMALLEST_NORMAL = np.finfo(np.float64).smallest_normal


def temper(theta, temperature) -> np.ndarray:
    r"""Distribution that is sampled from a model at a temperature.

    .. math:: \tau_T(\theta)_i = \theta_i^{1/T} / \sum_j \theta_j^{1/T}

    T = 0 is uniform over the set of the most probable outcomes (exact ties share), T = ∞ is
    uniform over the support; an outcome of zero probability keeps it at every T. Every
    probability is divided by the largest before it is raised to 1/T, so that nothing overflows
    at any temperature; a tempered probability below 5e-324 of the largest becomes zero.

    Parameters
    ----------
    theta : array_like, shape (..., n)
        Probabilities or counts: only their ratios along the last axis matter.
    temperature : float
        T, from 0 to infinity (dimensionless).

    Returns
    -------
    numpy.ndarray, shape (..., n), float64
        Sums to 1 along the last axis.

    Raises
    ------
    ParameterError
        If `temperature` is not allowed, or if `theta` has a negative or non-finite entry, no
        outcome, or a row without a positive entry.

    References
    ----------
    Marchi, Soatto, Chaudhari, Tabuada, "Heat Death of Generative Models in Closed-Loop
    Learning", arXiv:2404.02325; the softmax with temperature written for probabilities.
    """
    temperature = check_temperature(temperature)
    theta = np.asarray(theta, dtype=np.float64)
    if theta.ndim == 0 or theta.shape[-1] == 0:
        raise ParameterError("theta", theta.shape, "an array of shape (..., n) with n >= 1")
    largest = theta.max(axis=-1, keepdims=True)
    # A NaN spreads to the maximum, and every comparison with it is false.
    if not (np.all(largest > 0) and np.all(largest < np.inf)):
        offender = largest[~((largest > 0) & (largest < np.inf))].flat[0]
        raise ParameterError(
            "largest entry of theta", float(offender), "finite and positive in every row"
        )
    if theta.size and theta.min() < 0:
        raise ParameterError("entry of theta", float(theta.min()), "a number >= 0")
    if temperature == 0:
        weights = (theta == largest).astype(np.float64)
    elif temperature == math.inf:
        weights = (theta > 0).astype(np.float64)
    elif temperature == 1:
        # Not through the division by the largest: T = 1 must leave a distribution as it is.
        with np.errstate(over="ignore"):
            finite = np.all(np.isfinite(theta.sum(axis=-1)))
        weights = theta if finite else theta / largest
    else:
        with np.errstate(under="ignore"):
            ratio = theta / largest
            weights = np.power(ratio, 1.0 / temperature)
            # A ratio below the normal doubles has lost digits that its power can still show.
            tiny = (ratio < _SMALLEST_NORMAL) & (theta > 0)
            if tiny.any():
                log_largest = np.log(np.broadcast_to(largest, theta.shape)[tiny])
                weights[tiny] = np.exp((np.log(theta[tiny]) - log_largest) / temperature)
    return weights / weights.sum(axis=-1, keepdims=True)
