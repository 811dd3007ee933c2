r"""How fast the closed loop approaches an equilibrium, and how far chance keeps it from it.

Near an equilibrium θ_e of the flow the deviation in the coordinates y_i = (θ_i − θ_e,i)/√θ_e,i
obeys, with s = ln(ℓ/ℓ₀),

    dy = −A·y ds + e^{−s/2}·ℓ₀^{−1/2}·dW,    A = 1 − (1−f)·β·(diag(q/θ) − v·vᵀ),    v = q/√θ,

with β = 1/T and q = τ_T(θ_e). A is symmetric, so its eigenvalues are real, and since
τ_T has a positive semi-definite Jacobian none exceeds 1. The noise of an output that is drawn
from F(θ_e) = θ_e has the covariance 1 − √θ_e·√θ_eᵀ in these coordinates: the same in every
direction but √θ_e, in which nothing happens because probabilities sum to 1. So each eigenvector of
A is a mode of its own, with the exponent κ_k, its eigenvalue, and

    E y_k² = y_k(0)²·e^{−2κ_k s} + (e^{−s} − e^{−2κ_k s})/(ℓ₀·(2κ_k − 1)).

The first term is the bias of the start, the second the noise of the run. Σ_k y_k² is the
χ²-distance of the model from its equilibrium and, to leading order, 2·KL(θ‖θ_e).
"""

import math

import numpy as np

from heatdeath.checks import check_finite_temperature, check_fraction
from heatdeath.errors import ParameterError

NOISE_EXPONENT = 0.5
"""Exponent with which deviations fall that only the run's own noise feeds."""

_MOST_OUTCOMES = 5000


def relaxation_spectrum(theta, *, temperature, fresh_fraction) -> np.ndarray:
    """Exponents κ_k with which small deviations from an equilibrium decay.

    Parameters
    ----------
    theta : array_like, shape (n_outcomes,)
        The equilibrium θ_e; its absent outcomes stay absent.
    temperature : float
        T, from 1e-4 to 1e6, and 1 or at least 1e-4 away from it.
    fresh_fraction : float
        Probability f that an output is fresh.

    Returns
    -------
    numpy.ndarray, shape (modes,)
        Ascending: one exponent for each present outcome but one. A deviation decays as ℓ^{−κ_k},
        and grows where κ_k is negative; without fresh data at T < 1 a single present outcome is
        approached with the exponent 1.

    Raises
    ------
    ParameterError
        If an argument is not allowed, or θ_e has more than 5000 outcomes.

    Notes
    -----
    κ = 1 − (1−f)·λ with the eigenvalues λ of the Jacobian of τ_T at θ_e, less the one of √θ_e.
    """
    return relaxation_modes(theta, temperature=temperature, fresh_fraction=fresh_fraction)[0]


def relaxation_modes(theta, *, temperature, fresh_fraction) -> tuple[np.ndarray, np.ndarray]:
    """Exponents and directions of the modes around an equilibrium.

    Parameters
    ----------
    theta, temperature, fresh_fraction
        As in `relaxation_spectrum`.

    Returns
    -------
    exponents : numpy.ndarray, shape (modes,)
        Ascending.
    directions : numpy.ndarray, shape (n_outcomes, modes)
        Orthonormal columns in the coordinates (θ − θ_e)/√θ_e; zero at absent outcomes.

    Raises
    ------
    ParameterError
        As in `relaxation_spectrum`.
    """
    beta = 1 / check_finite_temperature(temperature)
    synthetic = 1 - check_fraction(fresh_fraction)
    theta = np.asarray(theta, float)
    if theta.ndim != 1 or theta.size > _MOST_OUTCOMES:
        raise ParameterError("shape of theta", theta.shape, f"(n,) with n up to {_MOST_OUTCOMES}")
    present = np.flatnonzero(theta > 0)
    root = np.sqrt(theta[present])
    if root.size == 1:
        return np.ones(1), np.zeros((theta.size, 1))
    share = (theta[present] / theta.max()) ** beta
    share /= share.sum()
    along = share / root
    jacobian = beta * (np.diag(share / theta[present]) - np.outer(along, along))
    # A large eigenvalue takes the direction in which probabilities would not sum to 1 out of the
    # way of the others.
    away = (2 + np.abs(jacobian).sum(0).max()) * np.outer(root, root)
    values, vectors = np.linalg.eigh(np.eye(root.size) - synthetic * jacobian + away)
    directions = np.zeros((theta.size, root.size - 1))
    directions[present] = vectors[:, :-1]
    return values[:-1], directions


def observed_exponent(exponent) -> np.ndarray:
    """Exponent with which the root mean square deviation falls in the end.

    Parameters
    ----------
    exponent : array_like, shape (...)
        κ of the slowest mode around an equilibrium within the simplex. (At a corner, where the
        only output left is certain, there is no noise and κ itself is observed.)

    Returns
    -------
    numpy.ndarray, shape (...)
        min(κ, 1/2); at κ = 1/2 the deviation falls as √(ln ℓ/ℓ).
    """
    return np.minimum(exponent, NOISE_EXPONENT)


