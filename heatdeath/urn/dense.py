"""One output at a time, in O(n) each: for any sampling rule at any temperature.

Truncating rules (top-k, top-p, min-p) lower weights when membership changes, which neither the
increments of the sequential sampler nor the ceiling of leap can follow; here the whole law is made
anew for every output.
"""

import numpy as np

from heatdeath.sampling_rules import truncate
from heatdeath.urn.compilation import compiled
from heatdeath.urn.draws import alias_draw, build_alias, scan_draw
from heatdeath.urn.weights import largest, power_weight, tempered_weights

truncate_law = compiled(truncate)


@compiled
def _advance(start, added, steps, beta, fresh, acceptance, alias, truncates, truncation, rng):
    n = start.size
    weights = np.empty(n)
    law = np.empty(n)
    reference = largest(start, added)
    total = tempered_weights(start, added, reference, beta, weights)
    is_power = 0.0 < beta < np.inf
    for _ in range(steps):
        if fresh > 0.0 and rng.random() < fresh:
            i = alias_draw(acceptance, alias, rng.random())
        elif truncates:
            for j in range(n):
                law[j] = weights[j] / total
            truncate_law(law, *truncation)
            i = scan_draw(law, 1.0, rng.random())
        else:
            i = scan_draw(weights, total, rng.random())
        added[i] += 1
        count = start[i] + added[i]
        if is_power:
            weight = power_weight(count, reference, beta)
            if weight < 8.0:
                weights[i] = weight
                total = 0.0
                for j in range(n):
                    total += weights[j]
                continue
        if is_power or count > reference or count == 1.0 or beta == np.inf:
            reference = largest(start, added)
            total = tempered_weights(start, added, reference, beta, weights)


def advance(start, added, steps, *, beta, fresh_fraction, target, rule, rng):
    """Add `steps` outputs as `sequential.advance` does, truncated by a rule without a function."""
    n = target.size
    acceptance = np.empty(n)
    alias = np.empty(n, np.int64)
    build_alias(target, acceptance, alias, np.empty(n, np.int64))
    _advance(
        start,
        added,
        steps,
        beta,
        float(fresh_fraction),
        acceptance,
        alias,
        not rule.is_identity,
        rule.kernel_arguments,
        rng,
    )
