"""What figures and tables take from an aggregate: arrays over its cells, axes, flags and gates."""

import numpy as np

from heatdeath.errors import ParameterError

_ORDERED = ("temperature", "fresh_fraction")
_NOT_AXES = ("quantile", "trajectory_phase", "bound", "count", "outputs", "dataset_size")


def over(record, name, axes, *, quantile=None) -> np.ndarray:
    """Return a variable with its cell axes in the order of `axes`, other dimensions behind them.

    An axis that the study does not have gets length 1, and one that is not wanted must have a
    single value; a quantile is the nearest one that there is.
    """
    dims, values = record.variables[name]
    if quantile is not None:
        place = int(np.argmin(abs(record.values("quantile") - quantile)))
        values = np.take(values, place, axis=dims.index("quantile"))
        dims = tuple(dim for dim in dims if dim != "quantile")
    n_axes = sum(dim in cell_axes(record) for dim in dims)
    dims = list(dims)
    for dim in dims[:n_axes]:
        if dim not in axes:
            place = dims.index(dim)
            if values.shape[place] > 1:
                raise ParameterError("axis of the study", dim, "one of " + ", ".join(axes))
            values = np.take(values, 0, axis=place)
            dims.remove(dim)
    for axis in axes:
        if axis not in dims:
            values = values[None]
            dims.insert(0, axis)
    rest = [dim for dim in dims if dim not in axes]
    values = values.transpose([dims.index(dim) for dim in (*axes, *rest)])
    # Grids may be listed in any order; figures need them ascending.
    for place, axis in enumerate(axes):
        if axis in _ORDERED and axis in record.variables:
            values = np.take(values, np.argsort(record.values(axis)), axis=place)
    return values


def cell_axes(record) -> tuple[str, ...]:
    """Return the axes of the study that an aggregate is of."""
    return tuple(
        dims[0]
        for name, (dims, _) in record.variables.items()
        if dims == (name,) and name not in _NOT_AXES
    )


def axis_values(record, name) -> np.ndarray:
    """Return the values of an axis, shape (value,): ascending where figures order them.

    Where the study does not have the axis, it is the one value that all of it shares.
    """
    if name in record.variables:
        values = record.values(name)
        return np.sort(values) if name in _ORDERED else values
    value = record.attributes[name]
    return np.array([float(value) if name in _ORDERED else value])


def flag_value(record, name, meaning) -> int:
    """Return the number that stands for a word in a variable of flags."""
    flags = record.declaration.variable(name).flags
    return next(value for value, word in flags if word == meaning)


def passes_gates(gate) -> bool:
    """Return whether a family passes every gate with every seed, whatever its width."""
    return bool(_passed(gate).all())


def widths_that_pass(gate, widths) -> list[bool]:
    """Return for each width whether models of it pass every gate with every seed."""
    if "width" not in gate.variables:
        return [passes_gates(gate)] * len(widths)
    rows = dict(zip(gate.values("width").tolist(), _passed(gate), strict=True))
    return [bool(rows[width].all()) for width in widths]


def _passed(gate):
    return gate.values("passed") == flag_value(gate, "passed", "passed")
