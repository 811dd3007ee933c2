"""Exact laws of the closed loop, from formulas that share no code with the samplers."""

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from heatdeath.errors import ParameterError


class CollisionMoments(NamedTuple):
    """Expected agreement of the model with the target and with itself, generation by generation.

    Parameters
    ----------
    with_target : numpy.ndarray
        Shape (generations + 1,): E Σ p_i θ_i.
    with_itself : numpy.ndarray
        Shape (generations + 1,): E Σ θ_i², the expected collision probability.
    """

    with_target: np.ndarray
    with_itself: np.ndarray


def accumulate_law(initial, p, *, temperature, fresh_fraction, horizon, batch_size=1):
    """Law of the number of outputs that fall on outcome 0, for two outcomes and a growing dataset.

    Forward equation: given c of the first k outputs on outcome 0, each of the next `batch_size`
    outputs falls there with probability f·p_0 + (1−f)·w_0^β/(w_0^β + w_1^β), where β = 1/T,
    w_0 = w_0(0) + c and w_1 = w_1(0) + k − c. Time and precision: horizon² multiplications of
    positive numbers, so relative errors stay near horizon × 10⁻¹⁶.

    Parameters
    ----------
    initial : array_like
        Shape (2,): counts at the start, not necessarily integers.
    p : array_like
        Shape (2,): the target.
    temperature : float
        T, 0 ≤ T ≤ ∞.
    fresh_fraction : float
        f, 0 ≤ f ≤ 1.
    horizon : int
        K, outputs sampled; a multiple of `batch_size`.
    batch_size : int
        m, outputs added while the model is held fixed.

    Returns
    -------
    numpy.ndarray
        Shape (horizon + 1,): P(c of the K outputs are outcome 0), c = 0..K.
    """
    initial, p = _pair("initial", initial), _pair("p", p)
    if horizon % batch_size:
        raise ParameterError("horizon", horizon, f"a multiple of the batch size {batch_size}")
    law = np.ones(1)
    for k in range(0, horizon, batch_size):
        c = np.arange(k + 1)
        towards = _first_probability(initial[0] + c, initial[1] + (k - c), temperature)
        towards = fresh_fraction * p[0] + (1 - fresh_fraction) * towards
        grown = np.zeros(k + batch_size + 1)
        if batch_size == 1:
            grown[:-1] = law * (1 - towards)
            grown[1:] += law * towards
        else:
            for hits, share in enumerate(_binomial_rows(batch_size, towards).T):
                grown[hits : hits + k + 1] += law * share
        law = grown
    return law


def replace_law(initial, p, *, temperature, fresh_fraction, batch_size, generations):
    """Law of the count of outcome 0 in the newest batch, for two outcomes and regime `replace`.

    A Markov chain on 0..m: the next count is binomial with m trials and success probability
    f·p_0 + (1−f)·τ_T(θ)_0. With T = 1 and f = 0 it is the Wright–Fisher chain.

    Parameters
    ----------
    initial : array_like
        Shape (2,): counts at the start, not necessarily integers.
    p : array_like
        Shape (2,): the target.
    temperature : float
        T, 0 ≤ T ≤ ∞.
    fresh_fraction : float
        f, 0 ≤ f ≤ 1.
    batch_size : int
        m, outputs per generation.
    generations : int
        Generations sampled, at least 1.

    Returns
    -------
    numpy.ndarray
        Shape (batch_size + 1,): P(c outputs of the last batch are outcome 0).
    """
    initial, p = _pair("initial", initial), _pair("p", p)

    def rows(first, second):
        towards = _first_probability(first, second, temperature)
        towards = fresh_fraction * p[0] + (1 - fresh_fraction) * towards
        return _binomial_rows(batch_size, towards)

    law = rows(initial[:1], initial[1:])[0]
    c = np.arange(batch_size + 1.0)
    transition = rows(c, batch_size - c)
    for _ in range(generations - 1):
        law = law @ transition
    return law


