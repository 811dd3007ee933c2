"""Many replicas of one sampler, and the shared standard of evidence.

Every statistical test of this folder rejects a correct sampler with a probability of at most
`FALSE_ALARM` (over random seeds; the seeds are fixed, so a passing test goes on passing).
"""

import collections
import math

import numba
import numpy as np
import pytest

from heatdeath.sampling_rules import SamplingRule
from heatdeath.urn import dense, generations, leap, sequential
from heatdeath.urn.draws import build_alias
from heatdeath.urn.weights import inverse_temperature

FALSE_ALARM = 1e-4


@numba.njit
def _run(kernel, start, steps, arguments, replicas, rng):
    added = np.zeros((replicas, start.size), np.int64)
    for replica in range(replicas):
        kernel(start, added[replica], steps, *arguments, rng)
    return added


def _sample(
    sampler,
    start,
    target,
    *,
    temperature,
    fresh_fraction,
    steps,
    replicas,
    seed,
    rule=None,
    kernel=None,
    margin=leap.CEILING_MARGIN,
    block_factor=leap.BLOCK_FACTOR,
):
    """Outputs on each outcome, int64 (replicas, n), by the compiled kernel of a sampler."""
    start, target = np.array(start, float), np.array(target, float)
    beta = inverse_temperature(temperature)
    suffix = {math.inf: "greedy", 0.0: "uniform"}.get(beta, "power")
    if sampler == "leap":
        kernel = kernel or getattr(leap, f"advance_{suffix}")
        arguments = (float(fresh_fraction), target)
        if suffix == "power":
            arguments = (beta, *arguments, float(block_factor), float(margin))
    else:
        acceptance, alias = np.empty(target.size), np.empty(target.size, np.int64)
        build_alias(target, acceptance, alias, np.empty(target.size, np.int64))
        arguments = (float(fresh_fraction), acceptance, alias)
        if sampler == "sequential":
            kernel = getattr(sequential, f"_advance_{suffix}")
            arguments = (beta, *arguments) if suffix == "power" else arguments
        else:
            kernel = dense._advance
            rule = rule or SamplingRule()
            arguments = (beta, *arguments, not rule.is_identity, rule.kernel_arguments)
    return _run(kernel, start, steps, arguments, replicas, np.random.default_rng(seed))


@pytest.fixture(scope="session")
def false_alarm():
    """Probability with which a statistical test may reject a correct sampler."""
    return FALSE_ALARM


@pytest.fixture(scope="session")
def sample():
    """Return the function that runs many replicas of a sampler."""
    return _sample


def _sample_batches(
    start, target, *, temperature, fresh_fraction, batch_size, iterations, regime, replicas, seed,
    window=None, subsample=None, rule=None,
):  # fmt: skip
    start, target = np.array(start, float), np.array(target, float)
    process = {
        "batch_size": batch_size,
        "beta": inverse_temperature(temperature),
        "fresh_fraction": fresh_fraction,
        "target": target,
        "rule": rule or SamplingRule(),
        "rng": np.random.default_rng(seed),
    }
    counts = np.empty((replicas, start.size))
    for replica in range(replicas):
        memory = generations.Memory(
            start, regime=regime, window=window, subsample=subsample, rng=process["rng"]
        )
        generations.advance(memory, iterations, **process)
        counts[replica] = memory.counts
    return counts


@pytest.fixture(scope="session")
def sample_batches():
    """Return the function that runs many replicas of `generations`: counts of the last model."""
    return _sample_batches


def _evolve(law, moves, steps):
    for _ in range(steps):
        later = collections.defaultdict(float)
        for state, chance in law.items():
            for following, share in moves(state):
                later[following] += chance * share
        law = later
    return dict(law)


@pytest.fixture(scope="session")
def evolve():
    """Return the forward equation of any Markov chain, state by state.

    ``evolve(law, moves, steps)`` takes and returns a dict from states to probabilities;
    ``moves(state)`` lists pairs of a following state and its probability.
    """
    return _evolve


def _plain_law(counts, p, *, temperature, fresh_fraction, top_k=None, top_p=None, min_p=None):
    counts = np.asarray(counts, float)
    if temperature == 0:
        q = (counts == counts.max()).astype(float)
    elif temperature == math.inf:
        q = (counts > 0).astype(float)
    else:
        q = (counts / counts.max()) ** (1 / temperature)
    q /= q.sum()
    ranked = np.argsort(-q)
    if top_k is not None:
        q[ranked[top_k:]] = 0
        q /= q.sum()
    if top_p is not None:
        held = 0.0
        for outcome in ranked:
            held, q[outcome] = held + q[outcome], q[outcome] if held < top_p else 0
        q /= q.sum()
    if min_p is not None:
        q[q < min_p * q.max()] = 0
        q /= q.sum()
    return fresh_fraction * np.asarray(p) + (1 - fresh_fraction) * q


@pytest.fixture(scope="session")
def plain_law():
    """Return the law of the next output as its definition reads, without the package's code."""
    return _plain_law


def _compositions(total, parts):
    if parts == 1:
        return [(total,)]
    return [
        (first, *rest)
        for first in range(total + 1)
        for rest in _compositions(total - first, parts - 1)
    ]


@pytest.fixture(scope="session")
def compositions():
    """Return the function that lists all vectors of `parts` whole numbers with a given sum."""
    return _compositions


def _tally(counts, states):
    place = {state: i for i, state in enumerate(states)}
    seen, times = np.unique(np.rint(counts).astype(int), axis=0, return_counts=True)
    frequencies = np.zeros(len(states), int)
    for state, number in zip(seen, times, strict=True):
        frequencies[place[tuple(state.tolist())]] = number
    return frequencies


@pytest.fixture(scope="session")
def tally():
    """Return the function that counts how often each of some states is a row of an array."""
    return _tally
