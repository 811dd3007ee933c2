"""Exact draws that the samplers share: one outcome, many outcomes, splits, waiting times."""

import math

import numpy as np

from heatdeath.urn.compilation import compiled

_HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)
_RECIPROCALS = np.array([0.0] + [1.0 / k for k in range(1, 256)])


@compiled
def build_alias(weights, acceptance, alias, stack):
    """Fill an alias table for draws in proportion to `weights`.

    Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE
    Transactions on Software Engineering 17 (1991). A light outcome keeps its own weight
    exactly: only heavy ones are reduced. `acceptance` becomes each column's chance to keep its own
    outcome and `alias` its other outcome; in the scratch `stack` light columns grow from the left
    end, heavy ones from the right. All have shape (n,).
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
def _stirling_remainder(k):
    """Return log k! − [½ log 2π + (k + ½) log(k + 1) − (k + 1)]."""
    if k < 10:
        return math.lgamma(k + 1.0) - (_HALF_LOG_TWO_PI + (k + 0.5) * math.log(k + 1.0) - (k + 1.0))
    x = 1.0 / ((k + 1.0) * (k + 1.0))
    return (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - x / 1680.0) * x) * x) / (k + 1.0)


@compiled
def _log_mass_ratio(k, mode, trials, odds):
    """Return the logarithm of the binomial mass at k over that at the mode.

    The large terms of Stirling's formula are combined before they are added, so that the error
    is a rounding of the distance between the two, not of the number of trials.
    """
    distance = float(k - mode)
    at_mode = math.log(odds * (trials - mode + 1.0) / (mode + 1.0))
    change = math.log1p(-distance / (trials - mode + 1.0)) - math.log1p(distance / (mode + 1.0))
    return (
        distance * at_mode
        + (k + 0.5) * change
        + (trials + 1.0) * math.log1p(distance / (trials - k + 1.0))
        + _stirling_remainder(mode)
        + _stirling_remainder(trials - mode)
        - _stirling_remainder(k)
        - _stirling_remainder(trials - k)
    )


@compiled
def binomial(trials, chance, rng):
    """Draw the number of successes in `trials` trials.

    By inversion where fewer than ten are expected, else by transformed rejection with a squeeze:
    algorithm BTRS of Hörmann, "The generation of binomial random variates", Journal of
    Statistical Computation and Simulation 46 (1993). NumPy's generator takes up to four times
    as long for the means that the blocks of leap have.
    """
    if chance > 0.5:
        return trials - binomial(trials, 1.0 - chance, rng)
    mean = trials * chance
    if mean < 10.0:
        odds = chance / (1.0 - chance)
        slope = odds * (trials + 1.0)
        mass = math.exp(trials * math.log1p(-chance))
        remaining = rng.random()
        successes = 0
        while remaining >= mass:
            remaining -= mass
            successes += 1
            if successes > trials or mass == 0.0:
                # Rounding left a little of the unit; what it stands for is drawn anew.
                remaining = rng.random()
                mass = math.exp(trials * math.log1p(-chance))
                successes = 0
                continue
            # The ratio of two masses, odds · (trials − k + 1) / k, without a division.
            if successes < _RECIPROCALS.size:
                mass *= slope * _RECIPROCALS[successes] - odds
            else:
                mass *= odds * ((trials - successes + 1.0) / successes)
        return successes
    deviation = math.sqrt(mean * (1.0 - chance))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * chance
    squeeze = 0.92 - 4.2 / b
    while True:
        v = rng.random()
        u = rng.random() - 0.5
        room = 0.5 - abs(u)
        if room == 0.0:
            continue
        position = math.floor((2.0 * a / room + b) * u + mean + 0.5)
        if room >= 0.07 and v <= squeeze:
            return int(position)
        if position < 0.0 or position > trials:
            continue
        successes = int(position)
        mode = int((trials + 1.0) * chance)
        height = v * (2.83 + 5.1 / b) * deviation / (a / (room * room) + b)
        odds = chance / (1.0 - chance)
        if max(successes, mode) < _RECIPROCALS.size:
            slope = odds * (trials + 1.0)
            ratio = 1.0
            for k in range(min(successes, mode) + 1, max(successes, mode) + 1):
                ratio *= slope * _RECIPROCALS[k] - odds
            if (height <= ratio) if successes > mode else (height * ratio <= 1.0):
                return successes
        elif height <= 0.0 or math.log(height) <= _log_mass_ratio(successes, mode, trials, odds):
            return successes


@compiled
def multinomial(weights, trials, counts, suffix, rng):
    """Fill `counts`, int64 (n,), with multinomial counts by one binomial for each outcome.

    The weights, shape (n,), need not sum to 1; `suffix`, shape (n,), is scratch. Each conditional
    probability divides by a suffix sum; a running remainder would lose the digits of rare outcomes
    at the end of the list.
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
            counts[i] = binomial(remaining, chance, rng)
        remaining -= counts[i]


@compiled
def draw_counts(weights, trials, counts, suffix, acceptance, alias, stack, rng):
    """Fill `counts`, int64 (n,), with multinomial counts in the cheapest of three ways.

    They are a scan, an alias table or binomials; the four arrays after `counts` are scratch.
    """
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
    """Fill `chosen` with the counts of a uniform subset: multivariate hypergeometric.

    It has `sample` of the `size` items that `counts` has; both arrays are int64 (n,).
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
