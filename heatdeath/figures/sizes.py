r"""Size: critical fractions against the number of outcomes, capture against the size of starts.

How the critical ratios of fresh to synthetic data grow with the number of outcomes n, and how
capture falls with the size of the start. Above, by theory: what undoes collapse (solid: above it no
locked-in equilibrium is left), what prevents it (dashed, where the faithful branch ends in a fold),
and where it does not, what keeps the faithful equilibrium within a total variation of the target
(dotted). Circles are measured fractions that prevent collapse and squares measured fractions that
undo it, with 95 % intervals. The published sufficient condition μ > 1/(T·min p) is that for T equal
to the lowest temperature shown. Below left: the share of drawn starts that are captured, with 95 %
Wilson intervals. A start counts as captured when at the horizon its top outcome is beyond the
saddle that theory gives its locked-in branch, so that theory enters the measurement. Below right:
the fresh fraction at which half of the starts are captured, with 95 % profile-likelihood intervals,
between f\ :sub:`recover` (solid horizontal lines) and f\ :sub:`prevent` (dashed), both of theory.
Curves there are no fit: they are the leading order for large starts of a uniform target, when noise
settles before drift acts.
"""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from heatdeath.figures import style
from heatdeath.figures.selection import axis_values, flag_value
from heatdeath.figures.wording import runs_text
from heatdeath.files import netcdf
from heatdeath.measure.capture import CAPTURE
from heatdeath.measure.growth import GROWTH
from heatdeath.measure.recovery import RECOVERY
from heatdeath.measure.sizes import SIZES

_COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE)
_MARKERS = ("o", "D", "s", "^", "v")
_PREVENT, _WITHIN, _PUBLISHED = (0, (4, 1.5)), (0, (1, 1.3)), (0, (5, 1, 1, 1))
_MARK = {"ms": 3.6, "mec": "white", "mew": 0.4, "elinewidth": 0.9}
_MEASURED = {"prevent": ("o", "prevents"), "recover": ("s", "undoes")}
_MOST_FRACTIONS = 5
_FRACTION_TICKS = (0.1, 0.5, 0.9, 0.99, 0.999)
_RATIO_LIMITS = (0.05, 3e3)
# Inches.
_BOTTOM, _LOWER, _BETWEEN, _UPPER, _TOP = 0.9, 1.75, 1.12, 1.75, 0.27
_FAMILIES = {"uniform": "uniform", "words": "English words"}


def draw(sizes_path, *, growth_paths, recovery_paths, capture_path, output_pdf, output_png) -> None:
    """Draw critical ratios against n, and capture against the size of the start."""
    record = netcdf.read(sizes_path, kind=SIZES)
    growth = [netcdf.read(path, kind=GROWTH) for path in growth_paths]
    recovery = [netcdf.read(path, kind=RECOVERY) for path in recovery_paths]
    capture = netcdf.read(capture_path, kind=CAPTURE)
    families = record.values("family").tolist()
    width = style.DOUBLE_COLUMN
    height = _BOTTOM + _LOWER + _BETWEEN + _UPPER + _TOP
    with style.drawing(width, height, output_pdf=output_pdf, output_png=output_png) as figure:
        upper = figure.add_gridspec(
            1,
            len(families),
            left=0.085,
            right=0.925,
            bottom=(_BOTTOM + _LOWER + _BETWEEN) / height,
            top=1 - _TOP / height,
            wspace=0.1,
        ).subplots(squeeze=False)[0]
        for number, (panel, family) in enumerate(zip(upper, families, strict=True)):
            _theory(panel, record, number)
            _draw_points(panel, record, _measured(growth, "prevent", family), "prevent")
            _draw_points(panel, record, _measured(recovery, "recover", family), "recover")
            _decorate(panel, record, family, first=number == 0, last=panel is upper[-1])
        lower = figure.add_gridspec(
            1,
            2,
            left=0.085,
            right=0.885,
            bottom=_BOTTOM / height,
            top=(_BOTTOM + _LOWER) / height,
            wspace=0.5,
        ).subplots()
        _draw_shares(lower[0], capture)
        _draw_halves(lower[1], capture)
        style.label_panels([*upper, *lower])
        measured = {"prevent": growth, "recover": recovery}
        measured = {name: records for name, records in measured.items() if records}
        _explain(figure, record, measured, height)
        style.note(figure, _settings(measured, capture))


