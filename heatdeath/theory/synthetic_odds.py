"""The equation of an output at an equilibrium, in the logarithm of its synthetic odds.

At an equilibrium of the log-time flow, θ_i = f·p_i + c·θ_i^β with one c for all outputs, β = 1/T.
Let r_i be the logarithm of (synthetic mass of output i)/(fresh mass of output i), so that
θ_i = f·p_i·(1 + e^{r_i}). Then

    r_i − β·ln(1 + e^{r_i}) = Λ + (β − 1)·ln p_i,    Λ = ln c + (β − 1)·ln f,

and the sum of all θ_i is 1 exactly where Σ_i p_i·e^{r_i} = (1 − f)/f. So neither f nor c enters
the equation of an output, only Λ. The left side has the slope 1 − β·s_i, s_i = 1/(1 + e^{−r_i})
the synthetic share of the output's mass, and is concave. For β > 1 it has a peak at s_i = T: a
level below the peak has a low root, s_i < T, and a high root, s_i > T. For β ≤ 1 it only rises.

Near the peak the roots are the root of a difference of levels, and half of their digits would be
lost with it. There the distance x from the peak is found from the depth below it instead,

    D(x) = β·K(x),    K(x) = ln(1 − T + T·e^x) − T·x,

with K the cumulant generating function of a coin that falls with probability T, less its mean.
Both are known to nearly all digits of their own, however small.
"""

import functools
import math

import numpy as np

_MOST_ITERATIONS = 200
_MANY = 20_000
_NODES = 4_000
# Both roots meet at the peak, where rounding alone moves them by the square root of this.
_ROUNDING = 4 * np.finfo(np.float64).eps
# Distances from the peak up to which roots are found from the depth below it.
_NEAR_PEAK = 1.0
# The series of K converges for |x| < π; up to 0.1 these terms give all digits.
_SERIES_UP_TO = 0.1
_TERMS = 12


def level_of(log_odds, beta):
    """Compute r − β·ln(1 + e^r).

    Parameters
    ----------
    log_odds : array_like
        r, of any shape.
    beta : float
        β = 1/T.

    Returns
    -------
    numpy.ndarray
        Of the same shape.
    """
    return log_odds - beta * np.logaddexp(0.0, log_odds)


def peak(beta) -> tuple[float, float]:
    """Find where the level is highest: at a synthetic share of T.

    Parameters
    ----------
    beta : float
        β = 1/T.

    Returns
    -------
    log_odds : float
        r at the peak, ln(T/(1 − T)); inf for β ≤ 1.
    level : float
        Level there.
    """
    if beta <= 1:
        return math.inf, math.inf
    log_odds = -math.log(beta - 1)
    return log_odds, float(level_of(log_odds, beta))


def low_root(level, beta) -> np.ndarray:
    """Solve r − β·ln(1 + e^r) = level for the root at which the left side rises.

    Newton's method: the left side is concave, so that from the left of the root every step stays
    on the left of it, and from the right one step leads there.

    Parameters
    ----------
    level : array_like
        At most the level of the peak.
    beta : float
        β = 1/T.

    Returns
    -------
    numpy.ndarray
        r, of the shape of `level`.
    """
    level = np.asarray(level, float)
    flat = level.reshape(-1)
    # As ln(1 + e^r) is not negative and grows with r, both of these lie left of the root.
    least = flat + beta * np.logaddexp(0.0, flat)
    if beta < 1:
        least = np.maximum(least, flat / (1 - beta))
    if flat.size > _MANY:
        start = _interpolated(flat, beta)
    elif beta > 1:
        start = _parabola(peak(beta)[1] - flat, beta)
    else:
        start = least
    return _newton(flat, beta, start, least).reshape(level.shape)


def _newton(level, beta, start, least):
    top, _ = peak(beta)
    roots = np.minimum(np.maximum(start, least), top)
    active = np.arange(level.size)
    r = roots.copy()
    for _ in range(_MOST_ITERATIONS):
        odds = np.exp(-np.abs(r))
        share = np.where(r > 0, 1.0, odds) / (1 + odds)
        slope = 1 - beta * share
        missing = level - (r - beta * (np.maximum(r, 0.0) + np.log1p(odds)))
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = np.where(slope > 0, r + missing / slope, top)
        # At the very peak there is no slope to go by: the parabola leads away from it.
        at_peak = (slope <= _ROUNDING) & (missing < -_ROUNDING * (1 + np.abs(level)))
        if at_peak.any():
            moved[at_peak] = _parabola(-missing[at_peak], beta)
        moved = np.minimum(np.maximum(moved, least), top)
        roots[active] = moved
        solved = np.abs(missing) <= _ROUNDING * (np.abs(level) + beta * share)
        going = ~(solved | (np.abs(moved - r) <= _ROUNDING * np.abs(r)))
        if not going.any():
            break
        active, r, level, least = active[going], moved[going], level[going], least[going]
    return roots


def _parabola(below, beta):
    """Root of the parabola through the peak, of curvature −(1 − T)."""
    return peak(beta)[0] - np.sqrt(2 * np.maximum(below, 0.0) * beta / (beta - 1))


