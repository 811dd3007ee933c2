"""The Gaussian family in the loop follows the exact expectations of its variance.

A family that remembers what it fitted runs in the loop of the package; the means of many seeds are
held against the recursion by z-tests whose false-alarm rate is 1e-4 for the ten moments together.
"""

import numpy as np
import pytest

from heatdeath.models import loop
from heatdeath.models.family_gaussian import Gaussian
from heatdeath.models.source_points import Normal
from heatdeath.theory.gaussian_loop import expected_moments

N_SEEDS, SIZE, GENERATIONS = 4000, 20, 4
LARGEST_Z = 4.4


class Remembering(Gaussian):
    """Every fit adds the variance and the squared offset of its model, and T is off by a factor."""

    def __init__(self, factor=1.0):
        self.factor = factor
        self.found = []

    def fit(self, data, key):
        model = super().fit(data, key)
        self.found.append((model.root[0, 0] ** 2, model.mean[0] ** 2))
        return model

    def sample(self, model, n, temperature, key):
        return super().sample(model, n, self.factor * temperature, key)


def moments(monkeypatch, family, *, temperature, fresh_fraction):
    """Return what the family fitted, shape (generation, seed, moment)."""
    monkeypatch.setattr(loop, "make_family", lambda name, width: family)
    monkeypatch.setattr(loop, "EVALUATED", 1)
    loop.record_loops(
        Normal(1, 2),
        family="gaussian",
        temperature=temperature,
        fresh_fraction=fresh_fraction,
        regime="replace",
        initial_size=SIZE,
        batch_size=SIZE,
        horizon=SIZE * GENERATIONS,
        seeds=N_SEEDS,
        checkpoints=[0, SIZE * GENERATIONS],
    )
    return np.array(family.found).reshape(GENERATIONS + 1, N_SEEDS, 2)


def largest_z(found, expected):
    """Return the largest |z| of both moments over the generations."""
    errors = found.std(1, ddof=1) / np.sqrt(N_SEEDS)
    law = np.stack([expected.variance, expected.squared_offset], axis=-1)
    return np.abs((found.mean(1) - law) / errors).max()


@pytest.mark.parametrize(("temperature", "fresh_fraction"), [(1, 0.0), (0.5, 0.3), (1.2, 0.5)])
def test_the_family_follows_the_exact_expectations(monkeypatch, temperature, fresh_fraction):
    found = moments(
        monkeypatch, Remembering(), temperature=temperature, fresh_fraction=fresh_fraction
    )
    expected = expected_moments(
        GENERATIONS,
        temperature=temperature,
        fresh_fraction=fresh_fraction,
        batch_size=SIZE,
        start_squared_offset=1 / SIZE,
    )
    assert largest_z(found, expected) < LARGEST_Z


def test_a_family_whose_temperature_is_two_percent_off_is_found(monkeypatch):
    found = moments(monkeypatch, Remembering(1.02), temperature=1, fresh_fraction=0.0)
    expected = expected_moments(
        GENERATIONS,
        temperature=1,
        fresh_fraction=0.0,
        batch_size=SIZE,
        start_squared_offset=1 / SIZE,
    )
    assert largest_z(found, expected) > LARGEST_Z
