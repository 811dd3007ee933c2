"""The numbers that sum up the results of a configuration, each with its interval.

The numbers that another run of the same configuration should reproduce. ``test`` says what a
number is: an estimate whose interval rests on a mean or on a median over the seeds, a share of
trials, a p-value of a test of the samplers or of theory, an exact number of theory, or a verdict
in words. ``low`` and ``high`` are the ends of the interval with coverage ``level``; ``seeds``
counts the independent trajectories behind it, for a share the trials. A number that the runs do
not determine is left empty. ``heatdeath compare`` tests two such tables against each other.
"""

import csv
import importlib
import io
import json
import math
from pathlib import Path

from heatdeath.canonical import decimal_text
from heatdeath.files import netcdf
from heatdeath.measure.summary_rows import SummaryRow, row_name

COLUMNS = SummaryRow._fields


def summary_table(aggregate_paths, *, homes, prefixes, claims_paths=()) -> str:
    """Return the table that sums up aggregates and verdicts, as comma-separated values."""
    rows = summarise(aggregate_paths, homes=homes, prefixes=prefixes, claims_paths=claims_paths)
    return table_of_rows(rows)


def summarise(aggregate_paths, *, homes, prefixes, claims_paths=()) -> list[SummaryRow]:
    """Collect the numbers that another run of the same configuration should reproduce.

    Which rows there are follows from the configuration and not from chance; what the runs of a
    study do not determine has a row without a value. `homes` names, for each aggregate, the
    function that yields its rows, as ``package.module:function``; beside it stands its kind.
    `prefixes` are what their names begin with.
    """
    rows = []
    for path, home, prefix in zip(map(Path, aggregate_paths), homes, prefixes, strict=True):
        module_name, _, function = home.partition(":")
        module = importlib.import_module(module_name)
        record = netcdf.read(path, kind=getattr(module, path.stem.upper()))
        rows += getattr(module, function)(record, prefix)
    for path in map(Path, claims_paths):
        rows += _rows_of_claims(json.loads(path.read_text(encoding="utf-8")))
    return rows


def table_of_rows(rows) -> str:
    """Return rows as comma-separated values, in their order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_text(value) for value in row] for row in rows)
    return text.getvalue()


def _text(value):
    if value is None:
        return ""
    return value if isinstance(value, str) else decimal_text(value)


def _rows_of_claims(document):
    for claim in document["claims"]:
        prefix = f"claims/{claim['id']}"
        yield from _rows_of_verdict(claim, prefix, {})
        for judged in claim.get("families", ()):
            yield from _rows_of_verdict(judged, prefix, {"study": judged["study"]})


def _rows_of_verdict(judged, prefix, place):
    """Yield a verdict, and the effect beside it."""
    yield SummaryRow(row_name(prefix, "verdict", place), "verdict", judged["verdict"], unit="")
    effect = judged["effect"]
    value, low, high = (_finite(effect[key]) for key in ("value", "low", "high"))
    known = None not in (value, low, high)
    yield SummaryRow(
        row_name(prefix, "effect", place),
        "mean" if known else "exact",
        value,
        low if known else None,
        high if known else None,
        effect["level"] if known else None,
        unit=effect["units"],
    )


def _finite(value):
    return value if isinstance(value, int | float) and math.isfinite(value) else None
