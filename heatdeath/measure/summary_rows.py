"""The rows of the summary, and how a record yields those of its variables."""

from typing import NamedTuple

import numpy as np

from heatdeath.canonical import decimal_text
from heatdeath.measure.intervals import coverage_factor, wilson


class SummaryRow(NamedTuple):
    """A number that sums up results, with what it takes to compare it with another run's."""

    name: str
    test: str  # what the number is, and so how two of them are compared
    value: float | str | None  # None where the runs do not determine it
    low: float | None = None
    high: float | None = None
    level: float | None = None  # coverage of the interval from low to high
    seeds: int | None = None
    unit: str = "1"


def rows_of_cells(record, prefix, variable, *, test):
    """Yield a row a cell of a variable without an interval."""
    axes, values = record.variables[variable]
    for index in np.ndindex(values.shape):
        name = row_name(prefix, variable, place_of(record, axes, index))
        yield SummaryRow(name, test, float(values[index]))


def rows_of_shares(record, prefix, variable):
    """Yield a row a cell of the share of its seeds for which something is true."""
    axes, shares = record.variables[variable]
    n_seeds, level = int(record.attributes["n_seeds"]), float(record.attributes["confidence"])
    for index in np.ndindex(shares.shape):
        name = row_name(prefix, variable, place_of(record, axes, index))
        yield share_row(name, float(np.rint(shares[index] * n_seeds)), n_seeds, level)


def rows_with_errors(record, prefix, variable):
    """Yield a row a cell of a variable with a standard error beside it, 0 where unmeasured."""
    axes, values = record.variables[variable]
    errors = record.values(f"{variable}_error")
    level, n_seeds = float(record.attributes["confidence"]), int(record.attributes["n_seeds"])
    reach = coverage_factor(n_seeds, confidence=level)
    for index in np.ndindex(values.shape):
        name = row_name(prefix, variable, place_of(record, axes, index))
        if errors[index] > 0:
            ends = values[index] + errors[index] * reach * np.array([-1, 1])
            yield mean_row(record, name, values[index], ends)
        else:
            yield SummaryRow(name, "mean", None)


def rows_of_fraction(record, prefix, fraction):
    """Yield a measured fresh fraction beside that of theory, cell by cell, and their joint test."""
    axes, values = record.variables[fraction]
    interval = record.values(f"{fraction}_interval")
    measured = record.values(f"{fraction}_measured")
    for index in np.ndindex(values.shape):
        place = place_of(record, axes, index)
        name = row_name(prefix, fraction, place)
        if measured[index]:
            yield mean_row(record, name, values[index], interval[index])
        else:
            yield SummaryRow(name, "mean", None)
        exists = record.values(f"{fraction}_theory_exists")[index]
        theory = float(record.values(f"{fraction}_theory")[index]) if exists else None
        yield SummaryRow(row_name(prefix, f"{fraction}_theory", place), "exact", theory)
    yield from row_of_joint_test(record, prefix)


def row_of_joint_test(record, prefix):
    """Yield the p-value of the χ² of all that was measured against theory."""
    tested = int(record.attributes["degrees_of_freedom"]) > 0
    p_value = float(record.attributes["p_value"]) if tested else None
    yield SummaryRow(f"{prefix}/p_value", "p_value", p_value)


def mean_row(record, name, value, interval) -> SummaryRow:
    """Return the row of a mean over the seeds of a record, with its interval."""
    low, high = map(float, interval)
    level, n_seeds = float(record.attributes["confidence"]), int(record.attributes["n_seeds"])
    return SummaryRow(name, "mean", float(value), low, high, level, n_seeds)


def share_row(name, successes, trials, level) -> SummaryRow:
    """Return the row of a share that was counted, with Wilson's interval."""
    low, high = (float(end) for end in wilson(successes, trials, confidence=level))
    return SummaryRow(name, "share", successes / trials, low, high, level, trials)


def place_of(record, axes, index) -> dict[str, str]:
    """Return the value of a cell on each axis, as a text."""
    values = (record.values(axis)[i].item() for axis, i in zip(axes, index, strict=True))
    texts = (value if isinstance(value, str) else decimal_text(value) for value in values)
    return dict(zip(axes, texts, strict=True))


def row_name(prefix, variable, place) -> str:
    """Return the name of a row: ``study/variable[axis=value,axis=value]``."""
    inside = ",".join(f"{axis}={text}" for axis, text in place.items())
    return f"{prefix}/{variable}[{inside}]" if inside else f"{prefix}/{variable}"
