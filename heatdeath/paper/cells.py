"""The cells of an aggregate, one after the other."""

import numpy as np

from heatdeath.figures.selection import cell_axes
from heatdeath.figures.wording import target_text


def cells(record, name):
    """Yield the cells over which a variable of an aggregate is given."""
    axes = [axis for axis in record.dimensions(name) if axis in cell_axes(record)]
    for index in np.ndindex(record.values(name).shape[: len(axes)]):
        place = dict(zip(axes, index, strict=True))
        yield place, record.attributes | {axis: record.values(axis)[i] for axis, i in place.items()}


def at(record, name, place):
    """Return what a variable is in a cell."""
    axes = cell_axes(record)
    return record.values(name)[
        tuple(place[axis] for axis in record.dimensions(name) if axis in axes)
    ]


def short_target(name) -> str:
    """Name a target in a table, for example ``"Zipf, n = 30"``."""
    kind, _, rest = str(name).partition(":")
    n = rest.split(":")[-1]
    if kind == "zipf":
        return f"Zipf {rest.split(':')[0]}, n = {n}"
    return f"{kind}, n = {n}" if kind in ("uniform", "words") else target_text(name)
