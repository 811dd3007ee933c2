r"""Rescue by fresh data: branches and hysteresis, and how much prevents and undoes collapse.

How much fresh data prevents collapse, and how much undoes it. Above: the order parameter
ln(N\ :sub:`eff` of the model / N\ :sub:`eff` of the target) against the fresh fraction. Lines are
the branches of equilibria of the mean-field flow, dashed where unstable; marks are medians over the
seeds and bars hold 90 % of them, from a start drawn from the target and from collapse on one
outcome. Of more than three temperatures, three are shown. Between the folds of the two branches the
start decides: a drawn start of finite size is captured before the faithful branch ends, and near
the end of the locked-in branch a finite horizon sees passages that are not over. Below left: the
fresh fraction that prevents collapse, as the zero of the measured growth exponent of small
deviations, and the one that undoes it, as the zero of the least drift measured on the way from
collapse, with 95 % intervals on the exact curves. Where a joint test is given, it is the χ² of all
measured points against theory, and the same with theory shifted, up or down, whichever fits better.
Below right: the same for one target as ratios of fresh to synthetic outputs, with what published
sufficient conditions ask for at their most favourable (exact training, contraction factor 1). Fresh
or synthetic is an independent coin for every output.
"""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator, MultipleLocator, NullLocator

from heatdeath.figures import style
from heatdeath.figures.selection import axis_values, over
from heatdeath.figures.wording import (
    p_value_text,
    runs_text,
    settings_text,
    start_text,
    starts_text,
    target_text,
)
from heatdeath.files import netcdf
from heatdeath.measure.branches import BRANCHES
from heatdeath.measure.fraction_agreement import FRACTION_AGREEMENT
from heatdeath.measure.growth import GROWTH
from heatdeath.measure.phase_diagram import PHASE_DIAGRAM
from heatdeath.measure.recovery import RECOVERY
from heatdeath.measure.thresholds import THRESHOLDS
from heatdeath.starts import parse_start

_AXES = ("temperature", "fresh_fraction", "initial")
_MOST_COLUMNS = 3
_BRANCH_COLOURS = {"faithful": style.BLUE, "locked_in": style.VERMILION, "saddle": style.GREY}
_START_MARKS = {"from": ("o", style.SKY), "collapsed": ("s", style.ORANGE)}
_RECOVERY_COLOURS = (style.VERMILION, style.PURPLE, style.GREEN, style.ORANGE)
_QUANTILES = (0.05, 0.5, 0.95)
_LEAST_RANGE = (0.4, 1.0)
# Inches.
_LEFT, _RIGHT, _BOTTOM, _TOP = 0.55, 0.12, 0.9, 0.48
_UPPER, _LOWER, _BETWEEN = 1.75, 1.9, 0.74


def draw(
    hysteresis_path,
    *,
    branches_path,
    growth_path,
    recovery_paths,
    thresholds_paths,
    output_pdf,
    output_png,
    agreement=None,
) -> None:
    """Draw branches with simulations above, and below them what prevents and undoes collapse."""
    diagram = netcdf.read(hysteresis_path, kind=PHASE_DIAGRAM)
    branches = netcdf.read(branches_path, kind=BRANCHES)
    growth = netcdf.read(growth_path, kind=GROWTH)
    recoveries = [netcdf.read(path, kind=RECOVERY) for path in recovery_paths]
    lines = _by_target(netcdf.read(path, kind=THRESHOLDS) for path in thresholds_paths)
    tested = None if agreement is None else netcdf.read(agreement, kind=FRACTION_AGREEMENT)
    temperatures = axis_values(diagram, "temperature")
    columns = _columns(temperatures)
    width = style.DOUBLE_COLUMN
    height = _BOTTOM + _LOWER + _BETWEEN + _UPPER + _TOP
    with style.drawing(width, height, output_pdf=output_pdf, output_png=output_png) as figure:
        upper = figure.add_gridspec(
            1,
            len(columns),
            left=_LEFT / width,
            right=1 - _RIGHT / width,
            bottom=(height - _TOP - _UPPER) / height,
            top=1 - _TOP / height,
            wspace=0.08,
        ).subplots(sharey=True, squeeze=False)[0]
        for panel, column in zip(upper, columns, strict=True):
            _draw_branches(panel, branches, column)
            _draw_starts(panel, diagram, column)
            panel.set_title(f"$T$ = {temperatures[column]:g}")
            panel.set_xlim(-0.02, 1.02)
            panel.xaxis.set_major_locator(MultipleLocator(0.5))
            panel.xaxis.set_minor_locator(MultipleLocator(0.1))
            panel.set_xlabel("fresh fraction $f$")
        upper[0].yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        upper[0].set_ylabel("$\\ln(N_\\mathrm{eff}/N_\\mathrm{eff}^{\\,p})$")
        _explain_branches(figure, diagram, height)
        lower = figure.add_gridspec(
            1,
            2,
            left=_LEFT / width,
            right=1 - _RIGHT / width,
            bottom=_BOTTOM / height,
            top=(_BOTTOM + _LOWER) / height,
            wspace=0.24,
        ).subplots()
        colours = dict(zip(lines, _RECOVERY_COLOURS, strict=False))
        _draw_fractions(lower[0], growth, recoveries, lines, colours)
        _draw_ratios(lower[1], growth, recoveries, lines, colours)
        limits = _limits((growth, *recoveries, *lines.values()))
        for panel in lower:
            panel.set_xlim(*limits)
            panel.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10]))
        if tested is not None:
            _write_agreement(lower[0], tested.attributes)
        style.label_panels([upper[0], *lower], x=-0.02)
        above = f"a: {settings_text(diagram.attributes)}{_collapsed_text(diagram)}"
        if len(columns) < len(temperatures):
            above += f"; {len(columns)} of its {len(temperatures)} temperatures"
        below = f"b, c, prevents: {runs_text([growth], target=False)}"
        if recoveries:
            below += f"\nundoes: {runs_text(recoveries, target=False)}"
        style.note(figure, f"{above}\n{below}")


