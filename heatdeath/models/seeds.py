"""One family over all seeds of a job: called for each of them, or compiled for all at once."""

import os
from functools import lru_cache

import numpy as np


def over_seeds(family, *, capacity):
    """Return an object that fits and samples the models of several seeds.

    It has the methods of `OneByOne`, for data of shape (seed, size, ...), of which `capacity` is
    the largest size in the run, and keys of shape (seed, 2).
    """
    if getattr(family, "vectorised", False):
        return AllAtOnce(family, capacity=capacity)
    return OneByOne(family)


def sample_of_fit(family, data, *, n, fit_key, sample_key) -> np.ndarray:
    """Fit one model to data (size, ...) and sample it at a temperature of 1, shape (n, ...)."""
    # A user's class that is called seed by seed need not have a hash: nothing is compiled.
    vectorised = getattr(family, "vectorised", False)
    models = _over_one_seed(family, len(data)) if vectorised else OneByOne(family)
    fitted = models.fit(np.asarray(data)[np.newaxis], fit_key[np.newaxis])
    return models.sample(fitted, n, 1.0, sample_key[np.newaxis])[0]


@lru_cache(maxsize=8)
def _over_one_seed(family, capacity):
    """Keep what is compiled of a family while it is in use."""
    return over_seeds(family, capacity=capacity)


class OneByOne:
    """A family that is called once for each seed."""

    device = "cpu"

    def __init__(self, family):
        self.family = family

    def fit(self, data, keys):
        """Fit a model to the data of each seed, (seed, size, ...)."""
        return [self.family.fit(rows, key) for rows, key in zip(data, keys, strict=True)]

    def sample(self, models, n, temperature, keys):
        """Sample each model, shape (seed, n, ...)."""
        return np.stack(
            [
                np.asarray(self.family.sample(model, n, temperature, key))
                for model, key in zip(models, keys, strict=True)
            ]
        )

    def log_probabilities(self, models, data):
        """Return the logarithms of the probabilities of data (n, ...), shape (seed, n)."""
        return np.stack([self.family.log_probabilities(model, data) for model in models])


class AllAtOnce:
    """A family of pure JAX functions over all seeds; see `heatdeath.models.protocol.Family`.

    Temperatures and sizes are traced, so that cells of one family share what is compiled.
    """

    def __init__(self, family, *, capacity):
        # One job has one core; the workflow runs several. What the user has set stands. JAX reads
        # this when it first looks for a device, and is an optional package.
        os.environ.setdefault(
            "XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        )
        import equinox
        import jax

        _keep_compilations()
        device = jax.devices()[0]
        self.device = device.platform if device.platform == "cpu" else str(device.device_kind)
        self.capacity = capacity
        self._numpy = jax.numpy
        self._fit = equinox.filter_jit(equinox.filter_vmap(family.fit, in_axes=(0, 0, None)))
        self._sample = equinox.filter_jit(
            lambda models, n, temperature, keys: equinox.filter_vmap(
                lambda model, key: family.sample(model, n, temperature, key)
            )(models, keys)
        )
        log_probabilities = getattr(family, "log_probabilities", None)
        if log_probabilities is not None:
            self._log_probabilities = equinox.filter_jit(
                equinox.filter_vmap(log_probabilities, in_axes=(0, None))
            )

    def fit(self, data, keys):
        """Fit a model to the data of each seed, (seed, size, ...)."""
        size = data.shape[1]
        room = np.zeros((data.shape[0], self.capacity - size, *data.shape[2:]), data.dtype)
        padded = np.concatenate([data, room], axis=1)
        return self._fit(padded, keys, self._numpy.asarray(size))

    def sample(self, models, n, temperature, keys):
        """Sample each model, shape (seed, n, ...)."""
        return np.asarray(self._sample(models, n, self._numpy.float32(temperature), keys))

    def log_probabilities(self, models, data):
        """Return the logarithms of the probabilities of data (n, ...), shape (seed, n)."""
        return np.asarray(self._log_probabilities(models, data))


def _keep_compilations():
    """Keep what JAX compiles between processes, beside the samplers of the urn."""
    import jax

    # It brings the compiler of the samplers with it, which figures of families do without.
    from heatdeath.urn.compilation import cache_folder

    folder = cache_folder()
    if folder is not None:
        jax.config.update(
            "jax_compilation_cache_dir", str(folder.parent / f"jax-{jax.__version__}")
        )
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)
