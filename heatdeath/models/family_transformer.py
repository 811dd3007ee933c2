"""Family of causal transformers that spell words letter by letter.

The letter before, or the start of the word, and the position are embedded; layers of attention to
the letters before and of a network with one hidden layer follow; the end of the word is one more
letter to predict (Vaswani et al., "Attention is all you need", NeurIPS 2017). Each sublayer
normalises what it takes in (Xiong et al., ICML 2020) by its root mean square (Zhang and Sennrich,
NeurIPS 2019), and each head has a learned bias for every distance (Raffel et al., JMLR 21, 140,
2020), so that heads look at different letters from the first step on.
"""

from math import gcd

import equinox as eqx
import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree

from heatdeath.errors import ParameterError
from heatdeath.models.networks import train
from heatdeath.models.source_spelling import N_LETTERS

_SYMBOLS = N_LETTERS + 1
_START = _SYMBOLS
_MOST_HEADS = 8
_DISTANCE_SPREAD = 3.0
_TOKENS_PER_WORD = 4
_NEVER = -1e9


class Transformer:
    """Causal transformers of words; `width` is the size of the state of a token."""

    vectorised = True

    def __init__(self, *, width=32, layers=1, steps=1000, batch_size=64, learning_rate=0.03):
        for name, value, least in (("width", width, 2), ("layers", layers, 1)):
            if isinstance(value, bool) or value % 1 or value < least:
                raise ParameterError(name, value, f"an integer from {least}")
        self.width = int(width)
        self.layers = int(layers)
        self.steps = steps
        self.batch_size = batch_size
        self.learning_rate = learning_rate

    def fit(self, data, key, size):
        """Train a fresh network on words (room, L), of which the first `size` count."""
        start, path = jax.random.split(jax.random.wrap_key_data(key))
        return train(
            _initial(width=self.width, layers=self.layers, length=data.shape[1], key=start),
            _loss,
            data=data,
            size=size,
            key=path,
            steps=self.steps,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
        )

    def sample(self, model, n, temperature, key):
        """Spell words, each letter with a probability ∝ q^{1/T}, int8 of shape (n, L)."""
        length, width = model.positions.shape
        heads = model.blocks[0].distances.shape[1]
        empty = [jnp.zeros((2, n, length, heads, width // heads)) for _ in model.blocks]

        def spell(state, each):
            before, ended, remembered = state
            position, key = each
            x = model.letters[before] + model.positions[position]
            visible = jnp.arange(length) <= position
            later = []
            for block, pairs in zip(model.blocks, remembered, strict=True):
                query, *pair = block.heads(x)
                pairs = jnp.concatenate([jnp.stack(pair)[:, :, None], pairs[:, :, :-1]], axis=2)
                x = block.finish(x, block.attend(query, *pairs, visible))
                later.append(pairs)
            # The largest of logits + T·Gumbel noise is a draw at temperature T, at T = 0 as well.
            noise = temperature * jax.random.gumbel(key, (n, _SYMBOLS))
            letter = jnp.where(ended, 0, jnp.argmax(model.predicted(x) + noise, axis=-1))
            return (letter, ended | (letter == 0), later), letter.astype(jnp.int8)

        start = (jnp.full(n, _START), jnp.zeros(n, bool), empty)
        keys = jax.random.split(jax.random.wrap_key_data(key), length)
        _, words = jax.lax.scan(spell, start, (jnp.arange(length), keys))
        return words.T

    def log_probabilities(self, model, data):
        """Return the logarithm of the probability of each word, (n, L) to (n,), in nats.

        A row without a zero stands for all words that begin with it.
        """
        n, length = data.shape
        position = jnp.arange(length)
        logits = model.logits(_before(data).ravel(), jnp.tile(position, n))
        chosen = _log_of_letter(logits, data.ravel()).reshape(n, length)
        return jnp.sum(jnp.where(position < _lengths(data)[:, None], chosen, 0), axis=-1)


class Block(eqx.Module):
    """A layer: attention to the letters before, then a network of one hidden layer."""

    inquire: jax.Array  # (width, 3·width), weights of queries, keys and values
    distances: jax.Array  # (L, heads), bias of the attention to each distance
    gather: jax.Array  # (width, width), weights of what attention found
    widen: jax.Array  # (width, 4·width), into the hidden layer
    narrow: jax.Array  # (4·width, width), out of it

    def heads(self, x):
        """Return queries, keys and values of tokens (n, width), each (n, heads, d)."""
        joined = _normalised(x) @ self.inquire
        parts = joined.reshape(len(x), 3, self.distances.shape[1], -1)
        return parts[:, 0], parts[:, 1], parts[:, 2]

    def attend(self, query, keys, values, visible):
        """Mix the values of the last L tokens, (n, L, heads, d) with the newest first."""
        scores = jnp.sum(query[:, None] * keys, axis=-1) / jnp.sqrt(query.shape[-1])
        scores = jnp.where(visible[..., None], scores + self.distances, _NEVER)
        return jnp.sum(jax.nn.softmax(scores, axis=1)[..., None] * values, axis=1)

    def finish(self, x, found):
        """Add to tokens what attention found, and what the hidden layer makes of both."""
        x = x + found.reshape(x.shape) @ self.gather
        return x + jax.nn.relu(_normalised(x) @ self.widen) @ self.narrow


class Network(eqx.Module):
    """All parameters of a transformer."""

    letters: jax.Array  # (28, width): the end of a word, which is never read, a to z, the start
    positions: jax.Array  # (L, width), by the number of letters before
    blocks: list  # of Block, the layers
    predict: jax.Array  # (width, 27), weights of the logits of the end of the word and of a to z
    bias: jax.Array  # (27,)

    def logits(self, before, position):
        """Return logits of the next letter at each token of a stream: (n,), (n,) to (n, 27).

        A token is the letter before, or the start, and sees as far back as it has a position.
        """
        length = len(self.positions)
        x = self.letters[before] + self.positions[position]
        visible = jnp.arange(length) <= position[:, None]
        for block in self.blocks:
            query, key, value = block.heads(x)
            keys, values = _last(key, length), _last(value, length)
            x = block.finish(x, block.attend(query, keys, values, visible))
        return self.predicted(x)

    def predicted(self, x):
        """Return logits of the next letter from the states of tokens: (n, width) to (n, 27)."""
        return _normalised(x) @ self.predict + self.bias


def _initial(*, width, layers, length, key):
    """Draw all parameters, at once, which compiles many times faster than one array at a time.

    Layers add nothing at first, and all letters are about equally likely.
    """
    blocks = [
        Block(
            inquire=jnp.full((width, 3 * width), width**-0.5),
            distances=jnp.full((length, gcd(width, _MOST_HEADS)), _DISTANCE_SPREAD),
            gather=jnp.zeros((width, width)),
            widen=jnp.full((width, 4 * width), width**-0.5),
            narrow=jnp.zeros((4 * width, width)),
        )
        for _ in range(layers)
    ]
    deviations = Network(
        letters=jnp.ones((_SYMBOLS + 1, width)),
        positions=jnp.ones((length, width)),
        blocks=blocks,
        predict=jnp.full((width, _SYMBOLS), 0.1 * width**-0.5),
        bias=jnp.zeros(_SYMBOLS),
    )
    flat, shaped = ravel_pytree(deviations)
    return shaped(flat * jax.random.normal(key, flat.shape))


def _loss(network, words, key):
    """Return the mean of −ln q over the letters of words (n, L), packed without gaps.

    There is room for 4 tokens a word, about what English words take: padded, they would take more
    than twice that. Words that find no room are left out, the last one from its middle on.
    """
    n = len(words)
    ends = jnp.cumsum(_lengths(words))
    token = jnp.arange(_TOKENS_PER_WORD * n)
    word = jnp.searchsorted(ends, token, side="right", method="compare_all")
    used = word < n
    word = jnp.minimum(word, n - 1)
    position = jnp.where(used, token - jnp.where(word > 0, ends[word - 1], 0), 0)
    logits = network.logits(_before(words)[word, position], position)
    chosen = _log_of_letter(logits, words[word, position])
    return -jnp.sum(jnp.where(used, chosen, 0)) / jnp.sum(used)


def _lengths(words):
    """Return the letters of each word to predict, (n,): those it has, and its end if any."""
    return 1 + jnp.sum(jnp.cumprod(words[:, :-1] != 0, axis=1), axis=1)


def _before(words):
    """Return the letter before each letter of words (n, L), or the start."""
    return jnp.pad(words[:, :-1].astype(jnp.int32), [(0, 0), (1, 0)], constant_values=_START)


def _log_of_letter(logits, letters):
    """Return the logarithm of the probability of letters (n,) by logits (n, 27)."""
    chosen = jnp.take_along_axis(logits, letters[:, None].astype(jnp.int32), axis=1)[:, 0]
    return chosen - jax.nn.logsumexp(logits, axis=1)


def _last(x, length):
    """Return the last tokens up to each, the newest first: (n, ...) to (n, length, ...)."""
    padded = jnp.pad(x, [(length - 1, 0), (0, 0), (0, 0)])
    starts = range(length - 1, -1, -1)
    return jnp.stack([padded[start : start + len(x)] for start in starts], axis=1)


def _normalised(x):
    """Divide states of tokens, (n, width), by their root mean square."""
    return x * jax.lax.rsqrt(jnp.mean(x**2, axis=-1, keepdims=True) + 1e-6)
