"""The mean field of generations: closed forms, sums by hand and the flow in logarithmic time."""

import numpy as np
import pytest

from heatdeath.errors import ParameterError
from heatdeath.theory.flow import mean_field
from heatdeath.theory.generations import mean_generations

P = np.array([0.4, 0.3, 0.2, 0.1, 0.0])
UNIFORM = np.array([0.25, 0.25, 0.25, 0.25, 0.0])


def follow(**changes):
    arguments = {
        "temperature": 0.8,
        "fresh_fraction": 0.0,
        "regime": "replace",
        "batch_size": 50,
        "initial_size": 100,
        "n_generations": 6,
    }
    return mean_generations(changes.pop("theta", P), P, **arguments | changes)


@pytest.mark.parametrize("temperature", [0.5, 1, 1.5])
def test_without_fresh_data_a_replaced_model_is_the_target_tempered_again_and_again(temperature):
    models = follow(temperature=temperature)
    for generation, model in enumerate(models):
        powers = np.where(P > 0, P ** (temperature**-generation), 0)
        np.testing.assert_allclose(model, powers / powers.sum(), rtol=1e-12)


def test_a_replaced_model_is_refitted_to_the_mixture_of_fresh_and_sampled_data():
    models = follow(temperature=np.inf, fresh_fraction=0.25, n_generations=3)
    np.testing.assert_allclose(models[1:], [0.25 * P + 0.75 * UNIFORM] * 3, rtol=1e-15)


@pytest.mark.parametrize("regime", ["accumulate", "subsample"])
def test_where_all_data_are_kept_every_batch_weighs_as_many_outputs_as_it_has(regime):
    models = follow(temperature=np.inf, regime=regime)
    for generation, model in enumerate(models):
        added = 50 * generation
        np.testing.assert_allclose(model, (100 * P + added * UNIFORM) / (100 + added), rtol=1e-14)


def test_in_small_batches_it_is_the_flow_in_logarithmic_time():
    sizes = {"batch_size": 1, "initial_size": 10_000, "n_generations": 40_000}
    models = follow(temperature=0.5, fresh_fraction=0.3, regime="accumulate", **sizes)
    generations = np.array([0, 10_000, 40_000])
    flow = mean_field(
        P, P, temperature=0.5, fresh_fraction=0.3, log_growth=np.log1p(generations / 10_000)
    )
    np.testing.assert_allclose(models[generations], flow, atol=1e-4)
    assert abs(flow[1:] - P).max() > 0.05


def test_a_window_holds_the_start_until_its_batches_fill_it():
    models = follow(temperature=np.inf, regime="window", window=3, n_generations=4)
    expected = [
        P,
        (100 * P + 50 * UNIFORM) / 150,
        (100 * P + 100 * UNIFORM) / 200,
        UNIFORM,
        UNIFORM,
    ]
    np.testing.assert_allclose(models, expected, rtol=1e-14)


def test_a_window_forgets_its_oldest_batch():
    models = follow(temperature=0.5, regime="window", window=2, n_generations=4)
    tempered = models**2 / (models**2).sum(1, keepdims=True)
    np.testing.assert_allclose(models[4], (tempered[2] + tempered[3]) / 2, rtol=1e-14)


def test_a_regime_that_does_not_exist_is_refused():
    with pytest.raises(ParameterError, match="regime: got 'forget'; allowed: accumulate, replace"):
        follow(regime="forget")
