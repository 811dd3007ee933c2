"""The family ``vae``: a variational autoencoder of images."""

import jax
import jax.numpy as jnp

from heatdeath.models.networks import Perceptron, centre_and_scale, train

_N_LATENT = 8
_STEPS = 1500
_BATCH_SIZE = 64
_LEARNING_RATE = 4e-3
_FIRST_DEVIATION = 0.5
# Of the scale of the data. Pixels that never vary would otherwise have an unbounded likelihood.
_LEAST_DEVIATION = 0.05


class Vae:
    """A variational autoencoder with learned observation noise and a fitted latent prior.

    Trained by the evidence lower bound (Kingma and Welling 2014, arXiv 1312.6114) with one learned
    deviation a pixel (Rybkin et al. 2021, arXiv 2006.13202). The prior that is sampled is the
    normal distribution with the mean and the full covariance of the aggregate posterior: images
    drawn from the standard normal distribution fall where no datum was encoded (Dai and Wipf 2019,
    arXiv 1903.05789).

    Temperature multiplies the covariance of the latent prior and the variance of the observation
    noise; at T = 0 every image is the decoded mean.
    """

    vectorised = True

    def __init__(self, *, width=96):
        self.width = width

    def fit(self, data, key, size):
        """Fit to images (room, d), of which the first `size` count, from scratch."""
        encoder_key, decoder_key, key = jax.random.split(jax.random.wrap_key_data(key), 3)
        centre, scale = centre_and_scale(data, size)
        data = (data - centre) / scale
        n_pixels = data.shape[1]
        networks = {
            "encoder": Perceptron(n_pixels, 2 * _N_LATENT, width=self.width, key=encoder_key),
            "decoder": Perceptron(_N_LATENT, n_pixels, width=self.width, key=decoder_key),
            "log_deviation": jnp.full(n_pixels, jnp.log(_FIRST_DEVIATION)),
        }
        networks = train(
            networks,
            _evidence_bound,
            data=data,
            size=size,
            key=key,
            steps=_STEPS,
            batch_size=_BATCH_SIZE,
            learning_rate=_LEARNING_RATE,
        )
        mean, root = _aggregate_posterior(networks["encoder"], data, size)
        deviation = _deviation(networks["log_deviation"])
        noise_and_prior = {"deviation": deviation, "mean": mean, "root": root}
        return {"decoder": networks["decoder"], **noise_and_prior, "centre": centre, "scale": scale}

    def sample(self, model, n, temperature, key):
        """Draw images (n, d); the noise may take pixels a little below 0 or above 1."""
        latent_key, noise_key = jax.random.split(jax.random.wrap_key_data(key))
        spread = jnp.sqrt(temperature)
        latent = jax.random.normal(latent_key, (n, _N_LATENT)) @ model["root"].T
        images = model["decoder"](model["mean"] + spread * latent)
        noise = model["deviation"] * jax.random.normal(noise_key, images.shape)
        return model["centre"] + model["scale"] * (images + spread * noise)


def _evidence_bound(networks, batch, key):
    """Return the negative evidence lower bound of a batch (n, d), in nats an image."""
    mean, log_deviation = jnp.split(networks["encoder"](batch), 2, axis=1)
    latent = mean + jnp.exp(log_deviation) * jax.random.normal(key, mean.shape)
    deviation = _deviation(networks["log_deviation"])
    errors = (batch - networks["decoder"](latent)) / deviation
    misfit = (errors**2 / 2 + jnp.log(deviation)).sum(axis=1)
    divergence = ((mean**2 + jnp.exp(2 * log_deviation) - 1) / 2 - log_deviation).sum(axis=1)
    return jnp.mean(misfit + divergence)


def _deviation(log_deviation):
    """Return the deviation of the observation noise of each pixel, (d,)."""
    return _LEAST_DEVIATION + jnp.exp(log_deviation)


def _aggregate_posterior(encoder, data, size):
    """Return the mean, and a lower root of the covariance, of the codes of the data."""
    mean, log_deviation = jnp.split(encoder(data), 2, axis=1)
    real = (jnp.arange(len(data)) < size)[:, None]
    centre = jnp.where(real, mean, 0).sum(axis=0) / size
    apart = jnp.where(real, mean - centre, 0)
    within = jnp.where(real, jnp.exp(2 * log_deviation), 0).sum(axis=0) / size
    return centre, jnp.linalg.cholesky(apart.T @ apart / size + jnp.diag(within))
