"""The replacing regime, vectorised over seeds, against one multinomial loop a seed."""

import numpy as np
import plain_loop
from measuring import Figure, least_seconds

from heatdeath import targets
from heatdeath.simulation import record_trajectories

N_OUTCOMES = 10
BATCH_SIZE = 10
N_SEEDS = 100
N_ITERATIONS = 1_000
TEMPERATURE = 0.8
FRESH_FRACTION = 0.1


def measure():
    target = targets.zipf(N_OUTCOMES, exponent=1)

    def vectorised():
        record_trajectories(
            target,
            temperature=TEMPERATURE,
            fresh_fraction=FRESH_FRACTION,
            horizon=N_ITERATIONS * BATCH_SIZE,
            seeds=N_SEEDS,
            initial="proportional",
            regime="replace",
            batch_size=BATCH_SIZE,
            checkpoints=[0, N_ITERATIONS * BATCH_SIZE],
        )

    def seed_by_seed():
        for seed in range(N_SEEDS):
            plain_loop.run_replace(
                target.probabilities,
                10 * N_OUTCOMES * target.probabilities,
                temperature=TEMPERATURE,
                fresh_fraction=FRESH_FRACTION,
                batch_size=BATCH_SIZE,
                n_iterations=N_ITERATIONS,
                rng=np.random.default_rng(seed),
            )

    vectorised()  # compiles or loads the kernel
    yield Figure(
        f"plain loop / replace, n={N_OUTCOMES}, m={BATCH_SIZE}, {N_SEEDS} seeds",
        least_seconds(seed_by_seed, repeats=1) / least_seconds(vectorised, repeats=5),
        "times",
        at_least=10,
    )
