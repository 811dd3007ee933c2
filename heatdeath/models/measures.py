"""What the fields of the families report beside the observables of the urn."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Measure:
    """A number that a source measures of a model, sampled at a temperature of 1."""

    units: str
    long_name: str
    formula: str
    may_be_infinite: bool = False


MEASURES: dict[str, Measure] = {
    "coverage": Measure(
        "1",
        "share of the target's outcomes that keep more than a tenth of their probability",
        "#{i: p_i > 0, theta_i > p_i / 10} / #{i: p_i > 0}",
    ),
    "perplexity": Measure(
        "1",
        "perplexity of fresh data under the model, per outcome",
        "exp(-sum_i p_i ln theta_i)",
        may_be_infinite=True,
    ),
    "invalid_share": Measure(
        "1",
        "share of the outputs that are no outcome of the target, such as strings that are no word",
        "theta_n",
    ),
    "frechet_distance": Measure(
        "1",
        "Frechet distance between samples and held-out data, as a multiple of that between the "
        "training and the held-out data",
        "(|m - m'|^2 + tr(C + C' - 2 (C C')^(1/2))) / the same of the training data",
        may_be_infinite=True,
    ),
    "neighbour_distance": Measure(
        "1",
        "mean distance of a sample to its nearest other sample, relative to that of as many real "
        "data",
        "mean_i min_(j != i) |x_i - x_j| / the same of real data",
    ),
}
"""The measures by name; a source reports those that make sense for its data."""


def coverage(theta, probabilities) -> float:
    """Share of the outcomes of positive probability that a model gives more than a tenth of it."""
    theta, probabilities = np.asarray(theta), np.asarray(probabilities)
    possible = probabilities > 0
    return float(np.mean(theta[possible] > probabilities[possible] / 10))


def divergence(theta, probabilities) -> float:
    """Kullback–Leibler divergence of a model's outcomes from their source, in nats."""
    theta, probabilities = np.asarray(theta), np.asarray(probabilities)
    possible = probabilities > 0
    theta, probabilities = theta[possible], probabilities[possible]
    if not theta.all():
        return float("inf")
    return float(np.sum(probabilities * np.log(probabilities / theta)))


def perplexity(theta, probabilities) -> float:
    """Perplexity of a model on its source: the exponential of the cross-entropy."""
    theta, probabilities = np.asarray(theta), np.asarray(probabilities)
    possible = probabilities > 0
    theta, probabilities = theta[possible], probabilities[possible]
    if not theta.all():
        return float("inf")
    return float(np.exp(-np.sum(probabilities * np.log(theta))))
