"""Families of pure JAX functions: all seeds of a job at once, compiled once and for all jobs."""

import os

# One job has one core; the workflow runs several. What the user has set stands.
os.environ.setdefault(
    "XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)

import equinox
import jax
import numpy as np

from heatdeath.urn.compilation import cache_folder


def keep_compilations() -> None:
    """Keep what JAX compiles between processes, beside the samplers of the urn."""
    folder = cache_folder()
    if folder is not None:
        jax.config.update(
            "jax_compilation_cache_dir", str(folder.parent / f"jax-{jax.__version__}")
        )
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)


class AllAtOnce:
    """A vectorised family over all seeds; see `heatdeath.models.protocol.Family`.

    Temperatures and sizes are traced, so that cells of one family share what is compiled.
    """

    def __init__(self, family, *, capacity):
        keep_compilations()
        device = jax.devices()[0]
        self.device = device.platform if device.platform == "cpu" else str(device.device_kind)
        self.capacity = capacity
        self._fit = equinox.filter_jit(
            equinox.filter_vmap(family.fit, in_axes=(0, 0, None)),
        )
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
        """Fit a model to the data of each seed."""
        size = data.shape[1]
        room = np.zeros((data.shape[0], self.capacity - size, *data.shape[2:]), data.dtype)
        padded = np.concatenate([data, room], axis=1)
        return self._fit(padded, keys, jax.numpy.asarray(size))

    def sample(self, models, n, temperature, keys):
        """Sample each model, shape (seed, n, ...)."""
        return np.asarray(self._sample(models, n, jax.numpy.float32(temperature), keys))

    def log_probabilities(self, models, data):
        """Return the logarithms of the probabilities of data, shape (seed, n)."""
        return np.asarray(self._log_probabilities(models, data))
