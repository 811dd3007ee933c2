"""The training loop finds a known minimum, from the rows that are data alone."""

import numpy as np
import pytest

jax = pytest.importorskip("jax")
pytest.importorskip("optax")
eqx = pytest.importorskip("equinox")

from heatdeath.models.networks import minibatch, train  # noqa: E402


def _squared_error(parameters, batch, key):
    return jax.numpy.mean((batch - parameters["centre"]) ** 2)


def _fit(data, *, size, seed=0, **options):
    options = {"steps": 300, "batch_size": 64, "learning_rate": 0.05, **options}
    start = {"centre": jax.numpy.zeros(data.shape[1]), "name": "kept as it is"}
    key = jax.random.key(seed)
    return train(start, _squared_error, data=data, size=size, key=key, **options)


@pytest.fixture(scope="module")
def points():
    return jax.numpy.asarray(np.random.default_rng(0).normal([1, -2], 0.1, (500, 2)))


def test_training_finds_the_least_squared_error(points):
    centre = _fit(points, size=500)["centre"]
    np.testing.assert_allclose(centre, points.mean(axis=0), atol=0.02)


def test_training_for_three_steps_does_not_find_it(points):
    centre = _fit(points, size=500, steps=3)["centre"]
    assert abs(centre - points.mean(axis=0)).min() > 0.5


def test_rows_beyond_the_size_are_never_read(points):
    spoilt = points.at[200:].set(np.nan)
    fit = jax.jit(lambda size: _fit(spoilt, size=size)["centre"])
    np.testing.assert_allclose(fit(200), points[:200].mean(axis=0), atol=0.02)
    assert np.isnan(fit(201)).all()


def test_what_is_not_an_array_of_floats_is_kept(points):
    assert _fit(points, size=500, steps=2)["name"] == "kept as it is"


def test_an_equinox_module_is_trained():
    layer = eqx.nn.Linear(1, 1, key=jax.random.key(1))
    x = jax.numpy.linspace(-1, 1, 100)[:, None]

    def loss(layer, batch, key):
        return jax.numpy.mean((jax.vmap(layer)(batch) - (3 * batch - 1)) ** 2)

    options = {"steps": 500, "batch_size": 50, "learning_rate": 0.05}
    layer = train(layer, loss, data=x, size=100, key=jax.random.key(2), **options)
    np.testing.assert_allclose([layer.weight[0, 0], layer.bias[0]], [3, -1], atol=1e-3)


def test_the_moving_average_lags_behind_the_parameters(points):
    last = _fit(points, size=500, steps=20)["centre"]
    mean = _fit(points, size=500, steps=20, average=0.9)["centre"]
    assert (abs(mean) < abs(last)).all()


def test_a_minibatch_is_uniform_over_the_rows_that_are_data():
    data = jax.numpy.arange(10)
    draw = minibatch(data, size=5, key=jax.random.key(3), batch_size=100_000)
    counts = np.bincount(np.asarray(draw), minlength=10)
    assert (counts[5:] == 0).all()
    # Five standard deviations: one false alarm in 3 million for each count.
    assert abs(counts[:5] - 20_000).max() < 5 * np.sqrt(100_000 * 0.2 * 0.8)
