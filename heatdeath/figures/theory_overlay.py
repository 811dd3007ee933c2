"""The lines of theory over the plane of temperature and fresh fraction."""

import math
from dataclasses import dataclass

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patheffects import Stroke, TickedStroke, withStroke

from heatdeath.figures import style
from heatdeath.figures.selection import flag_value

_FOLD, _CROSSOVER, _LEAST = "-", (0, (4, 1.6)), (0, (1, 1.4))
_CASING = "white"
_COLOUR = "#00573C"
_CONTOUR = style.INK
_TICK_SPACING, _TICK_LENGTH = 7, 0.65
# Points along a contour at which its label may stand, and along a label.
_PLACES, _ALONG = 150, 9
# Room around a label, in units of its height: enough, and more than enough.
_ENOUGH, _AMPLE = 0.6, 1.4
# Where along a contour its label stands if there is room: above T = 1.
_PREFERRED = 0.8


@dataclass(frozen=True)
class TheoryLine:
    """A line over the plane, in the units of its axes."""

    x: np.ndarray  # (point,), nan where it does not run
    y: np.ndarray  # (point,)
    tolerance: float | None = None  # of a contour, the total variation
    studied: bool = False  # whether a contour is that of the study's own tolerance
    linestyle: str | tuple = _CROSSOVER
    ticks: int = 0  # on which side, 1 or -1


def lines_over_plane(record, temperatures, fractions, *, output=None) -> list[TheoryLine]:
    """Return the tolerance contours and the critical fractions as lines over a panel of cells.

    For a panel from a collapsed start, `output`, the line of its outcome stands in the place of
    the largest one where the two differ.
    """
    x = temperatures.position(record.values("temperature"))
    # All critical fractions end in 0 at T = 1.
    cold = record.values("temperature") <= 1
    lines = [
        TheoryLine(
            x,
            fractions.position(record.values("tolerance_fraction")[:, number]),
            tolerance=float(tolerance),
            studied=bool(tolerance == record.attributes["study_tolerance"]),
        )
        for number, tolerance in enumerate(record.values("tolerance"))
    ]
    least = np.where(cold, record.values("recover_least_frequent"), np.nan)
    lines.append(TheoryLine(x, fractions.position(least), linestyle=_LEAST))
    recover = np.where(cold, record.values("recover"), np.nan)
    starts = record.values("initial").tolist() if "initial" in record.variables else []
    if output in starts:
        place = starts.index(output)
        folds = record.values("start_flag")[:, place] == flag_value(record, "start_flag", "fold")
        own = np.where(folds & cold, record.values("recover_from_start")[:, place], np.nan)
        recover = own if folds[cold].any() else recover
    lines.append(TheoryLine(x, fractions.position(recover), linestyle=_FOLD, ticks=-1))
    folds = record.values("critical_kind") == flag_value(record, "critical_kind", "fold")
    ends = folds.any() & (record.values("temperature") == 1)
    prevent = np.where(folds | ends, record.values("prevent"), np.nan)
    lines.append(TheoryLine(x, fractions.position(prevent), linestyle=_FOLD, ticks=1))
    return [line for line in lines if np.isfinite(line.y).sum() > 1]


def draw_lines(panel, lines) -> None:
    """Draw lines of theory over a panel, and label every contour once where there is room.

    The ticks along a critical line stand on its side on which both the faithful and a locked-in
    equilibrium are stable.
    """
    for line in lines:
        if line.tolerance is None:
            _draw_critical(panel, line)
        else:
            _draw_contour(panel, line)
    paths = [_path(panel, line) for line in lines]
    for number, line in enumerate(lines):
        if line.tolerance is not None:
            others = [path for other, path in enumerate(paths) if other != number and len(path)]
            _label_contour(panel, f"{line.tolerance:g}", paths[number], others)


