"""Where the urn rests from the start of a cell, and what keeps that near the target."""

import math

import numpy as np

from heatdeath.observables import observe
from heatdeath.starts import collapsed_output, parse_start
from heatdeath.theory.critical import (
    critical_fractions,
    recovery_fraction,
    tolerance_fraction,
)
from heatdeath.theory.equilibria import equilibria

_HALVINGS = 24
_JUST_BELOW = 1e-6


def resting_model(target, *, temperature, fresh_fraction, start) -> np.ndarray:
    """Return the equilibrium in which the urn rests from a start, however large its data.

    From collapse on an outcome that is the one locked in to it, where there is one and the start
    lies beyond its saddle; else, and from the target, the faithful one; where that is gone or
    unstable, the one locked in to the most frequent outcome. At T = 1 without fresh data the model
    stays where it is.
    """
    p = target.probabilities
    parsed = parse_start(start)
    model, held = p, None
    if parsed.kind == "collapsed":
        held = collapsed_output(parsed, target)
        model = parsed.share * p
        model[held] += 1 - parsed.share
    nothing_moves = temperature == 1 or (held is not None and parsed.share == 0)
    if fresh_fraction == 0 and nothing_moves:
        return model

    def found(branches):
        return equilibria(
            target, temperature=temperature, fresh_fraction=fresh_fraction, branches=branches
        )

    if held is not None and p[held] > 0 and model.argmax() == held:
        own = [each for each in found([held]) if each.outcome == held]
        saddle = max((each.theta[held] for each in own if not each.stable), default=0.0)
        own = [each for each in own if each.stable]
        if own and model[held] > saddle:
            return own[0].theta
    faithful = [each for each in found(["faithful"]) if each.outcome is None and each.stable]
    if faithful:
        return faithful[0].theta
    top = int(np.argmax(p))
    return next(each for each in found([top]) if each.stable).theta


def fold_from(target, *, temperature, start) -> float:
    """Return the fresh fraction of the fold that the urn meets from a start."""
    parsed = parse_start(start)
    if temperature >= 1:
        return math.nan
    if parsed.kind == "collapsed":
        held = collapsed_output(parsed, target)
        return recovery_fraction(target, temperature=temperature, outcome=held)
    return critical_fractions(target, temperature=temperature).prevent


def sufficient_fraction(target, *, temperature, start, tolerance) -> float:
    """Return the fresh fraction from which on the urn rests within a tolerance of the target.

    That is its tolerance fraction, or from collapse the fold where that is larger; but where the
    model that is locked in just below the fold is within the tolerance itself, less than the fold.
    """
    within = tolerance_fraction(target, temperature=temperature, tolerance=tolerance)
    fold = fold_from(target, temperature=temperature, start=start)
    if not fold >= within:
        return within

    def is_beyond(fraction):
        theta = resting_model(target, temperature=temperature, fresh_fraction=fraction, start=start)
        return observe(theta, target.probabilities)["total_variation"] > tolerance

    if is_beyond(fold * (1 - _JUST_BELOW)):
        return fold
    low, high = 0.0, fold
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_beyond(middle) else (low, middle)
    return high if low > 0 else 0.0
