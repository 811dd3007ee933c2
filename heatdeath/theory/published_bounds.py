"""Published sufficient conditions for convergence with fresh data, in the terms of this package.

Both start from the log-time flow dθ/ds = F(θ) − θ with the papers' ratio of human to synthetic
outputs μ = f/(1 − f), δ = min p, and an error η of every training. They promise convergence to
the equilibrium θ_e, or to a ball around it, and say nothing of how near θ_e is to p. What they
ask for grows as 1/δ and as 1/(δ·min θ_e), the exact thresholds far more slowly.
"""

import math
from typing import NamedTuple

from heatdeath import targets
from heatdeath.checks import check_temperature, is_number
from heatdeath.errors import ParameterError

EUCLIDEAN_SOURCE = "Gharesifard and Tabuada, IEEE Conference on Decision and Control, 2025"
FISHER_RAO_SOURCE = (
    "Marchi, Silvestre, Gharesifard and Tabuada, Preventing Model Collapse: A Fisher-Rao "
    "Perspective"
)

_MOST_ITERATIONS = 200
_AGREEMENT = 1e-12


class PublishedBound(NamedTuple):
    """What a sufficient condition asks for.

    Parameters
    ----------
    ratio : float
        Infimum of the human-to-synthetic ratios μ that satisfy it; infinite where none does.
    fresh_fraction : float
        The same as a fresh fraction, μ/(1 + μ).
    """

    ratio: float
    fresh_fraction: float


def euclidean_bound(target, *, temperature, training_error=0.0, contraction=1.0) -> PublishedBound:
    """Least fresh data for which the Euclidean condition holds.

    The flow contracts towards θ_e, up to the ball of `euclidean_radius`, where
    μ > (η + 1/(κT))/δ, with δ = min p.

    Parameters
    ----------
    target : str, os.PathLike, array_like or heatdeath.targets.Target
        p, as in `heatdeath.targets.resolve`.
    temperature : float
        T, above 0 and finite.
    training_error : float
        η ≥ 0, a bound on the error of each training; 0 for the maximum-likelihood fit.
    contraction : float
        κ, above 0 and at most 1. The condition is for κ < 1; 1 is the limit that asks least.

    Returns
    -------
    PublishedBound
        Infinite, with a fresh fraction of 1, where an outcome has p = 0.

    Raises
    ------
    ParameterError
        If an argument is not allowed.

    References
    ----------
    Gharesifard and Tabuada, IEEE Conference on Decision and Control, 2025.

    Examples
    --------
    >>> bound = euclidean_bound("uniform:100", temperature=0.5)
    >>> round(bound.ratio), round(bound.fresh_fraction, 3)
    (200, 0.995)
    """
    least, temperature, error, contraction = _checked(
        target, temperature, training_error, contraction
    )
    return _bound(_divided(error + 1 / (contraction * temperature), least))


def euclidean_radius(target, *, temperature, fresh_fraction, training_error, contraction) -> float:
    """Radius of the ball around θ_e that the Euclidean condition promises to reach.

    ηκ(μδ − η)T / ((μ + 1)(κ(μδ − η)T − 1)), in the Euclidean norm of θ.

    Parameters
    ----------
    target, temperature, training_error, contraction
        As in `euclidean_bound`, the contraction below 1.
    fresh_fraction : float
        f from 0 to below 1.

    Returns
    -------
    float
        0 without training error; infinite where the condition does not hold.

    Raises
    ------
    ParameterError
        If an argument is not allowed.

    References
    ----------
    Gharesifard and Tabuada, IEEE Conference on Decision and Control, 2025.
    """
    least, temperature, error, contraction = _checked(
        target, temperature, training_error, contraction
    )
    if contraction == 1:
        raise ParameterError("contraction", contraction, "a number above 0 and below 1")
    fresh = _number("fresh_fraction", fresh_fraction)
    if not 0 <= fresh < 1:
        raise ParameterError("fresh_fraction", fresh_fraction, "a number from 0 to below 1")
    ratio = fresh / (1 - fresh)
    gain = contraction * (ratio * least - error) * temperature
    if gain <= 1:
        return math.inf
    return error * gain / ((ratio + 1) * (gain - 1))


def fisher_rao_bound(
    target, *, temperature, training_error=0.0, contraction=1.0, least_share=None
) -> PublishedBound:
    """Least fresh data for which the Fisher–Rao condition holds.

    μ ≥ max{(1 + κ/θ_min)/(Tδκ), (η + 2/(κTθ_min))/δ}, where δ = min p and θ_min is the least
    share in the equilibrium θ_e. The second term is always the larger: θ_min and κ are at most 1.

    Parameters
    ----------
    target, temperature, training_error, contraction
        As in `euclidean_bound`.
    least_share : float, optional
        θ_min, above 0 and at most 1. By default that of the faithful equilibrium at the very
        ratio that is returned: the condition is then one on μ alone.

    Returns
    -------
    PublishedBound
        Infinite, with a fresh fraction of 1, where an outcome has p = 0.

    Raises
    ------
    ParameterError
        If an argument is not allowed.

    References
    ----------
    Marchi, Silvestre, Gharesifard and Tabuada, "Preventing Model Collapse: A Fisher-Rao
    Perspective".

    Examples
    --------
    >>> round(fisher_rao_bound("uniform:100", temperature=0.5).ratio)
    40000
    """
    p = targets.resolve(target)
    least, temperature, error, contraction = _checked(p, temperature, training_error, contraction)

    def ratio_for(share):
        first = (1 + _divided(contraction, share)) / (temperature * contraction)
        second = error + _divided(2, contraction * temperature * share)
        return max(_divided(first, least), _divided(second, least))

    if least_share is not None:
        share = _number("least_share", least_share)
        if not 0 < share <= 1:
            raise ParameterError("least_share", least_share, "a number above 0 and at most 1")
        return _bound(ratio_for(share))
    if least == 0:
        return _bound(math.inf)
    return _bound(_self_consistent(ratio_for, p, temperature, least))


def _self_consistent(ratio_for, target, temperature, least):
    """Solve μ = ratio_for(θ_min(μ)): so much is fresh that θ_e hardly differs from p."""
    from heatdeath.theory.equilibria import equilibria

    ratio = ratio_for(least)
    for _ in range(_MOST_ITERATIONS):
        faithful = equilibria(
            target,
            temperature=temperature,
            fresh_fraction=ratio / (1 + ratio),
            branches="faithful",
        )[0]
        following = ratio_for(float(faithful.theta.min()))
        if abs(following - ratio) <= _AGREEMENT * following:
            return following
        ratio = following
    raise ParameterError(
        "target", target.name, "one whose Fisher-Rao condition has a least ratio at this T"
    )


def _bound(ratio):
    return PublishedBound(ratio, 1.0 if math.isinf(ratio) else ratio / (1 + ratio))


def _divided(value, by):
    return value / by if by > 0 else math.inf


def _checked(target, temperature, training_error, contraction):
    p = targets.resolve(target).probabilities
    temperature = check_temperature(temperature)
    if not 0 < temperature < math.inf:
        raise ParameterError("temperature", temperature, "a number above 0, and finite")
    error = _number("training_error", training_error)
    if not 0 <= error < math.inf:
        raise ParameterError("training_error", training_error, "a finite number >= 0")
    kappa = _number("contraction", contraction)
    if not 0 < kappa <= 1:
        raise ParameterError("contraction", contraction, "a number above 0 and at most 1")
    return float(p.min()), temperature, error, kappa


def _number(name, value):
    if not is_number(value):
        raise ParameterError(name, value, "a number")
    return float(value)
