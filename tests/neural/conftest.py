"""The families of images on the digits; fits are shared, since compiling one takes seconds."""

from functools import cache
from importlib import import_module

import numpy as np
import pytest

SIZE = 2000
CLASSES = {"vae": "Vae", "gan": "Gan", "diffusion": "Diffusion"}


class Trained:
    """A family of the default width, with its two functions compiled, and fits by seed."""

    def __init__(self, name, source):
        from heatdeath.models.image_gate import compiled

        self.name = name
        self.source = source
        self.family = getattr(import_module(f"heatdeath.models.{name}"), CLASSES[name])()
        self.compiled_fit, self.sample = compiled(self.family)
        self.fit = cache(self._fit)

    def data(self, seed):
        return self.source.draw(SIZE, np.random.default_rng([1, seed]))

    def key(self, seed):
        return np.array([2, seed], np.uint32)

    def images(self, model, *, n=4000, temperature=1.0, seed=0):
        return np.asarray(self.sample(model, n, temperature, np.array([3, seed], np.uint32)))

    def theta(self, images):
        counts = np.bincount(self.source.assign(images), minlength=100)
        return counts / counts.sum()

    def _fit(self, seed):
        return self.compiled_fit(self.data(seed), self.key(seed), SIZE)


@pytest.fixture(scope="session")
def digits():
    pytest.importorskip("sklearn")
    from heatdeath.models.digits import Digits

    return Digits(100)


@pytest.fixture(scope="session", params=list(CLASSES))
def trained(request, digits):
    for package in ("jax", "equinox", "optax"):
        pytest.importorskip(package)
    return Trained(request.param, digits)
