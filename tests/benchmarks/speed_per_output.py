"""Cost per output of the accumulating urn: against the plain loop, and against n."""

from measuring import Figure
from methods import plain_seconds, trajectory_seconds

HORIZON = 1_000_000
PLAIN_OUTPUTS = 5_000
FRESH_FRACTION = 0.1


def measure():
    for n_outcomes, required in ((100, 500), (10_000, 1_000)):
        for temperature in (0.8, 2.0):
            cell = {"temperature": temperature, "fresh_fraction": FRESH_FRACTION}
            plain = plain_seconds(n_outcomes, horizon=PLAIN_OUTPUTS, **cell)
            ours = trajectory_seconds(n_outcomes, horizon=HORIZON, sampler="auto", **cell)
            yield Figure(
                f"plain loop / auto, per output, n={n_outcomes}, T={temperature:g}",
                (plain / PLAIN_OUTPUTS) / (ours / HORIZON),
                "times",
                at_least=required,
            )
    for temperature in (0.8, 2.0):
        small, large = (
            trajectory_seconds(
                n,
                temperature=temperature,
                fresh_fraction=FRESH_FRACTION,
                horizon=HORIZON,
                sampler="sequential",
            )
            for n in (10, 10_000)
        )
        yield Figure(
            f"sequential, n=10000 / n=10, per output, T={temperature:g}",
            large / small,
            "times",
            at_most=2.5,
        )
