"""The network that the families of images share, and the scale on which it sees its data."""

from itertools import pairwise

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

# A dataset of copies of one image has no scale of its own.
_LEAST_SCALE = 1e-6


class Perceptron(eqx.Module):
    """A multilayer perceptron with two hidden layers and the activation x·sigmoid(x)."""

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
        """Apply the network to a batch."""
        *hidden, last = zip(self.weights, self.biases, strict=True)
        for weights, biases in hidden:
            x = jax.nn.silu(x @ weights + biases)
        weights, biases = last
        return x @ weights + biases


def centre_and_scale(data, size):
    """Mean of the data, and their root-mean-square deviation over all coordinates.

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
