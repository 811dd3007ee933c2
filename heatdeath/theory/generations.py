"""The mean field of generations: a model that is fitted to batches, chance left out.

A generation adds m outputs of which a share f follows p and the rest τ_T(θ), and the next model is
the data of its regime: dθ is (F(θ) − θ)·m/ℓ where all data are kept, and θ becomes F(θ) where the
newest batch replaces them, with F(θ) = f·p + (1 − f)·τ_T(θ).
"""

from collections import deque

import numpy as np

from heatdeath.choices import REGIMES
from heatdeath.errors import ParameterError
from heatdeath.tempering import temper


def mean_generations(
    theta,
    p,
    *,
    temperature,
    fresh_fraction,
    regime,
    batch_size,
    initial_size,
    n_generations,
    window=None,
) -> np.ndarray:
    """Follow a model from generation to generation without chance.

    The result has the shape (1 + n_generations, n), the start `theta` first. The initial data of
    `initial_size` outputs drop out once the newest batches fill the window, and a subsample has the
    distribution of all data.
    """
    if regime not in REGIMES:
        raise ParameterError("regime", regime, ", ".join(REGIMES))
    theta, p = np.asarray(theta, float), np.asarray(p, float)
    kept = {"replace": 1, "window": window}.get(regime)
    everything = initial_size * theta
    newest = deque(maxlen=kept)
    models = [theta]
    for _ in range(n_generations):
        sampled = temper(models[-1], temperature)
        batch = batch_size * (fresh_fraction * p + (1 - fresh_fraction) * sampled)
        everything = everything + batch
        newest.append(batch)
        data = np.sum(newest, axis=0) if len(newest) == kept else everything
        models.append(data / data.sum())
    return np.array(models)
