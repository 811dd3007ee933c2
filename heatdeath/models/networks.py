"""What families of networks share: a perceptron, the scale of their data, and the training by Adam.

Nothing of one family alone stands here: an edit makes the models of all of them out of date.
"""

from itertools import pairwise

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax

# A dataset of copies of one image has no scale of its own.
_LEAST_SCALE = 1e-6
# A first step at the full rate can throw a fresh network far off.
_WARM_UP = 0.05


class Perceptron(eqx.Module):
    """A multilayer perceptron with two hidden layers and the activation x·sigmoid(x).

    First weights are uniform within ±1/√(number of inputs of the layer).
    """

    weights: tuple
    biases: tuple

    def __init__(self, n_inputs, n_outputs, *, width, key):
        sizes = (n_inputs, width, width, n_outputs)
        shapes = [(rows + 1, columns) for rows, columns in pairwise(sizes)]
        ends = np.cumsum([rows * columns for rows, columns in shapes])
        # One draw for all layers: the compiler takes about a second for each place that draws.
        draws = jax.random.uniform(key, (ends[-1],), minval=-1, maxval=1)
        parts = jnp.split(draws, ends[:-1])
        layers = [
            part.reshape(shape) / np.sqrt(shape[0] - 1)
            for part, shape in zip(parts, shapes, strict=True)
        ]
        self.weights = tuple(layer[:-1] for layer in layers)
        self.biases = tuple(layer[-1] for layer in layers)

    def __call__(self, x):
        """Apply the network to a batch, (n, n_inputs) to (n, n_outputs)."""
        *hidden, last = zip(self.weights, self.biases, strict=True)
        for weights, biases in hidden:
            x = jax.nn.silu(x @ weights + biases)
        weights, biases = last
        return x @ weights + biases


def centre_and_scale(data, size):
    """Return the mean (d,) of the first rows of data, and their root-mean-square deviation ().

    A family that learns (data − centre)/scale learns the same from data of any brightness and
    contrast, so that neither end of a collapse is set by the units.
    """
    real = (jnp.arange(len(data)) < size)[:, None]
    centre = jnp.where(real, data, 0).sum(axis=0) / size
    apart = jnp.where(real, data - centre, 0)
    # In units of the largest, since squares of what a hot loop has blown up overflow.
    largest = jnp.maximum(jnp.abs(apart).max(), _LEAST_SCALE)
    squares = jnp.sum((apart / largest) ** 2) / (size * data.shape[1])
    return centre, jnp.maximum(largest * jnp.sqrt(squares), _LEAST_SCALE)


def train(
    initial_parameters,
    loss,
    *,
    data,
    size,
    key,
    steps,
    batch_size,
    learning_rate,
    average=0.0,
):
    """Minimise ``loss(parameters, batch, key)`` over minibatches of the first `size` rows of data.

    All floating-point arrays of the parameters are trained, by updates that are compiled as one
    scan. The learning rate rises linearly over the first twentieth of the steps and then falls to
    zero along half a cosine (Loshchilov and Hutter 2017, arXiv 1608.03983). What is returned is
    the moving average of the parameters that forgets `average` of itself in a step, of the form of
    the initial ones; 0 returns the last.
    """
    trained, kept = eqx.partition(initial_parameters, eqx.is_inexact_array)
    optimiser = adam(steps=steps, learning_rate=learning_rate)

    def objective(parameters, batch, key):
        return loss(eqx.combine(parameters, kept), batch, key)

    def step(state, key):
        parameters, mean, moments = state
        rows_key, loss_key = jax.random.split(key)
        batch = minibatch(data, size=size, key=rows_key, batch_size=batch_size)
        gradient = jax.grad(objective)(parameters, batch, loss_key)
        updates, moments = optimiser.update(gradient, moments)
        parameters = optax.apply_updates(parameters, updates)
        return (parameters, moving_average(mean, parameters, decay=average), moments), None

    start = (trained, trained, optimiser.init(trained))
    (_, mean, _), _ = jax.lax.scan(step, start, jax.random.split(key, steps))
    return eqx.combine(mean, kept)


def adam(*, steps, learning_rate, b1=0.9, b2=0.999):
    """Return Adam with a short warm-up to the learning rate and a cosine decay to zero."""
    schedule = optax.warmup_cosine_decay_schedule(
        init_value=learning_rate * _WARM_UP,
        peak_value=learning_rate,
        warmup_steps=max(1, round(_WARM_UP * steps)),
        decay_steps=max(2, steps),
    )
    return optax.adam(schedule, b1=b1, b2=b2)


def minibatch(data, *, size, key, batch_size):
    """Draw rows uniformly with replacement from the first `size` ones, (batch_size, ...)."""
    rows = jax.random.randint(key, (batch_size,), 0, size)
    return jnp.take(data, rows, axis=0)


def moving_average(mean, parameters, *, decay):
    """Return the exponential moving average of parameters after one more step."""
    if decay == 0:
        return parameters
    return jax.tree.map(lambda old, new: decay * old + (1 - decay) * new, mean, parameters)
