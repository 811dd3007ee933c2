"""The last digits of equilibria, by Newton's method."""

import numpy as np

from heatdeath.theory.jacobian import linearise

_MOST_STEPS = 8


def refine(theta, p, *, temperature, fresh_fraction) -> np.ndarray:
    """Improve models that are nearly equilibria by Newton's method."""
    best = theta.copy()
    active = np.arange(len(theta))
    residual = np.full(len(theta), np.inf)
    candidate = theta
    for _ in range(_MOST_STEPS):
        slopes, tempered = linearise(
            candidate, temperature=temperature, fresh_fraction=fresh_fraction
        )
        missing = fresh_fraction * p + (1 - fresh_fraction) * tempered - candidate
        size = np.abs(missing).max(axis=1)
        better = size < residual[active]
        best[active[better]] = candidate[better]
        residual[active[better]] = size[better]
        going = better & (size > np.finfo(float).eps)
        if not going.any():
            break
        active = active[going]
        # (diag(1 − d) + q dᵀ)·step = missing, by the formula of Sherman and Morrison.
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            scale = 1 / (1 - slopes[going])
            plain, q = scale * missing[going], scale * tempered[going]
            share = (slopes[going] * plain).sum(axis=1) / q.sum(axis=1)
            candidate = candidate[going] + plain - q * share[:, None]
        usable = np.isfinite(candidate).all(axis=1) & (candidate > 0).all(axis=1)
        active, candidate = active[usable], candidate[usable]
        if not active.size:
            break
    return best
