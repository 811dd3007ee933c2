"""Files of counts or probabilities, one number an outcome: CSV or NetCDF."""

import csv
import faulthandler
import math
import os
import warnings
from pathlib import Path

import numpy as np

from heatdeath.errors import FileFormatError
from heatdeath.integrity import verify_if_ours
from heatdeath.regular_files import check_regular_file

MAX_TEXT_BYTES = 10**9
"""A text file of weights above this size is refused, since it is held in memory as a whole."""

MAX_SECONDS = 10
"""Of computing, which a NetCDF file without a checksum of ours may take to be read."""

MAX_NETCDF_ENTRIES = 10**8
"""A variable of more entries is refused: a file of a few bytes can declare any number of them."""

# The start of a NetCDF-3 and of a NetCDF-4 (HDF5) file.
_NETCDF_MAGIC = (b"CDF", b"\x89HDF")
_VARIABLE_NAMES = ("probability", "counts", "count", "weight")
_ALLOWED = "finite numbers >= 0, at least one of them above 0"


def read_weights(path) -> tuple[np.ndarray, tuple[str, ...] | None]:
    """Read one non-negative number an outcome, and the outcomes' labels where there are any.

    A CSV file has the columns label and number, or the number alone; its first line may be a
    header. A NetCDF file has a one-dimensional numeric variable called probability, counts,
    count or weight, or exactly one such variable of any name, and may have text along the same
    dimension in a variable called label, or called like the dimension.

    Parameters
    ----------
    path : str or os.PathLike
        The file. Whether it is NetCDF is read from its content, not from its name.

    Returns
    -------
    weights : numpy.ndarray, shape (n,), float64
    labels : tuple of str, or None

    Raises
    ------
    FileFormatError
        If the file cannot be read as one of these, or if a number is negative or not finite,
        or if none is positive.
    """
    path = Path(path)
    size = check_regular_file(path)
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        raise FileFormatError(path, f"cannot be read: {error.strerror}") from error
    if start.startswith(_NETCDF_MAGIC):
        if not verify_if_ours(path):
            _check_that_the_library_survives(path)
        values, labels = _read_netcdf(path)

        def place(index):
            return f"entry {index}"

    else:
        if size > MAX_TEXT_BYTES:
            raise FileFormatError(
                path, f"is a text of {size} bytes; allowed: at most {MAX_TEXT_BYTES} (1 GB)"
            )
        values, labels, lines = _read_csv(path)

        def place(index):
            return f"line {lines[index]}"

    weights = np.array(values, dtype=np.float64)
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if wrong.size:
        given = float(weights[wrong[0]])
        raise FileFormatError(path, f"{place(wrong[0])}: got {given}; allowed: {_ALLOWED}")
    if not weights.any():
        raise FileFormatError(path, f"the numbers sum to 0; allowed: {_ALLOWED}")
    if labels is not None:
        _refuse_repeated_labels(path, labels, place)
    return weights, labels


def _read_csv(path):
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader(stream)
            rows = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except OSError as error:
        raise FileFormatError(path, f"cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileFormatError(path, f"is neither NetCDF nor CSV in UTF-8 ({error})") from error
    if rows and len(rows[0][1]) in (1, 2) and _number(rows[0][1][-1]) is None:
        rows = rows[1:]
    if not rows:
        raise FileFormatError(path, "has no rows of numbers; expected one row an outcome")
    width = len(rows[0][1])
    weights, labels, lines = [], [], []
    for line, row in rows:
        if width not in (1, 2) or len(row) != width:
            raise FileFormatError(
                path,
                f"line {line}: {len(row)} columns; expected a number, or a label and a number, "
                "the same on each line",
            )
        weight = _number(row[-1])
        if weight is None:
            raise FileFormatError(path, f"line {line}: got {row[-1]!r}; expected a number")
        weights.append(weight)
        labels.append(row[0].strip())
        lines.append(line)
    return weights, tuple(labels) if width == 2 else None, lines


def _number(text):
    # Python reads 1_000 as a number; in a file that is more likely a slip.
    if "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _check_that_the_library_survives(path):
    """Let another process read the file first.

    The NetCDF library trusts what it reads: one flipped bit in a file without a checksum can make
    it loop for ever, or crash.
    """
    if not hasattr(os, "fork"):
        return
    # Before the fork, so that the child need not.
    import resource

    import netCDF4  # noqa: F401

    with warnings.catch_warnings():
        # Threads are not copied, says Python; the child needs none.
        warnings.simplefilter("ignore")
        child = os.fork()
        if child == 0:
            try:
                faulthandler.disable()
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
                _read_netcdf(path)
            finally:
                os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        raise FileFormatError(
            path,
            "is damaged, or no NetCDF file: the NetCDF library crashed on it, or was not done "
            f"after {MAX_SECONDS} seconds of computing",
        )


def _read_netcdf(path):
    import netCDF4

    try:
        with netCDF4.Dataset(path) as dataset:
            variable = dataset[_numeric_variable(path, dataset)]
            _check_size(path, variable)
            values = np.ma.filled(variable[:].astype(np.float64), math.nan)
            return values, _netcdf_labels(path, dataset, variable.dimensions[0])
    except FileFormatError:
        raise
    # The library raises errors of any type at what is damaged, or not made by itself.
    except Exception as error:
        said = ascii(f"{type(error).__name__}: {error}")[1:-1][:200]
        raise FileFormatError(
            path, f"is not a readable NetCDF file, or is damaged ({said})"
        ) from error


def _numeric_variable(path, dataset):
    candidates = [
        name
        for name, variable in dataset.variables.items()
        if len(variable.dimensions) == 1
        and name != variable.dimensions[0]
        # Of variable length, and of names for numbers, are types of the user's own.
        and isinstance(variable.datatype, np.dtype)
        and variable.datatype.kind in "iuf"
    ]
    for name in _VARIABLE_NAMES:
        if name in candidates:
            return name
    if len(candidates) == 1:
        return candidates[0]
    expected = f"expected a one-dimensional variable called {', '.join(_VARIABLE_NAMES)}"
    found = ascii(candidates) if candidates else "none of plain numbers"
    raise FileFormatError(path, f"{expected}, or exactly one of any name; found {_cut(found)}")


def _netcdf_labels(path, dataset, dimension):
    import netCDF4

    # Text that is named like its dimension has, in files of ours, a dimension of another name.
    for name in ("label", dimension, dimension.removesuffix("_index")):
        variable = dataset.variables.get(name)
        if variable is not None and variable.dimensions[:1] == (dimension,):
            is_characters = variable.dtype == np.dtype("S1") and variable.ndim == 2
            if (variable.dtype is str and variable.ndim == 1) or is_characters:
                break
    else:
        return None
    _check_size(path, variable)
    values = variable[:]
    if is_characters:
        # Whole characters of several bytes may end in a masked one.
        values = netCDF4.chartostring(np.ma.filled(values, b"\0"), encoding="utf-8")
    return tuple(str(value) for value in values)


def _check_size(path, variable):
    size = math.prod(variable.shape)
    if size > MAX_NETCDF_ENTRIES:
        raise FileFormatError(
            path,
            f"{variable.name!a} has {size} entries; allowed: at most {MAX_NETCDF_ENTRIES}",
        )


def _cut(text):
    return text if len(text) <= 200 else text[:199] + "…"


def _refuse_repeated_labels(path, labels, place):
    first = {}
    for index, label in enumerate(labels):
        if label in first:
            raise FileFormatError(
                path,
                f"{place(index)}: the label {_cut(repr(label))} again, after "
                f"{place(first[label])}; once is allowed",
            )
        first[label] = index
