"""Exact draws that the samplers share: one outcome, many outcomes, splits, waiting times."""

import math

import numpy as np

from heatdeath.urn.compilation import compiled


@compiled
def build_alias(weights, acceptance, alias, stack):
    """Fill an alias table for draws in proportion to `weights`.

    Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE
    Transactions on Software Engineering 17 (1991). A light outcome keeps its own weight
    exactly: only heavy ones are reduced.

    Parameters
    ----------
    weights : float64 (n,)
        Not negative, with a positive sum.
    acceptance : float64 (n,)
        Overwritten: the chance to keep each column's own outcome.
    alias : int64 (n,)
        Overwritten: the other outcome of each column.
    stack : int64 (n,)
        Scratch; light columns grow from its left end, heavy ones from its right end.
    """
    n = weights.size
    total = 0.0
    for i in range(n):
        total += weights[i]
    light = 0
    heavy = n
    for i in range(n):
        acceptance[i] = weights[i] * (n / total)
        alias[i] = i
        if acceptance[i] < 1.0:
            stack[light] = i
            light += 1
        else:
            heavy -= 1
            stack[heavy] = i
    while light > 0 and heavy < n:
        light -= 1
        small = stack[light]
        large = stack[heavy]
        alias[small] = large
        acceptance[large] -= 1.0 - acceptance[small]
        if acceptance[large] < 1.0:
            heavy += 1
            stack[light] = large
            light += 1
    # What is left is one up to rounding; a column of weight zero is never left, unless
    # rounding consumed the last heavy column, and then it must still not be drawn.
    for j in range(heavy, n):
        acceptance[stack[j]] = 1.0
    for j in range(light):
        if weights[stack[j]] > 0.0:
            acceptance[stack[j]] = 1.0
        else:
            alias[stack[j]] = np.argmax(weights)


@compiled
def alias_draw(acceptance, alias, u):
    """Turn one uniform `u` in [0, 1) into an outcome of an alias table."""
    n = acceptance.size
    position = u * n
    column = min(int(position), n - 1)
    if position - column < acceptance[column]:
        return column
    return alias[column]


@compiled
def scan_draw(weights, total, u):
    """Turn one uniform `u` in [0, 1) into an outcome in proportion to `weights`, in one pass."""
    remaining = u * total
    last = 0
    for i in range(weights.size):
        if weights[i] > 0.0:
            last = i
            remaining -= weights[i]
            if remaining < 0.0:
                return i
    return last


@compiled
def waiting_time(chance, cap, rng):
    """Draw min(G, cap), G geometric on 1, 2, … with the success probability `chance`.

    Inversion with log1p keeps chances down to the smallest float exact, where library
    generators fail; a chance of 0 never succeeds.
    """
    if chance <= 0.0:
        return cap
    if chance >= 1.0:
        return 1
    trials = math.log1p(-rng.random()) / math.log1p(-chance)
    if trials >= cap:
        return cap
    return min(1 + int(trials), cap)


@compiled
def multinomial(weights, trials, counts, suffix, rng):
    """Draw multinomial counts by one binomial for each outcome.

    Each conditional probability divides by a suffix sum; a running remainder would lose the
    digits of rare outcomes at the end of the list.

    Parameters
    ----------
    weights : float64 (n,)
        Not negative, with a positive sum; need not sum to 1.
    trials : int
        Number of draws.
    counts : int64 (n,)
        Overwritten with the counts.
    suffix : float64 (n,)
        Scratch.
    """
    n = weights.size
    total = 0.0
    for i in range(n - 1, -1, -1):
        total += weights[i]
        suffix[i] = total
    remaining = trials
    for i in range(n):
        if remaining == 0 or weights[i] == 0.0:
            counts[i] = 0
            continue
        chance = weights[i] / suffix[i]
        if chance >= 1.0:
            counts[i] = remaining
        else:
            counts[i] = rng.binomial(remaining, chance)
        remaining -= counts[i]


@compiled
def draw_counts(weights, trials, counts, suffix, acceptance, alias, stack, rng):
    """Draw multinomial counts by the cheapest way: a scan, an alias table, or binomials."""
    n = weights.size
    if trials >= 6 * n:
        multinomial(weights, trials, counts, suffix, rng)
        return
    counts[:] = 0
    if trials * n <= 128:
        total = 0.0
        for i in range(n):
            total += weights[i]
        for _ in range(trials):
            counts[scan_draw(weights, total, rng.random())] += 1
    else:
        build_alias(weights, acceptance, alias, stack)
        for _ in range(trials):
            counts[alias_draw(acceptance, alias, rng.random())] += 1


@compiled
def hypergeometric(good, bad, sample, rng):
    """Draw how many of `sample` items, taken without replacement, are good.

    Inversion over masses relative to the mode, summed until they no longer change the sum:
    exact to rounding, in O(standard deviation) steps, without a logarithm of a factorial.
    """
    low = max(0, sample - bad)
    high = min(good, sample)
    if low == high:
        return low
    mode = int((good + 1.0) * (sample + 1.0) / (good + bad + 2.0))
    mode = min(max(mode, low), high)
    total = 1.0
    mass = 1.0
    k = mode
    while k < high and mass > 1e-18:
        mass *= float(good - k) * float(sample - k) / (float(k + 1) * float(bad - sample + k + 1))
        total += mass
        k += 1
    top = k
    mass = 1.0
    k = mode
    while k > low and mass > 1e-18:
        mass *= float(k) * float(bad - sample + k) / (float(good - k + 1) * float(sample - k + 1))
        total += mass
        k -= 1
    bottom = k
    remaining = rng.random() * total - 1.0
    if remaining < 0.0:
        return mode
    up = mode
    down = mode
    mass_up = 1.0
    mass_down = 1.0
    while up < top or down > bottom:
        if up < top:
            mass_up *= (
                float(good - up)
                * float(sample - up)
                / (float(up + 1) * float(bad - sample + up + 1))
            )
            up += 1
            remaining -= mass_up
            if remaining < 0.0:
                return up
        if down > bottom:
            mass_down *= (
                float(down)
                * float(bad - sample + down)
                / (float(good - down + 1) * float(sample - down + 1))
            )
            down -= 1
            remaining -= mass_down
            if remaining < 0.0:
                return down
    return mode


@compiled
def subset(counts, size, sample, chosen, rng):
    """Draw the counts of a uniform subset: multivariate hypergeometric.

    Parameters
    ----------
    counts : int64 (n,)
        What there is to choose from.
    size : int
        Sum of `counts`.
    sample : int
        How many items the subset has, at most `size`.
    chosen : int64 (n,)
        Overwritten with the counts of the subset.
    """
    others = size
    wanted = sample
    for i in range(counts.size):
        others -= counts[i]
        if wanted == 0 or counts[i] == 0:
            chosen[i] = 0
            continue
        chosen[i] = hypergeometric(counts[i], others, wanted, rng)
        wanted -= chosen[i]
