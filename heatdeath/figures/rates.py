"""Rates: when cold loops collapse and how fast all loops relax, measured against theory.

How fast closed loops collapse and relax, measured and predicted. **a** How much the data grow,
without fresh data, until one outcome holds half of the mass: medians over the seeds with 95 %
intervals from order statistics. Solid lines and bands are the median and the middle half of the
mean-field flow from Dirichlet draws around the starts, which hold as much chance as the run brings;
dashed lines are the flow from the starts themselves. On this axis exp(C·T/(1−T)) is a straight
line. **b** Exponents with which the deviation from the limit falls, fitted from a growth of the
data by 100 on, with 95 % intervals from a bootstrap over the seeds. The deviation (filled) is the
root of twice the mean over the seeds of KL(θ‖limit), or, where the limit is a single outcome, the
mean mass outside it; short bars are the same fit to theory, flow and noise over the same window.
Hollow marks are the mean deviation along that of the start, where noise does not hide it: it falls
with κ at any temperature. Dashed: κ; solid: min(κ, ½), and κ at a corner. **c** The deviation above
T = 1, at the fresh fraction stated on the axis: marks are simulations, lines the flow with the
noise around the limit. A small start lets the noise of the run show, which falls as the square root
of the size; in a large one the bias of the start shows for longer. The dotted line is where fits
begin. **d** Mass of the target's most probable outcome at the horizon: difference of simulation and
the mean-field flow from the same starts to the same size, over its standard error, as normal
deviates in order; the line is where they lie if the flow holds. Fresh or synthetic is an
independent coin for every output.
"""

from statistics import NormalDist

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, LogLocator, NullFormatter, NullLocator

from heatdeath.figures import style
from heatdeath.figures.selection import axis_values, flag_value, over
from heatdeath.figures.wording import (
    p_value_text,
    power_text,
    rounded_text,
    runs_text,
    target_text,
)
from heatdeath.files import netcdf
from heatdeath.measure.collapse_time import COLLAPSE_TIME
from heatdeath.measure.flow_agreement import FLOW_AGREEMENT
from heatdeath.measure.relaxation import RELAXATION

_TARGETS = ((style.VERMILION, "o"), (style.BLUE, "D"), (style.GREEN, "s"), (style.PURPLE, "^"))
_STUDIES = (style.VERMILION, style.BLUE)
_DECAYS = (style.GREEN, style.PURPLE)
_SIZES = (("-", "o"), ((0, (4, 2)), "s"), ((0, (1, 1.5)), "^"))
_TEMPERATURES = (1.25, 3)
_SHARE_OF_MARKS = 3
# The legend of the decays stands above them.
_ROOM_ABOVE, _BELOW_LEGEND = 2.0, 0.83
# Between labelled temperatures, in units of the range.
_LEAST_GAP = 0.07
_FAINT = 0.22
_HEIGHT = 5.5
# A difference of this many standard errors is drawn at the edge.
_LARGEST_PULL = 4.5


def draw(
    *, collapse_time_path, relaxation_paths, flow_agreement_path, output_pdf, output_png
) -> None:
    """Draw collapse times, relaxation exponents, decays, and simulations against the flow."""
    collapse = netcdf.read(collapse_time_path, kind=COLLAPSE_TIME)
    relaxations = [netcdf.read(path, kind=RELAXATION) for path in relaxation_paths]
    agreement = netcdf.read(flow_agreement_path, kind=FLOW_AGREEMENT)
    with style.drawing(
        style.DOUBLE_COLUMN, _HEIGHT, output_pdf=output_pdf, output_png=output_png
    ) as figure:
        panels = figure.subplots(
            2,
            2,
            gridspec_kw={
                "left": 0.095,
                "right": 0.985,
                "bottom": 0.165,
                "top": 0.955,
                "hspace": 0.34,
                "wspace": 0.26,
            },
        ).ravel()
        _draw_collapse(panels[0], collapse)
        _draw_exponents(panels[1], relaxations)
        _draw_decays(panels[2], relaxations[0])
        _draw_pulls(panels[3], agreement)
        style.label_panels(panels, x=-0.03)
        style.note(figure, _note(collapse, relaxations, agreement))


