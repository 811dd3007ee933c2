"""Run one trajectory and hand out its counts at the checkpoints."""

import numpy as np

from heatdeath.urn import dense, generations, leap, sequential
from heatdeath.urn.choose import leap_pays_from
from heatdeath.urn.weights import inverse_temperature


def counts_at_checkpoints(
    start,
    *,
    checkpoints,
    temperature,
    fresh_fraction,
    target,
    sampler,
    regime,
    batch_size,
    window,
    subsample,
    rule,
    rng,
):
    """Simulate a trajectory, yielding the counts that the model at each checkpoint is fitted to.

    They are pairs of initial and added counts, float64 and int64 of shape (n,), to be summed, in
    arrays that are reused: copy what you keep. `checkpoints` are numbers of outputs from 0 on.
    The samplers start anew at every checkpoint, so other checkpoints give another random path
    with the same law.
    """
    process = {
        "fresh_fraction": fresh_fraction,
        "target": np.ascontiguousarray(target, dtype=np.float64),
        "rng": rng,
    }
    steps = np.diff(checkpoints).tolist()
    if sampler == "generations" or rule.function is not None:
        memory = generations.Memory(
            start, regime=regime, window=window, subsample=subsample, rng=rng
        )
        process |= {"batch_size": batch_size, "rule": rule}
        yield memory.model_start, memory.model_added
        for outputs in steps:
            iterations = outputs // batch_size
            if rule.function is not None:
                generations.advance_by_function(
                    memory, iterations, temperature=temperature, **process
                )
            else:
                beta = inverse_temperature(temperature)
                generations.advance(memory, iterations, beta=beta, **process)
            yield memory.model_start, memory.model_added
        return

    start = np.array(start, dtype=np.float64)
    added = np.zeros(start.size, np.int64)
    process["beta"] = inverse_temperature(temperature)
    yield start, added
    size = float(start.sum())
    for outputs in steps:
        if sampler == "dense":
            dense.advance(start, added, outputs, rule=rule, **process)
        else:
            one_by_one = _sequential_share(sampler, size, outputs, start.size)
            if one_by_one:
                sequential.advance(start, added, one_by_one, **process)
            if outputs > one_by_one:
                leap.advance(start, added, outputs - one_by_one, **process)
        size += outputs
        yield start, added


def _sequential_share(sampler, size, outputs, n_outcomes):
    """Return how many of the next `outputs` the sequential sampler draws."""
    if sampler == "sequential":
        return outputs
    if sampler == "leap":
        return 0
    return int(min(outputs, max(0, leap_pays_from(n_outcomes) - size)))
