"""Whether `auto` changes from sequential to leap where it pays, by the formula of `urn.choose`."""

from measuring import Figure, least_seconds
from methods import zipf

from heatdeath.simulation import record_trajectories
from heatdeath.urn.choose import leap_pays_from

APART = 4  # factor below and above the formula at which the choice must be right


def measure():
    for n_outcomes in (10, 100, 1_000, 10_000):
        target = zipf(n_outcomes)
        formula = leap_pays_from(n_outcomes)
        for temperature in (0.5, 2.0):
            for size, chosen, other in (
                (formula / APART, "sequential", "leap"),
                (formula * APART, "leap", "sequential"),
            ):
                taken = {
                    sampler: _seconds(target, sampler, size=size, temperature=temperature)
                    for sampler in (chosen, other)
                }
                yield Figure(
                    f"{other} / {chosen}, n={n_outcomes}, T={temperature:g}, size {size:.0f}",
                    taken[other] / taken[chosen],
                    "times",
                    at_least=0.8,  # near enough: the formula need not be exact
                )


def _seconds(target, sampler, *, size, temperature):
    horizon = max(1, round(size / 4))  # short enough to stay near the size
    n_seeds = max(1, round(2_000_000 / horizon))

    def simulate():
        record_trajectories(
            target,
            temperature=temperature,
            fresh_fraction=0.1,
            horizon=horizon,
            seeds=n_seeds,
            initial="proportional",
            initial_size=size,
            checkpoints=[0, horizon],
            sampler=sampler,
        )

    simulate()
    return least_seconds(simulate, repeats=2)
