"""The n-grams: against smoothing written out word by word, and against their own probabilities."""

import collections
import itertools

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from heatdeath.errors import ParameterError
from heatdeath.measure.goodness_of_fit import pearson_test
from heatdeath.models.family_ngram import Ngram
from heatdeath.models.source_spelling import Spelling

FALSE_ALARM = 1e-4
KEY = np.array([3, 4], np.uint32)
SHORT = ["ab", "ab", "ab", "ac", "ac", "b", "b", "a", "cb", "cab", "cab", "bca", "bb"]


def spelt(words, length):
    rows = [[ord(letter) - 96 for letter in word.ljust(length, "`")] for word in words]
    return np.array(rows, np.int8)


def discount(counts):
    """The discount of largest leave-one-out likelihood, half a pair of 1 and 2 added."""
    often = collections.Counter(counts)
    often[1] += 0.5
    often[2] += 0.5
    later = [(r, times) for r, times in often.items() if r > 1]

    def loss(d):
        return -often[1] * np.log(d) - sum(r * times * np.log(r - 1 - d) for r, times in later)

    return minimize_scalar(loss, bounds=(0, 1), method="bounded", options={"xatol": 1e-12}).x


def written_out(words, order):
    """P(letter | all before it) as the definition reads, from strings."""
    tokens, before = collections.Counter(), collections.defaultdict(set)
    for word in words:
        text = f"<{word}>"
        for end, size in itertools.product(range(1, len(text)), range(order)):
            if size <= end:
                context = text[end - size : end]
                tokens[context, text[end]] += 1
                if size < end:
                    before[context, text[end]].add(text[end - size - 1])
    counts, groups = {}, collections.defaultdict(list)
    for (context, letter), number in tokens.items():
        by_tokens = len(context) == order - 1 or context.startswith("<")
        counts[context, letter] = number if by_tokens else len(before[context, letter])
        groups[len(context), by_tokens].append(counts[context, letter])
    discounts = {group: discount(members) for group, members in groups.items()}

    def probability(letter, context):
        after = [number for (seen, _), number in counts.items() if seen == context]
        shorter = probability(letter, context[1:]) if context else 1 / 27
        if not after:
            return shorter
        by_tokens = len(context) == order - 1 or context.startswith("<")
        d = discounts[len(context), by_tokens]
        kept = max(counts.get((context, letter), 0) - d, 0)
        return (kept + d * len(after) * shorter) / sum(after)

    return lambda letter, text: probability(letter, text[max(len(text) - order + 1, 0) :])


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_probabilities_are_those_of_the_smoothing_written_out(order):
    family = Ngram(width=order)
    model = family.fit(spelt(SHORT, 4), KEY)
    chance = written_out(SHORT, order)
    for word in ["ab", "bca", "a", "bac", "zq", ""]:
        text = f"<{word}>"
        expected = sum(np.log(chance(text[end], text[:end])) for end in range(1, len(text)))
        found = family.log_probabilities(model, spelt([word], 4))[0]
        # A minimum is known to about the square root of the precision.
        assert found == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("order", [1, 2, 4])
def test_probabilities_of_all_words_sum_to_one(order):
    words = [word for word in SHORT if len(word) < 3]
    family = Ngram(width=order)
    model = family.fit(spelt(words, 3), KEY)
    alphabet = range(1, 27)
    rows = [(0, 0, 0), *((a, 0, 0) for a in alphabet)]
    rows += [(a, b, 0) for a in alphabet for b in alphabet]
    rows += list(itertools.product(alphabet, repeat=3))
    chances = np.exp(family.log_probabilities(model, np.array(rows, np.int8)))
    assert chances.sum() == pytest.approx(1, abs=1e-12)
    assert chances.min() > 0


@pytest.fixture(scope="module")
def fitted():
    source = Spelling(50)
    family = Ngram(width=3)
    return source, family, family.fit(source.draw(500, np.random.default_rng(1)), KEY)


def outcome_frequencies(fitted, *, temperature, key=KEY, n=300_000):
    source, family, model = fitted
    return np.bincount(source.assign(family.sample(model, n, temperature, key)), minlength=51)


def test_words_are_sampled_by_their_probabilities(fitted):
    source, family, model = fitted
    chances = np.exp(family.log_probabilities(model, source.outcomes))
    law = np.append(chances, 1 - chances.sum())
    assert pearson_test(outcome_frequencies(fitted, temperature=1), law).p_value > FALSE_ALARM
    wrong = outcome_frequencies(fitted, temperature=1.02)
    assert pearson_test(wrong, law).p_value < FALSE_ALARM


def test_letters_are_sampled_by_their_tempered_probabilities(fitted):
    _, family, model = fitted
    first = np.zeros((27, model.length), np.int8)
    first[:, 0] = np.arange(27)
    start = written_out(
        [
            "".join(chr(96 + letter) for letter in row if letter)
            for row in fitted[0].draw(500, np.random.default_rng(1))
        ],
        3,
    )
    weights = np.array([start(chr(96 + letter) if letter else ">", "<") for letter in range(27)])
    law = weights**2 / np.sum(weights**2)
    seen = family.sample(model, 40_000, 0.5, KEY)[:, 0]
    assert pearson_test(np.bincount(seen, minlength=27), law).p_value > FALSE_ALARM


def test_at_temperature_zero_every_word_is_spelt_from_the_likeliest_letters(fitted):
    source, family, model = fitted
    words = family.sample(model, 200, 0.0, KEY)
    np.testing.assert_array_equal(words, np.repeat(words[:1], 200, axis=0))
    assert source.labels[source.assign(words)[0]] == "the"


def test_very_hot_words_are_nearly_random_letters(fitted):
    _, family, model = fitted
    first = family.sample(model, 27_000, 1e6, KEY)[:, 0]
    assert pearson_test(np.bincount(first, minlength=27), np.full(27, 1 / 27)).p_value > FALSE_ALARM


def test_a_key_gives_the_same_words_again_and_another_key_others(fitted):
    _, family, model = fitted
    words = family.sample(model, 50, 1.0, KEY)
    np.testing.assert_array_equal(words, family.sample(model, 50, 1.0, KEY))
    assert (words != family.sample(model, 50, 1.0, KEY + 1)).any()


def test_nothing_stands_behind_the_end_of_a_word(fitted):
    _, family, model = fitted
    words = family.sample(model, 2000, 2.0, KEY)
    ended = np.cumsum(words == 0, axis=1) > 0
    assert not words[ended].any()
    assert (~ended[:, -1]).any()


def test_one_word_that_is_all_of_the_data_is_learned():
    source = Spelling(20)
    family = Ngram(width=13)
    model = family.fit(source.draw_outcome(3, 500, None), KEY)
    chances = np.exp(family.log_probabilities(model, source.outcomes))
    assert chances[3] > 0.97
    assert 0 < np.delete(chances, 3).max() < 1e-3


@pytest.mark.parametrize("width", [0, 14, 2.5, True])
def test_orders_that_do_not_exist_are_refused(width):
    with pytest.raises(ParameterError, match="from 1 to 13"):
        Ngram(width=width)
