"""Many outputs at a time: O(n √K) for K outputs, with exactly the law of one at a time.

While the sum of the tempered weights stays below a ceiling C, each next output is a mixture with
weights that do not depend on the state: with probability 1 − (1−f)δ, δ = 1 − S/C, it is drawn
from a law frozen at the start of the block, else from a residual law of the state then reached.
The outputs before the first residual one are therefore independent and are drawn as counts.

For β ≥ 1 the ceiling cannot be passed within a block. For β < 1 it can; the block then ends
with the output that passed it, a stopping time, found by splitting the drawn counts at random
(`stop_at_ceiling`). Keeping any other part of the block would condition on the future.
"""

import math

import numpy as np

from heatdeath.urn.compilation import compiled
from heatdeath.urn.draws import draw_counts, scan_draw, subset, waiting_time
from heatdeath.urn.weights import largest, power_weight, tempered_weights, weight_increment

BLOCK_FACTOR = 1.12
"""Block length in units of (slope of the residual chance)^-½; 1.12 maximises outputs a cycle."""

CEILING_MARGIN = 1.3
"""Ceiling for β < 1, in units of the growth that a block is expected to bring at most."""


@compiled
def stop_at_ceiling(counts, drawn, size, reference, beta, ceiling, kept, half, rng):
    """Find the output of a block at which the sum of the weights passed the ceiling.

    The outputs of the block are exchangeable, so the counts of its first half are a uniform
    subset of the counts of the whole. The half in which the sum passes the ceiling is split
    again until one output is left. `kept` becomes the counts up to and including that output, and
    their sum is returned; `drawn`, of the sum `size`, is overwritten and `half` is scratch. All
    arrays have shape (n,).
    """
    n = counts.size
    kept[:] = 0
    n_kept = 0
    while size > 1:
        first = size // 2
        subset(drawn, size, first, half, rng)
        total = 0.0
        for i in range(n):
            total += power_weight(counts[i] + (kept[i] + half[i]), reference, beta)
        if total > ceiling:
            drawn[:] = half
            size = first
        else:
            for i in range(n):
                kept[i] += half[i]
                drawn[i] -= half[i]
            n_kept += first
            size -= first
    for i in range(n):
        kept[i] += drawn[i]
    return n_kept + 1


@compiled
def _growth_bound(start, added, weights, law, block, reference, beta):
    """Bound the expected growth of the sum of the weights over a block, for β < 1.

    For a concave weight, E[a(w + X) − a(w)] is at most a(w + E X) − a(w), at most E X · a'(w),
    and for a whole number X at most E X · (a(w + 1) − a(w)).
    """
    growth = 0.0
    for i in range(weights.size):
        expected = block * law[i]
        if expected == 0.0:
            continue
        count = start[i] + added[i]
        if expected < 0.05 * count and count >= 1.0:
            growth += expected * beta * weights[i] / count
        else:
            by_mean = power_weight(count + expected, reference, beta) - weights[i]
            by_step = expected * (power_weight(count + 1.0, reference, beta) - weights[i])
            growth += min(by_mean, by_step)
    return growth


@compiled
def advance_power(start, added, steps, beta, fresh, target, block_factor, margin, rng):
    """Add `steps` outputs for a finite β > 0; return the number of cycles that it took."""
    n = start.size
    weights = np.empty(n)
    frozen = np.empty(n)
    law = np.empty(n)
    suffix = np.empty(n)
    acceptance = np.empty(n)
    before = np.empty(n)
    drawn = np.empty(n, np.int64)
    kept = np.empty(n, np.int64)
    half = np.empty(n, np.int64)
    synthetic = 1.0 - fresh
    reference = largest(start, added)
    total = tempered_weights(start, added, reference, beta, weights)
    done = 0
    cycles = 0
    while done < steps:
        cycles += 1
        remaining = steps - done
        top = 0.0
        slope = 0.0
        for i in range(n):
            count = start[i] + added[i]
            top = max(top, count)
            law[i] = fresh * target[i] + synthetic * weights[i] / total
            if beta < 1.0 and law[i] > 0.0:
                slope += (
                    law[i] * beta * weights[i] / count
                    if count >= 1.0
                    else law[i] * (power_weight(count + 1.0, reference, beta) - weights[i])
                )
        top_weight = power_weight(top, reference, beta)
        slope = margin * slope / total if beta < 1.0 else beta * top_weight / (top * total)

        block = remaining
        rate = synthetic * slope
        if rate > 0.0:
            # The second bound keeps the largest weight that the block can make finite.
            longest = min(
                block_factor / math.sqrt(rate), top * math.expm1(min(300.0 / beta, 700.0))
            )
            if longest < remaining:
                block = max(1, int(longest))
        if beta < 1.0:
            growth = margin * _growth_bound(
                start, added, weights, law, float(block), reference, beta
            )
        else:
            growth = top_weight * math.expm1(beta * math.log1p(block / top))
        ceiling = total + growth
        delta = 1.0 / (1.0 + total / growth) if growth > 0.0 else 0.0

        first_residual = waiting_time(synthetic * delta, block + 1, rng)
        regular = min(first_residual - 1, block)
        for i in range(n):
            frozen[i] = weights[i]
            before[i] = start[i] + added[i]
        frozen_total = total
        stopped = False
        if regular > 0:
            scale = synthetic * (1.0 - delta) / total
            for i in range(n):
                law[i] = fresh * target[i] + scale * frozen[i]
            draw_counts(law, regular, drawn, suffix, acceptance, kept, half, rng)
            total = 0.0
            for i in range(n):
                if drawn[i] > 0:
                    weights[i] += weight_increment(
                        weights[i], before[i], float(drawn[i]), reference, beta
                    )
                total += weights[i]
            if beta < 1.0 and total > ceiling:
                regular = stop_at_ceiling(
                    before, drawn, regular, reference, beta, ceiling, kept, half, rng
                )
                drawn[:] = kept
                stopped = True
                total = 0.0
                for i in range(n):
                    weights[i] = power_weight(before[i] + drawn[i], reference, beta)
                    total += weights[i]
            for i in range(n):
                added[i] += drawn[i]
            done += regular
        if not stopped and first_residual <= block:
            residual_total = 0.0
            for i in range(n):
                law[i] = max(0.0, weights[i] / total - (1.0 - delta) * (frozen[i] / frozen_total))
                residual_total += law[i]
            if residual_total == 0.0:  # all rounding: then the weights have not changed either
                law[:] = weights
                residual_total = total
            i = scan_draw(law, residual_total, rng.random())
            increment = weight_increment(weights[i], start[i] + added[i], 1.0, reference, beta)
            added[i] += 1
            done += 1
            total += increment
            weights[i] += increment
        if not total < 8.0 * n:
            reference = largest(start, added)
            total = tempered_weights(start, added, reference, beta, weights)
    return cycles


