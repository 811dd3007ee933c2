"""What a fit of each family costs here: rewrites heatdeath/study/training_costs.json."""

import json
import resource

from measuring import Figure, least_seconds
from workflow_runs import ROOT

from heatdeath.models.lookup import FAMILIES, missing_packages, open_source
from heatdeath.models.loop import record_loops
from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.costs import TRAINING_COSTS_PATH

SEEDS, GENERATIONS = 4, 4
# Seconds that a process needs before its first fit, its compilations read from disk.
START = {True: 4.0, False: 1.0}


def data_of_families():
    """Return for each family the source of its data and their number, as in the paper's studies."""
    studies = load(read_configuration(ROOT / "config/config.yaml")).studies.values()
    return {
        study.family: (study.settings["target"], int(study.settings["initial_size"]))
        for study in studies
        if study.family is not None
    }


def measure():
    costs = {}
    data = data_of_families()
    for family in FAMILIES:
        if family not in data:
            print(f"  {family}: left out, for no study of the paper is of it")
            continue
        name, size = data[family]
        if missing_packages(family, name):
            print(f"  {family}: left out, for its packages are not installed")
            continue
        source = open_source(name)

        def train(seeds, family=family, source=source, size=size):
            record_loops(
                source,
                family=family,
                seeds=seeds,
                temperature=0.75,
                fresh_fraction=0.25,
                regime="replace",
                initial_size=size,
                batch_size=size,
                horizon=size * GENERATIONS,
                checkpoints=[0, size * GENERATIONS],
            )

        train(SEEDS)  # compiles
        together = least_seconds(lambda: train(SEEDS), repeats=2)
        fits = SEEDS * (GENERATIONS + 1)
        uses_jax = "jax" in FAMILIES[family].packages
        costs[family] = {
            "memory": max(150_000_000, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024),
            "seconds_per_fit": float(f"{together / fits:.3g}"),
            "start": START[uses_jax],
        }
        yield Figure(f"{family}, a fit and its samples", together / fits, "s", at_most=2.0)
    text = json.dumps(json.loads(TRAINING_COSTS_PATH.read_text()) | costs, indent=2, sort_keys=True)
    TRAINING_COSTS_PATH.write_text(text + "\n", encoding="utf-8")
    print(f"Wrote the costs of {len(costs)} families to {TRAINING_COSTS_PATH}")
