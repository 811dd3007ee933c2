"""The process as one would first write it in NumPy: the baseline that speeds are compared with."""

import numpy as np


def run_urn(target, counts, *, temperature, fresh_fraction, n_outputs, rng):
    """Add outputs to `counts` one at a time: temper, mix, choose, increment."""
    outcomes = np.arange(len(target))
    counts = np.array(counts, dtype=float)
    for _ in range(n_outputs):
        theta = counts / counts.sum()
        tempered = theta ** (1 / temperature)
        tempered /= tempered.sum()
        law = fresh_fraction * target + (1 - fresh_fraction) * tempered
        counts[rng.choice(outcomes, p=law)] += 1
    return counts


def run_replace(target, counts, *, temperature, fresh_fraction, batch_size, n_iterations, rng):
    """Replace the data by a new batch, again and again: temper, mix, one multinomial."""
    counts = np.array(counts, dtype=float)
    for _ in range(n_iterations):
        theta = counts / counts.sum()
        tempered = theta ** (1 / temperature)
        tempered /= tempered.sum()
        law = fresh_fraction * target + (1 - fresh_fraction) * tempered
        counts = rng.multinomial(batch_size, law)
    return counts