@compiled
def advance_greedy(start, added, steps, fresh, target, rng):
    """Add `steps` outputs at T = 0; return the number of cycles that it took.

    The law of an output stays frozen while one outcome leads: a lead of g over every outcome
    that fresh data can raise lasts for at least ⌈g⌉ outputs. Where the next synthetic output is
    expected later than that, the block is the fresh outputs before it, which depend on no state.
    """
    n = start.size
    law = np.empty(n)
    suffix = np.empty(n)
    acceptance = np.empty(n)
    alias = np.empty(n, np.int64)
    stack = np.empty(n, np.int64)
    drawn = np.empty(n, np.int64)
    done = 0
    cycles = 0
    while done < steps:
        cycles += 1
        block = steps - done
        top = largest(start, added)
        leaders = 0
        second = -1.0
        for i in range(n):
            count = start[i] + added[i]
            if count == top:
                leaders += 1
            elif fresh * target[i] > 0.0:
                second = max(second, count)
        if fresh < 1.0:
            if leaders > 1:
                block = 1
            elif second >= 0.0 and top - second < block:
                block = int(math.ceil(top - second))
            remaining = steps - done
            if block < remaining and block * (1.0 - fresh) < 1.0:
                first_synthetic = waiting_time(1.0 - fresh, remaining + 1, rng)
                draw_counts(
                    target, first_synthetic - 1, drawn, suffix, acceptance, alias, stack, rng
                )
                for i in range(n):
                    added[i] += drawn[i]
                done += first_synthetic - 1
                if first_synthetic <= remaining:
                    top = largest(start, added)
                    total = tempered_weights(start, added, top, math.inf, law)
                    added[scan_draw(law, total, rng.random())] += 1
                    done += 1
                continue
        for i in range(n):
            law[i] = fresh * target[i]
            if start[i] + added[i] == top:
                law[i] += (1.0 - fresh) / leaders
        draw_counts(law, block, drawn, suffix, acceptance, alias, stack, rng)
        for i in range(n):
            added[i] += drawn[i]
        done += block
    return cycles


@compiled
def advance_uniform(start, added, steps, fresh, target, rng):
    """Add `steps` outputs at T = ∞; return the number of cycles that it took.

    The law of an output stays frozen until fresh data brings an outcome that was not there.
    """
    n = start.size
    law = np.empty(n)
    suffix = np.empty(n)
    acceptance = np.empty(n)
    alias = np.empty(n, np.int64)
    stack = np.empty(n, np.int64)
    drawn = np.empty(n, np.int64)
    done = 0
    cycles = 0
    while done < steps:
        cycles += 1
        support = 0
        absent = 0.0
        for i in range(n):
            if start[i] + added[i] > 0.0:
                support += 1
            else:
                absent += target[i]
        remaining = steps - done
        first_absent = waiting_time(fresh * absent, remaining + 1, rng)
        regular = first_absent - 1
        if regular > 0:
            for i in range(n):
                law[i] = 0.0
                if start[i] + added[i] > 0.0:
                    law[i] = fresh * target[i] + (1.0 - fresh) / support
            draw_counts(law, regular, drawn, suffix, acceptance, alias, stack, rng)
            for i in range(n):
                added[i] += drawn[i]
            done += regular
        if first_absent <= remaining:
            for i in range(n):
                law[i] = target[i] if start[i] + added[i] == 0.0 else 0.0
            added[scan_draw(law, absent, rng.random())] += 1
            done += 1
    return cycles


def advance(start, added, steps, *, beta, fresh_fraction, target, rng):
    """Add `steps` outputs in blocks, as `sequential.advance` does; return the number of cycles."""
    if math.isinf(beta):
        return advance_greedy(start, added, steps, fresh_fraction, target, rng)
    if beta == 0.0:
        return advance_uniform(start, added, steps, fresh_fraction, target, rng)
    return advance_power(
        start, added, steps, beta, fresh_fraction, target, BLOCK_FACTOR, CEILING_MARGIN, rng
    )