def dirichlet_multinomial_pmf(increments, initial):
    """Probability of each vector of increments at T = 1 without fresh data, one output at a time.

    Pólya's urn: K!/Π c_i! · Π Γ(w_i + c_i)/Γ(w_i) · Γ(ℓ)/Γ(ℓ + K), with w = `initial`, ℓ = Σ w
    and K = Σ c. Sums of outcomes follow the same law with the sums of their initial counts, so
    marginals are two-outcome cases.

    Parameters
    ----------
    increments : array_like
        Shape (..., n): numbers of outputs per outcome.
    initial : array_like
        Shape (n,): counts at the start, all positive.

    Returns
    -------
    numpy.ndarray
        Shape (...).
    """
    c, w = np.asarray(increments, float), np.asarray(initial, float)
    each = special.betaln(c + 1, w) + np.log(c + w)
    total, size = c.sum(-1), w.sum()
    # K!/Π c! · Π Γ(w+c)/Γ(w) written with Beta functions, whose logarithms do not cancel:
    # Γ(w+c)/(Γ(w) c!) = 1/((c+w)·B(c+1, w)).
    return np.exp(special.betaln(total + 1, size) + np.log(total + size) - each.sum(-1))


def fixed_output_distribution(initial, p, *, temperature, fresh_fraction):
    """Distribution of every output in the cases in which no output changes it.

    With f = 1 it is p; with T = ∞ it is f·p + (1−f)/|support| on the initial support; with T = 0
    and a unique most frequent outcome h it is the point h, as long as fresh data are absent. The
    outputs are then independent and their counts multinomial.

    Parameters
    ----------
    initial, p : array_like
        Shape (n,): counts at the start, and the target.
    temperature : float
        T, 0 ≤ T ≤ ∞.
    fresh_fraction : float
        f, 0 ≤ f ≤ 1.

    Returns
    -------
    numpy.ndarray
        Shape (n,).

    Raises
    ------
    ParameterError
        If outputs change the distribution of later ones.
    """
    w, p = np.asarray(initial, float), np.asarray(p, float)
    if fresh_fraction == 1:
        return p.copy()
    support = w > 0
    if temperature == math.inf and (fresh_fraction == 0 or not np.any(p[~support] > 0)):
        return fresh_fraction * p + (1 - fresh_fraction) * support / support.sum()
    top = w == w.max()
    if temperature == 0 and fresh_fraction == 0 and top.sum() == 1:
        return top.astype(float)
    raise ParameterError(
        "temperature",
        temperature,
        "inf with all of the target in the initial support, or 0 with a unique most frequent "
        "outcome and no fresh data, or anything with a fresh fraction of 1",
    )


def mean_theta(initial, p, *, fresh_fraction, outputs, batch_size=1):
    """Mean model at T = 1 when the dataset accumulates, E θ after each number of outputs.

    A batch of m at dataset size ℓ moves the mean by (m/(ℓ+m))·f·(p − E θ), so
    E θ(k) − p = (θ(0) − p)·Π_{j=1}^{k/m} (1 − f·m/(ℓ₀ + j·m)), a ratio of Gamma functions.
    Subsampling the dataset before each fit leaves it unchanged, because it is unbiased.

    Parameters
    ----------
    initial, p : array_like
        Shape (n,): counts at the start, and the target.
    fresh_fraction : float
        f, 0 ≤ f ≤ 1.
    outputs : array_like of int
        Shape (c,): outputs sampled, multiples of `batch_size`.
    batch_size : int
        m.

    Returns
    -------
    numpy.ndarray
        Shape (c, n).
    """
    w, p = np.asarray(initial, float), np.asarray(p, float)
    start = w.sum() / batch_size + 1
    end = start + np.asarray(outputs, float) / batch_size
    # poch(z − f, f) = Γ(z)/Γ(z − f) has no cancellation at large z, unlike a difference of gammaln.
    kept = special.poch(start - fresh_fraction, fresh_fraction) / special.poch(
        end - fresh_fraction, fresh_fraction
    )
    if fresh_fraction == 1:
        kept = (start - 1) / (end - 1)
    return p + kept[:, None] * (w / w.sum() - p)


