"""Sampling by a user's own rule, called once for each batch (once an output where m = 1)."""

import numpy as np

from heatdeath.tempering import temper
from heatdeath.urn.draws import multinomial
from heatdeath.urn.generations import remember


def advance(memory, iterations, *, batch_size, temperature, fresh_fraction, target, rule, rng):
    """Draw `iterations` batches with a rule that is a Python function, and remember them."""
    drawn = np.empty(target.size, np.int64)
    suffix = np.empty(target.size)
    for _ in range(iterations):
        counts = memory.counts
        synthetic = rule.apply(temper(counts, temperature))
        law = fresh_fraction * target + (1.0 - fresh_fraction) * synthetic
        multinomial(law, batch_size, drawn, suffix, rng)
        remember(
            drawn,
            memory.regime,
            memory.iteration,
            memory.model_start,
            memory.model_added,
            memory.batches,
            memory.everything,
            memory.subsample,
            rng,
        )
        memory.iteration += 1
