"""The network that families of images share, and the scale on which it sees its data."""

import numpy as np
import pytest

jax = pytest.importorskip("jax")
pytest.importorskip("equinox")

from heatdeath.models.networks import Perceptron, centre_and_scale  # noqa: E402


def test_a_perceptron_is_three_layers_with_a_smooth_activation_between():
    network = Perceptron(3, 2, width=5, key=jax.random.key(0))
    hidden = np.random.default_rng(0).normal(size=(7, 3))
    for weights, biases in list(zip(network.weights, network.biases, strict=True))[:2]:
        hidden = hidden @ np.asarray(weights) + np.asarray(biases)
        hidden = hidden / (1 + np.exp(-hidden))
    expected = hidden @ np.asarray(network.weights[2]) + np.asarray(network.biases[2])
    batch = np.random.default_rng(0).normal(size=(7, 3))
    np.testing.assert_allclose(network(batch), expected, rtol=1e-4, atol=1e-6)


def test_first_weights_are_uniform_within_one_over_the_root_of_the_inputs():
    network = Perceptron(64, 4, width=100, key=jax.random.key(0))
    for weights, n_inputs in zip(network.weights, [64, 100, 100], strict=True):
        largest = abs(np.asarray(weights)).max() * np.sqrt(n_inputs)
        assert 0.97 < largest <= 1


def test_centre_and_scale_are_those_of_the_rows_that_are_data():
    data = np.random.default_rng(0).normal([1, 2, 3], [1, 2, 0], (50, 3)).astype(np.float32)
    room = np.concatenate([data, np.full((5, 3), np.nan, np.float32)])
    centre, scale = centre_and_scale(jax.numpy.asarray(room), 50)
    np.testing.assert_allclose(centre, data.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(scale, np.sqrt(data.var(axis=0).mean()), rtol=1e-5)


def test_the_scale_of_data_that_a_hot_loop_has_blown_up_is_finite():
    data = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    _, scale = centre_and_scale(jax.numpy.asarray(data * np.float32(1e30)), 50)
    np.testing.assert_allclose(scale, 1e30 * np.sqrt(data.var(axis=0).mean()), rtol=1e-5)


def test_copies_of_one_image_have_a_positive_scale():
    centre, scale = centre_and_scale(jax.numpy.full((50, 3), 0.3), 50)
    np.testing.assert_allclose(centre, 0.3, rtol=1e-6)
    assert scale > 0
