"""Seconds against the horizon for each method: rewrites the table that the cost figure draws."""

import csv
from pathlib import Path

from methods import plain_seconds, trajectory_seconds

TABLE = Path(__file__).parents[2] / "docs" / "benchmarks" / "cost.csv"
COLUMNS = ("method", "n_outcomes", "temperature", "horizon", "seconds")
N_OUTCOMES = 100
TEMPERATURES = (0.5, 2.0)
FRESH_FRACTION = 0.1
# The longest horizon of each method, as a power of ten: about ten seconds to half a minute.
LONGEST = {"plain loop": 5, "sequential": 8, "leap": 12}
SHORTEST = 3


def measure():
    rows = []
    for method, longest in LONGEST.items():
        for temperature in TEMPERATURES:
            for power in range(SHORTEST, longest + 1):
                horizon = 10**power
                repeats = 3 if power < longest - 1 else 1
                arguments = {
                    "temperature": temperature,
                    "fresh_fraction": FRESH_FRACTION,
                    "horizon": horizon,
                    "repeats": repeats,
                }
                if method == "plain loop":
                    taken = plain_seconds(N_OUTCOMES, **arguments)
                else:
                    taken = trajectory_seconds(N_OUTCOMES, sampler=method, **arguments)
                rows.append((method, N_OUTCOMES, f"{temperature:g}", horizon, f"{taken:.3g}"))
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    print(f"Wrote {len(rows)} timings to {TABLE}")
    return ()
