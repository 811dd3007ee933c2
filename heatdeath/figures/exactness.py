"""Exactness: what the samplers draw, against the exact law of two outcomes.

What each sampler draws against the exact law of two outcomes, from dynamic programming. Steps are
the exact law, grey is where 95 % of the observed frequencies should lie, and marks are the
samplers. The last panel holds the p-values of all χ² tests in order: they are uniform if the
samplers are exact, and the grey band contains 95 % of such samples (Kolmogorov).
"""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from heatdeath.figures import style
from heatdeath.figures.selection import axis_values, over
from heatdeath.figures.wording import settings_text, start_text
from heatdeath.files import netcdf
from heatdeath.measure.exactness import EXACTNESS

_AXES = ("sampler", "temperature", "fresh_fraction")
_MARKS = ((style.VERMILION, "o"), (style.BLUE, "D"), (style.GREEN, "s"), (style.PURPLE, "^"))
_TEMPERATURES, _FRACTIONS = (0.5, 1, 2), (0, 0.2)
_MOST_BINS = 20
# Share of the law that is left out of its picture at either end.
_LEFT_OUT = 0.002
_NOISE, _BAND = "#c4c4c4", "#e4e4e4"
# Half-width of the band around the diagonal, times the square root of the number of tests, that
# uniform p-values leave with probability 5 % (Kolmogorov's distribution).
_KOLMOGOROV = 1.358
_TWO_SIDED = 1.96
# Inches.
_LEFT, _RIGHT, _BOTTOM, _TOP, _ROW, _GAP = 0.3, 0.12, 0.95, 0.3, 1.05, 0.32
_LEGEND_BOTTOM = 0.24
# Of the width, up to the right end of the laws.
_LAW_SHARE = 0.66


def draw(exactness_path, *, output_pdf, output_png) -> None:
    """Draw exact laws with what every sampler drew, and all p-values of the comparison."""
    record = netcdf.read(exactness_path, kind=EXACTNESS)
    samplers = axis_values(record, "sampler").tolist()
    columns = _nearest(axis_values(record, "temperature"), _TEMPERATURES)
    rows = _nearest(axis_values(record, "fresh_fraction"), _FRACTIONS)
    width = style.DOUBLE_COLUMN
    height = _BOTTOM + len(rows) * (_ROW + _GAP) - _GAP + _TOP
    with style.drawing(width, height, output_pdf=output_pdf, output_png=output_png) as figure:
        vertical = {"bottom": _BOTTOM / height, "top": 1 - _TOP / height}
        laws = figure.add_gridspec(
            len(rows),
            len(columns),
            left=_LEFT / width,
            right=_LAW_SHARE,
            hspace=_GAP / _ROW,
            wspace=0.12,
            **vertical,
        )
        panels = laws.subplots(squeeze=False)
        for line, row in zip(panels, rows, strict=True):
            for panel, column in zip(line, columns, strict=True):
                _draw_law(panel, record, column, row)
            line[0].set_ylabel("density")
        for panel, column in zip(panels[0], columns, strict=True):
            panel.set_title(f"$T$ = {axis_values(record, 'temperature')[column]:g}")
        panels[-1][len(columns) // 2].set_xlabel("share of the first outcome among the $K$ outputs")
        tests = figure.add_gridspec(
            left=_LAW_SHARE + 0.66 / width, right=1 - _RIGHT / width, **vertical
        ).subplots()
        _draw_p_values(tests, record, samplers)
        style.label_panels([*panels[0], tests])
        style.add_legend(figure, _handles(samplers), bottom=_LEGEND_BOTTOM)
        text = settings_text(record.attributes)
        if "initial" in record.attributes:
            text += f"; start: {start_text(record.attributes['initial'])}"
        style.note(figure, text)


def _nearest(values, wanted):
    """Return the positions of the values that are nearest to the wanted ones, each once."""
    finite = np.where(np.isfinite(values), values, np.finfo(float).max)
    return sorted({int(np.argmin(abs(finite - value))) for value in wanted})


def _draw_law(panel, record, column, row):
    exact = over(record, "exact_probability", _AXES)[0, column, row]
    observed = over(record, "observed_frequency", _AXES)[:, column, row]
    horizon = len(exact) - 1
    first, last = _shown_counts(exact)
    # Bins of whole counts, of as equal widths as that allows, shown as densities.
    n_bins = min(last - first, _MOST_BINS)
    bounds = np.rint(np.linspace(first, last, n_bins + 1)).astype(int)
    widths = np.diff(bounds) / horizon
    law, *drawn = (_binned(each, bounds) for each in (exact, *observed))
    noise = _TWO_SIDED * np.sqrt(law * (1 - law) / record.attributes["n_seeds"])
    edges = (bounds - 0.5) / horizon
    panel.stairs(
        (law + noise) / widths,
        edges,
        baseline=np.maximum(law - noise, 0) / widths,
        fill=True,
        color=_NOISE,
        lw=0,
    )
    panel.stairs(law / widths, edges, baseline=None, color=style.INK, lw=0.8)
    centres = (edges[1:] + edges[:-1]) / 2
    # Beside each other, so that no sampler hides another.
    places = (np.arange(len(drawn)) + 0.5) / len(drawn) - 0.5
    for sampler, (colour, marker), place in zip(drawn, _MARKS, places, strict=False):
        panel.plot(
            centres + 0.8 * place * np.diff(edges),
            sampler / widths,
            marker,
            ms=2.4,
            mfc=colour,
            mec="white",
            mew=0.2,
        )
    panel.set_xlim(edges[0], edges[-1])
    panel.set_ylim(0, 1.35 * max(law / widths))
    panel.set_yticks([])
    panel.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10], prune="both"))
    fraction = axis_values(record, "fresh_fraction")[row]
    panel.text(0.05, 0.95, f"$f$ = {fraction:g}", transform=panel.transAxes, va="top")


