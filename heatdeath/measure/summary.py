"""The numbers that sum up the results of a configuration, each with its interval.

The numbers that another run of the same configuration should reproduce. ``test`` says what a
number is: an estimate whose interval rests on a mean or on a median over the seeds, a share of
trials, a p-value of a test of the samplers or of theory, an exact number of theory, or a verdict
in words. ``low`` and ``high`` are the ends of the interval with coverage ``level``; ``seeds``
counts the independent trajectories behind it, for a share the trials. A number that the runs do
not determine is left empty. ``heatdeath compare`` tests two such tables against each other.
"""

import json
import math
from functools import partial
from pathlib import Path

import numpy as np

from heatdeath.canonical import decimal_text
from heatdeath.files import netcdf
from heatdeath.measure.intervals import wilson
from heatdeath.measure.resampling import coverage_factor
from heatdeath.measure.summary_table import SummaryRow, table_of_rows
from heatdeath.study.catalogue import kind_named

_PLANE = ("temperature", "fresh_fraction")


def summary_table(aggregate_paths, *, claims_paths=()) -> str:
    """Return the table that sums up aggregates, as comma-separated values."""
    return table_of_rows(summarise(aggregate_paths, claims_paths=claims_paths))


def summarise(aggregate_paths, *, claims_paths=()) -> list[SummaryRow]:
    """Collect the numbers that another run of the same configuration should reproduce.

    Which rows there are follows from the configuration and not from chance; what the runs of a
    study do not determine has a row without a value.
    """
    rows = []
    for path in map(Path, aggregate_paths):
        record = netcdf.read(path, kind=kind_named)
        if record.kind in _ROWS:
            prefix = record.kind if record.kind in _OF_SEVERAL else path.parent.name
            rows += _ROWS[record.kind](record, prefix)
    for path in map(Path, claims_paths):
        rows += _of_claims(json.loads(path.read_text(encoding="utf-8")))
    return rows


def _of_phase_diagram(record, prefix):
    """Yield the share of all trajectories of the plane in each phase, start by start.

    Cells have shares of their own, so that the pooled count varies less than a binomial one.
    """
    dims, shares = record.variables["phase_share"]
    axes = dims[:-1]
    n_seeds = int(record.attributes["n_seeds"])
    plane = tuple(i for i, axis in enumerate(axes) if axis in _PLANE)
    others = [axis for axis in axes if axis not in _PLANE]
    trials = n_seeds * math.prod(shares.shape[i] for i in plane)
    counts = np.rint(shares * n_seeds).sum(axis=plane)
    level = float(record.attributes["confidence"])
    for index in np.ndindex(counts.shape[:-1]):
        place = _place(record, others, index)
        for phase, count in zip(record.values("trajectory_phase"), counts[index], strict=True):
            name = _name(prefix, "phase_share", {**place, "phase": str(phase)})
            yield _share_row(name, float(count), trials, level)


def _of_exactness(record, prefix):
    yield from _cells(record, prefix, "p_value", "p_value")


def _of_fraction(fraction, record, prefix):
    """Yield a measured fresh fraction beside that of theory, and their joint test."""
    axes, values = record.variables[fraction]
    interval = record.values(f"{fraction}_interval")
    measured = record.values(f"{fraction}_measured")
    for index in np.ndindex(values.shape):
        place = _place(record, axes, index)
        name = _name(prefix, fraction, place)
        if measured[index]:
            yield _mean_row(record, name, values[index], interval[index])
        else:
            yield SummaryRow(name, "mean", None)
        exists = record.values(f"{fraction}_theory_exists")[index]
        theory = float(record.values(f"{fraction}_theory")[index]) if exists else None
        yield SummaryRow(_name(prefix, f"{fraction}_theory", place), "exact", theory)
    yield from _of_joint_test(record, prefix)


def _of_growth(record, prefix):
    yield from _with_error(record, prefix, "growth_exponent")
    yield from _of_fraction("prevent", record, prefix)


def _of_tolerance_scan(record, prefix):
    yield from _with_error(record, prefix, "limit_total_variation")
    yield from _of_fraction("sufficient", record, prefix)


def _of_relaxation(record, prefix):
    axes, values = record.variables["exponent"]
    interval = record.values("exponent_interval")
    for index in np.ndindex(values.shape):
        name = _name(prefix, "exponent", _place(record, axes, index))
        yield _mean_row(record, name, values[index], interval[index])
    yield from _cells(record, prefix, "limiting_exponent", "exact")


