"""Targets: the fresh distribution p over the outcomes, by name, from a file or from weights."""

import hashlib
import math
import os
from dataclasses import dataclass
from numbers import Integral, Real
from pathlib import Path

import numpy as np

from heatdeath.canonical import decimal_text
from heatdeath.errors import ParameterError
from heatdeath.weight_files import read_weights

MAX_OUTCOMES = 10_000_000
_NAMES = '"uniform:N", "zipf:EXPONENT:N", "words:N", "file:PATH", a vector of weights, or a Target'
# A sum this close to 1 is 1 up to the rounding of the n divisions.
_NORMALISED = 4 * np.finfo(np.float64).eps


@dataclass(frozen=True, eq=False)
class Target:
    """A distribution over n outcomes that fresh data are drawn from.

    Parameters
    ----------
    name : str
        Canonical identity: equal names mean equal probabilities, since random streams are
        keyed by it.
    probabilities : numpy.ndarray, shape (n,), float64
        p; kept read-only.
    labels : tuple of str, optional
        What the outcomes are called.

    Raises
    ------
    ParameterError
        If the probabilities are not a distribution, or the labels not one an outcome.
    """

    name: str
    probabilities: np.ndarray
    labels: tuple[str, ...] | None = None

    def __post_init__(self):
        """Check the parts and keep a read-only copy of the probabilities."""
        if not isinstance(self.name, str) or not self.name:
            raise ParameterError("name", self.name, "a text that is not empty")
        probabilities = _checked(self.probabilities, "probabilities").copy()
        total = math.fsum(probabilities)
        if abs(total - 1) > 1e-9:
            raise ParameterError("sum of probabilities", total, "1")
        probabilities.flags.writeable = False
        object.__setattr__(self, "probabilities", probabilities)
        if self.labels is not None:
            labels = tuple(self.labels)
            if len(labels) != probabilities.size:
                raise ParameterError(
                    "number of labels",
                    len(labels),
                    f"one an outcome, {probabilities.size}",
                )
            object.__setattr__(self, "labels", labels)

    @property
    def n_outcomes(self) -> int:
        """Number of outcomes, n."""
        return self.probabilities.size

    def __repr__(self):
        """Name and size; the probabilities may be long."""
        return f"Target({self.name!r}, n_outcomes={self.n_outcomes})"


def resolve(target) -> Target:
    """Turn whatever names a target into a `Target`.

    Parameters
    ----------
    target : str, os.PathLike, array_like or Target
        ``"uniform:100"``, ``"zipf:1:100"`` (exponent, then n), ``"words:1000"``,
        ``"file:PATH"``, a path, or a vector of n weights.

    Returns
    -------
    Target

    Raises
    ------
    ParameterError
        If the name is unknown or one of its numbers is not allowed.
    FileFormatError
        If the file is not one of weights.
    """
    if isinstance(target, Target):
        return target
    if isinstance(target, os.PathLike):
        return from_file(target)
    if not isinstance(target, str):
        return from_weights(target)
    kind, _, rest = target.partition(":")
    fields = rest.split(":")
    if kind == "file" and rest:
        return from_file(rest)
    if kind == "uniform" and len(fields) == 1:
        return uniform(_integer(fields[0], target))
    if kind == "zipf" and len(fields) == 2:
        return zipf(_integer(fields[1], target), exponent=_float(fields[0], target))
    if kind == "words" and len(fields) == 1:
        return words(_integer(fields[0], target))
    raise ParameterError("target", target, _NAMES)


def uniform(n) -> Target:
    """Build the target whose n outcomes are equally probable: p_i = 1/n.

    Parameters
    ----------
    n : int
        Number of outcomes.

    Returns
    -------
    Target
        Named ``uniform:n``.

    Raises
    ------
    ParameterError
        If `n` is not allowed.
    """
    n = _check_size(n)
    return Target(f"uniform:{n}", np.full(n, 1 / n))


def zipf(n, *, exponent) -> Target:
    """Build Zipf's law over n ranks: p_i ∝ i^−s, i = 1 … n.

    Parameters
    ----------
    n : int
        Number of outcomes.
    exponent : float
        s >= 0; 0 is uniform.

    Returns
    -------
    Target
        Named ``zipf:s:n``, with the exponent as its canonical decimal.

    Raises
    ------
    ParameterError
        If `n` or `exponent` is not allowed, or if the rarest outcome's probability is too
        small for a double.

    References
    ----------
    G. K. Zipf, Human Behavior and the Principle of Least Effort, 1949.
    """
    n = _check_size(n)
    is_number = isinstance(exponent, Real) and not isinstance(exponent, (bool, np.bool_))
    if not (is_number and 0 <= exponent < math.inf):
        raise ParameterError("exponent of zipf", exponent, "a finite number >= 0")
    weights = np.arange(1, n + 1, dtype=np.float64) ** -float(exponent)
    if weights[-1] == 0:
        raise ParameterError(
            "exponent of zipf", exponent, f"small enough that {n}^-exponent is above 0"
        )
    return from_weights(weights, name=f"zipf:{decimal_text(exponent)}:{n}")


