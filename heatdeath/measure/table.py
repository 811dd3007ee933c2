"""A record of one row a cell as a table of comma-separated values."""

import csv
import io

import numpy as np

from heatdeath.canonical import decimal_text


def table_text(record) -> str:
    """Return the variables of a record that belong to cells as CSV.

    The first columns are the axes. A variable with a further dimension has one column for each
    of its coordinates, ``entropy[0.5]``; flags are written as their meanings. Numbers are the
    shortest decimals that read back as the same doubles.
    """
    axes = _axes(record)
    columns = [(name, values) for name, values in zip(axes, _grid(record, axes), strict=True)]
    for name, (dims, values) in record.variables.items():
        if dims[: len(axes)] == axes and name not in axes:
            columns.extend(_columns(record, name, values, dims[len(axes) :]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([name for name, _ in columns])
    writer.writerows(zip(*(_texts(values) for _, values in columns), strict=True))
    return text.getvalue()


def _axes(record):
    """Return the dimensions of the cells: those of `phase`, or of any variable of cells alone."""
    return record.dimensions("phase")


def _grid(record, axes):
    coordinates = [record.values(name) for name in axes]
    return [grid.ravel() for grid in np.meshgrid(*coordinates, indexing="ij")] if axes else []


def _columns(record, name, values, further):
    flags = dict(record.declaration.variable(name).flags)
    if flags:
        values = np.vectorize(flags.get, otypes=[object])(values)
    labels = [[_text(label) for label in record.values(dim)] for dim in further]
    cells = values.reshape(-1, *(len(label) for label in labels))
    for index in np.ndindex(cells.shape[1:]):
        place = ",".join(label[i] for label, i in zip(labels, index, strict=True))
        yield f"{name}[{place}]" if place else name, cells[(slice(None), *index)]


def _texts(values):
    return [_text(value) for value in values.tolist()]


def _text(value):
    return str(value) if isinstance(value, str) else decimal_text(value)
