"""Source of English words, letter by letter, drawn by their measured frequency."""

import re

import numpy as np

from heatdeath import targets
from heatdeath.checks import check_integer
from heatdeath.errors import ParameterError
from heatdeath.models.measures import coverage, perplexity

N_LETTERS = 26
LONGEST = 12
"""Letters of the longest word that is taken."""
_SPELLABLE = re.compile(f"[a-z]{{1,{LONGEST}}}")
_MOST_WORDS = 50_000


class Spelling:
    """The most frequent English words that are written with the letters a to z alone.

    A datum is a word as a row of L whole numbers: its letters, 1 for a to 26 for z, then zeros,
    at least one. L is the length of the longest of the N words, plus 1. Outcome i is the word of
    rank i; outcome N is "not a word": any row that spells none of them. Rows are of one form,
    zeros after the first zero, whatever stands there.

    R. Speer, rspeer/wordfreq, doi:10.5281/zenodo.7199437.
    """

    def __init__(self, n_words):
        n_words = check_integer("N of spelling:N", n_words, 1, _MOST_WORDS)
        words, frequencies = _most_frequent(n_words)
        self.name = f"spelling:{n_words}"
        self.probabilities = np.append(frequencies / frequencies.sum(), 0.0)
        self.labels = (*words, "not a word")
        length = max(map(len, words)) + 1
        self.outcomes = np.array([_spell(word, length) for word in words], np.int8)
        codes = _codes(self.outcomes)
        self._rank = np.argsort(codes)
        self._sorted_codes = codes[self._rank]
        for array in (self.probabilities, self.outcomes):
            array.flags.writeable = False

    def draw(self, n, rng) -> np.ndarray:
        """Draw words independently by their frequencies, int8 of shape (n, L)."""
        return self.outcomes[rng.choice(len(self.outcomes), size=n, p=self.probabilities[:-1])]

    def draw_outcome(self, outcome, n, rng) -> np.ndarray:
        """Return one word n times, shape (n, L)."""
        if not 0 <= outcome < len(self.outcomes):
            allowed = f"the rank of a word, from 0 to {len(self.outcomes) - 1}"
            raise ParameterError("outcome", outcome, allowed)
        return np.repeat(self.outcomes[outcome][None], n, axis=0)

    def assign(self, data) -> np.ndarray:
        """Return the rank of each word, (n, L) to (n,); N where a row spells none of the words."""
        codes = _codes(np.asarray(data))
        place = np.minimum(np.searchsorted(self._sorted_codes, codes), self._rank.size - 1)
        is_word = self._sorted_codes[place] == codes
        return np.where(is_word, self._rank[place], len(self.outcomes)).astype(np.int64)

    def measures(self, theta, sample=None) -> dict[str, float]:
        """Measure a model's distribution over the outcomes, shape (N + 1,): all follows from it."""
        return {
            "coverage": coverage(theta, self.probabilities),
            "perplexity": perplexity(theta, self.probabilities),
            "invalid_share": float(theta[-1]),
        }


def _most_frequent(n_words):
    """Return the spellable words of highest frequency, and these, in falling order."""
    wanted = n_words
    while True:
        # The list holds numbers and words with apostrophes as well: about 1 entry in 15.
        wanted = wanted + wanted // 4 + 10
        listed = targets.words(wanted)
        taken = [i for i, label in enumerate(listed.labels) if _SPELLABLE.fullmatch(label)]
        if len(taken) >= n_words:
            taken = taken[:n_words]
            return [listed.labels[i] for i in taken], listed.probabilities[taken]


def _spell(word, length):
    """Return the numbers of the letters of a word, and zeros up to a length."""
    letters = [ord(letter) - ord("a") + 1 for letter in word]
    return letters + [0] * (length - len(letters))


def _codes(data):
    """Return a number for each row, equal where the letters before the first zero are."""
    within = np.cumprod(data != 0, axis=1)
    digits = data * within
    # 27¹³ is below 2⁶³.
    return digits @ (N_LETTERS + 1) ** np.arange(data.shape[1], dtype=np.int64)
