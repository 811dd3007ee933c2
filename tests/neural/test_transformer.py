"""The transformers: their probabilities, their samples, and the gate."""

import itertools

import numpy as np
import pytest

pytest.importorskip("equinox")
pytest.importorskip("optax")

import jax
import jax.numpy as jnp

from heatdeath.analysis.goodness_of_fit import pearson_test
from heatdeath.errors import ParameterError
from heatdeath.models import transformer
from heatdeath.models.language_gate import check
from heatdeath.models.spelling import Spelling
from heatdeath.models.transformer import Transformer

FALSE_ALARM = 1e-4
KEY = np.array([3, 4], np.uint32)
FAMILY = Transformer(width=16)


@pytest.fixture(scope="module")
def source():
    return Spelling(200)


@pytest.fixture(scope="module")
def fitted(source):
    """A network half way through its training."""
    data = jnp.asarray(source.draw(1000, np.random.default_rng(1)))
    return jax.jit(Transformer(width=16, steps=60).fit)(data, KEY, 1000)


@pytest.fixture(scope="module")
def sample():
    return jax.jit(FAMILY.sample, static_argnums=1)


def test_fits_to_words_pass_the_gate_and_have_their_recorded_quality(source):
    # Seeds that no hyper-parameter was chosen with.
    values = []
    for seed in (9001, 9002):
        gates = check(Transformer(), source, size=4000, key=np.array([seed, 1], np.uint32))
        assert all(gate.passed for gate in gates), gates
        values.append(gates[0].value)
    print(values)


@pytest.mark.parametrize("family", [Transformer(steps=1), Transformer(width=4)])
def test_untrained_and_tiny_networks_fail_the_gate(source, family):
    gates = check(family, source, size=4000, key=np.array([9001, 1], np.uint32))
    assert not any(gate.passed for gate in gates)


def test_probabilities_of_all_words_sum_to_one():
    network = transformer._initial(width=8, layers=2, length=3, key=jax.random.key(1))
    network = jax.tree.map(lambda x: x + 0.3, network)
    letters = range(1, 27)
    rows = [(0, 0, 0), *((a, 0, 0) for a in letters)]
    rows += [(a, b, 0) for a in letters for b in letters]
    rows += list(itertools.product(letters, repeat=3))
    chances = np.exp(FAMILY.log_probabilities(network, np.array(rows, np.int8)))
    assert chances.sum(dtype=float) == pytest.approx(1, abs=1e-4)
    assert chances.max() < 0.5


def test_no_letter_depends_on_later_ones(fitted, source):
    words = np.asarray(source.outcomes[:50])
    length = words.shape[1]

    def logits(words):
        before = transformer._before(jnp.asarray(words)).ravel()
        return fitted.logits(before, jnp.tile(jnp.arange(length), len(words))).reshape(
            len(words), length, 27
        )

    changed = words.copy()
    changed[:, 4:] = 7
    first, second = logits(words), logits(changed)
    np.testing.assert_allclose(first[:, :5], second[:, :5], atol=1e-5)
    assert np.abs(first[:, 5:] - second[:, 5:]).max() > 0.01


def test_packing_words_leaves_their_probabilities_as_they_are(fitted, source):
    words = jnp.asarray(source.outcomes[[0, 40, 2, 3, 7, 1, 5, 6]])
    lengths = np.argmin(words, axis=1) + 1
    assert lengths.sum() <= 4 * len(words)
    expected = -FAMILY.log_probabilities(fitted, words).sum() / lengths.sum()
    found = transformer._loss(fitted, words, None)
    assert float(found) == pytest.approx(float(expected), rel=1e-5)