def theory_handles(record) -> list:
    """Return the entries of the legend that explain those lines that there are."""
    unique = flag_value(record, "critical_kind", "unique")
    handles = []
    if (record.values("critical_kind") != unique).any():
        handles += [
            Line2D(
                [],
                [],
                color=_COLOUR,
                lw=1.4,
                path_effects=[Stroke(), _ticked(-1)],
                label="theory: bistable on the ticked side",
            ),
            Line2D([], [], color=_COLOUR, lw=1.1, ls=_LEAST, label="the same, rarest outcome"),
        ]
    studied = record.attributes["study_tolerance"]
    handles.append(
        Line2D(
            [],
            [],
            color=_CONTOUR,
            lw=0.7,
            ls=_CROSSOVER,
            label=f"total variation in theory (thick: {studied:g})",
        )
    )
    return handles


def _draw_critical(panel, line):
    there = np.isfinite(line.y)
    x, y = line.x[there], line.y[there]
    width = 1.4 if line.linestyle == _FOLD else 1.1
    panel.plot(x, y, color=_CASING, lw=width + 1.2, alpha=0.85, zorder=2.6)
    drawn = panel.plot(x, y, color=_COLOUR, lw=width, ls=line.linestyle, zorder=2.7)[0]
    if line.ticks:
        drawn.set_path_effects([Stroke(), _ticked(line.ticks)])


def _ticked(side):
    return TickedStroke(angle=90 * side, spacing=_TICK_SPACING, length=_TICK_LENGTH)


def _draw_contour(panel, line):
    width = 1.1 if line.studied else 0.6
    panel.plot(line.x, line.y, color=_CASING, lw=1.3, alpha=0.6, zorder=2.4)
    panel.plot(line.x, line.y, color=_CONTOUR, lw=width, ls=_CROSSOVER, zorder=2.5)


def _path(panel, line):
    """Return the part of a line inside its panel as points at equal distances, in pixels."""
    there = np.isfinite(line.x) & np.isfinite(line.y)
    corners = panel.transData.transform(np.stack([line.x[there], line.y[there]], axis=1))
    lengths = np.concatenate([[0], np.hypot(*np.diff(corners, axis=0).T).cumsum()])
    along = np.linspace(0, lengths[-1], _PLACES)
    points = np.stack([np.interp(along, lengths, each) for each in corners.T], axis=1)
    inside = [panel.bbox.contains(*point) for point in points]
    return points[inside]


def _label_contour(panel, text, path, others):
    """Write a label on a contour where it is furthest from all other lines and texts."""
    if len(path) < 3:
        return
    label = panel.text(
        0,
        0,
        text,
        rotation_mode="anchor",
        ha="center",
        va="center",
        fontsize=7,
        zorder=2.8,
        path_effects=[withStroke(linewidth=1.6, foreground=_CASING)],
    )
    size = label.get_window_extent()
    taken = [other.get_window_extent() for other in panel.texts if other is not label]
    crowd = np.concatenate(others) if others else np.full((1, 2), np.inf)
    for place, direction in _places(path, size, crowd):
        label.set(
            position=panel.transData.inverted().transform(place),
            rotation=math.degrees(math.atan2(direction[1], direction[0])),
        )
        box = label.get_window_extent().padded(1)
        inside = all(panel.bbox.contains(*corner) for corner in box.corners())
        if inside and not any(box.overlaps(other) for other in taken):
            return
    label.remove()


def _places(path, size, crowd):
    """Yield places and directions for a label along a path, the best first."""
    half = size.width / 2 + size.height / 3
    ranked = []
    for number, (before, place, after) in enumerate(
        zip(path, path[1:], path[2:], strict=False), start=1
    ):
        from_ends = np.hypot(*(path[[0, -1]] - place).T)
        direction = (after - before) / max(np.hypot(*(after - before)), 1e-9)
        direction = direction if direction[0] >= 0 else -direction
        span = place + np.linspace(-half, half, _ALONG)[:, None] * direction
        room = np.hypot(*np.moveaxis(span[:, None] - crowd, -1, 0)).min() / size.height
        if room >= _ENOUGH and from_ends.min() > half:
            off = abs(number / len(path) - _PREFERRED)
            ranked.append((-min(room, _AMPLE), off, number, place, direction))
    for *_, place, direction in sorted(ranked, key=lambda each: each[:3]):
        yield place, direction
