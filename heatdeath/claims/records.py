"""Cells of an aggregate, one after the other, as plain dictionaries."""

import numpy as np

_NUMBERS = ("temperature", "fresh_fraction", "initial_size")


def cells_of(record, *, over) -> list[dict]:
    """Return the cells of an aggregate."""
    axes = record.dimensions(over)
    shared = {name: record.attributes[name] for name in ("target",) if name in record.attributes}
    shared |= {
        name: float(record.attributes[name]) for name in _NUMBERS if name in record.attributes
    }
    cells = []
    for index in np.ndindex(np.shape(record.values(over))):
        at = dict(zip(axes, index, strict=True))
        cell = shared | {name: record.values(name)[i].item() for name, i in at.items()}
        for name, (dims, values) in record.variables.items():
            if name not in record.sizes:
                value = np.asarray(values)[tuple(at.get(dim, slice(None)) for dim in dims)]
                cell[name] = value if value.ndim else value.item()
        cells.append(cell)
    return cells


def is_named_uniform(target) -> bool:
    """Whether the name of a target is that of a uniform one."""
    return str(target).startswith("uniform:")
