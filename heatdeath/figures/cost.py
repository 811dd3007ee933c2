"""Cost: the time of one trajectory against its horizon, for each method.

The time of one trajectory against its horizon, measured on one core and recorded in
``docs/benchmarks/cost.csv``, which only the benchmark rewrites: Zipf's law with exponent 1, a tenth
of fresh data, a start of 10 outputs an outcome that equals the target. Dotted lines extend the
measurements at the growth that is written beside them.
"""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from heatdeath.errors import FileFormatError
from heatdeath.figures import style

COLUMNS = ("method", "n_outcomes", "temperature", "horizon", "seconds")
"""Columns that a table of timings has; others are not read."""

# Of each method the colour, the marker and the exponent of its growth with the horizon.
_METHODS = {
    "plain loop": (style.GREY, "s", 1.0),
    "sequential": (style.VERMILION, "o", 1.0),
    "leap": (style.BLUE, "D", 0.5),
}
_GROWTH = {1.0: "$\\propto K$", 0.5: "$\\propto\\sqrt{K}$"}
_LINES = ("-", (0, (4, 1.5)), (0, (1, 1.5)), (0, (4, 1.5, 1, 1.5)))
_SPANS = {
    1e-3: "1 ms",
    1.0: "1 s",
    60.0: "1 minute",
    3600.0: "1 hour",
    86400.0: "1 day",
    365.25 * 86400: "1 year",
}


@dataclass(frozen=True)
class Timing:
    """One row of the table: how long a trajectory took."""

    method: str
    n_outcomes: int
    temperature: float
    horizon: float  # outputs
    seconds: float


def draw(timings_path, *, output_pdf, output_png) -> None:
    """Draw the time of one trajectory against its horizon, of every method in the table."""
    timings = read_timings(timings_path)
    temperatures = sorted({timing.temperature for timing in timings})
    sizes = sorted({timing.n_outcomes for timing in timings})
    furthest = max(timing.horizon for timing in timings)
    width, height = style.SINGLE_COLUMN, 2.95
    with style.drawing(width, height, output_pdf=output_pdf, output_png=output_png) as figure:
        panel = figure.add_axes(
            (0.5 / width, 0.62 / height, (width - 1.12) / width, (height - 0.72) / height)
        )
        panel.set_xscale("log")
        panel.set_yscale("log")
        for method in dict.fromkeys(timing.method for timing in timings):
            colour, marker, _ = _METHODS.get(method, (style.PURPLE, "^", None))
            for temperature, line in zip(temperatures, _LINES, strict=False):
                for size in sizes:
                    curve = sorted(
                        (timing.horizon, timing.seconds)
                        for timing in timings
                        if (timing.method, timing.temperature, timing.n_outcomes)
                        == (method, temperature, size)
                    )
                    if curve:
                        panel.plot(
                            *zip(*curve, strict=True),
                            color=colour,
                            ls=line,
                            marker=marker,
                            ms=3,
                            mec="white",
                            mew=0.4,
                        )
        _set_axes(panel, timings, furthest)
        _extend(panel, timings, furthest)
        for temperature, line in zip(temperatures, _LINES, strict=False):
            panel.plot([], [], color=style.INK, ls=line, label=f"$T$ = {temperature:g}")
        panel.legend(loc="lower right", handlelength=2.4)
        outcomes = " and ".join(f"{size:,}" for size in sizes)
        style.note(figure, f"$n$ = {outcomes}; one seed on one core; dotted: extrapolated")


def read_timings(path) -> list[Timing]:
    """Read a table of timings, CSV with comments after ``#``."""
    try:
        with Path(path).open(newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    except OSError as error:
        raise FileFormatError(path, f"cannot be read: {error.strerror}") from error
    if not rows:
        raise FileFormatError(path, "has no timings; needed: a header and at least one row")
    missing = [name for name in COLUMNS if name not in rows[0]]
    if missing:
        raise FileFormatError(path, f"lacks the columns {', '.join(missing)}")
    return [_timing(row, path, number) for number, row in enumerate(rows, start=1)]


def _timing(row, path, number):
    try:
        timing = Timing(
            row["method"],
            int(row["n_outcomes"]),
            float(row["temperature"]),
            float(row["horizon"]),
            float(row["seconds"]),
        )
    except (TypeError, ValueError) as error:
        raise FileFormatError(path, f"row {number} is {list(row.values())}: {error}") from error
    if not (timing.horizon > 0 and 0 < timing.seconds < math.inf):
        raise FileFormatError(path, f"row {number}: horizon and seconds must be above 0")
    return timing


def _set_axes(panel, timings, furthest):
    seconds = [timing.seconds for timing in timings]
    horizons = [timing.horizon for timing in timings]
    panel.set_xlim(min(horizons) / 1.6, furthest * 1.6)
    panel.set_ylim(
        min(seconds) / 4, max(_reach(timings, method, furthest) for method in _METHODS) * 8
    )
    panel.set_xlabel("outputs sampled $K$")
    panel.set_ylabel("time of one trajectory (s)")
    panel.xaxis.set_major_locator(LogLocator(numticks=6))
    panel.xaxis.set_minor_locator(LogLocator(numticks=20))
    panel.xaxis.set_minor_formatter(NullFormatter())
    panel.yaxis.set_major_locator(LogLocator(numticks=9))
    panel.yaxis.set_minor_locator(NullLocator())
    spans = panel.secondary_yaxis("right")
    low, high = panel.get_ylim()
    shown = {seconds: name for seconds, name in _SPANS.items() if low <= seconds <= high}
    spans.yaxis.set_major_locator(FixedLocator(list(shown)))
    spans.yaxis.set_minor_locator(NullLocator())
    spans.yaxis.set_major_formatter(FuncFormatter(lambda value, _: shown.get(value, "")))


def _longest(timings, method):
    """Return the longest horizon that a method was timed at, and its longest time there."""
    return max(
        ((timing.horizon, timing.seconds) for timing in timings if timing.method == method),
        default=None,
    )


def _reach(timings, method, furthest):
    """Return what a method would take to the furthest horizon, at the growth that it has."""
    longest = _longest(timings, method)
    growth = _METHODS[method][2]
    return longest[1] * (furthest / longest[0]) ** growth if longest else 0.0


def _extend(panel, timings, furthest):
    """Name the methods and extend each from its longest timing at the growth that it has."""
    for method, (colour, _, growth) in _METHODS.items():
        longest = _longest(timings, method)
        if longest is None:
            continue
        end = _reach(timings, method, furthest)
        if furthest > longest[0]:
            panel.plot([longest[0], furthest], [longest[1], end], color=colour, lw=0.8, ls=":")
        # The line has the same direction wherever the longest timing is.
        before = (furthest / 10, end / 10**growth)
        _write_along(panel, (before, (furthest, end)), f"{method} {_GROWTH[growth]}", colour)


def _write_along(panel, line, text, colour):
    """Write a text above a line, from its end backwards."""
    before, end = panel.transData.transform(line)
    angle = math.degrees(math.atan2(end[1] - before[1], end[0] - before[0]))
    panel.annotate(
        text,
        line[1],
        xytext=(-5 * math.sin(math.radians(angle)) - 2, 5 * math.cos(math.radians(angle)) - 2),
        textcoords="offset points",
        rotation=angle,
        rotation_mode="anchor",
        ha="right",
        va="bottom",
        color=colour,
        fontsize=8,
    )
