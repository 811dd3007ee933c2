"""From the trajectories of two outcomes to their comparison with the exact law."""

from math import prod

import numpy as np

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import CELL_AXES, Kind, Record, integer, number
from heatdeath.measure.cells import (
    OF_ONE_FILE,
    common_attributes,
    coordinate,
    read_cell,
    read_targets,
    split_into_cells,
)
from heatdeath.measure.goodness_of_fit import pearson_test
from heatdeath.measure.progress import reported
from heatdeath.measure.summary_rows import rows_of_cells
from heatdeath.sampling_rules import RULE_ARGUMENTS
from heatdeath.theory.exact import accumulate_law

EXACTNESS = Kind(
    name="exactness",
    title="Simulated counts of two outcomes against their exact law",
    dimensions={**AXIS_DIMENSIONS, "count": "times that the first outcome was sampled"},
    variables=(
        *AXES,
        integer("count", ("count",), "how often the first outcome was sampled", coordinate=True),
        number(
            "exact_probability", (CELL_AXES, "count"), "probability of the count by the exact law"
        ),
        number("observed_frequency", (CELL_AXES, "count"), "share of the seeds with the count"),
        number(
            "chi_square",
            (CELL_AXES,),
            "Pearson statistic of the counts, rare ones taken together",
            formula="sum (observed - expected)^2 / expected",
            may_be_infinite=True,
        ),
        integer("degrees_of_freedom", (CELL_AXES,), "degrees of freedom of the Pearson statistic"),
        number(
            "p_value",
            (CELL_AXES,),
            "probability of a Pearson statistic at least as large under the exact law",
        ),
    ),
    attributes={"n_seeds": "seeds per cell"},
)


def compare_with_exact_law(trajectory_paths, *, axes, target_paths, origin=None) -> Record:
    """Compare how often the first of two outcomes was sampled with the exact law of that number."""
    shape = tuple(len(values) for values in axes.values())
    cells = split_into_cells(trajectory_paths, prod(shape))
    (target,) = read_targets(target_paths, axes=axes, origin=origin)
    p = target.values("probability")
    laws, frequencies, tests, shared = [], [], [], None
    for index, paths in reported(zip(np.ndindex(shape), cells, strict=True), total=len(cells)):
        place = {name: values[i] for (name, values), i in zip(axes.items(), index, strict=True)}
        records = read_cell(paths, place, origin=origin)
        for path, record in zip(paths, records, strict=True):
            _check_has_exact_law(path, record)
            shared = common_attributes(shared, record.attributes)
        start, added = _increments(paths, records)
        law = _law(records[0].attributes, start, p)
        frequency = np.bincount(added, minlength=law.size)
        tests.append(pearson_test(frequency, law))
        laws.append(law)
        frequencies.append(frequency)
    frequencies = _stacked(frequencies)
    n_seeds = frequencies.sum(-1)
    if np.ptp(n_seeds):
        raise ParameterError(
            "trajectory_paths",
            f"cells of {n_seeds.min()} to {n_seeds.max()} seeds",
            "files with the same number of seeds in every cell",
        )
    statistic, freedom, p_value = zip(*tests, strict=True)
    names = tuple(axes)
    variables = {name: coordinate(name, values) for name, values in axes.items()} | {
        "count": (("count",), np.arange(frequencies.shape[1])),
        "exact_probability": ((*names, "count"), np.reshape(laws, (*shape, -1))),
        "observed_frequency": (
            (*names, "count"),
            (frequencies / n_seeds[:, None]).reshape(*shape, -1),
        ),
        "chi_square": (names, np.reshape(statistic, shape)),
        "degrees_of_freedom": (names, np.reshape(freedom, shape)),
        "p_value": (names, np.reshape(p_value, shape)),
    }
    attributes = {name: shared[name] for name in sorted(shared) if name not in OF_ONE_FILE}
    return Record(EXACTNESS, variables, attributes | {"n_seeds": int(n_seeds[0])})


def _check_has_exact_law(path, record):
    attributes = record.attributes
    if attributes["n_outcomes"] != 2:
        raise FileFormatError(path, f"has {attributes['n_outcomes']} outcomes; needed: 2")
    if attributes["regime"] != "accumulate":
        raise FileFormatError(
            path, f"has the regime {attributes['regime']!r}; needed: 'accumulate'"
        )
    rules = [name for name in RULE_ARGUMENTS if name in attributes]
    if rules:
        raise FileFormatError(path, f"has the sampling rule {rules[0]!r}; needed: none")
    if "counts" not in record.variables:
        raise FileFormatError(path, "has no counts; needed: a study with record: distribution")


def _increments(paths, records):
    """Return the start that all seeds share, and each seed's outputs on the first outcome."""
    seeds = np.concatenate([record.values("seed") for record in records])
    if np.unique(seeds).size != seeds.size:
        raise FileFormatError(paths[-1], "repeats seeds of another file of its cell")
    counts = np.concatenate([record.values("counts")[:, [0, -1]] for record in records])
    start = counts[0, 0].astype(float)
    if (counts[:, 0] != start).any():
        raise FileFormatError(
            paths[0],
            "has a random start; needed: the same start for all seeds, such as proportional",
        )
    return start, np.rint(counts[:, 1, 0] - start[0]).astype(np.int64)


def _law(attributes, start, p):
    return accumulate_law(
        start,
        p,
        temperature=float(attributes["temperature"]),
        fresh_fraction=float(attributes["fresh_fraction"]),
        horizon=int(attributes["horizon"]),
        batch_size=int(attributes["batch_size"]),
    )


def _stacked(rows):
    horizons = sorted({row.size - 1 for row in rows})
    if len(horizons) > 1:
        raise ParameterError("horizon", horizons, "one horizon for all cells")
    return np.stack(rows)


def summary_rows(record, prefix):
    """Return the rows of the summary: the p-value of every cell."""
    return rows_of_cells(record, prefix, "p_value", test="p_value")
