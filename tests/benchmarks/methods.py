"""Seconds of one trajectory, by each method, from the same start and with the same settings."""

import numpy as np
import plain_loop
from measuring import least_seconds

from heatdeath import targets
from heatdeath.simulation import record_trajectories

_WARM_UP = 1_000  # outputs of the untimed call that compiles or loads the kernel


def zipf(n_outcomes):
    return targets.zipf(n_outcomes, exponent=1)


def trajectory_seconds(n_outcomes, *, temperature, fresh_fraction, horizon, sampler, repeats=3):
    """Time the package: one seed, recorded at its start and its end only."""
    target = zipf(n_outcomes)

    def simulate(n_outputs):
        record_trajectories(
            target,
            temperature=temperature,
            fresh_fraction=fresh_fraction,
            horizon=n_outputs,
            seeds=1,
            initial="proportional",
            checkpoints=[0, n_outputs],
            sampler=sampler,
        )

    simulate(_WARM_UP)
    return least_seconds(lambda: simulate(horizon), repeats=repeats)


def plain_seconds(n_outcomes, *, temperature, fresh_fraction, horizon, repeats=3):
    """Time the plain NumPy loop."""
    probabilities = zipf(n_outcomes).probabilities
    return least_seconds(
        lambda: plain_loop.run_urn(
            probabilities,
            10 * n_outcomes * probabilities,
            temperature=temperature,
            fresh_fraction=fresh_fraction,
            n_outputs=horizon,
            rng=np.random.default_rng(0),
        ),
        repeats=repeats,
    )
