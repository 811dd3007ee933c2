"""Closed forms for the uniform target: p_i = 1/n.

The faithful equilibrium is p itself, with κ = 1 − (1 − f)/T, so that it is stable for f > 1 − T.
Locked in to one output, θ has one entry r times as large as the n − 1 others, r > 1. With
μ = f/(1 − f) the difference of the equations of both entries gives

    μ(r) = n·(r^β − r)/((r − 1)·(r^β + n − 1)),   β = 1/T,

and the branch exists up to the largest μ. At T = 1/2 that is the largest n·r/(r² + n − 1), namely
μ* = n/(2·√(n − 1)) at r = √(n − 1).
"""

import numpy as np
from scipy.optimize import minimize_scalar

from heatdeath.checks import check_finite_temperature
from heatdeath.targets import uniform
from heatdeath.theory.critical import CriticalFractions


def uniform_critical_fractions(n, *, temperature) -> CriticalFractions:
    """Compute the critical fresh fractions of n equally probable outcomes.

    f_prevent = 1 − T, and f_recover = μ*/(1 + μ*) with the largest
    μ(r) = n·(r^{1/T} − r)/((r − 1)·(r^{1/T} + n − 1)) over r > 1; for n = 2 that is the limit
    r → 1, where both fractions agree.

    Parameters
    ----------
    n : int
        Number of outcomes.
    temperature : float
        T, from 1e-4 to 1e6, and 1 or at least 1e-4 away from it.

    Returns
    -------
    CriticalFractions
        As `heatdeath.critical_fractions` computes it for any target.

    Raises
    ------
    ParameterError
        If an argument is not allowed.
    """
    temperature = check_finite_temperature(temperature)
    n = uniform(n).n_outcomes
    if n == 1 or temperature >= 1:
        return CriticalFractions(0.0, 0.0, "unique", None, strict=n > 1)
    beta = 1 / temperature

    def log_ratio(log_r):
        # ln μ with r^β taken out of numerator and denominator.
        numerator = -np.expm1((1 - beta) * log_r) / -np.expm1(-log_r) * np.exp(-log_r)
        return np.log(n) + np.log(numerator) - np.log1p((n - 1) * np.exp(-beta * log_r))

    # Beyond r^β = n² the ratio falls like 1/r.
    grid = np.geomspace(1e-6, max(2 * temperature * np.log(n), 1.0) + 2, 400)
    best = min(max(int(np.argmax(log_ratio(grid))), 1), grid.size - 2)
    found = minimize_scalar(
        lambda x: -log_ratio(x),
        bounds=(grid[best - 1], grid[best + 1]),
        method="bounded",
        options={"xatol": 1e-12},
    )
    ratio = max(float(np.exp(-found.fun)), beta - 1)
    return CriticalFractions(1 - temperature, ratio / (1 + ratio), "fold", 0)