def words(n) -> Target:
    """Build the target of the n most frequent English words, with their measured frequencies.

    The frequencies are those of the large English list of the package wordfreq, divided by
    their sum. Outcomes are ordered by frequency, the most frequent first; words of equal
    frequency by their code points. The list counts numbers of one shape as one word, with 0 for
    each digit: "00" stands for all numbers of two digits.

    Parameters
    ----------
    n : int
        Number of words.

    Returns
    -------
    Target
        Named ``words:n``; the labels are the words.

    Raises
    ------
    ParameterError
        If `n` is not allowed or exceeds the length of the list.

    References
    ----------
    R. Speer, rspeer/wordfreq, doi:10.5281/zenodo.7199437.
    """
    n = _check_size(n)
    import wordfreq

    frequencies = wordfreq.get_frequency_dict("en", wordlist="large")
    if n > len(frequencies):
        raise ParameterError("n of words", n, f"an integer from 1 to {len(frequencies)}")
    ranked = sorted(frequencies.items(), key=lambda item: (-item[1], item[0]))[:n]
    labels, weights = zip(*ranked, strict=True)
    return from_weights(weights, name=f"words:{n}", labels=labels)


def from_file(path) -> Target:
    """Read a target from a file of counts or probabilities, CSV or NetCDF.

    Parameters
    ----------
    path : str or os.PathLike
        The file; see `heatdeath.weight_files.read_weights` for its form.

    Returns
    -------
    Target
        Named by its content, as `from_weights` does: moving the file changes nothing.

    Raises
    ------
    FileFormatError
        If the file is not one of weights.
    """
    weights, labels = read_weights(Path(path))
    return from_weights(weights, labels=labels)


def from_weights(weights, *, name=None, labels=None) -> Target:
    """Build a target from weights, counts or probabilities: p_i = w_i / Σ_j w_j.

    Parameters
    ----------
    weights : array_like, shape (n,)
        Finite and non-negative, at least one above zero; zeros are allowed.
    name : str, optional
        Canonical identity. By default ``"sha256:"`` and the first 16 hexadecimal digits of the
        SHA-256 of the probabilities (little-endian doubles): proportional counts, and
        probabilities that are already normalised, have one name.
    labels : sequence of str, optional
        What the outcomes are called.

    Returns
    -------
    Target

    Raises
    ------
    ParameterError
        If the weights or the labels are not allowed.
    """
    probabilities = _normalise(_checked(weights, "target"))
    if name is None:
        name = f"sha256:{hashlib.sha256(probabilities.astype('<f8').tobytes()).hexdigest()[:16]}"
    return Target(name, probabilities, labels)


def _checked(weights, name):
    """Weights as float64 (n,), finite and >= 0."""
    try:
        values = np.asarray(weights)
    except ValueError as error:
        raise ParameterError(name, weights, f"a vector of numbers ({error})") from error
    if values.ndim == 0:
        raise ParameterError(name, weights, _NAMES)
    if values.ndim != 1 or values.size == 0 or values.dtype.kind not in "iuf":
        raise ParameterError(
            name,
            f"an array of shape {values.shape} and type {values.dtype}",
            "a vector of shape (n,) of numbers, n >= 1",
        )
    values = values.astype(np.float64)
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if wrong.size:
        raise ParameterError(f"{name}[{wrong[0]}]", float(values[wrong[0]]), "a finite number >= 0")
    # So that -0.0 and 0.0 have one digest.
    return values + 0.0


def _normalise(weights):
    largest = weights.max()
    if largest == 0:
        raise ParameterError("sum of the target's weights", 0.0, "a number above 0")
    if largest <= 1 and abs(math.fsum(weights) - 1) <= _NORMALISED:
        return weights
    # By a power of two, which is exact, so that the sum of huge weights does not overflow.
    with np.errstate(under="ignore"):
        scaled = np.ldexp(weights, -math.frexp(largest)[1])
        probabilities = scaled / math.fsum(scaled)
    lost = np.flatnonzero((weights > 0) & (probabilities == 0))
    if lost.size:
        raise ParameterError(
            f"target[{lost[0]}]",
            float(weights[lost[0]]),
            f"0, or not so small beside the largest weight, {float(largest)!r}, that its "
            "probability is no double above 0",
        )
    return probabilities


def _check_size(n):
    allowed = f"an integer from 1 to {MAX_OUTCOMES}"
    if not isinstance(n, Integral) or isinstance(n, bool) or not 1 <= n <= MAX_OUTCOMES:
        raise ParameterError("n of the target", n, allowed)
    return int(n)


def _integer(text, target):
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise ParameterError("target", target, f"{_NAMES}; N an integer >= 1")
    return int(text)


def _float(text, target):
    try:
        return float(text)
    except ValueError as error:
        raise ParameterError("target", target, f"{_NAMES}; EXPONENT a number >= 0") from error