def noise_variance(exponent, *, initial_size, log_growth) -> np.ndarray:
    """Mean square of a mode that starts without a deviation.

    Parameters
    ----------
    exponent : array_like, shape (...)
        κ of the mode.
    initial_size : float
        ℓ₀, outputs at the start.
    log_growth : array_like, broadcastable against `exponent`
        s = ln(ℓ/ℓ₀).

    Returns
    -------
    numpy.ndarray
        (e^{−s} − e^{−2κs})/(ℓ₀·(2κ − 1)), and s·e^{−s}/ℓ₀ at κ = 1/2: 1/((2κ−1)·ℓ) in the end
        for κ > 1/2.
    """
    s = np.asarray(log_growth, float)
    excess = 2 * np.asarray(exponent, float) - 1
    x = excess * s
    with np.errstate(invalid="ignore", divide="ignore"):
        average = np.where(abs(x) < 1e-12, 1.0, -np.expm1(-x) / x)
    return s * np.exp(-s) * average / initial_size


def mean_square_deviation(
    start, equilibrium, *, temperature, fresh_fraction, initial_size, log_growth
) -> np.ndarray:
    """Compute the expected χ²-distance from an equilibrium, for small deviations.

    Parameters
    ----------
    start : array_like, shape (n_outcomes,)
        The model at the start.
    equilibrium : array_like, shape (n_outcomes,)
        θ_e.
    temperature, fresh_fraction
        As in `relaxation_spectrum`.
    initial_size : float
        ℓ₀, outputs at the start.
    log_growth : array_like, shape (time,)
        s = ln(ℓ/ℓ₀).

    Returns
    -------
    numpy.ndarray, shape (time,)
        E Σ_i (θ_i − θ_e,i)²/θ_e,i, over the outcomes that the equilibrium has.

    Raises
    ------
    ParameterError
        As in `relaxation_spectrum`.
    """
    exponents, directions = relaxation_modes(
        equilibrium, temperature=temperature, fresh_fraction=fresh_fraction
    )
    start, equilibrium = np.asarray(start, float), np.asarray(equilibrium, float)
    root = np.sqrt(np.where(equilibrium > 0, equilibrium, 1))
    bias = directions.T @ ((start - equilibrium) / root)
    s = np.asarray(log_growth, float)[:, None]
    noise = noise_variance(exponents, initial_size=initial_size, log_growth=s)
    return (bias**2 * np.exp(-2 * exponents * s) + noise).sum(-1)


def noise_overtakes(exponent, *, bias, initial_size, modes=1) -> float:
    """Log-growth at which the noise of the run overtakes the bias of the start.

    Parameters
    ----------
    exponent : float
        κ, the same for all modes.
    bias : float
        χ²-distance of the start from the equilibrium.
    initial_size : float
        ℓ₀, outputs at the start.
    modes : int
        Modes that the noise feeds: outcomes that the equilibrium has, less one.

    Returns
    -------
    float
        s = ln(ℓ/ℓ₀) at which both terms of `mean_square_deviation` are equal; infinite where
        they never are, which needs κ < 1/2.

    Notes
    -----
    bias·e^{−2κs} = modes·(e^{−s} − e^{−2κs})/(ℓ₀(2κ−1)) gives
    s = ln(1 + (2κ−1)·ℓ₀·bias/modes)/(2κ−1).
    """
    excess = 2 * exponent - 1
    ratio = initial_size * bias / modes
    if excess * ratio <= -1:
        return math.inf
    return ratio if excess == 0 else math.log1p(excess * ratio) / excess


def noise_concentration(temperature) -> float:
    """Give the size, per initial output, of a draw that holds as much chance as a cold run.

    Near a uniform model deviations grow as e^{bs}, b = 1/T − 1, and the noise of the run adds to
    them what a Dirichlet draw around the start adds to it at once: by `noise_variance` with
    κ = −b, the variance 1/(ℓ₀·(1 + 2b)) in every direction. The flow from such draws so predicts
    when the urn collapses. As T → 1 the draw becomes that of the Pólya urn, whose limit is
    Dirichlet with the initial counts as its parameters, exactly.

    Parameters
    ----------
    temperature : float
        Sampling temperature, 0 < T ≤ 1.

    Returns
    -------
    float
        1 + 2b = (2 − T)/T: the parameters of the draw are this times the initial counts.

    Raises
    ------
    ParameterError
        If the temperature is not above 0 and at most 1.
    """
    if not 0 < temperature <= 1:
        raise ParameterError("temperature", temperature, "a number above 0 and at most 1")
    return (2 - temperature) / temperature
