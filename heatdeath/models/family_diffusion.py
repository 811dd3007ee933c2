"""The family ``diffusion``: a denoising diffusion model of images."""

import jax
import jax.numpy as jnp

from heatdeath.models.networks import Perceptron, centre_and_scale, train

_STEPS = 1500
_BATCH_SIZE = 64
_LEARNING_RATE = 6e-3
_AVERAGE = 0.99
# Noise levels, in units of the scale of the data. Training draws them log-normally about the level
# at which one digit begins to be told from another.
_MEDIAN_LEVEL, _LOG_SPREAD = 1.3, 0.6
_LEAST_LEVEL, _LARGEST_LEVEL = 0.15, 6.0
_N_LEVELS = 25
_LEVEL_POWER = 3
_FREQUENCIES = (0.5, 1.0, 2.0, 4.0)


class Diffusion:
    """A denoising diffusion model with ancestral sampling.

    A network learns to remove noise of any level, with the preconditioning of Karras et al. (2022,
    arXiv 2206.00364). Images begin as noise of the largest level, σ, and each step to the next
    lower level σ′ draws x′ ~ N(x̂ + (x − x̂)σ′²/σ², σ² − σ′²) about the denoised x̂; the last step
    returns x̂. Of the two variances of Ho, Jain and Abbeel (2020, arXiv 2006.11239) this is the
    larger: the smaller lost a tenth of the variance of the images in every generation of a closed
    loop. The network that is sampled is the moving average of those of all steps.

    Temperature multiplies the variance of all noise, that at the start and that of each step; at
    T = 0 every image is the one that is denoised from the mean image.
    """

    vectorised = True

    def __init__(self, *, width=128):
        self.width = width

    def fit(self, data, key, size):
        """Fit to images (room, d), of which the first `size` count, from scratch."""
        network_key, key = jax.random.split(jax.random.wrap_key_data(key))
        centre, scale = centre_and_scale(data, size)
        n_pixels = data.shape[1]
        n_features = 2 * len(_FREQUENCIES)
        network = Perceptron(n_pixels + n_features, n_pixels, width=self.width, key=network_key)
        network = train(
            network,
            _denoising_loss,
            data=(data - centre) / scale,
            size=size,
            key=key,
            steps=_STEPS,
            batch_size=_BATCH_SIZE,
            learning_rate=_LEARNING_RATE,
            average=_AVERAGE,
        )
        return {"network": network, "centre": centre, "scale": scale}

    def sample(self, model, n, temperature, key):
        """Draw images (n, d); pixels may lie a little below 0 or above 1."""
        spread = jnp.sqrt(temperature)
        start_key, key = jax.random.split(jax.random.wrap_key_data(key))
        levels = _levels()
        shape = (n, len(model["centre"]))

        def step(noisy, level):
            here, below, key = level
            clean = _denoise(model["network"], noisy, jnp.full((n, 1), here))
            fresh = jnp.where(below > 0, jnp.sqrt(here**2 - below**2), 0)
            noise = spread * jax.random.normal(key, shape)
            return clean + (noisy - clean) * (below / here) ** 2 + fresh * noise, None

        start = spread * levels[0] * jax.random.normal(start_key, shape)
        keys = jax.random.split(key, _N_LEVELS)
        images, _ = jax.lax.scan(step, start, (levels[:-1], levels[1:], keys))
        return model["centre"] + model["scale"] * images


def _levels():
    """Return falling noise levels, evenly spaced in a root, and a last 0, shape (26,)."""
    ends = jnp.array([_LARGEST_LEVEL, _LEAST_LEVEL]) ** (1 / _LEVEL_POWER)
    return jnp.append(jnp.linspace(*ends, _N_LEVELS) ** _LEVEL_POWER, 0.0)


def _denoise(network, noisy, level):
    """Expect clean images, given noisy ones and their levels of shape (n, 1)."""
    total = jnp.sqrt(1 + level**2)
    return noisy / total**2 + _residual(network, noisy, level) * level / total


def _residual(network, noisy, level):
    """Predict the error of the linear guess, at unit variance, by the network."""
    phases = jnp.log(level) * jnp.array(_FREQUENCIES)
    inputs = [noisy / jnp.sqrt(1 + level**2), jnp.sin(phases), jnp.cos(phases)]
    return network(jnp.concatenate(inputs, axis=1))


def _denoising_loss(network, batch, key):
    """Return the mean squared error of the residual, at one noise level an image."""
    level_key, noise_key = jax.random.split(key)
    log_level = _LOG_SPREAD * jax.random.normal(level_key, (len(batch), 1))
    level = _MEDIAN_LEVEL * jnp.exp(log_level)
    total = jnp.sqrt(1 + level**2)
    noise = jax.random.normal(noise_key, batch.shape)
    wanted = (batch * level - noise) / total
    return jnp.mean((_residual(network, batch + level * noise, level) - wanted) ** 2)
