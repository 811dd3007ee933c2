"""Record what a finished run took, which the accuracy of `heatdeath plan` is tested against.

``python tests/benchmarks/finished_run.py config/config.yaml results`` rewrites
docs/benchmarks/finished_run.csv from the benchmark files of every study that is complete.
"""

import csv
import hashlib
import json
import sys
from pathlib import Path

from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.paths import seeds_part

TABLE = Path(__file__).parents[2] / "docs" / "benchmarks" / "finished_run.csv"
COLUMNS = ("study", "definition", "jobs", "core_seconds", "disk_bytes")


def definition(study):
    """Return a digest of what a study simulates: another study cannot be held against its run."""
    described = [study.axes, study.settings, study.variants, study.seeds, study.seeds_per_job]
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()[:12]


def main(config, results):
    rows = []
    for study in load(read_configuration(config)).studies.values():
        blocks = [seeds_part(block) for block in study.seed_blocks]
        paths = [f"{cell}/seeds={block}" for cell in study.cells for block in blocks]
        rule = "simulate" if study.family is None else "train"
        folder = Path(results, "benchmarks", rule, study.name)
        timings = [folder / f"{path}.tsv" for path in paths]
        files = [Path(results, study.name, "trajectories", f"{path}.nc") for path in paths]
        if all(path.exists() for path in [*timings, *files]):
            seconds = sum(map(_core_seconds, timings))
            size = sum(path.stat().st_size for path in files)
            rows.append((study.name, definition(study), len(paths), f"{seconds:.0f}", size))
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    print(f"Wrote {len(rows)} studies to {TABLE}")


def _core_seconds(path):
    with path.open(newline="", encoding="utf-8") as file:
        return float(next(csv.DictReader(file, delimiter="\t"))["cpu_time"])


if __name__ == "__main__":
    main(*sys.argv[1:])
