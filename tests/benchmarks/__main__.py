"""Measure the speeds that the project promises and print each beside its bound.

``python tests/benchmarks`` runs every benchmark, one after the other; names as arguments run those
alone. A bound that is missed is printed as such and fails nothing: timings are no tests.
"""

import argparse
import importlib
import os
import platform
import time

BENCHMARKS = (
    "speed_per_output",
    "leap_scaling",
    "sampler_choice",
    "replace_regime",
    "cost_curve",
    "recorded_costs",
    "training_costs",
    "job_overhead",
    "dry_run",
    "aggregation",
    "explorer_page",
    "quick_study",
    "zipf_study",
)


def main():
    parser = argparse.ArgumentParser(prog="python tests/benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"any of: {', '.join(BENCHMARKS)}; default: all"
    )
    names = parser.parse_args().names or BENCHMARKS
    if unknown := sorted(set(names) - set(BENCHMARKS)):
        parser.error(f"NAME: got {', '.join(unknown)}; allowed: {', '.join(BENCHMARKS)}")
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        flush=True,
    )
    start = time.perf_counter()
    missed = 0
    for name in names:
        print(f"\n{name}", flush=True)
        for figure in importlib.import_module(name).measure():
            print(f"  {figure}", flush=True)
            missed += not figure.reached
    took = time.perf_counter() - start
    print(f"\n{missed or 'No'} bound{'' if missed == 1 else 's'} missed; {took:.0f} s in all")


if __name__ == "__main__":
    main()
