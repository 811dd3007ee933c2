"""Sampling rules beyond temperature: top-k, top-p (nucleus), min-p and the user's own."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from heatdeath.canonical import decimal_text
from heatdeath.checks import is_integer, is_number
from heatdeath.errors import ParameterError

_KEEPS_ALL = {"top_k": 0, "top_p": 1.0, "min_p": 0.0}
"""The truncations in their order, each with the value at which `truncate` leaves it out."""

RULE_ARGUMENTS = (*_KEEPS_ALL, "rule")
"""The arguments of `heatdeath.simulate` that set a sampling rule beyond temperature."""

# A cumulative mass this close below top_p has reached it, so that the rounding of a sum of
# probabilities decides nothing: ten times 0.01 adds up to 0.09999999999999999.
_MASS_ROUNDING = 1e-12
_SUM_TOLERANCE = 1e-8


@dataclass(frozen=True)
class SamplingRule:
    """What is done to the tempered distribution before an output is drawn from it.

    The rules that are set act in the order top-k, top-p, min-p, function, each on the
    renormalised result of the one before. Outcomes of equal probability are kept or dropped
    together, so a rule never depends on the order of the outcomes (and top-k with k = 1 is
    T = 0): top-k keeps every outcome at least as probable as the k-th most probable one, which
    are more than k where there are ties.

    Parameters
    ----------
    top_k : int, optional
        Keep the k most probable outcomes and those tied with the last of them; from 1 to n.
        Fan, Lewis, Dauphin, "Hierarchical Neural Story Generation", ACL 2018.
    top_p : float, optional
        Keep the most probable outcomes until their mass reaches `top_p`, and those tied with
        the last of them; above 0, at most 1, which keeps all. Holtzman, Buys, Du, Forbes, Choi,
        "The Curious Case of Neural Text Degeneration", ICLR 2020.
    min_p : float, optional
        Keep the outcomes at least `min_p` times as probable as the most probable one; from 0,
        which keeps all, to 1. Nguyen et al., "Turning Up the Heat: Min-p Sampling for Creative
        and Coherent LLM Outputs", ICLR 2025.
    function : str or callable, optional
        The user's own rule: a function from probabilities, float64 of shape (n,), to
        probabilities of the same shape, or its dotted path ``"package.module:name"``.

    Raises
    ------
    ParameterError
        If a value is not allowed.
    """

    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    function: str | Callable | None = None

    def __post_init__(self):
        """Refuse values that no number of outcomes allows."""
        if self.top_k is not None and not (is_integer(self.top_k) and self.top_k >= 1):
            raise ParameterError("top_k", self.top_k, "an integer from 1 to n, or none")
        if self.top_p is not None and not (is_number(self.top_p) and 0 < self.top_p <= 1):
            raise ParameterError("top_p", self.top_p, "a number above 0 and at most 1, or none")
        if self.min_p is not None and not (is_number(self.min_p) and 0 <= self.min_p <= 1):
            raise ParameterError("min_p", self.min_p, "a number from 0 to 1, or none")
        if self.function is not None and not callable(self.function):
            _split_path(self.function)

    @property
    def is_identity(self) -> bool:
        """Whether the rule changes nothing, whatever the distribution."""
        return not self.identity()

    @property
    def kernel_arguments(self) -> tuple[int | float, ...]:
        """The arguments of `truncate` after the distribution."""
        return tuple(
            off if getattr(self, name) is None else type(off)(getattr(self, name))
            for name, off in _KEEPS_ALL.items()
        )

    def attributes(self) -> dict:
        """Return the rules that are set, as plain values, even where they keep everything."""
        found = {}
        for name, off in _KEEPS_ALL.items():
            value = getattr(self, name)
            if value is not None:
                found[name] = int(value) if isinstance(off, int) else decimal_text(value)
        if self.function is not None:
            found["rule"] = _function_name(self.function)
        return found

    def identity(self) -> dict:
        """Return the rules that are on, as plain values: part of a random stream's key.

        Returns
        -------
        dict
            Keys among ``top_k`` (int), ``top_p``, ``min_p`` (canonical decimals) and ``rule``
            (``"package.module:name"``). A rule that keeps everything is left out.
        """
        off = {name for name, value in _KEEPS_ALL.items() if getattr(self, name) == value}
        return {name: value for name, value in self.attributes().items() if name not in off}

    def check(self, n_outcomes) -> None:
        """Check the rule against a number of outcomes, and that its function can be found.

        Parameters
        ----------
        n_outcomes : int
            n.

        Raises
        ------
        ParameterError
            If `top_k` is above n, or if the function's module or name does not exist.
        """
        if self.top_k is not None and self.top_k > n_outcomes:
            raise ParameterError(
                "top_k", self.top_k, f"an integer from 1 to n, which is {n_outcomes}"
            )
        if self.function is not None:
            _resolve(self.function)

    def apply(self, q) -> np.ndarray:
        """Apply the rule to tempered distributions.

        Parameters
        ----------
        q : array_like, shape (..., n)
            Probabilities along the last axis.

        Returns
        -------
        numpy.ndarray, shape (..., n), float64
            Sums to 1 along the last axis. A new array unless the rule is the identity.

        Raises
        ------
        ParameterError
            If the user's function fails, or returns something that is not a distribution over
            the n outcomes.
        """
        q = np.asarray(q, dtype=np.float64)
        top_k, top_p, min_p = self.kernel_arguments
        if 0 < top_k < q.shape[-1] or top_p < 1 or min_p > 0:
            q = np.where(q >= _threshold(q, top_k, top_p, min_p), q, 0.0)
            q /= q.sum(axis=-1, keepdims=True)
        if self.function is not None:
            rows = q.reshape(-1, q.shape[-1])
            results = np.empty_like(rows)
            for row, result in zip(rows, results, strict=True):
                result[:] = _call(self.function, row.copy())
            q = results.reshape(q.shape)
        return q


def truncate(q, top_k, top_p, min_p):
    """Apply top-k, top-p and min-p to one distribution, in place.

    The same law as `SamplingRule.apply`, written in the subset of Python that Numba compiles.
    All three rules are one threshold on the probabilities as given, because top-p after top-k
    can count a share of the mass kept and min-p is relative: the sum is divided out once.
    """
    n = q.size
    threshold = 0.0
    if 0 < top_k < n:
        threshold = np.partition(q, n - top_k)[n - top_k]
    if top_p < 1.0:
        ascending = np.sort(q[q >= threshold])
        kept = 0.0
        for i in range(ascending.size - 1, -1, -1):
            kept += ascending[i]
        enough = top_p * kept * (1.0 - _MASS_ROUNDING)
        mass = 0.0
        for i in range(ascending.size - 1, -1, -1):
            mass += ascending[i]
            if mass >= enough:
                threshold = ascending[i]
                break
    if min_p > 0.0:
        threshold = max(threshold, min_p * q.max())
    total = 0.0
    for i in range(n):
        if q[i] < threshold:
            q[i] = 0.0
        total += q[i]
    for i in range(n):
        q[i] /= total


def _threshold(q, top_k, top_p, min_p):
    """Least probability that is kept, shape (..., 1)."""
    n = q.shape[-1]
    threshold = np.zeros((*q.shape[:-1], 1))
    if 0 < top_k < n:
        threshold = np.partition(q, n - top_k, axis=-1)[..., n - top_k, None]
    if top_p < 1:
        descending = -np.sort(-np.where(q >= threshold, q, 0.0), axis=-1)
        mass = np.cumsum(descending, axis=-1)
        enough = top_p * mass[..., -1:] * (1 - _MASS_ROUNDING)
        last = np.argmax(mass >= enough, axis=-1)[..., None]
        threshold = np.take_along_axis(descending, last, axis=-1)
    if min_p > 0:
        threshold = np.maximum(threshold, min_p * q.max(axis=-1, keepdims=True))
    return threshold


_PATH_FORM = 'a function, or its dotted path "package.module:name"'


def _split_path(path):
    module, separator, name = path.partition(":") if isinstance(path, str) else ("", "", "")
    parts = [*module.split("."), *name.split(".")]
    if not separator or not all(part.isidentifier() for part in parts):
        raise ParameterError("rule", path, _PATH_FORM)
    return module, name


def _function_name(function):
    if isinstance(function, str):
        return function
    name = getattr(function, "__qualname__", type(function).__qualname__)
    module = getattr(function, "__module__", None) or type(function).__module__
    return f"{module}:{name}"


@lru_cache
def _load(path):
    module, name = _split_path(path)
    try:
        found = importlib.import_module(module)
    except ImportError as error:
        raise ParameterError(
            "rule", path, f"a function in a module that can be imported ({error})"
        ) from error
    for part in name.split("."):
        if not hasattr(found, part):
            raise ParameterError("rule", path, f"a function that the module {module} has")
        found = getattr(found, part)
    if not callable(found):
        raise ParameterError("rule", path, f"a function, not a {type(found).__name__}")
    return found


def _resolve(function):
    return _load(function) if isinstance(function, str) else function


def _call(function, q):
    name = _function_name(function)
    rule = _resolve(function)
    n_outcomes = q.size
    try:
        result = np.asarray(rule(q), dtype=np.float64)
    except (Exception, SystemExit) as error:
        raise ParameterError(
            "rule", name, f"a function from n probabilities to n probabilities ({error!r})"
        ) from error
    if result.shape != (n_outcomes,):
        raise ParameterError(
            "rule",
            name,
            f"a function that returns the shape ({n_outcomes},) it was given, not {result.shape}",
        )
    if not (np.all(np.isfinite(result)) and np.all(result >= 0)):
        raise ParameterError("rule", name, "a function that returns finite numbers >= 0")
    total = result.sum()
    if abs(total - 1) > _SUM_TOLERANCE:
        raise ParameterError(
            "rule", name, f"a function that returns probabilities of sum 1, not {total!s}"
        )
    return result / total
