"""Closed loop of a normal distribution that is fitted again and again: exact expectations.

In every generation m data are drawn, each by a coin of its own: with probability f from the fresh
distribution, of mean μ* and variance v, else from the model of the generation before, of mean μ
and variance T·σ². The next model has the mean of the data and their unbiased variance (divided by
m − 1); nothing older is kept (`replace`). Given the model, a datum has the mean and the variance

    μ* + (1 − f)·δ        and        s² = f·v + (1 − f)·T·σ² + f·(1 − f)·δ²,    δ = μ − μ*,

so that E σ'² = s² and E δ'² = (1 − f)²·δ² + s²/m. Both are linear in σ² and δ², and thus hold for
the expectations over all generations before:

    E σ²_{k+1} = f·v + (1 − f)·T·E σ²_k + f·(1 − f)·E δ²_k,
    E δ²_{k+1} = (1 − f)²·E δ²_k + E σ²_{k+1}/m.

The last term of s² is due to the coins: with a fixed number of fresh data it would be another. No
step needs the data to be normal. In several dimensions the same holds for each entry of the
covariance matrix, with the product of both coordinates' δ in place of δ² and with the fresh
covariance as v; so for the variance of each coordinate, and for the trace over the number of
dimensions where the fresh distribution is round.

The fixed point is E δ² = E σ²/(m·f·(2 − f)) and

    E σ² = f·v/(1 − (1 − f)·T − (1 − f)/(m·(2 − f))).

The matrix of the recursion has no negative entry, and the determinant of one minus it is f·(2 − f)
times the denominator. So for f > 0 expectations converge to the fixed point, from any start, where
the denominator is positive, and grow without limit elsewhere, however rare the trajectories that
make them do so.

Without fresh data E σ²_k = T^k·E σ²_0, but no single trajectory need be near it: of normal data
σ²_{k+1} = T·σ²_k·χ²_{m−1}/(m − 1), independently each time, so that ln σ² walks with the drift
ln T + E ln(χ²_{m−1}/(m − 1)) < ln T, and at T = 1 almost every trajectory collapses while E σ²
stays.

References: S. Alemohammad et al., "Self-Consuming Generative Models Go MAD", ICLR 2024, and
I. Shumailov et al., Nature 631, 755 (2024), for loops of this kind; the law of the sample variance
is Cochran's, the one of the sample determinant Bartlett's.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import digamma

from heatdeath.checks import check_fraction, check_temperature, is_integer, is_number
from heatdeath.errors import ParameterError


class ExpectedMoments(NamedTuple):
    """Expectations of a fitted normal distribution, generation by generation.

    Parameters
    ----------
    variance : numpy.ndarray, shape (generations + 1,)
        E σ²_k, from the start on.
    squared_offset : numpy.ndarray, shape (generations + 1,)
        E (μ_k − μ*)², from the start on; the fresh data have the mean μ*.
    """

    variance: np.ndarray
    squared_offset: np.ndarray


def expected_moments(
    generations,
    *,
    temperature,
    fresh_fraction,
    batch_size,
    start_variance=1.0,
    start_squared_offset=0.0,
    fresh_variance=1.0,
) -> ExpectedMoments:
    """Compute the expectations of variance and squared offset in every generation.

    Parameters
    ----------
    generations : int
        Number of fits after the start, at least 0.
    temperature : float
        T, the factor of the variance; finite.
    fresh_fraction : float
        f, the probability of each datum to be fresh.
    batch_size : int or float
        m, data in a generation, at least 2; inf for the limit of many.
    start_variance : float
        E σ²_0. An unbiased fit of fresh data has that of the fresh data.
    start_squared_offset : float
        E (μ_0 − μ*)². A fit of ℓ₀ fresh data has the fresh variance divided by ℓ₀.
    fresh_variance : float
        v.

    Returns
    -------
    ExpectedMoments
        By the recursion at the head of this module.

    Raises
    ------
    ParameterError
        If an argument is not allowed.
    """
    temperature, f, m = _checked(temperature, fresh_fraction, batch_size)
    if not is_integer(generations) or generations < 0:
        raise ParameterError("generations", generations, "an integer >= 0")
    variance, offset = np.empty((2, generations + 1))
    variance[0] = _check_size(start_variance, "start_variance")
    offset[0] = _check_size(start_squared_offset, "start_squared_offset")
    fresh = f * _check_size(fresh_variance, "fresh_variance")
    for k in range(generations):
        variance[k + 1] = fresh + (1 - f) * temperature * variance[k] + f * (1 - f) * offset[k]
        offset[k + 1] = (1 - f) ** 2 * offset[k] + variance[k + 1] / m
    return ExpectedMoments(variance, offset)


def limiting_variance(
    *, temperature, fresh_fraction, batch_size=math.inf, fresh_variance=1.0
) -> float:
    """Compute the limit of the expected variance after many generations, with fresh data.

    f·v/(1 − (1 − f)·T − (1 − f)/(m·(2 − f))), from any start.

    Parameters
    ----------
    temperature : float
        T, the factor of the variance; finite.
    fresh_fraction : float
        f, above 0: without fresh data E σ² = T^k times that of the start.
    batch_size : int or float
        m, data in a generation, at least 2; inf, the default, gives f·v/(1 − (1 − f)·T).
    fresh_variance : float
        v.

    Returns
    -------
    float
        lim E σ²_k; inf where the denominator is not positive and the expectation grows without
        limit.

    Raises
    ------
    ParameterError
        If an argument is not allowed.
    """
    temperature, f, m = _checked(temperature, fresh_fraction, batch_size)
    fresh_variance = _check_size(fresh_variance, "fresh_variance")
    if f == 0:
        raise ParameterError("fresh_fraction", fresh_fraction, "a number above 0, up to 1")
    denominator = 1 - (1 - f) * temperature - (1 - f) / (m * (2 - f))
    return f * fresh_variance / denominator if denominator > 0 else math.inf


def typical_log_growth(*, temperature, batch_size, dimensions=1) -> float:
    """Compute the mean growth of ln σ² in a generation without fresh data.

    ln T + E ln(χ²_{m−1}/(m − 1)) = ln T + ψ((m − 1)/2) + ln(2/(m − 1)), ψ the digamma function.
    Almost every trajectory grows at this rate, and its median does. It is the rate of each
    coordinate's variance in any number of dimensions. That of the determinant of the covariance,
    which is smaller, is here divided by the number of dimensions:
    ln T + Σ_{i=1}^{d} ψ((m − i)/2)/d + ln(2/(m − 1)).

    Parameters
    ----------
    temperature : float
        T, the factor of the covariance; above 0 and finite.
    batch_size : int or float
        m, data in a generation, above `dimensions`; inf for the limit of many, ln T.
    dimensions : int
        d, of which the determinant is taken; 1 is the variance of one coordinate.

    Returns
    -------
    float
        Nats in a generation; negative where the model collapses.

    Raises
    ------
    ParameterError
        If an argument is not allowed.
    """
    temperature, _, m = _checked(temperature, 0, batch_size)
    if temperature == 0:
        raise ParameterError("temperature", temperature, "a finite number above 0")
    if not is_integer(dimensions) or dimensions < 1:
        raise ParameterError("dimensions", dimensions, "an integer >= 1")
    if not m > dimensions:
        raise ParameterError("batch_size", batch_size, f"above the {dimensions} dimensions")
    if m == math.inf:
        return math.log(temperature)
    degrees = m - np.arange(1, dimensions + 1)
    return math.log(temperature) + float(np.mean(digamma(degrees / 2))) + math.log(2 / (m - 1))


def _checked(temperature, fresh_fraction, batch_size):
    temperature = check_temperature(temperature)
    if temperature == math.inf:
        raise ParameterError("temperature", temperature, "a finite number >= 0")
    whole = is_number(batch_size) and (batch_size == math.inf or batch_size % 1 == 0)
    if not (whole and batch_size >= 2):
        raise ParameterError("batch_size", batch_size, "an integer >= 2, or inf")
    return temperature, check_fraction(fresh_fraction), float(batch_size)


def _check_size(value, name):
    if not (is_number(value) and 0 <= value < math.inf):
        raise ParameterError(name, value, "a finite number >= 0")
    return float(value)
