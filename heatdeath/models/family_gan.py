"""The family ``gan``: a generative adversarial network of images."""

import jax
import jax.numpy as jnp
import optax

from heatdeath.models.networks import Perceptron, adam, minibatch, moving_average

_N_LATENT = 16
_STEPS = 1000
_BATCH_SIZE = 64
_LEARNING_RATE = 1e-2
_PENALTY = 1.0
_AVERAGE = 0.99
# No momentum: each network follows an opponent that moves.
_MOMENTUM, _SECOND_MOMENTUM = 0.0, 0.95


class Gan:
    """A generative adversarial network with a relativistic loss and two gradient penalties.

    The critic learns to tell each real image of a batch from an image of the generator, and pays
    for its squared gradient at both (Huang et al. 2024, "The GAN is dead; long live the GAN!",
    arXiv 2501.05441): the game then has a local equilibrium that is reached, and modes are not
    dropped. The generator that is sampled is the moving average of those of all steps.

    Temperature multiplies the variance of the latent normal distribution; at T = 0 every image is
    that of the latent 0.
    """

    vectorised = True

    def __init__(self, *, width=96):
        self.width = width

    def fit(self, data, key, size):
        """Return a generator of images (room, d), of which the first `size` count, from scratch."""
        generator_key, critic_key, key = jax.random.split(jax.random.wrap_key_data(key), 3)
        n_pixels = data.shape[1]
        generator = Perceptron(_N_LATENT, n_pixels, width=self.width, key=generator_key)
        critic = Perceptron(n_pixels, 1, width=self.width, key=critic_key)
        optimiser = adam(
            steps=_STEPS, learning_rate=_LEARNING_RATE, b1=_MOMENTUM, b2=_SECOND_MOMENTUM
        )

        def step(state, key):
            generator, mean, critic, generator_moments, critic_moments = state
            rows_key, latent_key = jax.random.split(key)
            real = minibatch(data, size=size, key=rows_key, batch_size=_BATCH_SIZE)
            latent = jax.random.normal(latent_key, (_BATCH_SIZE, _N_LATENT))
            losses = jax.grad(_generator_loss, has_aux=True)
            gradient, fake = losses(generator, critic, latent=latent, real=real)
            updates, generator_moments = optimiser.update(gradient, generator_moments)
            generator = optax.apply_updates(generator, updates)
            gradient = jax.grad(_critic_loss)(critic, real=real, fake=fake)
            updates, critic_moments = optimiser.update(gradient, critic_moments)
            critic = optax.apply_updates(critic, updates)
            mean = moving_average(mean, generator, decay=_AVERAGE)
            return (generator, mean, critic, generator_moments, critic_moments), None

        moments = optimiser.init(generator), optimiser.init(critic)
        start = (generator, generator, critic, *moments)
        (_, mean, *_), _ = jax.lax.scan(step, start, jax.random.split(key, _STEPS))
        return mean

    def sample(self, model, n, temperature, key):
        """Draw images (n, d) with pixels in [0, 1]."""
        latent = jax.random.normal(jax.random.wrap_key_data(key), (n, _N_LATENT))
        return _generate(model, jnp.sqrt(temperature) * latent)


def _generate(generator, latent):
    """Return the images (n, d) of latents (n, 16)."""
    return jax.nn.sigmoid(generator(latent))


def _judge(critic, images):
    """Return the score of each image (n,), higher for real ones."""
    return critic(2 * images - 1)[:, 0]


def _generator_loss(generator, critic, *, latent, real):
    """Return the mean relativistic loss of the generator, and the images it made."""
    fake = _generate(generator, latent)
    return jax.nn.softplus(_judge(critic, real) - _judge(critic, fake)).mean(), fake


def _critic_loss(critic, *, real, fake):
    """Return the mean relativistic loss of the critic with its penalties."""

    def score_and_slope(images):
        scores, pull_back = jax.vjp(lambda images: _judge(critic, images), images)
        (gradient,) = pull_back(jnp.ones_like(scores))
        return scores, (gradient**2).sum(axis=1)

    real_scores, real_slopes = score_and_slope(real)
    fake_scores, fake_slopes = score_and_slope(fake)
    penalty = _PENALTY / 2 * (real_slopes + fake_slopes)
    return jnp.mean(jax.nn.softplus(fake_scores - real_scores) + penalty)
