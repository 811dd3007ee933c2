"""Where the urn rests from the start of a cell, and what keeps that near the target."""

import numpy as np

from heatdeath.observables import observe
from heatdeath.starts import collapsed_output, parse_start
from heatdeath.theory.critical import tolerance_fraction
from heatdeath.theory.equilibria import equilibria

_HALVINGS = 24


def resting_model(target, *, temperature, fresh_fraction, start) -> np.ndarray:
    """Return the equilibrium in which the urn rests from a start, however large its data.

    From collapse on an outcome that is the one locked in to it, where there is one and the start
    lies beyond its saddle; else, and from the target, the faithful one; where that is gone or
    unstable, the one locked in to the most frequent outcome. At T = 1 without fresh data the model
    stays where it is.

    Parameters
    ----------
    target : heatdeath.targets.Target
        p.
    temperature : float
        T, of those that theory has.
    fresh_fraction : float
        f, 0 to 1.
    start : str
        ``"target"`` or a collapsed one.

    Returns
    -------
    numpy.ndarray, shape (n,)
        The model.
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


def sufficient_fraction(target, *, temperature, start, tolerance) -> float:
    """Return the fresh fraction from which on the urn rests within a tolerance of the target.

    From the target that is the tolerance fraction, but where the urn leaves the faithful branch at
    a fold and rests within the tolerance there too; from collapse it can be larger.

    Parameters
    ----------
    target : heatdeath.targets.Target
        p.
    temperature : float
        T, of those that theory has.
    start : str
        ``"target"`` or a collapsed one.
    tolerance : float
        Largest total variation, between 0 and 1.

    Returns
    -------
    float
        0 where any f > 0 is enough.
    """
    if temperature >= 1:  # one equilibrium, whatever the start
        return tolerance_fraction(target, temperature=temperature, tolerance=tolerance)
    p = target.probabilities
    beyond, within = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (beyond + within) / 2
        theta = resting_model(target, temperature=temperature, fresh_fraction=middle, start=start)
        if observe(theta, p)["total_variation"] > tolerance:
            beyond = middle
        else:
            within = middle
    return within if beyond > 0 else 0.0