def _settings(measured, capture):
    lines = [
        f"a–c, {_MEASURED[name][1]}: {runs_text(records, target=False)}"
        for name, records in measured.items()
    ]
    temperature = capture.attributes.get("temperature")
    at = "" if temperature is None else f"$T$ = {float(temperature):g}; "
    return "\n".join([*lines, f"d, e: {at}{runs_text([capture], target=False)}"])


def _ratio(fraction):
    """Return μ = f/(1 − f), and nan where there is no fraction between 0 and 1."""
    fraction = np.asarray(fraction, float)
    return np.where((fraction > 0) & (fraction < 1), fraction / (1 - fraction), np.nan)


def _theory(panel, record, number):
    n = record.values("n_outcomes")
    kinds = record.values("critical_kind")[number]
    for place, colour in zip(range(len(kinds)), _COLOURS, strict=False):
        values = {
            name: _ratio(record.values(name)[number, place])
            for name in ("prevent", "recover", "tolerance_fraction")
        }
        panel.plot(n, values["recover"], color=colour)
        panel.plot(n, values["prevent"], color=colour, ls=_PREVENT)
        fold = flag_value(record, "critical_kind", "fold")
        within = np.where(kinds[place] == fold, np.nan, values["tolerance_fraction"])
        panel.plot(n, within, color=colour, ls=_WITHIN)
    panel.plot(n, record.values("euclidean_ratio")[number, 0], color=style.GREY, ls=_PUBLISHED)


def _measured(records, name, family):
    """Return (temperature, n, value, low, high) of every fraction measured in a family."""
    found = []
    for record in records:
        dims, flags = record.variables[f"{name}_measured"]
        for index in np.argwhere(flags == flag_value(record, f"{name}_measured", "yes")):
            place = dict(zip(dims, index.tolist(), strict=True))
            cell = {
                axis: record.values(axis)[place[axis]] if axis in place else record.attributes[axis]
                for axis in ("temperature", "target")
            }
            law, _, size = str(cell["target"]).rpartition(":")
            if law == family:
                value = record.values(name)[tuple(index)]
                ends = record.values(f"{name}_interval")[tuple(index)]
                found.append((float(cell["temperature"]), int(size), float(value), *ends.tolist()))
    return found


def _draw_points(panel, record, points, name):
    marker, _ = _MEASURED[name]
    temperatures = record.values("temperature").tolist()
    for temperature, n, value, low, high in points:
        if temperature in temperatures[: len(_COLOURS)]:
            place = temperatures.index(temperature)
            y = _ratio([value, max(low, 1e-9), min(high, 1 - 1e-9)])
            panel.errorbar(
                n,
                y[0],
                yerr=[[y[0] - y[1]], [y[2] - y[0]]],
                color=_COLOURS[place],
                marker=marker,
                zorder=3,
                **_MARK,
            )


def _decorate(panel, record, family, *, first, last):
    n = record.values("n_outcomes")
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xlim(n.min() / 1.3, n.max() * 1.3)
    panel.set_ylim(*_RATIO_LIMITS)
    panel.xaxis.set_major_locator(LogLocator(numticks=5))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.yaxis.set_minor_formatter(NullFormatter())
    panel.set_xlabel("outcomes $n$")
    law, _, exponent = family.partition(":")
    panel.set_title(f"Zipf, exponent {exponent}" if law == "zipf" else _FAMILIES.get(law, family))
    if first:
        panel.set_ylabel("fresh to synthetic, $\\mu = f/(1-f)$")
    else:
        panel.set_yticklabels([])
    if last:
        right = panel.secondary_yaxis("right")
        ticks = np.array(_FRACTION_TICKS)
        right.yaxis.set_major_locator(FixedLocator(ticks / (1 - ticks)))
        right.yaxis.set_major_formatter(FuncFormatter(lambda mu, _: f"{mu / (1 + mu):.4g}"))
        right.yaxis.set_minor_locator(NullLocator())
        right.set_ylabel("fresh fraction $f$")


