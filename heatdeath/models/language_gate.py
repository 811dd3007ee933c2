"""Quality gate of the families of language: a fit on real words alone, judged before any loop.

Drawing `size` words costs any model something: their shares are (n − 1)/(2·size) nats away from p
on average (for n words, to leading order), and Σ √(2p(1 − p)/(π·size))/2 in total variation. In a
closed loop a perfect model is off by as much again in every generation, so this is the measure of
what a fit may add.
"""

from functools import cache

import numpy as np

from heatdeath.models.gates import Gate
from heatdeath.models.measures import divergence

DIVERGENCE_IN_DRAWS = 8.0
"""KL(p‖model), in units of that of the drawn shares: 0.2 nats for 200 words and 4000 data, less
than 5 % of the entropy of the words. Most of it is due to the rarest words, of which one or two
are not among the data."""
VARIATION_IN_DRAWS = 2.0
"""Total variation, in units of that of the drawn shares: fitting adds no more than drawing does."""
INVALID_IN_DRAWS = 1.0
"""Probability of "not a word", in units of the total variation of the drawn shares: at most half
of what is allowed may be spelling."""


def check(family, source, *, size, key) -> list[Gate]:
    """Fit a family to fresh words and measure how far its model is from them, exactly."""
    data_seed, fit_seed = np.random.SeedSequence(np.asarray(key).tolist()).spawn(2)
    data = source.draw(size, np.random.default_rng(data_seed))
    theta = _outcomes(family, source, data, fit_seed.generate_state(2))
    p = source.probabilities
    drawn_divergence = (int(np.count_nonzero(p)) - 1) / (2 * size)
    drawn_variation = float(np.sum(np.sqrt(2 * p * (1 - p) / (np.pi * size)))) / 2
    variation = float(np.abs(theta - p).sum()) / 2
    measured = {
        "divergence": (divergence(theta, p), DIVERGENCE_IN_DRAWS * drawn_divergence),
        "total_variation": (variation, VARIATION_IN_DRAWS * drawn_variation),
        "invalid_share": (float(theta[-1]), INVALID_IN_DRAWS * drawn_variation),
    }
    return [
        Gate(name, value, threshold, bool(value <= threshold))
        for name, (value, threshold) in measured.items()
    ]


def _outcomes(family, source, data, key):
    """Distribution of the outcomes of a model of the data."""
    if getattr(family, "vectorised", False):
        fit, log_probabilities = _compiled()
        model = fit(family, data, key, len(data))
        logarithms = log_probabilities(family, model, source.outcomes)
    else:
        model = family.fit(data, key)
        logarithms = family.log_probabilities(model, source.outcomes)
    chances = np.exp(np.asarray(logarithms, np.float64))
    return np.append(chances, max(1 - chances.sum(), 0.0))


@cache
def _compiled():
    """Fit and log-probabilities of any vectorised family, each family compiled once."""
    import jax

    def fit(family, data, key, size):
        return family.fit(data, key, size)

    def log_probabilities(family, model, data):
        return family.log_probabilities(model, data)

    return jax.jit(fit, static_argnums=0), jax.jit(log_probabilities, static_argnums=0)
