"""The mean field of generations: a model that is fitted to batches, chance left out.

A generation adds m outputs of which a share f follows p and the rest τ_T(θ), and the next model is
the data of its regime: dθ is (F(θ) − θ)·m/ℓ where all data are kept, and θ becomes F(θ) where the
newest batch replaces them, with F(θ) = f·p + (1 − f)·τ_T(θ).
"""

from collections import deque

import numpy as np

from heatdeath.errors import ParameterError
from heatdeath.process import REGIMES
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

    Parameters
    ----------
    theta : array_like, shape (n_outcomes,)
        The model at the start.
    p : array_like, shape (n_outcomes,)
        The fresh distribution.
    temperature : float
        T, 0 to inf.
    fresh_fraction : float
        f, 0 to 1.
    regime : str
        What a model is fitted to: ``"accumulate"``, ``"replace"``, ``"window"`` or
        ``"subsample"``. A subsample has the distribution of all data.
    batch_size : int
        Outputs of a generation, m.
    initial_size : float
        Outputs in the initial dataset, ℓ₀. The newest batches take its place once they fill the
        window.
    n_generations : int
        How many to follow.
    window : int, optional
        Batches that the regime ``"window"`` keeps.

    Returns
    -------
    numpy.ndarray, shape (1 + n_generations, n_outcomes)
        The model of the start, then that of each generation.

    Raises
    ------
    ParameterError
        If there is no such regime.
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
