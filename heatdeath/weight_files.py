"""Files of counts or probabilities, one number an outcome: CSV or NetCDF."""

import csv
import faulthandler
import math
import os
import re
import unicodedata
import warnings
from pathlib import Path

import numpy as np

from heatdeath.errors import FileFormatError, shortened, shown
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
_SEPARATORS = {",": "commas", "\t": "tabs", ";": "semicolons"}
# Without the no-break space, which can stand between thousands.
_BLANK = " \t"
_MISSING = {"na", "n/a", "n.a.", "none", "null", "missing", "nil"}
# Digits with what people write between them, such as 3,25 or 1.100,50.
_MARKED_COUNT = re.compile(r"\s*[+-]?\d[\d.,'_\s]*\s*")
_VARIABLE_NAMES = ("probability", "counts", "count", "weight")
_ALLOWED = "finite numbers >= 0, at least one of them above 0"


def read_weights(path) -> tuple[np.ndarray, tuple[str, ...] | None]:
    """Read one non-negative number an outcome, and the outcomes' labels where there are any.

    A text in UTF-8 has the columns label and number, or the number alone, separated by commas, tabs
    or semicolons; its first line may be a header. What can be read in two ways is refused. A NetCDF
    file has a one-dimensional numeric variable called probability, counts, count or weight, or
    exactly one such variable of any name, and may have text along the same dimension in a variable
    called label, or called like the dimension.

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
        values, labels, lines = _read_text(path)

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


class _Unreadable(Exception):
    """What is wrong with a text, and where, if its columns are separated in one way."""

    def __init__(self, line, problem):
        super().__init__(f"line {line}: {problem}")


def _read_text(path):
    """Return the numbers of a text, its labels or None, and the lines that they stand on."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FileFormatError(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FileFormatError(path, f"is neither NetCDF nor CSV in UTF-8 ({error})") from error
    lines = [
        (number, line)
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1)
        if line.strip()
    ]
    separators = [mark for mark in _SEPARATORS if any(mark in line for _, line in lines)] or [","]
    found, problems = {}, {}
    for mark in separators:
        try:
            found[mark] = _read_table(lines, mark)
        except _Unreadable as error:
            problems[mark] = error
    if not found:
        # Of several separators, most likely the one is meant that makes columns of most lines.
        mark = max(problems, key=lambda mark: sum(mark in line for _, line in lines))
        raise FileFormatError(
            path, f"{problems[mark]} (read as columns separated by {_SEPARATORS[mark]})"
        )
    mark = next(iter(found))
    for other in separators:
        if other != mark and (other in found or _may_be_columns(lines, other)):
            _refuse_two_readings(path, lines[-1], mark, other)
    return found[mark]


def _read_table(lines, mark):
    """Read lines as a table whose columns are separated by a mark."""
    rows = [(number, _fields(number, line, mark)) for number, line in lines]
    rows = [(number, row) for number, row in rows if any(map(str.strip, row))]
    has_header = bool(rows) and _is_header(*rows[0])
    width = len(rows[0][1]) if rows else 1
    weights, labels, numbers = [], [], []
    for number, row in rows:
        if width not in (1, 2) or len(row) != width:
            raise _Unreadable(
                number,
                f"{len(row)} columns; expected a number, or a label and a number, the same on "
                "each line",
            )
        if has_header and number == rows[0][0]:
            continue
        weight = _number(row[-1])
        if weight is None:
            is_marked = _MARKED_COUNT.fullmatch(row[-1]) and "," in row[-1]
            doubt = ", where a comma may be decimal or between thousands" if is_marked else ""
            raise _Unreadable(
                number,
                f"got {shown(row[-1])}{doubt}; expected a number, without spaces, quotes or marks "
                "between thousands and with a decimal point, such as 1100 or 0.25",
            )
        if width == 2 and not row[0]:
            raise _Unreadable(
                number,
                f"no label before {shown(row[1])}: an outcome without a name, or the header of an "
                "index; write a name, or a header such as label,count",
            )
        weights.append(weight)
        labels.append(row[0])
        numbers.append(number)
    if not weights:
        raise _Unreadable(
            lines[-1][0] if lines else 1, "no rows of numbers; expected one row an outcome"
        )
    if width == 2 and not has_header and mark == ",":
        _refuse_decimal_commas(lines)
    return weights, tuple(labels) if width == 2 else None, numbers