def second_moments(initial, p, *, fresh_fraction, outputs, batch_size=1, subsample=None):
    """Second moments of the model at T = 1 when the dataset accumulates, E θ_i θ_j.

    With e = m/(ℓ+m), M = E θθᵀ, q = f·p + (1−f)·E θ and X = f·E[θ]pᵀ + (1−f)·M:
    M' = (1−e)²M + e(1−e)(X + Xᵀ) + e²·[diag(q)/m + (1−1/m)·Q], where
    Q = f²ppᵀ + f(1−f)(p·E[θ]ᵀ + E[θ]pᵀ) + (1−f)²M̃ is the second moment of the sampled
    distribution. Without subsampling M̃ = M; if each model is fitted to s of the ℓ outputs,
    M̃ = (1−c)M + c·diag(E θ) with c = (ℓ−s)/(s(ℓ−1)), the hypergeometric variance.

    Parameters
    ----------
    initial, p : array_like
        Shape (n,): counts at the start, and the target.
    fresh_fraction : float
        f, 0 ≤ f ≤ 1.
    outputs : int
        Outputs sampled, a multiple of `batch_size`.
    batch_size : int
        m.
    subsample : int or None
        s, the size of the uniform subsample that each model is fitted to; the moments are those of
        the whole dataset.

    Returns
    -------
    numpy.ndarray
        Shape (n, n).
    """
    w, p = np.asarray(initial, float), np.asarray(p, float)
    f, m, size = fresh_fraction, batch_size, w.sum()
    mean = w / size
    moments = np.outer(mean, mean)
    for _ in range(0, outputs, m):
        step = m / (size + m)
        sampled = f * p + (1 - f) * mean
        fitted = moments
        if subsample is not None and subsample < size:
            share = (size - subsample) / (subsample * (size - 1))
            fitted = (1 - share) * moments + share * np.diag(mean)
        cross = f * np.outer(mean, p) + (1 - f) * moments
        pairs = (
            f * f * np.outer(p, p)
            + f * (1 - f) * (np.outer(p, mean) + np.outer(mean, p))
            + (1 - f) ** 2 * fitted
        )
        moments = (
            (1 - step) ** 2 * moments
            + step * (1 - step) * (cross + cross.T)
            + step**2 * (np.diag(sampled) / m + (1 - 1 / m) * pairs)
        )
        mean = mean + step * f * (p - mean)
        size += m
    return moments


def accumulate_collision(initial, *, batch_size, iterations):
    """Compute E Σθ² at T = 1 without fresh data in a growing dataset.

    1 − E Σθ(k)² = (1 − Σθ(0)²)·Π_{j=1}^{k} (1 − m/(ℓ₀ + j·m)²): each batch multiplies the chance
    that two outputs differ by 1 − e²/m, e = m/ℓ.

    Parameters
    ----------
    initial : array_like
        Shape (n,): counts at the start.
    batch_size : int
        m.
    iterations : int
        k.

    Returns
    -------
    numpy.ndarray
        Shape (iterations + 1,).
    """
    w = np.asarray(initial, float)
    size = w.sum() + batch_size * np.arange(1, iterations + 1)
    kept = np.concatenate([[1.0], np.cumprod(1 - batch_size / size**2)])
    return 1 - kept * (1 - np.sum((w / w.sum()) ** 2))