def _by_target(records):
    """Return one record of thresholds for each target, by its name."""
    kept = {}
    for record in records:
        kept.setdefault(str(record.attributes["target"]), record)
    return kept


def _columns(temperatures):
    """Return the places of up to three temperatures, spread evenly over those there are."""
    places = np.linspace(0, len(temperatures) - 1, min(_MOST_COLUMNS, len(temperatures)))
    return sorted({int(round(place)) for place in places})


def _draw_branches(panel, branches, column):
    fraction = branches.values("fraction")
    for k, curve in enumerate(branches.values("curve").tolist()):
        exists = branches.values("exists")[column, k] == 1
        stable = branches.values("stable")[column, k] == 1
        order = branches.values("order_parameter")[column, k]
        for kept, style_of_line in ((exists & stable, "-"), (exists & ~stable, (0, (3, 2)))):
            panel.plot(
                fraction,
                np.where(kept, order, np.nan),
                color=_BRANCH_COLOURS[curve],
                ls=style_of_line,
                lw=1.0,
                zorder=2,
            )


def _draw_starts(panel, diagram, column):
    fractions = axis_values(diagram, "fresh_fraction")
    low, middle, high = (
        over(diagram, "order_parameter", _AXES, quantile=q)[column] for q in _QUANTILES
    )
    for k, start in enumerate(axis_values(diagram, "initial").tolist()):
        mark, colour = _mark_of(start)
        panel.vlines(fractions, low[:, k], high[:, k], color=colour, lw=1.6, zorder=3)
        panel.plot(fractions, middle[:, k], mark, ms=3, mfc=colour, mec="white", mew=0.3, zorder=4)


def _mark_of(start):
    return _START_MARKS["collapsed" if parse_start(start).kind == "collapsed" else "from"]


def _explain_branches(figure, diagram, height):
    handles = [
        Line2D([], [], color=_BRANCH_COLOURS["faithful"], label="faithful branch"),
        Line2D([], [], color=_BRANCH_COLOURS["locked_in"], label="locked-in branch"),
        Line2D([], [], color=style.GREY, ls=(0, (3, 2)), label="unstable"),
    ]
    for start in axis_values(diagram, "initial").tolist():
        mark, colour = _mark_of(start)
        name = "collapsed" if parse_start(start).kind == "collapsed" else start_text(start)
        handles.append(
            Line2D([], [], color=colour, marker=mark, ms=3, lw=1.6, label=f"simulated, {name}")
        )
    figure.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, 1 - 0.02 / height),
        ncols=len(handles),
        columnspacing=1.2,
        handletextpad=0.5,
    )


def _collapsed_text(diagram):
    starts = axis_values(diagram, "initial").tolist()
    collapsed = [start for start in starts if parse_start(start).kind == "collapsed"]
    return f"; {starts_text(collapsed)}" if collapsed else ""


def _measured(record, name):
    """Yield temperature, value and interval of every fraction that was measured."""
    temperatures = axis_values(record, "temperature")
    over_temperature = {
        key: over(record, key, ("temperature",))
        for key in (f"{name}_measured", name, f"{name}_interval")
    }
    for place, temperature in enumerate(temperatures):
        if over_temperature[f"{name}_measured"][place]:
            yield (
                temperature,
                over_temperature[name][place],
                over_temperature[f"{name}_interval"][place],
            )


def _draw_line(panel, record, name, colour, *, ratio=False, **line):
    exists = record.values(f"{name}_exists") == 1
    values = np.where(exists, record.values(name), np.nan)
    panel.plot(
        record.values("temperature"), _ratio(values) if ratio else values, color=colour, **line
    )


