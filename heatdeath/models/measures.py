"""Measures of a model's outcomes that the fields of generative models report."""

import numpy as np


def coverage(theta, probabilities) -> float:
    """Share of the outcomes of positive probability that a model gives more than a tenth of it.

    Parameters
    ----------
    theta : array_like, shape (n,)
        Distribution of the model's outcomes at temperature 1.
    probabilities : array_like, shape (n,)
        p, of which at least one is positive.

    Returns
    -------
    float
        #{i : p_i > 0 and θ_i > p_i/10} / #{i : p_i > 0}.
    """
    theta, probabilities = np.asarray(theta), np.asarray(probabilities)
    possible = probabilities > 0
    return float(np.mean(theta[possible] > probabilities[possible] / 10))


def divergence(theta, probabilities) -> float:
    """Kullback–Leibler divergence of a model's outcomes from their source, in nats.

    Parameters
    ----------
    theta : array_like, shape (n,)
        Distribution of the model's outcomes at temperature 1.
    probabilities : array_like, shape (n,)
        p.

    Returns
    -------
    float
        KL(p‖θ) = Σ p_i ln(p_i/θ_i); infinite where θ lacks an outcome of p.
    """
    theta, probabilities = np.asarray(theta), np.asarray(probabilities)
    possible = probabilities > 0
    theta, probabilities = theta[possible], probabilities[possible]
    if not theta.all():
        return float("inf")
    return float(np.sum(probabilities * np.log(probabilities / theta)))


def perplexity(theta, probabilities) -> float:
    """Perplexity of a model on its source: the exponential of the cross-entropy.

    Parameters
    ----------
    theta : array_like, shape (n,)
        Distribution of the model's outcomes at temperature 1.
    probabilities : array_like, shape (n,)
        p.

    Returns
    -------
    float
        exp(−Σ p_i ln θ_i), of an outcome; infinite where θ lacks an outcome of p. That of p
        itself, exp of its entropy, is the least.
    """
    theta, probabilities = np.asarray(theta), np.asarray(probabilities)
    possible = probabilities > 0
    theta, probabilities = theta[possible], probabilities[possible]
    if not theta.all():
        return float("inf")
    return float(np.exp(-np.sum(probabilities * np.log(theta))))
