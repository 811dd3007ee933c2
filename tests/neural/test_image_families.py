"""Each family of images passes its gate, and obeys its temperature, its key and its size."""

from functools import cache

import numpy as np
import pytest

jax = pytest.importorskip("jax")
pytest.importorskip("equinox")
pytest.importorskip("optax")
pytest.importorskip("sklearn")

from heatdeath.models.family_diffusion import Diffusion  # noqa: E402
from heatdeath.models.family_gan import Gan  # noqa: E402
from heatdeath.models.family_vae import Vae  # noqa: E402
from heatdeath.models.gates import Gate  # noqa: E402
from heatdeath.models.gates import check_images as check  # noqa: E402
from heatdeath.models.source_digits import Digits  # noqa: E402

FAMILIES = {"vae": Vae, "gan": Gan, "diffusion": Diffusion}
SIZE = 2000

# Mean, deviation, largest variance in any direction, Fréchet distance and total variation from p
# of 4000 images of one fit. Rounding moves a fit of `vae` or `diffusion` by 1e-6 and their images
# by as much; the training of `gan` multiplies it until another fit as good comes out.
EXPECTED = {
    "vae": [0.2989, 0.3618, 0.5839, 5.534, 0.1950],
    "gan": [0.3060, 0.3744, 0.7252, 3.015, 0.1595],
    "diffusion": [0.3031, 0.3790, 0.6640, 2.713, 0.1407],
}
TOLERANCE = {
    "vae": [1e-3, 1e-3, 5e-3, 0.1, 0.005],
    "gan": [0.01, 0.01, 0.15, 1.5, 0.05],
    "diffusion": [1e-3, 1e-3, 5e-3, 0.1, 0.005],
}


class Trained:
    """A family of the default width with its fits by seed; compiling one takes seconds."""

    def __init__(self, name, source):
        self.name = name
        self.source = source
        self.family = FAMILIES[name]()
        self.compiled_fit = jax.jit(self.family.fit)
        self.sample = jax.jit(self.family.sample, static_argnums=1)
        self.fit = cache(self._fit)

    def data(self, seed):
        return self.source.draw(SIZE, np.random.default_rng([1, seed]))

    def key(self, seed):
        return np.array([2, seed], np.uint32)

    def images(self, model, *, temperature=1.0):
        return np.asarray(self.sample(model, 4000, temperature, np.array([3, 0], np.uint32)))

    def theta(self, images):
        return np.bincount(self.source.assign(images), minlength=100) / len(images)

    def _fit(self, seed):
        return self.compiled_fit(self.data(seed), self.key(seed), SIZE)


@cache
def _digits():
    return Digits(100)


@cache
def _trained(name):
    return Trained(name, _digits())


@pytest.fixture(params=list(FAMILIES))
def trained(request):
    return _trained(request.param)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_family_passes_its_gate(trained, seed):
    gates = check(trained.family, trained.source, size=2000, key=np.array([4, seed], np.uint32))
    assert [gate.name for gate in gates] == ["frechet_distance", "coverage", "total_variation"]
    assert all(gate.passed for gate in gates), gates


def test_networks_of_four_units_run_and_fail_every_part_of_the_gate(trained):
    narrow = type(trained.family)(width=4)
    gates = check(narrow, trained.source, size=2000, key=np.array([4, 0], np.uint32))
    assert all(np.isfinite(gate.value) and not gate.passed for gate in gates), gates


def test_a_seeded_fit_gives_the_recorded_numbers(trained):
    images = trained.images(trained.fit(0))
    measured = [
        images.mean(),
        images.std(),
        np.linalg.eigvalsh(np.cov(images.T))[-1],
        trained.source.frechet_distance(images),
        abs(trained.theta(images) - trained.source.probabilities).sum() / 2,
    ]
    deviations = np.abs(np.subtract(measured, EXPECTED[trained.name]))
    assert (deviations <= TOLERANCE[trained.name]).all(), measured


def test_the_same_key_gives_the_same_model_and_the_same_images(trained):
    again = trained.compiled_fit(trained.data(0), trained.key(0), 2000)
    jax.tree.map(np.testing.assert_array_equal, again, trained.fit(0))
    np.testing.assert_array_equal(trained.images(again), trained.images(trained.fit(0)))


def test_another_key_gives_another_model(trained):
    other = trained.compiled_fit(trained.data(0), trained.key(1), 2000)
    apart = trained.images(other) - trained.images(trained.fit(0))
    assert abs(apart).max() > 0.1


def test_rows_beyond_the_size_do_not_change_a_fit(trained):
    data = trained.data(0)
    data[1000:] = np.nan
    spoilt = trained.images(trained.compiled_fit(data, trained.key(0), 1000))
    data[1000:] = 0
    blank = trained.images(trained.compiled_fit(data, trained.key(0), 1000))
    np.testing.assert_array_equal(spoilt, blank)


# The training of `gan` multiplies rounding, which depends on how many seeds are compiled together.
@pytest.mark.parametrize("trained", ["vae", "diffusion"], indirect=True)
def test_seeds_that_are_fitted_side_by_side_are_fitted_as_alone(trained):
    data = np.stack([trained.data(seed) for seed in (0, 1)])
    keys = np.stack([trained.key(seed) for seed in (0, 1)])
    fits = jax.jit(jax.vmap(trained.family.fit, in_axes=(0, 0, None)))(data, keys, SIZE)
    for seed in (0, 1):
        beside = trained.images(jax.tree.map(lambda leaf, seed=seed: leaf[seed], fits))
        np.testing.assert_allclose(beside, trained.images(trained.fit(seed)), atol=1e-3)


def test_images_at_temperature_one_have_the_variance_of_the_data(trained):
    images, data = trained.images(trained.fit(0)), trained.data(0)
    assert images.var(axis=0).sum() == pytest.approx(data.var(axis=0).sum(), rel=0.15)


def test_every_image_is_the_same_at_temperature_zero(trained):
    images = trained.images(trained.fit(0), temperature=0.0)
    assert np.isfinite(images).all()
    assert np.ptp(images, axis=0).max() < 1e-5


def test_the_spread_of_the_images_rises_with_temperature(trained):
    temperatures = [0.0, 0.25, 1.0, 4.0]
    spreads = [
        trained.images(trained.fit(0), temperature=temperature).var(axis=0).sum()
        for temperature in temperatures
    ]
    assert (np.diff(spreads) > 0.05 * spreads[2]).all()


def test_a_fit_to_copies_of_one_image_returns_that_image(trained):
    image = trained.source.train[0]
    model = trained.compiled_fit(np.tile(image, (2000, 1)), trained.key(0), 2000)
    images = trained.images(model)
    assert abs(images - image).mean() < 0.03
    assert np.isfinite(images).all()


def test_a_value_that_is_not_a_number_passes_no_gate(monkeypatch):
    digits = _digits()

    class Broken:
        vectorised = True

        def fit(self, data, key, size):
            return data[0]

        def sample(self, model, n, temperature, key):
            return jax.numpy.tile(model, (n, 1))

    nothing = dict.fromkeys(("frechet_distance", "coverage"), float("nan"))
    monkeypatch.setattr(digits, "measures", lambda theta, sample: nothing)
    gates = check(Broken(), digits, size=10, key=np.zeros(2, np.uint32))
    assert all(isinstance(gate, Gate) and gate.passed is False for gate in gates)
