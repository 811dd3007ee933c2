"""Which output a cold closed loop locks in to: exact probabilities by racing clocks."""

import math

import numpy as np
from scipy import special

from heatdeath.errors import ParameterError

# Laplace transforms are inverted on a contour shifted by DAMPING / (half period): aliases of the
# densities are smaller by e^-30 there, and rounding errors grow by at most e^15.
DAMPING = 15.0
NEGLIGIBLE = 30.0  # natural logarithm of what is left out of integrals and spectra
MOST_POINTS = 2**22


def winner_probabilities(initial, *, temperature):
    """Probability of each outcome to take all but finitely many outputs, for 0 < T < 1 and f = 0.

    Rubin's exponential embedding: let outcome i ring at times whose gaps are independent
    exponentials of rates (w_i + j)^β, j = 0, 1, …, with w_i its initial count and β = 1/T. The
    order of all rings is the urn's order of outputs. Each clock runs through infinitely many rings
    in the finite time X_i = Σ_j Exp((w_i + j)^β), and the outcome with the smallest X_i wins:
    P(i wins) = ∫ f_i(t) Π_{j≠i} P(X_j > t) dt. Densities f_i and distribution functions come from
    the Laplace transforms Π_j 1/(1 + s/(w_i + j)^β).
    Source: Davis, "Reinforced random walk", Probab. Theory Relat. Fields 84 (1990), appendix.

    Parameters
    ----------
    initial : array_like
        Shape (n,): counts at the start; an outcome with none never wins.
    temperature : float
        T, 0 < T < 1.

    Returns
    -------
    numpy.ndarray
        Shape (n,), with an absolute error below 10⁻⁷.

    Raises
    ------
    ParameterError
        If T is not between 0 and 1, or so small for these counts that the clocks differ by many
        orders of magnitude; the first outputs then decide (`heatdeath.theory.exact`).
    """
    if not 0 < temperature < 1:
        raise ParameterError("temperature", temperature, "a number between 0 and 1")
    beta, counts = 1 / temperature, np.asarray(initial, float)
    distinct, which, copies = np.unique(counts[counts > 0], return_inverse=True, return_counts=True)
    density, survival, step = _explosion_times(distinct, beta)
    won = np.empty(distinct.size)
    for i in range(distinct.size):
        rivals = copies - (np.arange(distinct.size) == i)
        won[i] = step * np.sum(density[i] * np.prod(survival ** rivals[:, None], axis=0))
    chances = np.zeros(counts.size)
    chances[counts > 0] = won[which]
    return chances


def _explosion_times(counts, beta):
    """Densities and survival functions of the X_i up to the time when the fastest has surely rung.

    Time is measured in units in which the first ring of the largest count has rate 1.
    """
    unit = counts.max()
    # Chernoff: P(X > t) ≤ e^{−t/2}·E e^{X/2} for the fastest clock.
    horizon = 2 * (NEGLIGIBLE + _log_transform(np.array([-0.5]), unit, unit, beta)[0].real)
    highest = 64.0
    while any(
        _log_transform(np.array([1j * highest]), w, unit, beta)[0].real > -NEGLIGIBLE
        for w in counts
    ):
        highest *= 2
    period = 2 * horizon
    points = 2 ** math.ceil(math.log2(highest * period / math.pi))
    if points > MOST_POINTS:
        raise ParameterError(
            "temperature",
            1 / beta,
            "a temperature at which the first few outputs do not already decide (counts from "
            f"{counts.min():g} to {unit:g} would need {points} points of time)",
        )
    step = period / points
    frequencies = DAMPING / horizon + 2j * math.pi / period * np.arange(points // 2 + 1)
    times = step * np.arange(points // 2)
    undamped = np.exp(DAMPING / horizon * times) / step
    density, survival = np.empty((2, counts.size, times.size))
    for i, w in enumerate(counts):
        transform = np.exp(_log_transform(frequencies, w, unit, beta))
        density[i] = np.fft.irfft(transform, points)[: times.size] * undamped
        reached = np.fft.irfft(transform / frequencies, points)[: times.size] * undamped
        survival[i] = np.clip(1 - reached, 0, 1)
    return density, survival, step


def _log_transform(s, count, unit, beta):
    """Compute ln E e^{−s·X} = −Σ_j ln(1 + s/rate_j) with rate_j = ((count + j)/unit)^β, j ≥ 0."""
    # Factors with rates below four times |s| are multiplied one by one; the logarithms of the
    # rest are expanded in s/rate, whose power sums are Hurwitz zeta functions.
    reach = unit * (4 * np.abs(s).max()) ** (1 / beta)
    explicit = max(0, math.ceil(reach - count)) + 1
    logarithm = np.zeros(s.shape, complex)
    for j in range(explicit):
        logarithm -= np.log1p(s * (unit / (count + j)) ** beta)
    first = count + explicit
    ratio = s * (unit / first) ** beta
    power = np.ones(s.shape, complex)
    for order in range(1, 31):
        power *= -ratio
        logarithm += power / order * _scaled_zeta(order * beta, first)
    return logarithm


def _scaled_zeta(exponent, first):
    """Sum (1 + j/first)^{−exponent} over j ≥ 0, without overflow or underflow."""
    if exponent * math.log(first) < 600:
        return special.zeta(exponent, first) * first**exponent
    terms = np.arange(math.ceil(first * math.expm1(40 / exponent)) + 1)
    return np.sum(np.exp(-exponent * np.log1p(terms / first)))
