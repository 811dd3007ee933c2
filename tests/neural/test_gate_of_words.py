"""The gate of the families of language: who passes it, who does not, and what it measures."""

import numpy as np
import pytest

from heatdeath.models.family_ngram import Ngram
from heatdeath.models.gates import check_words as check
from heatdeath.models.source_spelling import Spelling

SIZE = 4000


@pytest.fixture(scope="module")
def source():
    return Spelling(200)


def failed(gates):
    return {gate.name for gate in gates if not gate.passed}


# Seeds that no hyper-parameter was chosen with.
@pytest.mark.parametrize("seed", [9001, 9002, 9003, 9004])
def test_ngrams_pass(source, seed):
    gates = check(Ngram(), source, size=SIZE, key=np.array([seed, 1], np.uint32))
    assert [gate.name for gate in gates] == ["divergence", "total_variation", "invalid_share"]
    assert failed(gates) == set()


@pytest.mark.parametrize("order", [1, 2, 3])
def test_ngrams_of_low_order_do_not(source, order):
    gates = check(Ngram(width=order), source, size=SIZE, key=np.array([9001, 1], np.uint32))
    assert failed(gates) == {"divergence", "total_variation", "invalid_share"}


def test_the_order_is_what_is_judged_and_not_the_number_of_data(source):
    key = np.array([9001, 1], np.uint32)
    values = [check(Ngram(), source, size=size, key=key)[0].value for size in (500, 4000, 32_000)]
    assert values[0] > values[1] > values[2]
    assert values[2] < 0.01


class Shares:
    """Shares of the words in the data, with half a word added to each: the least one can do."""

    def __init__(self, source, spoilt=0.0):
        self.source = source
        self.spoilt = spoilt

    def fit(self, data, key):
        counts = np.bincount(self.source.assign(data), minlength=201)[:-1] + 0.5
        return (1 - self.spoilt) * counts / counts.sum()

    def log_probabilities(self, model, data):
        return np.log(model[self.source.assign(data)])


def test_thresholds_are_multiples_of_what_drawing_alone_costs(source):
    keys = np.array([[seed, 2] for seed in range(20)], np.uint32)
    runs = np.array(
        [
            [
                (gate.value, gate.threshold)
                for gate in check(Shares(source), source, size=SIZE, key=key)
            ]
            for key in keys
        ]
    )
    divergence, variation, invalid = runs.transpose(1, 0, 2)
    np.testing.assert_allclose(divergence[:, 0].mean() * 8, divergence[0, 1], rtol=0.1)
    np.testing.assert_allclose(variation[:, 0].mean() * 2, variation[0, 1], rtol=0.05)
    np.testing.assert_allclose(variation[0, 1], 2 * invalid[0, 1])
    assert invalid[:, 0].max() < 1e-12


def test_words_that_are_none_are_counted(source):
    family = Shares(source, spoilt=0.1)
    gates = check(family, source, size=SIZE, key=np.array([1, 2], np.uint32))
    assert failed(gates) == {"invalid_share"}
    assert gates[2].value == pytest.approx(0.1)


def test_ngrams_have_their_recorded_quality(source):
    gates = check(Ngram(), source, size=SIZE, key=np.array([9001, 1], np.uint32))
    # Another processor rounds sums of doubles otherwise, and no more.
    recorded = [0.028007119379846814, 0.07418983883237165, 0.0019071217255806072]
    np.testing.assert_allclose([gate.value for gate in gates], recorded, rtol=1e-7)
