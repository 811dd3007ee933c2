"""The Jacobian of the log-time flow at an equilibrium, and how fast deviations from it decay.

With q = τ_T(θ) and β = 1/T the derivative of F(θ) = f·p + (1 − f)·τ_T(θ) is

    DF = (1 − f)·β·[diag(q/θ) − q (q/θ)ᵀ] = diag(d) − q dᵀ,   d = (1 − f)·β·q/θ.

A diagonal scaling by √(q/d) makes it the symmetric matrix diag(d) − v vᵀ, v = √(q·d), so that its
spectrum is real, and by Cauchy's interlacing theorem it has at most one eigenvalue above the second
largest d. From det(DF − λ) = −λ·Π_i (d_i − λ)·Σ_i q_i/(d_i − λ) the eigenvalues other than 0 that
are not themselves among the d solve Σ_i q_i/(d_i − λ) = 0 (Golub, "Some modified matrix eigenvalue
problems", SIAM Review 15, 1973). At an equilibrium d_i = β·s_i with s_i the synthetic share of
output i.
"""

import numpy as np
from scipy.optimize import brentq

from heatdeath.tempering import temper


def largest_eigenvalue(slopes, tempered) -> float:
    """Compute the largest eigenvalue of diag(d) − q dᵀ.

    Parameters
    ----------
    slopes : numpy.ndarray, shape (n,)
        d, not negative.
    tempered : numpy.ndarray, shape (n,)
        q: sums to 1.

    Returns
    -------
    float
        Between the second largest and the largest of the d; 0 for n = 1.
    """
    order = np.argsort(slopes)[::-1]
    d, q = slopes[order], tempered[order]
    if d.size == 1:
        return 0.0
    width = d[0] - d[1]
    if width <= 4 * np.finfo(float).eps * d[0]:
        return float(d[0])
    second = d >= d[1] * (1 - 1e-15)
    second[0] = False
    rest = ~second
    rest[0] = False
    weight, below, weights = q[second].sum(), d[1] - d[rest], q[rest]

    # λ = d₂ + t·(d₁ − d₂): both poles at the ends are multiplied away.
    def secular(t):
        others = np.sum(weights / (below + t * width))
        return q[0] * t - weight * (1 - t) - width * t * (1 - t) * others

    # For q₁ = 0 the largest is an eigenvalue itself.
    if secular(1.0) <= 0:
        return float(d[0])
    if secular(0.0) >= 0:
        return float(d[1])
    return float(d[1] + width * brentq(secular, 0.0, 1.0, xtol=1e-20, rtol=4 * np.finfo(float).eps))


def linearise(theta, *, temperature, fresh_fraction) -> tuple[np.ndarray, np.ndarray]:
    """Compute the two vectors of which the Jacobian diag(d) − q dᵀ is made.

    Parameters
    ----------
    theta : numpy.ndarray, shape (..., n)
        Models; an entry may be zero where T < 1.
    temperature : float
        T, above 0 and finite.
    fresh_fraction : float
        f, 0 to 1.

    Returns
    -------
    slopes : numpy.ndarray, shape (..., n)
        d = (1 − f)·β·q/θ, and 0 where θ is.
    tempered : numpy.ndarray, shape (..., n)
        q = τ_T(θ).
    """
    tempered = temper(theta, temperature)
    ratio = np.divide(tempered, theta, out=np.zeros_like(tempered), where=theta > 0)
    return (1 - fresh_fraction) / temperature * ratio, tempered


def relaxation_exponent(theta, *, temperature, fresh_fraction) -> float:
    """Compute κ = 1 − (1 − f)·λ_max(Dτ_T) at an equilibrium: deviations decay like ℓ^{−κ}.

    Parameters
    ----------
    theta : numpy.ndarray, shape (n,)
        The equilibrium, on the outcomes that it can produce.
    temperature : float
        T, above 0 and finite.
    fresh_fraction : float
        f, 0 to 1.

    Returns
    -------
    float
        κ; negative where the equilibrium is unstable.
    """
    slopes, tempered = linearise(theta, temperature=temperature, fresh_fraction=fresh_fraction)
    return 1.0 - largest_eigenvalue(slopes, tempered)