def _families_of(capture):
    """Yield name, colour, marker and place of every target and temperature that were measured."""
    dims = capture.dimensions("prevent")
    shape = capture.values("prevent").shape
    for number, index in enumerate(np.ndindex(shape)):
        if number == len(_COLOURS):
            return
        place = dict(zip(dims, index, strict=True))
        cell = {
            axis: capture.values(axis)[place[axis]] if axis in place else capture.attributes[axis]
            for axis in ("target", "temperature")
        }
        text = f"$n$ = {int(str(cell['target']).rpartition(':')[2]):,}"
        if "temperature" in place:
            text += f", $T$ = {float(cell['temperature']):g}"
        yield text, _COLOURS[number], _MARKERS[number], place


def _at(capture, name, place, order):
    """Return a variable at one target and temperature, its other axes in order."""
    dims, values = capture.variables[name]
    for axis, i in sorted(place.items(), key=lambda item: -dims.index(item[0])):
        values = np.take(values, i, axis=dims.index(axis))
    left = [dim for dim in dims if dim not in place]
    wanted = [dim for dim in order if dim in left] + [dim for dim in left if dim not in order]
    return values.transpose([left.index(dim) for dim in wanted])


def _draw_shares(panel, capture):
    """Draw captured shares against the size of the start, of the most instructive target."""
    families = list(_families_of(capture))
    text, _, _, place = families[len(families) // 2]
    order = ("fresh_fraction", "initial_size")
    sizes = capture.values("initial_size")
    fractions = axis_values(capture, "fresh_fraction")
    rows = np.argsort(capture.values("fresh_fraction"))
    shares = _at(capture, "captured_share", place, order)[rows]
    intervals = _at(capture, "captured_interval", place, order)[rows]
    predicted = _at(capture, "predicted_share", place, order)[rows]
    is_predicted = _has(capture, "prediction_flag", "predicted", place)
    # Fractions at which the share changes over the sizes say most.
    changing = np.flatnonzero(np.ptp(shares, axis=1) > 0.2)
    shown = changing if changing.size else np.arange(len(fractions))
    shown = shown[np.unique(np.linspace(0, len(shown) - 1, _MOST_FRACTIONS).round().astype(int))]
    columns = np.argsort(sizes)
    for row, colour, marker in zip(shown, _COLOURS, _MARKERS, strict=False):
        share, (low, high) = shares[row, columns], intervals[row, columns].T
        panel.errorbar(
            sizes[columns],
            share,
            yerr=[share - low, high - share],
            color=colour,
            marker=marker,
            ls="" if is_predicted else "-",
            lw=0.7,
            label=f"{fractions[row]:g}",
            **_MARK,
        )
        if is_predicted:
            panel.plot(capture.values("predicted_size"), predicted[row], color=colour, lw=0.9)
    _set_size_axis(panel, sizes)
    panel.set_ylim(-0.04, 1.04)
    panel.set_ylabel("probability of capture")
    panel.set_title(f"uniform, {text}" if is_predicted else text)
    panel.legend(
        title="$f$",
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        title_fontsize=7,
        handletextpad=0.4,
    )


def _draw_halves(panel, capture):
    """Draw the fraction of half capture against the size of the start, and the critical ones."""
    sizes = capture.values("initial_size")
    columns = np.argsort(sizes)
    bracketed = flag_value(capture, "half_flag", "bracketed")
    critical = {"recover": [], "prevent": []}
    for text, colour, marker, place in _families_of(capture):
        half = _at(capture, "half_fraction", place, ("initial_size",))[columns]
        low, high = _at(capture, "half_fraction_interval", place, ("initial_size",))[columns].T
        there = _at(capture, "half_flag", place, ("initial_size",))[columns] == bracketed
        panel.errorbar(
            sizes[columns][there],
            half[there],
            yerr=[(half - low)[there], (high - half)[there]],
            color=colour,
            marker=marker,
            ls="",
            label=text,
            **_MARK,
        )
        if _has(capture, "prediction_flag", "predicted", place):
            predicted = _at(capture, "predicted_half_fraction", place, ())
            panel.plot(capture.values("predicted_size"), predicted, color=colour, lw=0.9)
        critical["recover"].append((float(_at(capture, "recover", place, ())), colour))
        if _has(capture, "critical_kind", "fold", place):
            critical["prevent"].append((float(_at(capture, "prevent", place, ())), colour))
    for name, line in (("recover", "-"), ("prevent", _PREVENT)):
        for value, colour in critical[name]:
            panel.axhline(value, color=colour, lw=0.7, ls=line)
    _set_size_axis(panel, sizes)
    _name_critical(panel, critical)
    panel.set_ylabel("$f$ at which half are captured")
    panel.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), handletextpad=0.4)


