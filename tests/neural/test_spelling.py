"""The source of English words: its frequencies, its spelling and its outcomes."""

import numpy as np
import pytest
import wordfreq

from heatdeath.errors import ParameterError
from heatdeath.measure.goodness_of_fit import pearson_test
from heatdeath.models.source_spelling import Spelling

FALSE_ALARM = 1e-4


def read(row):
    """Letters of a datum up to its first 0."""
    letters = "".join(" abcdefghijklmnopqrstuvwxyz"[number] for number in row)
    return letters.split(" ")[0]


def test_outcomes_are_the_most_frequent_words_of_letters_by_falling_frequency():
    source = Spelling(300)
    frequencies = wordfreq.get_frequency_dict("en", wordlist="large")
    spellable = {
        word: frequency
        for word, frequency in frequencies.items()
        if word.isascii() and word.isalpha() and word.islower() and len(word) <= 12
    }
    expected = sorted(spellable, key=lambda word: (-spellable[word], word))[:300]
    assert source.name == "spelling:300"
    assert source.labels == (*expected, "not a word")
    weights = np.array([spellable[word] for word in expected])
    np.testing.assert_allclose(source.probabilities[:-1], weights / weights.sum(), rtol=1e-12)
    assert source.probabilities[-1] == 0


def test_a_datum_spells_its_word_and_ends_with_a_zero():
    source = Spelling(300)
    assert [read(row) for row in source.outcomes] == list(source.labels[:-1])
    assert source.outcomes.dtype == np.int8
    assert source.outcomes.shape[1] == max(map(len, source.labels[:-1])) + 1


def test_each_word_is_assigned_to_its_outcome_and_all_else_to_the_last():
    source = Spelling(1000)
    np.testing.assert_array_equal(source.assign(source.outcomes), np.arange(1000))
    width = source.outcomes.shape[1]
    strange = np.zeros((4, width), np.int8)
    strange[1, :3] = 26
    strange[2] = 1
    strange[3, 0], strange[3, 1:4] = 0, source.outcomes[0, :3]
    np.testing.assert_array_equal(source.assign(strange), [1000] * 4)
    assert set(source.assign(strange)) == {source.labels.index("not a word")}


def test_letters_behind_the_end_of_a_word_do_not_count():
    source = Spelling(50)
    noisy = source.outcomes.copy()
    noisy[noisy.argmin(axis=1) + 1 < noisy.shape[1], -1] = 5
    np.testing.assert_array_equal(source.assign(noisy), np.arange(50))


def test_words_of_twelve_letters_have_codes_of_their_own():
    source = Spelling(20_000)
    assert source.outcomes.shape[1] == 13
    np.testing.assert_array_equal(source.assign(source.outcomes), np.arange(20_000))


def test_draws_follow_the_probabilities():
    source = Spelling(100)
    seen = source.assign(source.draw(50_000, np.random.default_rng(1)))
    p = source.probabilities
    assert pearson_test(np.bincount(seen, minlength=101), p).p_value > FALSE_ALARM
    tempered = p**1.02 / np.sum(p**1.02)
    many = source.assign(source.draw(1_000_000, np.random.default_rng(2)))
    assert pearson_test(np.bincount(many, minlength=101), tempered).p_value < FALSE_ALARM


def test_one_outcome_is_drawn_as_often_as_asked():
    source = Spelling(100)
    drawn = source.draw_outcome(7, 5, np.random.default_rng(1))
    np.testing.assert_array_equal(source.assign(drawn), [7] * 5)
    with pytest.raises(ParameterError, match="rank of a word"):
        source.draw_outcome(100, 5, np.random.default_rng(1))


def test_measures_of_the_source_itself_are_those_of_a_perfect_model():
    source = Spelling(100)
    p = source.probabilities[:-1]
    measures = source.measures(source.probabilities)
    assert measures["coverage"] == 1
    assert measures["invalid_share"] == 0
    assert measures["perplexity"] == pytest.approx(np.prod(p**-p), rel=1e-9)


def test_lost_words_lower_coverage_and_make_perplexity_infinite():
    source = Spelling(4)
    theta = np.array([0.5, 0.2, 0.0, 0.0, 0.3])
    measures = source.measures(theta)
    assert measures == {"coverage": 0.5, "perplexity": np.inf, "invalid_share": 0.3}


@pytest.mark.parametrize("n", [0, -1, 50_001, 1.5, True])
def test_numbers_of_words_that_cannot_be_had_are_refused(n):
    with pytest.raises(ParameterError, match="from 1 to 50000"):
        Spelling(n)