def _of_collapse_time(record, prefix):
    """Yield the median of ln(ℓ*/ℓ₀), where more than half of the seeds collapse, and the share."""
    axes, shares = record.variables["collapsed_share"]
    growth = record.values("log_growth")[..., record.values("quantile") == 0.5][..., 0]
    interval = record.values("median_interval")
    n_seeds, level = int(record.attributes["n_seeds"]), float(record.attributes["confidence"])
    for index in np.ndindex(shares.shape):
        place = _place(record, axes, index)
        name = _name(prefix, "log_growth", {**place, "quantile": "0.5"})
        low, high = map(float, interval[index])
        if math.isfinite(high):
            yield SummaryRow(name, "median", float(growth[index]), low, high, level, n_seeds)
        else:
            yield SummaryRow(name, "median", None)
        collapsed = float(np.rint(shares[index] * n_seeds))
        yield _share_row(_name(prefix, "collapsed_share", place), collapsed, n_seeds, level)


def _of_capture(record, prefix):
    axes, shares = record.variables["captured_share"]
    n_seeds, level = int(record.attributes["n_seeds"]), float(record.attributes["confidence"])
    for index in np.ndindex(shares.shape):
        captured = float(np.rint(shares[index] * n_seeds))
        name = _name(prefix, "captured_share", _place(record, axes, index))
        yield _share_row(name, captured, n_seeds, level)
    yield from _cells(record, prefix, "prevent", "exact")
    yield from _cells(record, prefix, "recover", "exact")


def _of_joint_test(record, prefix):
    """Yield the p-value of the χ² of all that was measured against theory."""
    tested = int(record.attributes["degrees_of_freedom"]) > 0
    p_value = float(record.attributes["p_value"]) if tested else None
    yield SummaryRow(f"{prefix}/p_value", "p_value", p_value)


def _of_claims(document):
    for claim in document["claims"]:
        prefix = f"claims/{claim['id']}"
        yield from _of_verdict(claim, prefix, {})
        for judged in claim.get("families", ()):
            yield from _of_verdict(judged, prefix, {"study": judged["study"]})


def _of_verdict(judged, prefix, place):
    """Yield a verdict, and the effect beside it."""
    yield SummaryRow(_name(prefix, "verdict", place), "verdict", judged["verdict"], unit="")
    effect = judged["effect"]
    value, low, high = (_finite(effect[key]) for key in ("value", "low", "high"))
    known = None not in (value, low, high)
    yield SummaryRow(
        _name(prefix, "effect", place),
        "mean" if known else "exact",
        value,
        low if known else None,
        high if known else None,
        effect["level"] if known else None,
        unit=effect["units"],
    )


def _finite(value):
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def _with_error(record, prefix, variable):
    """Yield a row a cell of a variable with a standard error beside it, 0 where unmeasured."""
    axes, values = record.variables[variable]
    errors = record.values(f"{variable}_error")
    level, n_seeds = float(record.attributes["confidence"]), int(record.attributes["n_seeds"])
    reach = coverage_factor(n_seeds, confidence=level)
    for index in np.ndindex(values.shape):
        name = _name(prefix, variable, _place(record, axes, index))
        if errors[index] > 0:
            ends = values[index] + errors[index] * reach * np.array([-1, 1])
            yield _mean_row(record, name, values[index], ends)
        else:
            yield SummaryRow(name, "mean", None)


def _cells(record, prefix, variable, test):
    """Yield a row a cell of a variable without an interval."""
    axes, values = record.variables[variable]
    for index in np.ndindex(values.shape):
        yield SummaryRow(
            _name(prefix, variable, _place(record, axes, index)), test, float(values[index])
        )


def _mean_row(record, name, value, interval):
    low, high = map(float, interval)
    level, n_seeds = float(record.attributes["confidence"]), int(record.attributes["n_seeds"])
    return SummaryRow(name, "mean", float(value), low, high, level, n_seeds)


def _share_row(name, successes, trials, level):
    low, high = (float(end) for end in wilson(successes, trials, confidence=level))
    return SummaryRow(name, "share", successes / trials, low, high, level, trials)


def _place(record, axes, index):
    """Return the cell's value on each axis, as a text."""
    values = (record.values(axis)[i].item() for axis, i in zip(axes, index, strict=True))
    texts = (value if isinstance(value, str) else decimal_text(value) for value in values)
    return dict(zip(axes, texts, strict=True))


def _name(prefix, variable, place):
    inside = ",".join(f"{axis}={text}" for axis, text in place.items())
    return f"{prefix}/{variable}[{inside}]" if inside else f"{prefix}/{variable}"


_ROWS = {
    "phase_diagram": _of_phase_diagram,
    "exactness": _of_exactness,
    "growth": _of_growth,
    "recovery": partial(_of_fraction, "recover"),
    "tolerance_scan": _of_tolerance_scan,
    "relaxation": _of_relaxation,
    "collapse_time": _of_collapse_time,
    "flow_agreement": _of_joint_test,
    "capture": _of_capture,
    "fraction_agreement": _of_joint_test,
}
_OF_SEVERAL = ("fraction_agreement",)
