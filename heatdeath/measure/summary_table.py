"""The table of summary numbers: how it is written and read."""

import csv
import io
import math
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from heatdeath.canonical import decimal_text
from heatdeath.errors import FileFormatError

TESTS = ("mean", "median", "share", "p_value", "exact", "verdict")
"""What a number is, and so how two of them are compared."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A number that sums up results, with what it takes to compare it with another run's."""

    name: str
    test: str
    value: float | str | None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    seeds: int | None = None
    unit: str = "1"


COLUMNS = tuple(field.name for field in fields(SummaryRow))
_NUMBERS = ("value", "low", "high", "level")


def table_of_rows(rows) -> str:
    """Return rows as CSV, in their order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_text(value) for value in astuple(row)] for row in rows)
    return text.getvalue()


def read_summary_table(path) -> dict[str, SummaryRow]:
    """Read a table back."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileFormatError(path, "does not exist") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileFormatError(path, f"cannot be read as a table: {error}") from error
    lines = list(csv.reader(io.StringIO(text)))
    if not lines or tuple(lines[0]) != COLUMNS:
        raise FileFormatError(
            path, f"is no summary; needed: a table with the columns {', '.join(COLUMNS)}"
        )
    rows = {}
    for number, cells in enumerate(lines[1:], start=2):
        row = _row(path, number, cells)
        if row.name in rows:
            raise FileFormatError(path, f"line {number}: {row.name} stands there twice")
        rows[row.name] = row
    return rows


def _row(path, number, cells):
    given = dict(zip(COLUMNS, cells, strict=False))
    if len(cells) != len(COLUMNS) or given["test"] not in TESTS:
        raise FileFormatError(
            path,
            f"line {number} is {','.join(cells)!r}; needed: {len(COLUMNS)} cells, the second one "
            f"of {', '.join(TESTS)}",
        )
    try:
        numbers = {name: _number(given[name]) for name in _NUMBERS if name != "value"}
        value = given["value"] if given["test"] == "verdict" else _number(given["value"])
        seeds = int(given["seeds"]) if given["seeds"] else None
    except ValueError as error:
        raise FileFormatError(path, f"line {number}: {error}") from None
    row = SummaryRow(
        given["name"], given["test"], value, seeds=seeds, unit=given["unit"], **numbers
    )
    needed = _NEEDED.get(row.test)
    if row.value is not None and needed is not None and not needed[0](row):
        raise FileFormatError(path, f"line {number}: {row.name}: {row.test} needs {needed[1]}")
    return row


def _is_estimate(row):
    ends = None not in (row.low, row.high, row.level)
    return ends and row.low <= row.high and 0 < row.level < 1 and row.seeds != 0


def _is_proportion(row):
    return 0 <= row.value <= 1


def _is_share(row):
    return _is_proportion(row) and row.seeds is not None and row.seeds > 0


_INTERVAL = (_is_estimate, "an interval, and a level between 0 and 1")
_NEEDED = {
    "mean": _INTERVAL,
    "median": _INTERVAL,
    "share": (_is_share, "a value from 0 to 1, and the number of trials"),
    "p_value": (_is_proportion, "a value from 0 to 1"),
}
"""What a row must hold to be compared, as a predicate and in words."""


def _number(text):
    if not text:
        return None
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a finite number")
    return number


def _text(value):
    if value is None:
        return ""
    return value if isinstance(value, str) else decimal_text(value)
