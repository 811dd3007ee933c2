"""A batch of outputs per iteration, drawn at once from a model that is fixed within the batch.

A user's own sampling rule is called once for each batch, so once an output where m = 1.

The regimes differ in what the next model is fitted to: all outputs so far (`accumulate`), the
newest batch (`replace`), the newest g batches with the initial data as the first of them
(`window`), or a uniform subset of fixed size of all outputs so far (`subsample`).
"""

import numpy as np

from heatdeath.tempering import temper
from heatdeath.urn.compilation import compiled
from heatdeath.urn.dense import truncate_law
from heatdeath.urn.draws import draw_counts, multinomial, subset
from heatdeath.urn.weights import largest, tempered_weights

ACCUMULATE, REPLACE, WINDOW, SUBSAMPLE = range(4)

REGIMES = {
    "accumulate": ACCUMULATE,
    "replace": REPLACE,
    "window": WINDOW,
    "subsample": SUBSAMPLE,
}
"""Number of each regime in the compiled code."""


class Memory:
    """What a regime keeps of the past: the counts of the present model and all it needs later."""

    def __init__(self, start, *, regime, window=None, subsample=None, rng):
        n = start.size
        self.regime = REGIMES[regime]
        self.model_start = np.array(start, dtype=np.float64)  # (n,)
        self.model_added = np.zeros(n, np.int64)
        self.batches = np.zeros((window or 1, n), np.int64)  # the newest ones, of `window`
        self.everything = np.zeros(n, np.int64)  # all outputs so far, of `subsample`
        self.subsample = subsample or 0
        self.iteration = 0  # batches drawn so far
        if self.regime == SUBSAMPLE:
            self.everything[:] = start
            self.model_start[:] = 0.0
            size = int(self.everything.sum())
            subset(self.everything, size, min(self.subsample, size), self.model_added, rng)

    @property
    def counts(self):
        """Counts that the present model is fitted to, float64 (n,)."""
        return self.model_start + self.model_added

    @property
    def kernel_arguments(self) -> tuple:
        """The arguments of `remember` from `regime` to `subsample`."""
        return (
            self.regime,
            self.iteration,
            self.model_start,
            self.model_added,
            self.batches,
            self.everything,
            self.subsample,
        )


@compiled
def remember(
    drawn, regime, iteration, model_start, model_added, batches, everything, subsample, rng
):
    """Turn the batch `drawn` at `iteration` into the counts that the next model is fitted to."""
    if regime == ACCUMULATE:
        model_added += drawn
    elif regime == REPLACE:
        model_start[:] = 0.0
        model_added[:] = drawn
    elif regime == WINDOW:
        slot = iteration % batches.shape[0]
        model_added += drawn - batches[slot]
        batches[slot] = drawn
        if iteration + 1 == batches.shape[0]:
            model_start[:] = 0.0
    else:
        everything += drawn
        size = everything.sum()
        subset(everything, size, min(subsample, size), model_added, rng)


@compiled
def _advance(
    iterations,
    batch_size,
    beta,
    fresh,
    target,
    truncates,
    truncation,
    regime,
    iteration,
    model_start,
    model_added,
    batches,
    everything,
    subsample,
    rng,
):
    n = target.size
    law = np.empty(n)
    suffix = np.empty(n)
    acceptance = np.empty(n)
    alias = np.empty(n, np.int64)
    stack = np.empty(n, np.int64)
    drawn = np.empty(n, np.int64)
    for _ in range(iterations):
        reference = largest(model_start, model_added)
        total = tempered_weights(model_start, model_added, reference, beta, law)
        for i in range(n):
            law[i] /= total
        if truncates:
            truncate_law(law, *truncation)
        if fresh > 0.0:
            for i in range(n):
                law[i] = fresh * target[i] + (1.0 - fresh) * law[i]
        draw_counts(law, batch_size, drawn, suffix, acceptance, alias, stack, rng)
        remember(
            drawn, regime, iteration, model_start, model_added, batches, everything, subsample, rng
        )
        iteration += 1


def advance(memory, iterations, *, batch_size, beta, fresh_fraction, target, rule, rng):
    """Draw `iterations` batches of `batch_size` outputs each and change `memory` in place.

    `beta` is the inverse temperature, 0 to inf, and `target` the probabilities of fresh outputs,
    float64 (n,); `rule` truncates.
    """
    _advance(
        iterations,
        batch_size,
        beta,
        float(fresh_fraction),
        target,
        not rule.is_identity,
        rule.kernel_arguments,
        *memory.kernel_arguments,
        rng,
    )
    memory.iteration += iterations


def advance_by_function(
    memory, iterations, *, batch_size, temperature, fresh_fraction, target, rule, rng
):
    """Draw `iterations` batches as `advance` does, with a rule that is a Python function."""
    drawn = np.empty(target.size, np.int64)
    suffix = np.empty(target.size)
    for _ in range(iterations):
        synthetic = rule.apply(temper(memory.counts, temperature))
        law = fresh_fraction * target + (1.0 - fresh_fraction) * synthetic
        multinomial(law, batch_size, drawn, suffix, rng)
        remember(drawn, *memory.kernel_arguments, rng)
        memory.iteration += 1
