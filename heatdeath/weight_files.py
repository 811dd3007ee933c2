"""Files of counts or probabilities, one number an outcome: CSV or NetCDF."""

import csv
import math
from pathlib import Path

import numpy as np

from heatdeath.errors import FileFormatError
from heatdeath.regular_files import check_regular_file

MAX_TEXT_BYTES = 10**9
"""A text file of weights above this size is refused, since it is held in memory as a whole."""

# The start of a NetCDF-3 and of a NetCDF-4 (HDF5) file.
_NETCDF_MAGIC = (b"CDF", b"\x89HDF")
_VARIABLE_NAMES = ("probability", "counts", "count", "weight")
_ALLOWED = "finite numbers >= 0, at least one of them above 0"


def read_weights(path) -> tuple[np.ndarray, tuple[str, ...] | None]:
    """Read one non-negative number an outcome, and the outcomes' labels where there are any.

    A CSV file has the columns label and number, or the number alone; its first line may be a
    header. A NetCDF file has a one-dimensional numeric variable called probability, counts,
    count or weight, or exactly one such variable of any name, and may have text along the same
    dimension in a variable called label.

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
        weights, labels = _read_netcdf(path)
        places = [f"entry {i}" for i in range(len(weights))]
    else:
        if size > MAX_TEXT_BYTES:
            raise FileFormatError(
                path, f"is a text of {size} bytes; allowed: at most {MAX_TEXT_BYTES} (1 GB)"
            )
        weights, labels, places = _read_csv(path)
    for place, weight in zip(places, weights, strict=True):
        if not (math.isfinite(weight) and weight >= 0):
            raise FileFormatError(path, f"{place}: got {weight}; allowed: {_ALLOWED}")
    if not any(weights):
        raise FileFormatError(path, f"the numbers sum to 0; allowed: {_ALLOWED}")
    if labels is not None:
        _refuse_repeated_labels(path, labels, places)
    return np.array(weights, dtype=np.float64), labels


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
    weights, labels, places = [], [], []
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
        places.append(f"line {line}")
    return weights, tuple(labels) if width == 2 else None, places


def _number(text):
    # Python reads 1_000 as a number; in a file that is more likely a slip.
    if "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _read_netcdf(path):
    import netCDF4

    try:
        with netCDF4.Dataset(path) as dataset:
            name = _numeric_variable(path, dataset)
            values = np.ma.filled(dataset[name][:].astype(np.float64), math.nan)
            return values.tolist(), _netcdf_labels(dataset, dataset[name].dimensions[0])
    except OSError as error:
        raise FileFormatError(path, f"is not a readable NetCDF file ({error})") from error


def _numeric_variable(path, dataset):
    candidates = [
        name
        for name, variable in dataset.variables.items()
        if len(variable.dimensions) == 1
        and name != variable.dimensions[0]
        and variable.dtype is not str
        and np.dtype(variable.dtype).kind in "iuf"
    ]
    for name in _VARIABLE_NAMES:
        if name in candidates:
            return name
    if len(candidates) == 1:
        return candidates[0]
    expected = f"expected a one-dimensional variable called {', '.join(_VARIABLE_NAMES)}"
    raise FileFormatError(path, f"{expected}, or exactly one of any name; found {candidates}")


def _netcdf_labels(dataset, dimension):
    import netCDF4

    if "label" not in dataset.variables or dataset["label"].dimensions[:1] != (dimension,):
        return None
    values = dataset["label"][:]
    if values.dtype.kind == "S":
        values = netCDF4.chartostring(values, encoding="utf-8")
    return tuple(str(value) for value in values)


def _refuse_repeated_labels(path, labels, places):
    first = {}
    for label, place in zip(labels, places, strict=True):
        if label in first:
            raise FileFormatError(
                path, f"{place}: the label {label!r} again, after {first[label]}; once is allowed"
            )
        first[label] = place
