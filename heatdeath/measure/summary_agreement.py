"""Read tables of summary numbers, and whether two can come from one law with other randomness."""

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

from heatdeath.errors import FileFormatError
from heatdeath.measure.summary_rows import SummaryRow

TESTS = ("mean", "median", "share", "p_value", "exact", "verdict")
"""What a number is, and so how two of them are compared."""

FALSE_ALARM_RATE = 1e-4
"""Probability, at most, that two runs of the same law are called different."""

# Theory is solved to about ten digits; another library may round the last ones otherwise.
_RELATIVE, _ABSOLUTE = 1e-6, 1e-9
_UNDECIDED = "undecided"
# As if so few, where an estimate does not say on how many seeds it rests.
_FEWEST_SEEDS = 5
_COLUMNS = SummaryRow._fields
_NUMBERS = ("value", "low", "high", "level")


@dataclass(frozen=True, slots=True)
class RowAgreement:
    """How a number of one table compares with that of the same name in the other."""

    name: str
    a: SummaryRow
    b: SummaryRow
    p_value: float | None
    agrees: bool


@dataclass(frozen=True, slots=True)
class SummaryAgreement:
    """How two tables compare."""

    rows: list[RowAgreement]
    only_a: list[str]
    only_b: list[str]
    threshold: float
    n_tests: int

    @property
    def agrees(self) -> bool:
        """Whether both have the same numbers, up to chance."""
        return not self.only_a and not self.only_b and all(row.agrees for row in self.rows)


def compare_summaries(a, b) -> SummaryAgreement:
    """Compare two tables number by number, at a false-alarm rate of 10⁻⁴ for all together.

    Each number is tested at `FALSE_ALARM_RATE` over the number of tests (Bonferroni), in the way
    that its kind asks for:

    - a mean: t = (a − b)/√(s_a² + s_b²), in Student's distribution with Welch's degrees of freedom
      (Biometrika 34, 28, 1947), where s is the larger half of the interval over the factor that
      its coverage takes, with seeds − 1 degrees of freedom (5 seeds where their number is not
      known);
    - a median: the same with half of the interval over the normal factor and √seeds degrees of
      freedom, since the interval reaches over about 2√seeds spacings of order statistics;
    - a share: Fisher's exact test of the two counts;
    - a p-value: twice the smaller one; each tests a law of its own already;
    - a number of theory: equal within 10⁻⁶;
    - a verdict: the same words, or undecided in one of the two. Verdicts have rules of their own,
      whose errors the rate does not cover.
    """
    shared = [name for name in a if name in b]
    n_tests = sum(a[name].test not in ("exact", "verdict") for name in shared)
    threshold = FALSE_ALARM_RATE / max(n_tests, 1)
    return SummaryAgreement(
        rows=[_compare(name, a[name], b[name], threshold) for name in shared],
        only_a=[name for name in a if name not in b],
        only_b=[name for name in b if name not in a],
        threshold=threshold,
        n_tests=n_tests,
    )


def _compare(name, a, b, threshold):
    comparable = (a.test, a.unit, a.value is None) == (b.test, b.unit, b.value is None)
    if not comparable:
        return RowAgreement(name, a, b, None, False)
    if a.value is None:
        return RowAgreement(name, a, b, None, True)
    if a.test == "verdict":
        agrees = a.value == b.value or _UNDECIDED in (a.value, b.value)
        return RowAgreement(name, a, b, None, agrees)
    if a.test == "exact":
        return RowAgreement(name, a, b, None, _close(a.value, b.value))
    p_value = _P_VALUES[a.test](a, b)
    return RowAgreement(name, a, b, p_value, p_value >= threshold)


def _close(a, b):
    return math.isclose(a, b, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)


def _p_of_estimates(a, b):
    from scipy.special import stdtr

    (error_a, freedom_a), (error_b, freedom_b) = map(_error_and_freedom, (a, b))
    variance = error_a**2 + error_b**2
    difference = abs(a.value - b.value)
    if _close(a.value, b.value):
        return 1.0
    if variance == 0:
        return 0.0
    # Welch and Satterthwaite.
    freedom = variance**2 / (error_a**4 / freedom_a + error_b**4 / freedom_b)
    return float(2 * stdtr(freedom, -difference / math.sqrt(variance)))


def _error_and_freedom(row):
    """Return the standard error that an interval stands for, and its degrees of freedom."""
    from scipy.special import stdtrit

    upper = 0.5 + row.level / 2
    if row.test == "median":
        reach = (row.high - row.low) / 2
        return reach / NormalDist().inv_cdf(upper), math.sqrt(row.seeds)
    freedom = (row.seeds or _FEWEST_SEEDS) - 1
    # An end that was cut at the edge of what is possible makes one half too short.
    # A value outside of its interval, which no run gives, must not pass for an uncertain one.
    reach = min(max(row.high - row.value, row.value - row.low), row.high - row.low)
    return reach / float(stdtrit(freedom, upper)), freedom


def _p_of_shares(a, b):
    from scipy.stats import fisher_exact

    counts = [round(row.value * row.seeds) for row in (a, b)]
    table = [[count, row.seeds - count] for count, row in zip(counts, (a, b), strict=True)]
    return float(fisher_exact(table).pvalue)


def _p_of_p_values(a, b):
    return min(1.0, 2 * min(a.value, b.value))


_P_VALUES = {
    "mean": _p_of_estimates,
    "median": _p_of_estimates,
    "share": _p_of_shares,
    "p_value": _p_of_p_values,
}


def read_summary_table(path) -> dict[str, SummaryRow]:
    """Return the rows of a table by their names."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileFormatError(path, "does not exist") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileFormatError(path, f"cannot be read as a table: {error}") from error
    lines = list(csv.reader(io.StringIO(text)))
    if not lines or tuple(lines[0]) != _COLUMNS:
        raise FileFormatError(
            path, f"is no summary; needed: a table with the columns {', '.join(_COLUMNS)}"
        )
    rows = {}
    for number, cells in enumerate(lines[1:], start=2):
        row = _row(path, number, cells)
        if row.name in rows:
            raise FileFormatError(path, f"line {number}: {row.name} stands there twice")
        rows[row.name] = row
    return rows


def _row(path, number, cells):
    given = dict(zip(_COLUMNS, cells, strict=False))
    if len(cells) != len(_COLUMNS) or given["test"] not in TESTS:
        raise FileFormatError(
            path,
            f"line {number} is {','.join(cells)!r}; needed: {len(_COLUMNS)} cells, the second "
            f"one of {', '.join(TESTS)}",
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
