"""One output at a time, in O(1) expected time whatever the number of outcomes.

A snapshot of the weights a = w^β stands in an alias table. Weights only grow, so the weights of
now are the snapshot plus a list of increments: with probability S₀/(S₀ + D) the outcome comes
from the table, else from an increment, chosen uniformly and accepted by its size. The snapshot
is renewed when the increments hold a quarter of its sum, or when accepting takes long, but not
before the trials spent on increments are worth the renewal.
"""

import math

import numpy as np

from heatdeath.urn.compilation import compiled
from heatdeath.urn.draws import alias_draw, build_alias
from heatdeath.urn.weights import largest, tempered_weights, weight_increment

_LARGEST_WEIGHT = 1e200  # far below overflow, of the sum and of the next increment too


@compiled
def _advance_power(start, added, steps, beta, fresh, fresh_acceptance, fresh_alias, rng):
    n = start.size
    weights = np.empty(n)
    acceptance = np.empty(n)
    alias = np.empty(n, np.int64)
    stack = np.empty(n, np.int64)
    capacity = max(1024, 8 * n)
    increments = np.empty(capacity)
    outcomes = np.empty(capacity, np.int64)
    done = 0
    while done < steps:
        reference = largest(start, added)
        total = tempered_weights(start, added, reference, beta, weights)
        build_alias(weights, acceptance, alias, stack)
        grown = 0.0
        tallest = 0.0
        events = 0
        trials = 0
        while done < steps:
            if fresh > 0.0 and rng.random() < fresh:
                i = alias_draw(fresh_acceptance, fresh_alias, rng.random())
            else:
                u = rng.random() * (total + grown)
                if u < total or events == 0:
                    i = alias_draw(acceptance, alias, u / total)
                else:
                    event = int(rng.random() * events)
                    trials += 1
                    while rng.random() * tallest >= increments[event]:
                        event = int(rng.random() * events)
                        trials += 1
                    i = outcomes[event]
            increment = weight_increment(weights[i], start[i] + added[i], 1.0, reference, beta)
            weights[i] += increment
            added[i] += 1
            done += 1
            increments[events] = increment
            outcomes[events] = i
            events += 1
            grown += increment
            tallest = max(tallest, increment)
            if trials > n and (grown > 0.25 * total or events * tallest > total):
                break
            if events == capacity or weights[i] > _LARGEST_WEIGHT:
                break


@compiled
def _advance_greedy(start, added, steps, fresh, fresh_acceptance, fresh_alias, rng):
    leaders = np.empty(start.size, np.int64)
    top = largest(start, added)
    n_leaders = 0
    for i in range(start.size):
        if start[i] + added[i] == top:
            leaders[n_leaders] = i
            n_leaders += 1
    for _ in range(steps):
        if fresh > 0.0 and rng.random() < fresh:
            i = alias_draw(fresh_acceptance, fresh_alias, rng.random())
        elif n_leaders == 1:
            i = leaders[0]
        else:
            i = leaders[int(rng.random() * n_leaders)]
        added[i] += 1
        count = start[i] + added[i]
        if count > top:
            top = count
            leaders[0] = i
            n_leaders = 1
        elif count == top:
            leaders[n_leaders] = i
            n_leaders += 1


@compiled
def _advance_uniform(start, added, steps, fresh, fresh_acceptance, fresh_alias, rng):
    support = np.empty(start.size, np.int64)
    size = 0
    for i in range(start.size):
        if start[i] + added[i] > 0.0:
            support[size] = i
            size += 1
    for _ in range(steps):
        if fresh > 0.0 and rng.random() < fresh:
            i = alias_draw(fresh_acceptance, fresh_alias, rng.random())
            if start[i] + added[i] == 0.0:
                support[size] = i
                size += 1
        else:
            i = support[int(rng.random() * size)]
        added[i] += 1


def advance(start, added, steps, *, beta, fresh_fraction, target, rng):
    """Add `steps` outputs, one at a time, to the counts `added`, int64 (n,), in place.

    They come on top of the counts `start`, float64 (n,), at the inverse temperature `beta`, 0 to
    inf; `target` are the probabilities of fresh outputs, float64 (n,).
    """
    acceptance = np.empty(target.size)
    alias = np.empty(target.size, np.int64)
    build_alias(target, acceptance, alias, np.empty(target.size, np.int64))
    fresh = (float(fresh_fraction), acceptance, alias, rng)
    if math.isinf(beta):
        _advance_greedy(start, added, steps, *fresh)
    elif beta == 0.0:
        _advance_uniform(start, added, steps, *fresh)
    else:
        _advance_power(start, added, steps, beta, *fresh)