def _draw_collapse(panel, record):
    axes = ("target", "temperature")
    temperatures = axis_values(record, "temperature")
    x = temperatures / (1 - temperatures)
    targets = axis_values(record, "target").tolist()
    middle = int(np.argmin(abs(record.values("quantile") - 0.5)))
    handles = []
    for row, (name, (colour, marker)) in enumerate(zip(targets, _TARGETS, strict=False)):
        predicted = over(record, "predicted_log_growth", axes)[row]
        measured = over(record, "log_growth", axes)[row, :, middle]
        interval = over(record, "median_interval", axes)[row]
        panel.fill_between(x, *np.exp(predicted[:, [1, -2]]).T, color=colour, alpha=_FAINT, lw=0)
        panel.plot(x, np.exp(predicted[:, middle]), color=colour)
        panel.plot(
            x, np.exp(over(record, "flow_median", axes)[row]), color=colour, ls=(0, (2, 2)), lw=0.9
        )
        shown = np.isfinite(measured)
        _marks(panel, x[shown], np.exp(measured[shown]), np.exp(interval[shown]), colour, marker)
        handles.append(Line2D([], [], color=colour, marker=marker, ms=3.5, label=target_text(name)))
    panel.set_yscale("log")
    panel.set_ylim(bottom=1)
    panel.yaxis.set_major_locator(LogLocator(numticks=7))
    panel.yaxis.set_minor_formatter(NullFormatter())
    _temperature_ticks(panel, lambda t: t / (1 - t), temperatures, x)
    panel.set_xlabel("temperature $T$, on a scale of $T/(1-T)$; $f$ = 0")
    panel.set_ylabel("growth of the data, $\\ell^*/\\ell_0$,\nuntil one outcome holds a half")
    handles += [
        Patch(fc=style.GREY, alpha=0.4, lw=0, label="theory: half of all runs"),
        Line2D([], [], color=style.GREY, ls=(0, (2, 2)), lw=0.9, label="flow without chance"),
    ]
    panel.legend(handles=handles, loc="upper left")


def _draw_exponents(panel, records):
    axes = ("initial_size", "temperature")
    drawn_sizes, fractions, means = {}, [], False
    for colour, record in zip(_STUDIES, records, strict=False):
        temperatures = axis_values(record, "temperature")
        x = 1 / temperatures
        kappa = over(record, "relaxation_exponent", axes)[0]
        limiting = over(record, "limiting_exponent", axes)[0]
        outside = flag_value(record, "observable", "mass_outside_limit")
        corner = over(record, "observable", axes)[0] == outside
        for part in (corner, ~corner):
            panel.plot(x[part], kappa[part], color=colour, lw=0.9, ls=(0, (2, 2)))
            panel.plot(x[part], limiting[part], color=colour)
        fractions.append((colour, record.attributes.get("fresh_fraction", "0")))
        for row, size in enumerate(axis_values(record, "initial_size").astype(float)):
            marker = drawn_sizes.setdefault(float(size), _SIZES[len(drawn_sizes) % 3][1])
            _marks(
                panel,
                x,
                over(record, "exponent", axes)[row],
                over(record, "exponent_interval", axes)[row],
                colour,
                marker,
            )
            panel.plot(
                x,
                over(record, "predicted_exponent", axes)[row],
                "_",
                color=style.INK,
                ms=8,
                mew=0.9,
            )
            flag = flag_value(record, "mean_exponent_flag", "fitted")
            fitted = (over(record, "mean_exponent_flag", axes)[row] == flag) & ~corner
            means |= bool(fitted.any())
            _marks(
                panel,
                x[fitted],
                over(record, "mean_exponent", axes)[row][fitted],
                over(record, "mean_exponent_interval", axes)[row][fitted],
                colour,
                marker,
                hollow=True,
            )
    panel.set_ylim(0, 1.08)
    panel.invert_xaxis()
    shown = np.concatenate([axis_values(record, "temperature") for record in records])
    _temperature_ticks(panel, lambda t: 1 / t, shown, 1 / shown)
    panel.set_xlabel("temperature $T$, on a scale of $1/T$")
    panel.set_ylabel("exponent of the relaxation")
    handles = [Line2D([], [], color=colour, label=f"$f$ = {float(f):g}") for colour, f in fractions]
    handles += [
        Line2D(
            [], [], color=style.GREY, marker=marker, ls="", ms=3.5,
            label=f"$\\ell_0$ = {power_text(size)}",
        )
        for size, marker in drawn_sizes.items()
    ]  # fmt: skip
    handles += [
        Line2D([], [], color=style.GREY, label="min($\\kappa$, ½)"),
        Line2D([], [], color=style.GREY, lw=0.9, ls=(0, (2, 2)), label="$\\kappa$"),
        Line2D([], [], color=style.INK, marker="_", mew=0.9, ls="", ms=8, label="fit to theory"),
    ]
    if means:
        handles.append(
            Line2D([], [], color=style.GREY, marker="o", mfc="white", ls="", ms=4.8, label="mean")
        )
    panel.legend(handles=handles, loc="best")