def _name_critical(panel, critical):
    """Name the lines of f_recover above the highest and those of f_prevent below the lowest."""
    low, high = panel.get_ylim()
    room = 0.1 * (high - low)
    ends = {
        "recover": (max, "bottom", "undoes collapse, $f_\\mathrm{recover}$"),
        "prevent": (min, "top", "prevents it, $f_\\mathrm{prevent}$"),
    }
    for name, (end, alignment, text) in ends.items():
        if critical[name]:
            outermost = end(value for value, _ in critical[name])
            panel.annotate(
                text,
                (0.02, outermost),
                xytext=(0, 2 if name == "recover" else -2),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va=alignment,
            )
            low, high = min(low, outermost - room), max(high, outermost + room)
    panel.set_ylim(low, high)


def _has(capture, name, meaning, place):
    return bool(_at(capture, name, place, ()) == flag_value(capture, name, meaning))


def _set_size_axis(panel, sizes):
    """Scale the axis of sizes of the start, with labels at powers of ten and at least two."""
    low, high = sizes.min() / 1.4, sizes.max() * 1.4
    powers = np.floor(np.log10(high)) - np.ceil(np.log10(low)) + 1
    if powers < 2:
        low = min(low, 10 ** np.floor(np.log10(sizes.min())) / 1.1)
        high = max(high, 10 ** np.ceil(np.log10(sizes.max())) * 1.1)
    panel.set_xscale("log")
    panel.set_xlim(low, high)
    panel.xaxis.set_major_locator(LogLocator(numticks=8))
    panel.xaxis.set_minor_formatter(NullFormatter())
    panel.set_xlabel("size of the start $\\ell_0$")


def _explain(figure, record, measured, height):
    temperatures = record.values("temperature")
    tolerance = record.attributes["tolerance"]
    first = [
        Line2D([], [], color=colour, lw=1.6, label=f"$T$ = {temperature:g}")
        for temperature, colour in zip(temperatures, _COLOURS, strict=False)
    ]
    for name in measured:
        marker, verb = _MEASURED[name]
        first.append(
            Line2D([], [], color=style.INK, marker=marker, ms=3.6, ls="", label=f"measured: {verb}")
        )
    ink = {"color": style.INK, "lw": 1.1}
    second = [
        Line2D([], [], **ink, label="theory: undoes collapse"),
        Line2D([], [], **ink, ls=_PREVENT, label="prevents it"),
        Line2D([], [], **ink, ls=_WITHIN, label=f"total variation ≤ {tolerance:g}"),
        Line2D([], [], color=style.GREY, ls=_PUBLISHED, label="published condition"),
    ]
    below = _BOTTOM + _LOWER + _BETWEEN - 0.62
    for number, row in enumerate((first, second)):
        figure.legend(
            handles=row,
            loc="center",
            bbox_to_anchor=(0.5, (below + (0.5 - number) * style.LEGEND_ROW) / height),
            ncols=len(row),
            columnspacing=1.3,
            handletextpad=0.5,
        )
