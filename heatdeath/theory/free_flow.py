r"""The mean-field flow without fresh data, in closed form.

Without fresh data the flow is dθ/ds = τ_T(θ) − θ, with s = ln(ℓ/ℓ₀). In the counts per initial
output, w_i = θ_i·e^s, that is dw_i/ds = e^s·w_i^β/Σ_j w_j^β with β = 1/T: the derivative of
w_i^γ, γ = 1 − β, is the same for all outcomes, so that

    w_i^γ = θ_i(0)^γ + G(s),    Σ_i w_i = e^s.

The one unknown, G, is written as the growth τ of the top outcome, w_top = θ_top(0)·e^τ, in which
nothing overflows or cancels at any temperature.
"""

import numpy as np
from scipy.special import logsumexp

from heatdeath.errors import ParameterError

_MOST_STEPS = 400


def free_flow(theta, *, temperature, log_growth) -> np.ndarray:
    """Follow the flow without fresh data from a start.

    Parameters
    ----------
    theta : array_like, shape (..., n_outcomes)
        Models at the start.
    temperature : float
        Sampling temperature T, positive and finite.
    log_growth : array_like, shape (time,)
        ln(ℓ/ℓ₀) at which the models are wanted, not negative.

    Returns
    -------
    numpy.ndarray, shape (time, ..., n_outcomes)
        The models at these times. An absent outcome stays absent, and equal ones stay equal.

    Raises
    ------
    ParameterError
        If the temperature is zero or infinite.
    """
    beta = _inverse(temperature)
    theta, times = np.asarray(theta, float), np.asarray(log_growth, float)
    if beta == 1:
        return np.broadcast_to(theta, (times.size, *theta.shape)).copy()
    depth, present = _depth(theta)
    log_top = np.log(theta.max(-1))
    s = times.reshape(-1, *[1] * log_top.ndim)
    if beta > 1:
        low, high = s + 0 * log_top, s - log_top
    else:
        low = np.maximum(s - np.log(present.sum(-1)) - log_top, 0)
        high = s + 0 * log_top

    def growth(tau):
        shares, thinning = _relative(depth, present, tau, 1 - beta)
        total = logsumexp(shares, axis=-1)
        slope = np.exp(shares - thinning - total[..., None]).sum(-1)
        return log_top + tau + total, slope

    tau = _increasing_root(growth, s, low, high)
    shares, _ = _relative(depth, present, tau, 1 - beta)
    shares = np.exp(shares - shares.max(-1, keepdims=True))
    return shares / shares.sum(-1, keepdims=True)


def collapse_time(theta, *, temperature, mass=0.5) -> np.ndarray:
    """Log-time until the top outcome of the flow without fresh data holds a given mass.

    Parameters
    ----------
    theta : array_like, shape (..., n_outcomes)
        Models at the start.
    temperature : float
        Sampling temperature, 0 < T < 1.
    mass : float
        The mass, between 0 and 1.

    Returns
    -------
    numpy.ndarray, shape (...)
        ln(ℓ*/ℓ₀): zero where the start has the mass already, infinite where equal top outcomes
        keep each other from it.

    Raises
    ------
    ParameterError
        If the temperature or the mass is not between 0 and 1.

    Notes
    -----
    With D_i = ln(θ_i/θ_top) at the start and b = (1−T)/T, the top outcome's growth τ solves
    Σ_i (1 + e^{bτ}·(e^{−bD_i} − 1))^{−1/b} = 1/mass, and ln(ℓ*/ℓ₀) = τ + ln(θ_top/mass). For
    n − 1 equal rivals at the distance d this is τ = (1/b)·ln(((1/mass − 1)/(n−1))^{−b} − 1) −
    (1/b)·ln(e^{bd} − 1): the growth is exp(C·T/(1−T)), and C contains −ln d, half the logarithm
    of the initial size where the start is drawn from a uniform target.
    """
    beta = _inverse(temperature)
    if beta <= 1:
        raise ParameterError("temperature", temperature, "a number between 0 and 1")
    if not 0 < mass < 1:
        raise ParameterError("mass", mass, "a number between 0 and 1")
    theta = np.asarray(theta, float)
    depth, present = _depth(theta)
    top = theta.max(-1)
    reached = top >= mass
    blocked = ~reached & (mass * (theta == top[..., None]).sum(-1) >= 1)

    def lead(tau):
        shares, thinning = _relative(depth, present, tau, 1 - beta)
        total = logsumexp(shares, axis=-1)
        slope = 1 - np.exp(shares - thinning - total[..., None]).sum(-1)
        return -total, slope

    open_ended = ~(reached | blocked)
    low, high = np.zeros(top.shape), np.ones(top.shape)
    while np.any(short := open_ended & (lead(high)[0] < np.log(mass))):
        high = np.where(short, 2 * high, high)
    tau = _increasing_root(lead, np.log(mass) + 0 * top, low, high)
    time = tau + np.log(top) - np.log(mass)
    return np.where(reached, 0.0, np.where(blocked, np.inf, time))


def _inverse(temperature):
    if not 0 < temperature < np.inf:
        raise ParameterError("temperature", temperature, "a positive, finite number")
    return 1 / float(temperature)


def _depth(theta):
    """Return ln(θ_i/θ_top), 0 for absent outcomes, and which outcomes are present."""
    present = theta > 0
    top = theta.max(-1, keepdims=True)
    return np.log(np.where(present, theta, top) / top), present


def _relative(depth, present, tau, gamma):
    """Return ln(w_i/w_top) and ln(1 + z_i), where w_i = w_top·(1 + z_i)^(1/γ)."""
    tau = tau[..., None]
    with np.errstate(divide="ignore"):
        if gamma < 0:
            # z = e^{−γτ}·(e^{γD} − 1) ≥ 0, from its logarithm, which cannot overflow.
            rise = gamma * depth
            thinning = np.logaddexp(0, rise + np.log(-np.expm1(-rise)) - gamma * tau)
        else:
            # z lies in (−1, 0]; near −1 the other form, a sum of positive terms, keeps the digits.
            z = np.exp(-gamma * tau) * np.expm1(gamma * depth)
            rest = -np.expm1(-gamma * tau) + np.exp(gamma * (depth - tau))
            thinning = np.where(z > -0.5, np.log1p(np.maximum(z, -0.5)), np.log(rest))
    return np.where(present, thinning / gamma, -np.inf), thinning


def _increasing_root(function, value, low, high):
    """Solve function(x) = value by Newton's method within brackets, for all elements at once."""
    value, low, high = np.broadcast_arrays(value, low, high)
    low, high = low.copy(), high.copy()
    x = low.copy()
    for _ in range(_MOST_STEPS):
        found, slope = function(x)
        low, high = np.where(found <= value, x, low), np.where(found >= value, x, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = (value - found) / slope
        following = np.where((x + step > low) & (x + step < high), x + step, (low + high) / 2)
        if np.all(abs(following - x) <= 4 * np.finfo(float).eps * (1 + abs(x))):
            return following
        x = following
    return x