def _draw_measured(panel, record, name, colour, mark, *, ratio=False):
    for temperature, value, interval in _measured(record, name):
        value, low, high = (_ratio(x) if ratio else x for x in (value, *interval))
        panel.vlines(temperature, low, high, color=colour, lw=1.2, zorder=3)
        panel.plot(temperature, value, mark, ms=3.6, mfc=colour, mec="white", mew=0.4, zorder=4)


def _limits(records):
    """Return a range of temperatures that hides no fraction, measured or of theory."""
    shown = np.concatenate([_LEAST_RANGE, *(axis_values(each, "temperature") for each in records)])
    low, high = shown.min(), shown.max()
    # A mark on the frame of a panel would be cut in half.
    margin = 0.02 * (high - low)
    return low - margin, high + (margin if high > _LEAST_RANGE[1] else 0)


def _write_agreement(panel, found):
    shifted = p_value_text(found["shifted_p_value"])
    panel.text(
        0.03,
        0.03,
        f"all points: $\\chi^2$ = {found['chi_square']:.3g} for {found['degrees_of_freedom']}, "
        f"{p_value_text(found['p_value'])};\ntheory shifted by {found['shift']:g}: {shifted}",
        transform=panel.transAxes,
        linespacing=1.35,
    )


def _ratio(fraction):
    """Return μ = f/(1 − f), within what a logarithmic axis can show."""
    fraction = np.clip(fraction, 1e-9, 1 - 1e-9)
    return fraction / (1 - fraction)


def _draw_fractions(panel, growth, recoveries, lines, colours):
    for target, record in lines.items():
        _draw_line(panel, record, "recover", colours[target])
        if str(growth.attributes["target"]) == target:
            _draw_line(panel, record, "prevent", style.BLUE)
    _draw_measured(panel, growth, "prevent", style.BLUE, "o")
    for record in recoveries:
        _draw_measured(panel, record, "recover", colours[str(record.attributes["target"])], "s")
    panel.set_xlabel("sampling temperature $T$")
    panel.set_ylabel("fresh fraction $f$")
    panel.set_ylim(0, 1)
    panel.yaxis.set_major_locator(MaxNLocator(5))
    handles = [
        Line2D([], [], color=colours[target], marker="s", ms=3.6, label=_label("undoes", record))
        for target, record in lines.items()
    ]
    handles.append(
        Line2D([], [], color=style.BLUE, marker="o", ms=3.6, label=_label("prevents", growth))
    )
    panel.legend(handles=handles, loc="upper right", handlelength=1.2)


def _label(verb, record):
    return f"{verb}: {_name(record)}, $n$ = {record.attributes['n_outcomes']:,}"


def _name(record):
    return target_text(record.attributes["target"]).removesuffix(" target").partition(",")[0]


def _draw_ratios(panel, growth, recoveries, lines, colours):
    target = str(growth.attributes["target"])
    panel.set_yscale("log")
    shown = [record for record in recoveries if str(record.attributes["target"]) == target]
    if target in lines:
        record = lines[target]
        _draw_line(panel, record, "prevent", style.BLUE, ratio=True)
        _draw_line(panel, record, "recover", colours[target], ratio=True)
        temperatures = record.values("temperature")
        bounds = (
            ("fisher_rao_ratio", "Fisher–Rao condition"),
            ("euclidean_ratio", "Euclidean condition"),
        )
        for name, text in bounds:
            ratio = record.values(name)
            panel.plot(temperatures, ratio, color=style.INK, ls=(0, (1, 1.2)))
            middle = len(temperatures) // 2
            panel.annotate(
                f"{text}, sufficient",
                (temperatures[middle], ratio[middle]),
                xytext=(0, 4.5),
                textcoords="offset points",
                ha="center",
            )
        for name, text, colour, offset in (
            ("recover", "undoes collapse", colours[target], 6),
            ("prevent", "prevents collapse", style.BLUE, -12),
        ):
            middle = len(temperatures) // 4
            panel.annotate(
                text,
                (temperatures[middle], _ratio(record.values(name)[middle])),
                xytext=(0, offset),
                textcoords="offset points",
                ha="center",
                color=colour,
            )
    _draw_measured(panel, growth, "prevent", style.BLUE, "o", ratio=True)
    for record in shown:
        _draw_measured(panel, record, "recover", colours[target], "s", ratio=True)
    panel.set_ylim(0.02, 5e5)
    panel.yaxis.set_major_locator(LogLocator(numticks=9))
    panel.yaxis.set_minor_locator(NullLocator())
    panel.set_title(f"{_name(growth)}, $n$ = {growth.attributes['n_outcomes']:,}")
    panel.set_xlabel("sampling temperature $T$")
    panel.set_ylabel("fresh per synthetic output $\\mu$")