def _shown_counts(law):
    """Return the range of counts that leaves out a small share of the law at either end."""
    below = np.cumsum(law)
    first = int(np.searchsorted(below, _LEFT_OUT))
    last = int(np.searchsorted(below, 1 - _LEFT_OUT)) + 1
    return first, max(last, first + 1)


def _binned(values, bounds):
    return np.add.reduceat(values[: bounds[-1]], bounds[:-1])


def _draw_p_values(panel, record, samplers):
    """Draw the distribution of all p-values, which is uniform for exact samplers."""
    p_values = over(record, "p_value", _AXES)
    # Where the law has a single value there is nothing to test.
    tested = over(record, "degrees_of_freedom", _AXES) > 0
    pooled = p_values[tested]
    which = np.broadcast_to(np.arange(len(samplers))[:, None, None], tested.shape)[tested]
    order = np.argsort(pooled, kind="stable")
    share = (np.arange(len(pooled)) + 0.5) / len(pooled)
    half_width = _KOLMOGOROV / np.sqrt(len(pooled))
    diagonal = np.array([0, 1])
    panel.fill_between(diagonal, diagonal - half_width, diagonal + half_width, color=_BAND, lw=0)
    panel.plot(diagonal, diagonal, color=style.INK, lw=0.8)
    for number, (colour, marker) in zip(range(len(samplers)), _MARKS, strict=False):
        own = which[order] == number
        panel.plot(pooled[order][own], share[own], marker, ms=3, mfc=colour, mec="white", mew=0.3)
    panel.set_xlim(0, 1)
    panel.set_ylim(0, 1)
    panel.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    panel.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
    panel.set_xlabel("p-value of the $\\chi^2$ test")
    panel.set_ylabel("share of tests below")
    panel.set_title("1 test" if len(pooled) == 1 else f"{len(pooled)} tests")


def _handles(samplers):
    marks = [
        Line2D([], [], color=colour, marker=marker, ls="", ms=4, label=sampler)
        for sampler, (colour, marker) in zip(samplers, _MARKS, strict=False)
    ]
    law = Line2D([], [], color=style.INK, lw=0.8, label="exact law")
    noise = Patch(fc=_NOISE, lw=0, label="95 % of samples")
    return [law, noise, *marks]
