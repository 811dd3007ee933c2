"""The cells of a study: which files are which cell, and whether they say the same of themselves."""

from os import PathLike

import numpy as np

from heatdeath.canonical import decimal_text
from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files import netcdf
from heatdeath.files.axes import REAL_AXES
from heatdeath.measure.origin import check_origin, check_stated
from heatdeath.target_files import TARGET
from heatdeath.trajectories import TRAJECTORIES

# What the files of a study say of their block of seeds alone.
OF_ONE_FILE = frozenset({"seeds", "samplers_used"})


def split_into_cells(paths, n_cells) -> list[list]:
    """Cut a list of files, cell after cell with equally many files each, into cells."""
    paths = list(paths)
    if not paths or len(paths) % n_cells:
        raise ParameterError(
            "trajectory_paths",
            f"{len(paths)} files",
            f"the same number of files, at least one, for each of the {n_cells} cells",
        )
    size = len(paths) // n_cells
    return [paths[first : first + size] for first in range(0, len(paths), size)]


def read_targets(paths, *, axes, origin=None) -> list:
    """Read the targets of a study and compare what they say of themselves with its arguments."""
    paths = [paths] if isinstance(paths, str | PathLike) else list(paths)
    names = axes.get("target") or [origin["settings"]["target"] if origin else None]
    if len(paths) != len(names):
        raise ParameterError("target_paths", f"{len(paths)} files", f"{len(names)}, one a target")
    records = [netcdf.read(path, kind=TARGET) for path in paths]
    for path, record, name in zip(paths, records, names, strict=True):
        if name is not None:
            check_stated(path, "target", record.attributes["target"], name)
    return records


def read_cell(paths, place, *, origin=None, kind=TRAJECTORIES) -> list:
    """Read the files of a cell and compare what they say of themselves with their place."""
    records = [_read_at_place(path, place, kind) for path in paths]
    if origin is not None:
        check_origin(paths, records, place, origin)
    return records


def _read_at_place(path, place, kind):
    record = netcdf.read(path, kind=kind)
    for name, expected in place.items():
        # A variant is a bundle of settings, which has no attribute of its own.
        found = record.attributes.get(name)
        if name != "variant" and _canonical(found) != _canonical(expected):
            raise FileFormatError(
                path, f"has {name} {found!r}, but stands where {expected!r} was expected"
            )
    return record


def common_attributes(shared, attributes) -> dict:
    """Keep what two sets of attributes have in common; `shared` is None before the first."""
    if shared is None:
        return dict(attributes)
    return {name: value for name, value in shared.items() if attributes.get(name) == value}


def coordinate(name, values) -> tuple:
    """Return the coordinate variable of an axis of a study: its dimensions and its values."""
    if name in REAL_AXES:
        return (name,), np.array([float(value) for value in values])
    return (name,), np.array(values)


def _canonical(value):
    return value if value is None or isinstance(value, str) else decimal_text(value)