def _fields(number, line, mark):
    if '"' not in line:
        return line.split(mark)
    how = 'write a label with a quote in it as "a ""b""", and a label in one line'
    try:
        (fields,) = csv.reader([line], delimiter=mark, strict=True)
    except csv.Error as error:
        raise _Unreadable(
            number,
            f"{shown(line)} has a quote that opens or closes no whole column: it is part of the "
            f"label, or begins one that goes on in the next line; {how}",
        ) from error
    for field in fields:
        if re.match(r'\s+"', field):
            raise _Unreadable(
                number,
                f"{shown(line)} has a space before a quote, which is part of the label, or "
                f"stands around it; {how}, without that space if none is meant",
            )
    return fields


def _is_header(number, row):
    """Whether the first row holds no number; refuse one that may hold a count."""
    last = row[-1].strip()
    if len(row) not in (1, 2) or _number(last) is not None:
        return False
    may_be_count = any(unicodedata.category(character)[0] == "N" for character in last)
    is_word = any(character.isalpha() for character in last)
    if may_be_count or not is_word or last.strip("#").casefold() in _MISSING:
        raise _Unreadable(
            number,
            f"got {shown(row[-1])}, which may be a count or a header; write a count as a number, "
            "such as 1100 or 0.25, and a header as words without digits, such as label,count",
        )
    return True


def _refuse_decimal_commas(lines):
    if all(re.fullmatch(r"\s*[+-]?\d+,\d+\s*", line) for _, line in lines if line.strip(", ")):
        number, line = next((number, line) for number, line in lines if line.strip(", "))
        label, _, count = line.strip().partition(",")
        raise _Unreadable(
            number,
            f"{shown(line)} may be the label {label} with {count}, or the number {label}.{count}; "
            "write a header such as label,count above labels, and numbers with a decimal point",
        )


def _may_be_columns(lines, mark):
    """Whether a mark stands between labels and counts with marks between their digits."""
    rows = [line.split(mark) for _, line in lines if line.strip(_BLANK + ",;")]
    counts = [row for row in rows if len(row) == 2 and _MARKED_COUNT.fullmatch(row[1])]
    # All but a header.
    return bool(counts) and len(counts) >= len(rows) - 1


def _refuse_two_readings(path, numbered_line, mark, other):
    number, line = numbered_line
    (label, _, count), (other_label, _, other_count) = line.rpartition(mark), line.rpartition(other)
    raise FileFormatError(
        path,
        f"line {number}: {shown(line)} may be {shown(label)} with {shown(count)} (columns "
        f"separated by {_SEPARATORS[mark]}), or {shown(other_label)} with {shown(other_count)} "
        f"(by {_SEPARATORS[other]}); write numbers with a decimal point and no mark between "
        "thousands, or labels in quotes",
    )


def _number(text):
    text = text.strip(_BLANK)
    # Python reads 1_000 as a number, and digits of other alphabets; here that is more likely a
    # slip.
    if "_" in text or not text.isascii():
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
    raise FileFormatError(path, f"{expected}, or exactly one of any name; found {shortened(found)}")


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


def _refuse_repeated_labels(path, labels, place):
    first = {}
    for index, label in enumerate(labels):
        if label in first:
            raise FileFormatError(
                path,
                f"{place(index)}: the label {shown(label)} again, after "
                f"{place(first[label])}; once is allowed",
            )
        first[label] = index
