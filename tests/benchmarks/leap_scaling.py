"""How the leap sampler's time grows with the horizon, and what it saves against sequential."""

import numpy as np
from measuring import Figure
from methods import trajectory_seconds

N_OUTCOMES = 100
SCALING_HORIZONS = (10**8, 10**9, 10**10, 10**11)


def measure():
    for temperature in (0.5, 2.0):
        for fresh_fraction in (0.0, 0.1):
            cell = {"temperature": temperature, "fresh_fraction": fresh_fraction}
            name = f"T={temperature:g}, f={fresh_fraction:g}"
            times = {
                horizon: trajectory_seconds(N_OUTCOMES, horizon=horizon, sampler="leap", **cell)
                for horizon in SCALING_HORIZONS
            }
            exponent = np.polyfit(np.log(list(times)), np.log(list(times.values())), 1)[0]
            yield Figure(f"leap, a of seconds ~ K^a, {name}", exponent, "", at_most=0.55)
            sequential = trajectory_seconds(
                N_OUTCOMES, horizon=10**9, sampler="sequential", repeats=1, **cell
            )
            yield Figure(
                f"sequential / leap, K=1e9, {name}", sequential / times[10**9], "times", at_least=30
            )
            longest = trajectory_seconds(
                N_OUTCOMES, horizon=10**12, sampler="leap", repeats=1, **cell
            )
            yield Figure(f"leap, K=1e12, {name}", longest, "s", at_most=60)
