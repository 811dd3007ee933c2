"""What the name of a target says, without the list of English words, which takes long to read."""

import numpy as np

from heatdeath import targets
from heatdeath.errors import ParameterError
from heatdeath.models.lookup import canonical_source, outcomes_of_source

N_WORDS = 321_180
"""Length of the list of English words."""

_WORDS = "words:"
# Probabilities that differ by less are equal: growth is measured on such targets.
_EQUAL = 1e-12


def canonical_name(text, *, family=None) -> str:
    """Return one name for all ways to write a target."""
    if family is not None:
        return canonical_source(text)
    if text.startswith("file:"):
        return text
    if text.startswith(_WORDS):
        return f"{_WORDS}{_n_words(text)}"
    return targets.resolve(text).name


def n_outcomes(name, *, family=None) -> int:
    """Return the number of outcomes of a target."""
    if family is not None:
        return outcomes_of_source(name)
    if not name.startswith(_WORDS):
        return targets.resolve(name).n_outcomes
    return _n_words(name)


def is_uniform(name) -> bool:
    """Return whether all outcomes of a target are equally probable."""
    if name.startswith(_WORDS):  # no two of the most frequent words are equally frequent
        return n_outcomes(name) == 1
    return bool(np.ptp(targets.resolve(name).probabilities) <= _EQUAL)


def check_family(family, sizes) -> None:
    """Check that a family has a target of each number of outcomes."""
    for n in (min(sizes), max(sizes)):
        name = f"{family}:{n}"
        n_outcomes(name)
        canonical, _, _ = canonical_name(name).rpartition(":")
        if canonical != family:
            raise ParameterError("family", family, f"{canonical}, as its targets are named")


def _n_words(name):
    digits = name.removeprefix(_WORDS).lstrip("0")
    if not digits or len(digits) > len(str(N_WORDS)) or int(digits) > N_WORDS:
        raise ParameterError("target", name, f"{_WORDS}<n>, n >= 1 and <= {N_WORDS}")
    return int(digits)
