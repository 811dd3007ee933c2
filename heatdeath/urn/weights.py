"""The tempered weights a_i = w_i^β that every sampler draws from.

The inverse temperature β = 1/T selects the three cases that need their own arithmetic: β = inf
(T = 0, the argmax set), β = 0 (T = ∞, the support) and everything between.
"""

import math

from heatdeath.urn.compilation import compiled


def inverse_temperature(temperature: float) -> float:
    """Return β = 1/T, with T = 0 and T = ∞ as the limits inf and 0."""
    if temperature == 0:
        return math.inf
    return 0.0 if math.isinf(temperature) else 1.0 / temperature


@compiled
def largest(start, added):
    """Return the largest count, max(start + added)."""
    top = start[0] + added[0]
    for i in range(1, start.size):
        top = max(top, start[i] + added[i])
    return top


@compiled
def power_weight(count, reference, beta):
    """Return (count / reference)^β for a finite β > 0; a count of zero weighs nothing."""
    if count <= 0.0:
        return 0.0
    if beta == 1.0:
        return count / reference
    return (count / reference) ** beta


@compiled
def tempered_weights(start, added, reference, beta, weights):
    """Fill `weights` with the tempered weights of the counts start + added; return their sum.

    With `reference` the largest count the largest weight is 1, so that no temperature
    overflows, and what underflows is below 1e-308 of it.
    """
    total = 0.0
    for i in range(start.size):
        count = start[i] + added[i]
        if math.isinf(beta):
            weights[i] = 1.0 if count == reference else 0.0
        elif beta == 0.0:
            weights[i] = 1.0 if count > 0.0 else 0.0
        else:
            weights[i] = power_weight(count, reference, beta)
        total += weights[i]
    return total


@compiled
def weight_increment(weight, count, growth, reference, beta):
    """Return (count + growth)^β − count^β in units of reference^β; `weight` is count^β in them.

    For a small relative growth it is the binomial series, to rounding: cheaper than a power, and
    without the cancellation of a difference of two of them. A weight near the least float has lost
    digits, or all of them, and is computed anew.
    """
    if beta == 1.0:
        return growth / reference
    if 256.0 * growth > count or 64.0 * beta * growth > count or weight < 1e-200:
        return power_weight(count + growth, reference, beta) - weight
    x = growth / count
    tail = 1.0 + (beta - 6.0) * x * (1.0 / 7.0)
    tail = 1.0 + (beta - 5.0) * x * (1.0 / 6.0) * tail
    tail = 1.0 + (beta - 4.0) * x * (1.0 / 5.0) * tail
    tail = 1.0 + (beta - 3.0) * x * (1.0 / 4.0) * tail
    tail = 1.0 + (beta - 2.0) * x * (1.0 / 3.0) * tail
    tail = 1.0 + (beta - 1.0) * x * (1.0 / 2.0) * tail
    return weight * (beta * x * tail)
