"""Family of letter n-grams with interpolated Kneser–Ney smoothing.

A word is spelt letter by letter, the end of the word being one more letter. The probability of
letter c is that after the longest context seen, of at most n − 1 letters and the start of the
word; that after a context h, with absolute discounting, is

    P(c | h) = (N(h, c) − D)/N(h) + D·T(h)/N(h) · P(c | h without its first letter),

where the first term is 0 for letters not seen after h, N(h) = Σ_c N(h, c), and T(h) is the number
of letters seen after h. Without context the last factor is 1/27, so that no word has probability
0. N counts tokens in contexts of full length and in those that reach back to the start of the
word; in all others it counts the different letters that stand before (h, c), since they speak for
words that no longer context knows. D maximises the likelihood of each token under the counts of
all others,

    n₁/D = Σ_{r>1} r·n_r/(r − 1 − D),

n_r the number of pairs (h, c) with N = r, once for each length of the context and each of the two
ways of counting, and with half a pair added to n₁ and n₂, so that 0 < D < 1.

References: R. Kneser and H. Ney, ICASSP 1995 (counts of the lower orders); H. Ney, U. Essen,
R. Kneser, Computer Speech and Language 8, 1 (1994), D; S. F. Chen and J. Goodman, ibid. 13, 359
(1999), the interpolated form.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from heatdeath.errors import ParameterError
from heatdeath.models.source_spelling import LONGEST, N_LETTERS
from heatdeath.tempering import temper

# A context is a number in this base: the start of the word, then letters 1 to 26.
_BASE = N_LETTERS + 2
_START = N_LETTERS + 1
_MOST = LONGEST + 1


@dataclass(frozen=True)
class NgramModel:
    """Distribution of the next letter after each context seen."""

    contexts: tuple  # for 0, 1, 2, … letters the contexts seen, sorted, each as a number
    offsets: np.ndarray  # the row of `letters` at which the contexts of each length begin
    letters: np.ndarray  # (context, 27), probability of the end of the word and of a to z
    length: int  # L, numbers in a datum


class Ngram:
    """Letter n-grams of words: a letter depends on the `width` − 1 before it.

    Words are over before they are 13 letters long, so that 13 is a tree of all beginnings.
    """

    def __init__(self, *, width=6):
        if isinstance(width, bool) or width % 1 or not 1 <= width <= _MOST:
            raise ParameterError("width", width, f"the order of n-grams, from 1 to {_MOST}")
        self.width = int(width)

    def fit(self, data, key) -> NgramModel:
        """Count the n-grams of words (n, L) and smooth them; nothing is random."""
        words, times = np.unique(np.asarray(data), axis=0, return_counts=True)
        contexts, tables = [], []
        table = np.full((1, N_LETTERS + 1), 1 / (N_LETTERS + 1))
        for size, (pairs, number, discount) in enumerate(self._counts(words, times)):
            seen, row = np.unique(pairs // (N_LETTERS + 1), return_inverse=True)
            kept = np.zeros((seen.size, N_LETTERS + 1))
            kept[row, pairs % (N_LETTERS + 1)] = number - discount
            freed = np.bincount(row, discount)[:, None]
            if size > 0:
                table = table[np.searchsorted(contexts[-1], seen % _BASE ** (size - 1))]
            table = (kept + freed * table) / np.bincount(row, number)[:, None]
            contexts.append(seen)
            tables.append(table)
        offsets = np.cumsum([0, *map(len, tables[:-1])])
        return NgramModel(tuple(contexts), offsets, np.concatenate(tables), words.shape[1])

    def sample(self, model, n, temperature, key) -> np.ndarray:
        """Spell words, each letter with a probability ∝ q^{1/T}, int8 of shape (n, L)."""
        rng = np.random.default_rng(key)
        cumulative = np.cumsum(temper(model.letters, temperature), axis=1)
        cumulative /= cumulative[:, -1:]
        words = np.zeros((n, model.length), np.int8)
        going = np.arange(n)
        for position in range(model.length):
            rows = self._rows(model, words[going], position)
            chance = rng.random(going.size)
            letters = np.sum(cumulative[rows] <= chance[:, None], axis=1)
            words[going, position] = letters
            going = going[letters > 0]
        return words

    def log_probabilities(self, model, data) -> np.ndarray:
        """Return the logarithm of the probability of each word, (n, L) to (n,), in nats.

        A row without a zero stands for all words that begin with it.
        """
        data = np.asarray(data)
        logarithm = np.zeros(len(data))
        going = np.arange(len(data))
        for position in range(data.shape[1]):
            rows = self._rows(model, data[going], position)
            letters = data[going, position]
            logarithm[going] += np.log(model.letters[rows, letters])
            going = going[letters > 0]
        return logarithm

    def _counts(self, words, times):
        """Return for each size of the context pairs with a letter, their counts and discounts."""
        marked = _marked(words)
        going = np.cumprod(marked != 0, axis=1, dtype=bool)[:, :-1]
        tokens = []
        for size in range(min(self.width, words.shape[1] + 1)):
            pairs, weights = [], []
            for position in range(max(size - 1, 0), words.shape[1]):
                row = np.flatnonzero(going[:, position])
                context = _context(marked[row], position, size)
                pairs.append(context * (N_LETTERS + 1) + words[row, position])
                weights.append(times[row])
            pairs, place = np.unique(np.concatenate(pairs), return_inverse=True)
            if pairs.size == 0:
                break
            tokens.append((pairs, np.bincount(place, np.concatenate(weights))))
        counts = []
        for size, (pairs, number) in enumerate(tokens):
            if size + 1 < len(tokens):
                longer, _ = tokens[size + 1]
                unit = (N_LETTERS + 1) * _BASE**size
                preceded = np.bincount(np.searchsorted(pairs, longer % unit), minlength=pairs.size)
                inside = np.full(pairs.size, size == 0) | (pairs < _START * unit // _BASE)
                number = np.where(inside, preceded, number)
            else:
                inside = np.zeros(pairs.size, bool)
            discount = np.where(inside, _discount(number[inside]), _discount(number[~inside]))
            counts.append((pairs, number, discount))
        return counts

    def _rows(self, model, words, position):
        """Return the row of the longest context seen before a position that words reach."""
        marked = _marked(words)
        rows = np.zeros(len(words), np.int64)
        for size in range(1, min(len(model.contexts) - 1, position + 1) + 1):
            seen = model.contexts[size]
            context = _context(marked, position, size)
            place = np.minimum(np.searchsorted(seen, context), seen.size - 1)
            rows = np.where(seen[place] == context, model.offsets[size] + place, rows)
        return rows


def _marked(words):
    """Return words behind the mark of their start, int64 (n, L + 1)."""
    return np.pad(words.astype(np.int64), ((0, 0), (1, 0)), constant_values=_START)


def _context(marked, position, size):
    """Return the `size` letters before a position, the start of the word being one, as a number."""
    end = position + 1
    return marked[:, end - size : end] @ _BASE ** np.arange(size - 1, -1, -1, dtype=np.int64)


def _discount(counts):
    """Estimate the discount D from the counts above 0, leaving each token out in turn."""
    counts, number = np.unique(np.concatenate([counts, [1, 2]]), return_counts=True)
    number = number - np.where(counts <= 2, 0.5, 0)
    often, times = counts[1:], number[1:]

    def excess(discount):
        return discount * np.sum(often * times / (often - 1 - discount)) - number[0]

    return brentq(excess, 0, 1 - 1e-9)
