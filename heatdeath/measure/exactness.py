"""From the trajectories of two outcomes to their comparison with the exact law."""

import numpy as np

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import CELL_AXES, Kind, Record, integer, number
from heatdeath.measure.goodness_of_fit import pearson_test
from heatdeath.measure.seeds import StudyCells, check_accumulates
from heatdeath.measure.summary_rows import rows_of_cells
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
    """Compare how often the first of two outcomes was sampled with the exact law of that number.

    All seeds of a cell have the same start, and all cells the same horizon.
    """
    study = StudyCells(
        trajectory_paths, axes, target_paths, origin=origin, check=_check_has_exact_law
    )
    laws, frequencies, tests = [], [], []
    for cell in study:
        start, added = _increments(cell)
        law = _law(cell, start)
        frequency = np.bincount(added, minlength=law.size)
        tests.append(pearson_test(frequency, law))
        laws.append(law)
        frequencies.append(frequency)
    frequencies = _stacked(frequencies)
    statistic, freedom, p_value = zip(*tests, strict=True)
    names, shape = tuple(axes), study.shape
    variables = study.coordinates | {
        "count": (("count",), np.arange(frequencies.shape[1])),
        "exact_probability": ((*names, "count"), np.reshape(laws, (*shape, -1))),
        "observed_frequency": (
            (*names, "count"),
            (frequencies / study.n_seeds).reshape(*shape, -1),
        ),
        "chi_square": (names, np.reshape(statistic, shape)),
        "degrees_of_freedom": (names, np.reshape(freedom, shape)),
        "p_value": (names, np.reshape(p_value, shape)),
    }
    return Record(EXACTNESS, variables, study.attributes)


def _check_has_exact_law(path, attributes):
    if attributes["n_outcomes"] != 2:
        raise FileFormatError(path, f"has {attributes['n_outcomes']} outcomes; needed: 2")
    check_accumulates(path, attributes)


def _increments(cell):
    """Return the start that all seeds share, shape (2,), and each seed's outputs on the first."""
    if not cell.has("counts"):
        raise FileFormatError(
            cell.paths[0], "has no counts; needed: a study with record: distribution"
        )
    counts = cell.values("counts")[:, [0, -1]]
    start = counts[0, 0].astype(float)
    if (counts[:, 0] != start).any():
        raise FileFormatError(
            cell.paths[0],
            "has a random start; needed: the same start for all seeds, such as proportional",
        )
    return start, np.rint(counts[:, 1, 0] - start[0]).astype(np.int64)


def _law(cell, start):
    """Return the probability of every number of outputs on the first outcome, shape (count,)."""
    return accumulate_law(
        start,
        cell.p,
        temperature=cell.temperature,
        fresh_fraction=cell.fresh_fraction,
        horizon=int(cell.attributes["horizon"]),
        batch_size=int(cell.attributes["batch_size"]),
    )


def _stacked(rows):
    """Put rows of counts from 0 to the horizon together, shape (cell, count)."""
    horizons = sorted({row.size - 1 for row in rows})
    if len(horizons) > 1:
        raise ParameterError("horizon", horizons, "one horizon for all cells")
    return np.stack(rows)


def summary_rows(record, prefix):
    """Return the rows of the summary: the p-value of every cell."""
    return rows_of_cells(record, prefix, "p_value", test="p_value")