def _interpolated(level, beta):
    """Roots at many levels, from those at a few thousand."""
    # In the root of the distance from the peak the low root is a smooth function up to there.
    place = np.sqrt(np.maximum(peak(beta)[1] - level, 0.0)) if beta > 1 else level
    nodes = np.linspace(place.min(), place.max(), _NODES)
    at_nodes = peak(beta)[1] - nodes**2 if beta > 1 else nodes
    return level + np.interp(place, nodes, low_root(at_nodes, beta) - at_nodes)


def high_root(level, beta) -> np.ndarray:
    """Solve r − β·ln(1 + e^r) = level for the root at which the left side falls, β > 1.

    Parameters
    ----------
    level : array_like
        At most the level of the peak.
    beta : float
        β = 1/T > 1.

    Returns
    -------
    numpy.ndarray
        r, of the shape of `level`.
    """
    # With s → 1 − s the equation becomes that of a low root: r' = −r solves
    # r' − β'·ln(1 + e^{r'}) = level/(β − 1) for β' = β/(β − 1).
    level = np.asarray(level, float)
    return -low_root(level / (beta - 1), beta / (beta - 1))


def depth_below_peak(x, beta) -> np.ndarray:
    """Compute D, the level of the peak less that of r = (r at the peak) + x, for β > 1.

    Parameters
    ----------
    x : array_like
        Distance from the peak.
    beta : float
        β = 1/T > 1.

    Returns
    -------
    numpy.ndarray
        Not negative, and with a relative error of few units in the last place, also for small x.
    """
    x = np.asarray(x, float)
    # K(x) of a coin is K(−x) of the coin turned over: take the rarer side.
    share, z = (1 / beta, x) if beta >= 2 else ((beta - 1) / beta, -x)
    capped = np.minimum(z, 1.0)
    direct = np.where(
        z > 1,
        np.logaddexp(np.log1p(-share), np.log(share) + np.maximum(z, 1.0)),
        np.log1p(share * np.expm1(capped)),
    )
    small = np.clip(z, -_SERIES_UP_TO, _SERIES_UP_TO)
    series = small**2 * np.polynomial.polynomial.polyval(small, _series(share))
    return beta * np.where(np.abs(z) < _SERIES_UP_TO, series, direct - share * z)


@functools.cache
def _series(share):
    """Coefficients of K(z)/z²: cumulants over factorials."""
    probability = np.polynomial.Polynomial([0.0, 1.0])
    variance = probability - probability**2
    cumulant, coefficients = variance, []
    for order in range(2, 2 + _TERMS):
        coefficients.append(cumulant(share) / math.factorial(order))
        cumulant = variance * cumulant.deriv()
    return np.array(coefficients)


def low_distance(depth, beta) -> np.ndarray:
    """Find how far the low root lies from the peak.

    Parameters
    ----------
    depth : array_like
        Depth of the level below the peak, not negative.
    beta : float
        β = 1/T > 1.

    Returns
    -------
    numpy.ndarray
        x = r − (r at the peak), not positive, of the shape of `depth`. Near the peak its relative
        error is a few units in the last place.
    """
    depth = np.asarray(depth, float)
    near = depth <= depth_below_peak(-_NEAR_PEAK, beta)
    top, highest = peak(beta)
    distance = np.empty(depth.shape)
    distance[~near] = low_root(highest - depth[~near], beta) - top
    distance[near] = _polished(_rough_distance(depth[near], beta, -1), depth[near], beta)
    return distance


def high_distance(depth, beta) -> np.ndarray:
    """Find how far the high root lies from the peak.

    Parameters
    ----------
    depth : array_like
        Depth of the level below the peak, not negative.
    beta : float
        β = 1/T > 1.

    Returns
    -------
    numpy.ndarray
        x = r − (r at the peak), not negative, as accurate as `low_distance`.
    """
    depth = np.asarray(depth, float)
    near = depth <= depth_below_peak(_NEAR_PEAK, beta)
    top, highest = peak(beta)
    distance = np.empty(depth.shape)
    # The substitution of `high_root` loses digits of 1 − 1/β where β is large.
    distance[~near] = high_root(highest - depth[~near], beta) - top
    distance[near] = _rough_distance(depth[near], beta, 1)
    return _polished(distance, depth, beta)


def _rough_distance(depth, beta, side):
    """Root of D from the first two terms of its inverse series, on one side of the peak."""
    first = side * np.sqrt(2 * depth * beta / (beta - 1))
    return first - (1 - 2 / beta) / 6 * first**2


def _polished(x, depth, beta):
    """Complete roots of D on the side where they are, by Newton's method: D is convex."""
    side = np.sign(x)
    for _ in range(_MOST_ITERATIONS):
        # (1 − T)·(e^x − 1)/(1 + T·(e^x − 1)), times e^{−x} above and below where x > 0.
        grown = -side * np.expm1(-np.abs(x))
        slope = (beta - 1) / beta * grown / (np.exp(np.minimum(-x, 0.0)) + grown / beta)
        excess = depth_below_peak(x, beta) - depth
        step = np.divide(excess, slope, out=np.zeros_like(x), where=slope != 0)
        x = side * np.maximum(side * (x - step), 0.0)
        if np.all(np.abs(step) <= 1e-9 * np.abs(x)):
            break
    return x