def test_words_that_find_no_room_are_left_out(fitted, source):
    long = source.outcomes[np.argmin(source.outcomes, axis=1) == 6][:4]
    words = jnp.asarray(np.concatenate([long, source.outcomes[:1]]))
    # 5 words have room for 20 letters: two words of 6 letters and their ends, and 6 more letters.
    before = jnp.asarray(long[:3]).at[2, 6:].set(0)
    cut = jnp.concatenate([jnp.asarray(long[:2]), before[2:]])
    logs = FAMILY.log_probabilities(fitted, cut)
    beginning = jnp.asarray(long[2:3, :6])
    part = fitted.logits(transformer._before(beginning).ravel(), jnp.arange(6))
    last = transformer._log_of_letter(part, beginning.ravel()).sum()
    expected = -(logs[:2].sum() + last) / 20
    assert float(transformer._loss(fitted, words, None)) == pytest.approx(float(expected), rel=1e-5)


def test_words_are_sampled_by_their_probabilities(fitted, sample, source):
    logs = np.asarray(FAMILY.log_probabilities(fitted, jnp.asarray(source.outcomes)), float)
    law = np.append(np.exp(logs), 1 - np.exp(logs).sum())

    def p_value(temperature):
        words = np.asarray(sample(fitted, 100_000, temperature, KEY))
        return pearson_test(np.bincount(source.assign(words), minlength=201), law).p_value

    assert p_value(1.0) > FALSE_ALARM
    assert p_value(1.02) < FALSE_ALARM


def test_letters_are_sampled_by_their_tempered_probabilities(fitted, sample):
    logits = fitted.logits(jnp.array([27]), jnp.array([0]))[0]
    for temperature in (0.5, 3.0):
        law = np.asarray(jax.nn.softmax(logits / temperature), float)
        first = np.asarray(sample(fitted, 100_000, temperature, KEY))[:, 0]
        counts = np.bincount(first, minlength=27)
        assert pearson_test(counts, law / law.sum()).p_value > FALSE_ALARM


def test_at_temperature_zero_every_word_is_spelt_from_the_likeliest_letters(fitted, sample):
    words = np.asarray(sample(fitted, 50, 0.0, KEY))
    np.testing.assert_array_equal(words, np.repeat(words[:1], 50, axis=0))
    spelt = words[0]
    before = transformer._before(jnp.asarray(words[:1])).ravel()
    likeliest = np.argmax(fitted.logits(before, jnp.arange(len(spelt))), axis=1)
    ended = int(np.argmin(spelt))
    np.testing.assert_array_equal(spelt[: ended + 1], likeliest[: ended + 1])


def test_nothing_stands_behind_the_end_of_a_word(fitted, sample):
    words = np.asarray(sample(fitted, 2000, 2.0, KEY))
    ended = np.cumsum(words == 0, axis=1) > 0
    assert words.dtype == np.int8
    assert not words[ended].any()
    assert (~ended[:, -1]).any()


def test_rows_beyond_the_size_are_not_data(source):
    fit = jax.jit(Transformer(width=8, steps=20).fit)
    data = source.draw(300, np.random.default_rng(1))
    room = np.concatenate([data, np.full((100, data.shape[1]), 26, np.int8)])
    other = np.concatenate([data, np.ones((100, data.shape[1]), np.int8)])
    first, second = fit(room, KEY, 300), fit(other, KEY, 300)
    for one, two in zip(jax.tree.leaves(first), jax.tree.leaves(second), strict=True):
        np.testing.assert_array_equal(one, two)


def test_seeds_side_by_side_are_fitted_as_each_alone(source):
    family = Transformer(width=8, steps=20)
    data = jnp.asarray(source.draw(300, np.random.default_rng(1)))
    keys = jnp.stack([KEY, KEY + 1])
    both = jax.jit(jax.vmap(family.fit, in_axes=(None, 0, None)))(data, keys, 300)
    one = jax.jit(family.fit)(data, keys[1], 300)
    for side, alone in zip(jax.tree.leaves(both), jax.tree.leaves(one), strict=True):
        np.testing.assert_allclose(side[1], alone, atol=1e-3)
        assert side.ndim == 1 or np.abs(side[0] - side[1]).max() > 1e-3


@pytest.mark.parametrize(
    ("name", "value"), [("width", 1), ("width", 2.5), ("layers", 0), ("width", True)]
)
def test_sizes_that_cannot_be_had_are_refused(name, value):
    with pytest.raises(ParameterError, match=name):
        Transformer(**{name: value})
