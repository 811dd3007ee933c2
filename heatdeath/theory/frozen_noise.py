"""Capture of drawn starts near the fold of a uniform target, when noise settles before drift acts.

A start of ℓ₀ outputs drawn from p = 1/n misses p by a variance of p(1 − p)/ℓ₀ in every outcome,
and the outputs that follow add ∫ e^{−s} ds = 1 times as much, nearly all of it while ℓ grows by a
few factors of e. Close to f_prevent = 1 − T the drift is slower than that: the linear rate of
every deviation, (1 − f)/T − 1, vanishes there. So the noise is as good as frozen, with

    σ² = 2·p(1 − p)/ℓ₀,

when the flow decides, and a start is captured by an outcome that the noise has carried beyond the
saddle. To leading order in 1/ℓ₀ the outcomes are independent:

    P(captured) = 1 − Φ((x_s(f) − 1/n)/σ)^n,

with x_s the mass of the top outcome in the saddle. Half of the starts are captured where
x_s = 1/n + σ·Φ⁻¹(2^{−1/n}), and the saddle's μ = f/(1 − f) = n(r^β − r)/((r − 1)(r^β + n − 1)),
r = (n − 1)x_s/(1 − x_s), gives the fraction in closed form; f_½ − f_prevent falls as ℓ₀^{−1/2}.
"""

import numpy as np
from scipy.special import log_ndtr, ndtri_exp

from heatdeath.checks import check_temperature
from heatdeath.errors import ParameterError


def capture_probability(saddle_mass, *, n_outcomes, initial_size) -> np.ndarray:
    """Probability that a start drawn from a uniform target is carried beyond the saddle.

    Parameters
    ----------
    saddle_mass : array_like
        x_s, mass of the top outcome in the saddle; 1/n to 1.
    n_outcomes : int
        n, at least 2.
    initial_size : float
        ℓ₀, outputs.

    Returns
    -------
    numpy.ndarray
        1 − Φ((x_s − 1/n)/σ)^n with σ² = 2(1 − 1/n)/(n·ℓ₀), the leading order for large ℓ₀.

    Raises
    ------
    ParameterError
        If an argument is not allowed.
    """
    _check(n_outcomes, initial_size)
    distance = (np.asarray(saddle_mass, float) - 1 / n_outcomes) / _noise(n_outcomes, initial_size)
    return -np.expm1(n_outcomes * log_ndtr(distance))


def half_capture_fraction(*, n_outcomes, temperature, initial_size) -> float:
    """Fresh fraction at which half of the starts drawn from a uniform target are captured.

    Parameters
    ----------
    n_outcomes : int
        n, at least 2.
    temperature : float
        T, above 0 and below 1.
    initial_size : float
        ℓ₀, outputs.

    Returns
    -------
    float
        f_½ to leading order for large ℓ₀. Where the noise alone would carry half of the starts
        beyond the saddle at the fold of the locked-in branches: the f_recover of that fold.

    Raises
    ------
    ParameterError
        If an argument is not allowed.
    """
    _check(n_outcomes, initial_size)
    temperature = check_temperature(temperature)
    if not 0 < temperature < 1:
        raise ParameterError("temperature", temperature, "a number above 0 and below 1")
    beta = 1 / temperature
    # The largest of n independent deviations exceeds this one in half of the cases.
    quantile = ndtri_exp(-np.log(2) / n_outcomes)
    mass = 1 / n_outcomes + quantile * _noise(n_outcomes, initial_size)
    if mass >= 1:
        odds = np.inf
    else:
        odds = (n_outcomes - 1) * mass / (1 - mass)
    # Saddles have the smaller odds of the two equilibria: those up to the largest ratio μ.
    grid = np.exp(np.linspace(0, np.log(min(odds, 1e4 * n_outcomes)), 2000))[1:]
    ratio = np.maximum.accumulate(_ratio(grid, n_outcomes, beta))[-1]
    return float(ratio / (1 + ratio))


def _ratio(odds, n, beta):
    """Return μ of the equilibrium in which one outcome has so many times the share of the others.

    All is divided by r^β, which would overflow at low temperatures.
    """
    log = np.log(odds)
    damped = np.exp(-beta * log)
    return n * -np.expm1((1 - beta) * log) / (np.expm1(log) * (1 + (n - 1) * damped))


def _noise(n, initial_size):
    return np.sqrt(2 * (1 - 1 / n) / (n * initial_size))


def _check(n_outcomes, initial_size):
    if not n_outcomes >= 2:
        raise ParameterError("n_outcomes", n_outcomes, "an integer >= 2")
    if not 0 < initial_size < np.inf:
        raise ParameterError("initial_size", initial_size, "a finite number above 0")
