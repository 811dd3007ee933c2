"""Observables: what is measured of a model θ, alone or against the target p."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, update_wrapper

import numpy as np

from heatdeath.errors import ParameterError

TAIL_SHARE = 0.1
# Ten times 0.01 adds up to 0.09999999999999999, which is meant to be a tenth.
_MASS_ROUNDING = 1e-12
_SUM_TOLERANCE = 1e-9
_SMALLEST = np.nextafter(0.0, 1.0)
# Numbers of a block in `observe`: its temporaries stay in the cache, however many θ there are.
_BLOCK = 2**16


@dataclass(frozen=True)
class Observable:
    """A number measured of a model.

    Parameters
    ----------
    name : str
        Name of the variable in datasets.
    function : callable
        From θ, shape (..., n), and p, shape (n,), to float64 of shape (...).
    units : str
        As UDUNITS writes them; ``"1"`` for pure numbers, and for entropies, which are in nats.
    long_name : str
        What it is, for axes and attributes.
    formula : str
        Its definition.
    source : str
        Who defined it.
    may_be_infinite : bool
        Whether infinity is a value that it takes.
    """

    name: str
    function: Callable
    units: str
    long_name: str
    formula: str
    source: str
    may_be_infinite: bool = False


OBSERVABLES: dict[str, Observable] = {}


class _Reference:
    """p with what several observables need of it, each computed once."""

    def __init__(self, p):
        self.p = p

    @cached_property
    def log_p(self):
        return np.log(np.maximum(self.p, _SMALLEST))

    @cached_property
    def root_p(self):
        return np.sqrt(self.p)

    @cached_property
    def tail(self):
        return tail_of(self.p)


class _Comparison:
    """θ beside p, with what several observables need, each computed once."""

    def __init__(self, theta, reference):
        self.theta = theta
        self.reference = reference
        self.p = reference.p

    @cached_property
    def log_theta(self):
        # Zero has a finite logarithm here, and 0 log 0 = 0 comes out by itself.
        return np.log(np.maximum(self.theta, _SMALLEST))

    @cached_property
    def log_ratio(self):
        return self.log_theta - self.reference.log_p

    @cached_property
    def entropy(self):
        return np.maximum(-(self.theta * self.log_theta).sum(axis=-1), 0.0)

    @cached_property
    def top_masses(self):
        """Masses of the 1, 2 … 10 most probable outcomes, or up to n where there are fewer."""
        kept = min(10, self.theta.shape[-1])
        first = self.theta.shape[-1] - kept
        top = np.partition(self.theta, first, axis=-1)[..., first:]
        return np.minimum(np.cumsum(np.sort(top, axis=-1)[..., ::-1], axis=-1), 1.0)

    @cached_property
    def hellinger(self):
        difference = np.sqrt(self.theta) - self.reference.root_p
        return np.minimum(np.sqrt(0.5 * np.square(difference).sum(axis=-1)), 1.0)


def _observable(*, units="1", long_name, formula, source, may_be_infinite=False):
    """Register a function of a `_Comparison` as an observable, a function of θ and p."""

    def register(measure):
        def function(theta, p):
            theta, p = _checked(theta, p)
            return measure(_Comparison(theta, _Reference(p)))

        update_wrapper(function, measure)
        del function.__wrapped__
        function.__doc__ = (
            f"{measure.__doc__}\n\n    {formula}\n\n"
            "    Parameters\n    ----------\n"
            "    theta : array_like, shape (..., n)\n        Probabilities of the model.\n"
            "    p : array_like, shape (n,) or broadcastable against theta\n"
            "        Probabilities of the target.\n\n"
            f"    Returns\n    -------\n    numpy.ndarray, shape (...), float64, units {units}\n\n"
            "    Raises\n    ------\n    ParameterError\n"
            "        If theta or p is not a distribution along its last axis.\n\n"
            f"    References\n    ----------\n    {source}\n"
        )
        name = measure.__name__
        OBSERVABLES[name] = Observable(
            name, function, units, long_name, formula, source, may_be_infinite
        )
        _MEASURES[name] = measure
        return function

    return register


_MEASURES: dict[str, Callable] = {}


@_observable(
    long_name="Shannon entropy in nats",
    formula="H = -sum_i theta_i ln theta_i",
    source="Shannon, A Mathematical Theory of Communication, Bell Syst. Tech. J. 27, 1948",
)
def entropy(at):
    """Shannon entropy of the model, in nats."""
    return at.entropy


@_observable(
    long_name="Shannon entropy relative to that of the uniform distribution",
    formula="H / ln n, and 1 for n = 1",
    source="Pielou, The Measurement of Diversity, J. Theor. Biol. 13, 1966",
)
def normalized_entropy(at):
    """Shannon entropy over its largest value, that of n equally probable outcomes."""
    n = at.theta.shape[-1]
    if n == 1:
        return np.ones(at.theta.shape[:-1])
    return np.minimum(at.entropy / np.log(n), 1.0)


@_observable(
    long_name="Effective number of outcomes",
    formula="exp(H)",
    source="Hill, Diversity and Evenness, Ecology 54, 1973 (order 1)",
)
def effective_outcomes(at):
    """Effective number of outcomes: as many equally probable ones have the same entropy."""
    return np.minimum(np.exp(at.entropy), float(at.theta.shape[-1]))


def _top_mass(at, k):
    return at.top_masses[..., min(k, at.top_masses.shape[-1]) - 1]


_CONCENTRATION = "The concentration ratio CR_k: Hall, Tideman, J. Am. Stat. Assoc. 62, 1967"


@_observable(
    long_name="Mass of the most probable outcome",
    formula="max_i theta_i",
    source=_CONCENTRATION,
)
def top1_mass(at):
    """Mass of the most probable outcome."""
    return _top_mass(at, 1)


@_observable(
    long_name="Mass of the 5 most probable outcomes",
    formula="sum of the 5 largest theta_i (of all of them where n < 5)",
    source=_CONCENTRATION,
)
def top5_mass(at):
    """Mass of the 5 most probable outcomes."""
    return _top_mass(at, 5)


@_observable(
    long_name="Mass of the 10 most probable outcomes",
    formula="sum of the 10 largest theta_i (of all of them where n < 10)",
    source=_CONCENTRATION,
)
def top10_mass(at):
    """Mass of the 10 most probable outcomes."""
    return _top_mass(at, 10)


@_observable(
    long_name="Collision probability: chance that two outputs agree",
    formula="sum_i theta_i^2",
    source="Simpson, Measurement of Diversity, Nature 163, 1949",
)
def collision_probability(at):
    """Chance that two outputs agree: the self-similarity of what the model produces."""
    return np.minimum(np.square(at.theta).sum(axis=-1), 1.0)


@_observable(
    long_name="Total variation distance from the target",
    formula="(1/2) sum_i |theta_i - p_i|",
    source="Levin, Peres, Markov Chains and Mixing Times, 2nd ed., 2017, Proposition 4.2",
)
def total_variation(at):
    """Total variation distance between model and target."""
    return np.minimum(0.5 * np.abs(at.theta - at.p).sum(axis=-1), 1.0)


@_observable(
    long_name="Kullback-Leibler divergence of the target from the model, KL(p || theta), in nats",
    formula="sum_i p_i ln(p_i / theta_i), infinite where the model lost an outcome of p",
    source="Kullback, Leibler, On Information and Sufficiency, Ann. Math. Stat. 22, 1951",
    may_be_infinite=True,
)
def kl_from_target(at):
    """Kullback-Leibler divergence KL(p || θ), in nats; infinite once support is lost."""
    divergence = np.maximum(-(at.p * at.log_ratio).sum(axis=-1), 0.0)
    lost = ((at.theta == 0) & (at.p > 0)).any(axis=-1)
    return np.where(lost, np.inf, divergence)


@_observable(
    long_name="Kullback-Leibler divergence of the model from the target, KL(theta || p), in nats",
    formula="sum_i theta_i ln(theta_i / p_i), infinite where p has none of an outcome of theta",
    source="Kullback, Leibler, On Information and Sufficiency, Ann. Math. Stat. 22, 1951",
    may_be_infinite=True,
)
def kl_to_target(at):
    """Kullback-Leibler divergence KL(θ || p), in nats; infinite off the support of p."""
    divergence = np.maximum((at.theta * at.log_ratio).sum(axis=-1), 0.0)
    outside = ((at.theta > 0) & (at.p == 0)).any(axis=-1)
    return np.where(outside, np.inf, divergence)


@_observable(
    long_name="Hellinger distance from the target",
    formula="sqrt((1/2) sum_i (sqrt(theta_i) - sqrt(p_i))^2)",
    source="Hellinger, J. Reine Angew. Math. 136, 1909",
)
def hellinger(at):
    """Hellinger distance between model and target, from 0 to 1."""
    return at.hellinger


@_observable(
    units="radian",
    long_name="Fisher-Rao distance from the target",
    formula="arccos(sum_i sqrt(theta_i p_i)), from 0 to pi/2",
    source="Rao, Bull. Calcutta Math. Soc. 37, 1945; half the arc length in the Fisher metric",
)
def fisher_rao(at):
    """Fisher-Rao distance: the angle between the square roots of model and target."""
    # The arccosine of a number near 1 loses half of the digits; 1 - cos(d) = hellinger^2.
    return 2 * np.arcsin(at.hellinger / np.sqrt(2))


@_observable(
    long_name="Number of outcomes that the model can produce",
    formula="number of i with theta_i > 0",
    source="Hill, Diversity and Evenness, Ecology 54, 1973 (order 0)",
)
def support_size(at):
    """Surviving support: number of outcomes of positive probability."""
    return np.count_nonzero(at.theta, axis=-1).astype(np.float64)


@_observable(
    long_name="Mass of the outcomes that are rarest in the target and hold 10 % of it",
    formula="sum of theta_i over the fewest rarest outcomes of p whose p_i reach 0.1; "
    "of equal p_i the later outcome counts as the rarer",
    source="The tails of Shumailov et al., AI models collapse when trained on recursively "
    "generated data, Nature 631, 2024",
)
def tail_mass(at):
    """Mass that the model gives to the tail of the target, see `tail_of`."""
    return np.minimum(np.where(at.reference.tail, at.theta, 0.0).sum(axis=-1), 1.0)


def tail_of(p) -> np.ndarray:
    """Find the outcomes in the tail of a target: the fewest rarest that hold a tenth of it.

    Of equal probabilities the later outcome counts as the rarer. Where single outcomes are
    heavy the tail holds more than a tenth: it is the whole of ``[1.0]``.

    Parameters
    ----------
    p : array_like, shape (..., n)
        Probabilities.

    Returns
    -------
    numpy.ndarray, shape (..., n), bool
        Whether each outcome is in the tail.
    """
    p = np.asarray(p, dtype=np.float64)
    # Reversed, so that a stable sort puts the later of equals first.
    rarest_first = p.shape[-1] - 1 - np.argsort(p[..., ::-1], axis=-1, kind="stable")
    mass = np.cumsum(np.take_along_axis(p, rarest_first, axis=-1), axis=-1)
    before = np.concatenate([np.zeros_like(mass[..., :1]), mass[..., :-1]], axis=-1)
    tail = np.empty(p.shape, dtype=bool)
    needed = before < TAIL_SHARE * (1 - _MASS_ROUNDING)
    np.put_along_axis(tail, rarest_first, needed, axis=-1)
    return tail


def _distance_from_start(theta, start):
    return 0.5 * np.abs(theta - start).sum(axis=-1)


FROM_START = {
    "total_variation_from_start": Observable(
        "total_variation_from_start",
        _distance_from_start,
        "1",
        "total variation distance between the model and the one at the start",
        "sum_i |theta_i - theta_i(0)| / 2",
        "",
    ),
}
"""What compares a model with the one at its start: functions of both, shape (..., n)."""

RECORDED = OBSERVABLES | FROM_START
"""What a trajectory records of every model."""


def observe(theta, p) -> dict[str, np.ndarray]:
    """Measure every observable.

    Parameters
    ----------
    theta : array_like, shape (..., n)
        Probabilities of the models.
    p : array_like, shape (n,)
        Probabilities of the target.

    Returns
    -------
    dict of str to numpy.ndarray, shape (...), float64
        By the names in `OBSERVABLES`, in its order.

    Raises
    ------
    ParameterError
        If `theta` or `p` is not a distribution along its last axis.
    """
    theta, p = _checked(theta, p)
    if p.ndim != 1:
        raise ParameterError("shape of p", p.shape, f"({theta.shape[-1]},)")
    n = p.size
    reference = _Reference(p)
    rows = theta.reshape(-1, n)
    results = {name: np.empty(len(rows)) for name in OBSERVABLES}
    step = max(1, _BLOCK // n)
    for first in range(0, len(rows), step):
        block = slice(first, first + step)
        comparison = _Comparison(rows[block], reference)
        for name, measure in _MEASURES.items():
            results[name][block] = measure(comparison)
    return {name: values.reshape(theta.shape[:-1]) for name, values in results.items()}


def _checked(theta, p):
    theta = np.asarray(theta, dtype=np.float64)
    p = np.asarray(p, dtype=np.float64)
    for name, values in (("theta", theta), ("p", p)):
        if values.ndim == 0 or values.shape[-1] == 0 or values.shape[-1] != p.shape[-1]:
            raise ParameterError(f"shape of {name}", values.shape, "(..., n) with the same n >= 1")
        total = values.sum(axis=-1)
        if not np.all(np.abs(total - 1) <= _SUM_TOLERANCE):
            offender = total[~(np.abs(total - 1) <= _SUM_TOLERANCE)].flat[0]
            raise ParameterError(f"sum of {name} over the outcomes", float(offender), "1")
        if values.size and values.min() < 0:
            raise ParameterError(f"entry of {name}", float(values.min()), "a number >= 0")
    return theta, p