def replace_collision(initial, p, *, fresh_fraction, batch_size, generations):
    """Compute the expected agreement at T = 1 in regime `replace`: the newest batch is the dataset.

    C_{k+1} = f·Σp² + (1−f)·C_k and R_{k+1} = 1/m + (1−1/m)·[f²Σp² + 2f(1−f)C_k + (1−f)²R_k],
    from C_0 = Σ p_i θ_i(0) and R_0 = Σ θ_i(0)². A start of ℓ₀ outputs drawn from p has
    C_0 = Σp² and 1 − R_0 = (1 − 1/ℓ₀)(1 − Σp²) on average.

    Parameters
    ----------
    initial, p : array_like
        Shape (n,): counts at the start, and the target.
    fresh_fraction : float
        f, 0 ≤ f ≤ 1.
    batch_size : int
        m.
    generations : int
        k.

    Returns
    -------
    CollisionMoments
        C_0..C_k and R_0..R_k.
    """
    return window_collision(
        initial,
        p,
        fresh_fraction=fresh_fraction,
        batch_size=batch_size,
        window=1,
        generations=generations,
    )


def window_collision(initial, p, *, fresh_fraction, batch_size, window, generations):
    """Compute the expected agreement at T = 1 in regime `window`: the newest g batches.

    The start counts as one batch of its own size until g batches have replaced it. With
    θ = Σ_a s_a·x_a over the batches in the window (x_a their frequencies, s_a their shares), a new
    batch y of m outputs has E⟨y, x_a⟩ = f·E⟨p, x_a⟩ + (1−f)·Σ_b s_b·E⟨x_b, x_a⟩ and
    E|y|² = 1/m + (1−1/m)·[f²Σp² + 2f(1−f)·E⟨p,θ⟩ + (1−f)²·E|θ|²], linear in the E⟨x_a, x_b⟩.

    Parameters
    ----------
    initial, p : array_like
        Shape (n,): counts at the start, and the target.
    fresh_fraction : float
        f, 0 ≤ f ≤ 1.
    batch_size : int
        m.
    window : int
        g, batches kept.
    generations : int
        Batches sampled.

    Returns
    -------
    CollisionMoments
        Of the model fitted to the window, before the first batch and after each.
    """
    w, p = np.asarray(initial, float), np.asarray(p, float)
    f, m = fresh_fraction, batch_size
    target = np.sum(p**2)
    sizes = np.array([w.sum()])
    with_p = np.array([p @ w / w.sum()])
    table = np.array([[np.sum((w / w.sum()) ** 2)]])
    history = []
    for _ in range(generations + 1):
        shares = sizes / sizes.sum()
        model_with_p, model_with_itself = shares @ with_p, shares @ table @ shares
        history.append((model_with_p, model_with_itself))
        across = f * with_p + (1 - f) * (table @ shares)
        sampled = f * f * target + 2 * f * (1 - f) * model_with_p + (1 - f) ** 2 * model_with_itself
        itself = 1 / m + (1 - 1 / m) * sampled
        table = np.block([[table, across[:, None]], [across, itself]])[-window:, -window:]
        with_p = np.append(with_p, f * target + (1 - f) * model_with_p)[-window:]
        sizes = np.append(sizes, m)[-window:]
    return CollisionMoments(*np.array(history).T)


def _pair(name, values):
    values = np.asarray(values, float)
    if values.shape != (2,):
        raise ParameterError(name, values.tolist(), "two numbers, one for each outcome")
    return values


def _first_probability(first, second, temperature):
    """Tempered probability of the first of two outcomes with these counts (any shape)."""
    if temperature == 0:
        return 0.5 * (1 + np.sign(first - second))
    if temperature == math.inf:
        return 0.5 * (1 + np.sign(first) - np.sign(second))
    with np.errstate(divide="ignore"):
        return special.expit((np.log(first) - np.log(second)) / temperature)


def _binomial_rows(trials, probabilities):
    """Binomial probabilities, shape (len(probabilities), trials + 1)."""
    hits = np.arange(trials + 1)
    chance = np.asarray(probabilities)[:, None]
    return special.binom(trials, hits) * chance**hits * (1 - chance) ** (trials - hits)
