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
    """Return one name for all ways to write a target.

    Parameters
    ----------
    text : str
        A target; see `heatdeath.targets.resolve`.
    family : str, optional
        A family of generative models, whose target is a source of data.

    Returns
    -------
    str
        Its canonical name; a file keeps its path.

    Raises
    ------
    ParameterError
        If there is no such target, or the list of words does not hold so many.
    FileFormatError
        If the file is not one of weights.
    """
    if family is not None:
        return canonical_source(text)
    if text.startswith("file:"):
        return text
    if text.startswith(_WORDS):
        return f"{_WORDS}{_n_words(text)}"
    return targets.resolve(text).name


def n_outcomes(name, *, family=None) -> int:
    """Return the number of outcomes of a target.

    Parameters
    ----------
    name : str
        A target.
    family : str, optional
        A family of generative models, whose target is a source of data.

    Returns
    -------
    int
        n.

    Raises
    ------
    ParameterError
        If the list of words does not hold so many.
    FileFormatError
        If the file is not one of weights.
    """
    if family is not None:
        return outcomes_of_source(name)
    if not name.startswith(_WORDS):
        return targets.resolve(name).n_outcomes
    return _n_words(name)


def is_uniform(name) -> bool:
    """Return whether all outcomes of a target are equally probable.

    Parameters
    ----------
    name : str
        A target.

    Returns
    -------
    bool
        Whether it is uniform; one outcome alone is.
    """
    if name.startswith(_WORDS):  # no two of the most frequent words are equally frequent
        return n_outcomes(name) == 1
    return bool(np.ptp(targets.resolve(name).probabilities) <= _EQUAL)


def check_family(family, sizes) -> None:
    """Check that a family has a target of each number of outcomes.

    Parameters
    ----------
    family : str
        The name of a target without its number of outcomes, such as ``"zipf:1"``.
    sizes : sequence of int
        Numbers of outcomes.

    Raises
    ------
    ParameterError
        If the family is none, is written otherwise than in the names of its targets, or has no
        target of the least or the largest number.
    """
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
