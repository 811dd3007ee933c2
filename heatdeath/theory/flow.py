"""The mean-field flow: what a growing dataset does when chance is left out.

Where data accumulate one output at a time, an output at dataset size ℓ moves θ by
(F(θ) − θ)/(ℓ + 1) on average, F(θ) = f·p + (1 − f)·τ_T(θ). In the logarithm of the size,
s = ln ℓ, that is the flow dθ/ds = F(θ) − θ (Gharesifard & Tabuada, CDC 2025, with the fresh
fraction f = μ/(1 + μ)).
"""

import numpy as np

from heatdeath.tempering import temper
from heatdeath.theory.free_flow import free_flow

_RELATIVE_ERROR = 1e-9
_ABSOLUTE_ERROR = 1e-13


def mean_field(theta, p, *, temperature, fresh_fraction, log_growth) -> np.ndarray:
    """Follow the mean-field flow from one start or from several.

    Parameters
    ----------
    theta : array_like, shape (..., n_outcomes)
        The models at the start.
    p : array_like, shape (n_outcomes,)
        The fresh distribution.
    temperature : float
        Sampling temperature, 0 to inf.
    fresh_fraction : float
        Probability that an output is fresh, 0 to 1.
    log_growth : array_like, shape (time,)
        ln(ℓ/ℓ₀) at which the models are wanted: not negative, ascending.

    Returns
    -------
    numpy.ndarray, shape (time, ..., n_outcomes)
        The models at each of these times.

    Raises
    ------
    RuntimeError
        If the integrator gives up.

    Notes
    -----
    The flow is solved in closed form where τ_T(θ) is piecewise constant (T = 0 and T = ∞) or
    linear (T = 1), and without fresh data (`heatdeath.theory.free_flow`); else by an explicit
    Runge–Kutta method of order 8 with a relative error of 10⁻⁹ a step. It is never stiff: the
    spectrum of the Jacobian of τ_T is real and not negative, so that nothing decays faster than
    e^{−s}. Without fresh data an outcome that is absent stays absent.
    """
    theta, p = np.asarray(theta, float), np.asarray(p, float)
    times = np.asarray(log_growth, float)
    decay = times.reshape(-1, *[1] * theta.ndim)
    if temperature == 1:
        return p + (theta - p) * np.exp(-fresh_fraction * decay)
    if np.isinf(temperature):
        support = (theta > 0) | (fresh_fraction * p > 0)
        uniform = support / support.sum(-1, keepdims=True)
        target = fresh_fraction * p + (1 - fresh_fraction) * uniform
        return target + (theta - target) * np.exp(-decay)
    if temperature == 0:
        starts = theta.reshape(-1, theta.shape[-1])
        solved = [_greedy(start, p, fresh_fraction, times) for start in starts]
        return np.stack(solved, axis=1).reshape(times.size, *theta.shape)
    if fresh_fraction == 0:
        return free_flow(theta, temperature=temperature, log_growth=times)
    return _integrate(theta, p, temperature, fresh_fraction, times)


def _greedy(theta, p, f, times):
    """Solve T = 0: relax towards the corner of the top outcome, until another one overtakes it."""
    result = np.empty((len(times), len(theta)))
    since = 0.0
    while True:
        top = theta == theta.max()
        # The fresh data at once favour one of several tied outcomes, the one with the largest f·p.
        top &= f * p == (f * p)[top].max()
        target = f * p + (1 - f) * top / top.sum()
        leader = top.argmax()
        # Outcome j catches up when target + (θ − target)·u is equal for both, u = exp(−time).
        gain = target - target[leader]
        closing = gain + (theta[leader] - theta)
        remaining = np.where(~top & (gain > 0), gain / np.where(closing > 0, closing, 1), 0)
        overtaker = remaining.argmax()
        until = since - np.log(remaining[overtaker]) if remaining[overtaker] > 0 else np.inf
        current = (times >= since) & (times < until)
        result[current] = target + (theta - target) * np.exp(since - times[current])[:, None]
        if not (times >= until).any():
            return result
        theta = target + (theta - target) * remaining[overtaker]
        theta[overtaker] = np.nextafter(theta[leader], 2)
        since = until


def _integrate(theta, p, temperature, f, times):
    # SciPy's integrators take long to import, and only this function needs them.
    from scipy.integrate import solve_ivp

    def drift(_, state):
        models = np.maximum(state.reshape(theta.shape), 0)
        return (f * p + (1 - f) * temper(models, temperature)).ravel() - state

    solution = solve_ivp(
        drift,
        (0.0, max(times[-1], np.finfo(float).tiny)),
        theta.ravel(),
        method="DOP853",
        t_eval=times,
        rtol=_RELATIVE_ERROR,
        atol=_ABSOLUTE_ERROR,
    )
    if not solution.success:
        raise RuntimeError(f"the flow at T = {temperature}, f = {f} stopped: {solution.message}")
    return solution.y.T.reshape(times.size, *theta.shape)