def _draw_decays(panel, record):
    axes = ("temperature", "initial_size")
    temperatures = axis_values(record, "temperature")
    sizes = axis_values(record, "initial_size").astype(float)
    hot = temperatures[temperatures > 1]
    chosen = (
        sorted({float(hot[np.argmin(abs(hot - t))]) for t in _TEMPERATURES}) if hot.size else []
    )
    if not chosen:
        panel.text(
            0.5, 0.5, "no temperature above 1", transform=panel.transAxes, ha="center", va="center"
        )
        panel.set_xticks([])
        panel.set_yticks([])
        return
    handles = []
    for temperature, colour in zip(chosen, _DECAYS, strict=False):
        column = int(np.flatnonzero(temperatures == temperature)[0])
        for row, (line, marker) in zip(range(len(sizes)), _SIZES, strict=False):
            growth = over(record, "growth", axes)[column, row]
            measured = over(record, "deviation", axes)[column, row]
            panel.plot(
                growth,
                over(record, "predicted_deviation", axes)[column, row],
                color=colour,
                ls=line,
            )
            some = slice(None, None, _SHARE_OF_MARKS)
            panel.plot(
                growth[some], measured[some], marker, ms=2.6, mfc=colour, mec="white", mew=0.3
            )
        handles.append(Line2D([], [], color=colour, label=f"$T$ = {temperature:g}"))
    handles += [
        Line2D(
            [], [], color=style.GREY, ls=line, marker=marker, ms=3,
            label=f"$\\ell_0$ = {power_text(float(size))}",
        )
        for size, (line, marker) in zip(sizes, _SIZES, strict=False)
    ]  # fmt: skip
    panel.axvline(
        record.attributes["fit_from"], ymax=_BELOW_LEGEND, color=style.GREY, lw=0.6, ls=(0, (1, 2))
    )
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xlim(left=1)
    panel.xaxis.set_major_locator(LogLocator(numticks=8))
    panel.yaxis.set_major_locator(LogLocator(numticks=7))
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_minor_locator(NullLocator())
    _, top = panel.get_ylim()
    panel.set_ylim(top=_ROOM_ABOVE * top)
    fresh = float(axis_values(record, "fresh_fraction")[0])
    panel.set_xlabel(f"growth of the data, $\\ell/\\ell_0$; $f$ = {fresh:g}")
    panel.set_ylabel("deviation $\\sqrt{2\\,\\overline{\\mathrm{KL}}}$ from the limit")
    panel.legend(handles=handles, loc="upper right", ncols=2)


def _draw_pulls(panel, record):
    z = np.sort(record.values("z_score"), axis=None)
    shares = (np.arange(z.size) + 0.5) / z.size
    expected = np.array([NormalDist().inv_cdf(share) for share in shares])
    limit = min(max(3.0, 1.1 * abs(z).max()), _LARGEST_PULL)
    line = np.array([-limit, limit])
    panel.plot(line, line, color=style.INK, lw=0.8)
    panel.plot(
        expected, np.clip(z, -limit, limit), "o", ms=3, mfc=style.BLUE, mec="white", mew=0.3,
        clip_on=False,
    )  # fmt: skip
    panel.set_xlim(*line)
    panel.set_ylim(*line)
    panel.xaxis.set_major_locator(FixedLocator([-2, 0, 2]))
    panel.yaxis.set_major_locator(FixedLocator([-2, 0, 2]))
    panel.set_xlabel("normal quantile")
    panel.set_ylabel("difference / standard error")
    found = record.attributes
    text = (
        f"{found['degrees_of_freedom']} cells of $T$ and $f$\n"
        f"$\\chi^2$ = {found['chi_square']:.3g}, {p_value_text(found['p_value'])}\n"
        f"flow shifted by {100 * found['shift']:g} % of its range:\n"
        f"$\\chi^2$ = {rounded_text(found['shifted_chi_square'])}, "
        f"{p_value_text(found['shifted_p_value'])}"
    )
    panel.text(0.04, 0.96, text, transform=panel.transAxes, va="top", linespacing=1.35)


def _marks(panel, x, y, interval, colour, marker, *, hollow=False):
    if not len(x):
        return
    top = np.where(np.isfinite(interval[:, 1]), interval[:, 1], y)
    panel.errorbar(
        x,
        y,
        yerr=np.maximum([y - interval[:, 0], top - y], 0),
        fmt=marker,
        ms=4.8 if hollow else 3.2,
        color=colour,
        mfc="white" if hollow else colour,
        mec=colour if hollow else "white",
        mew=0.8 if hollow else 0.4,
        elinewidth=0.8,
        capsize=1.6,
        capthick=0.7,
        zorder=3 if hollow else 4,
    )


def _temperature_ticks(panel, place, temperatures, positions):
    """Label temperatures on a scale of something else, as many as do not touch."""
    least = _LEAST_GAP * np.ptp(positions)
    kept = []
    for temperature in sorted(set(temperatures.tolist()), key=lambda t: abs(np.log(t))):
        if all(abs(place(temperature) - place(other)) > least for other in kept):
            kept.append(temperature)
    panel.set_xticks([place(t) for t in kept], [f"{t:g}" for t in kept])
    panel.xaxis.set_minor_locator(NullLocator())


def _note(collapse, relaxations, agreement):
    parts = (("a", [collapse]), ("b, c", relaxations), ("d", [agreement]))
    return "\n".join(f"{letters}: {runs_text(records)}" for letters, records in parts)
