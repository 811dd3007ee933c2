"""The gate of families on points, and of families and sources of one's own."""

import numpy as np

from heatdeath.models.gates import Gate
from heatdeath.models.seeds import sample_of_fit

SAMPLED = 4096
MULTIPLE = 2.0
"""A model may be so many times as far from p as real data of the same numbers are by chance: as
many as it was fitted to, and as many as are sampled of it."""


def check(family, source, *, size, key) -> list[Gate]:
    """Compare the outcomes of samples of a model with the target, in total variation."""
    rng = np.random.default_rng(key)
    fit_key, sample_key = rng.integers(2**32, size=(2, 2), dtype=np.uint32)
    data = source.draw(size, rng)
    sample = sample_of_fit(family, data, n=SAMPLED, fit_key=fit_key, sample_key=sample_key)
    p = source.probabilities
    theta = np.bincount(source.assign(sample), minlength=p.size) / SAMPLED
    value = float(0.5 * np.abs(theta - p).sum())
    # The mean absolute deviation of a normal variable is sqrt(2/pi) of its standard deviation.
    chance = 0.5 * np.sqrt(2 / np.pi * p * (1 - p) * (1 / size + 1 / SAMPLED)).sum()
    threshold = float(MULTIPLE * chance)
    return [Gate("total_variation", value, threshold, value <= threshold)]
