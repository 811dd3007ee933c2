"""What a file of trajectories of a family holds: the observables, and what its field reports."""

from dataclasses import dataclass

import numpy as np

from heatdeath.files.variables import Kind, number, variables_of
from heatdeath.trajectories import TRAJECTORIES


@dataclass(frozen=True)
class Measure:
    """A number that a source measures of a model, sampled at a temperature of 1."""

    units: str  # as UDUNITS writes them
    long_name: str
    formula: str
    may_be_infinite: bool = False
    source: str = ""  # where it was first defined, in words


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

_PER_SEED = ("seed", "checkpoint")
_ONLY_OF_THE_URN = ("counts", "theta")

MODEL_TRAJECTORIES = Kind(
    name="model_trajectories",
    title="Trajectories of a family of generative models trained in closed loop",
    dimensions=TRAJECTORIES.dimensions,
    variables=(
        *(v for v in TRAJECTORIES.variables if v.name not in _ONLY_OF_THE_URN),
        number(
            "theta",
            (*_PER_SEED, "outcome"),
            "the model: probability of each outcome at a temperature of 1",
        ),
        *variables_of(MEASURES, _PER_SEED, required=False),
    ),
    attributes={
        **{name: text for name, text in TRAJECTORIES.attributes.items() if name != "sampler"},
        "target": "name of the source of fresh data",
        "family": "family of generative models, by name or dotted path",
        "theta_from": "whether theta is exact or a share of samples",
        "device": "what the models were trained on",
    },
)


def coverage(theta, probabilities) -> float:
    """Return the share of the possible outcomes to which θ gives more than a tenth of p, (n,)."""
    theta, probabilities = _of_possible_outcomes(theta, probabilities)
    return float(np.mean(theta > probabilities / 10))


def divergence(theta, probabilities) -> float:
    """Return KL(p‖θ) = Σ p_i ln(p_i/θ_i) in nats, infinite where θ lacks an outcome of p."""
    theta, probabilities = _of_possible_outcomes(theta, probabilities)
    if not theta.all():
        return float("inf")
    return float(np.sum(probabilities * np.log(probabilities / theta)))


def perplexity(theta, probabilities) -> float:
    """Return the perplexity exp(−Σ p_i ln θ_i), infinite where θ lacks an outcome of p.

    The least is that of p itself, the exponential of its entropy.
    """
    theta, probabilities = _of_possible_outcomes(theta, probabilities)
    if not theta.all():
        return float("inf")
    return float(np.exp(-np.sum(probabilities * np.log(theta))))


def _of_possible_outcomes(theta, probabilities):
    """Return θ and p of the outcomes whose p is positive."""
    theta, probabilities = np.asarray(theta), np.asarray(probabilities)
    possible = probabilities > 0
    return theta[possible], probabilities[possible]
