"""The colours of the order parameter, the same in every figure that shows it."""

import math

from matplotlib import colormaps
from matplotlib.colors import TwoSlopeNorm

ORDER_COLOURS = colormaps["RdBu_r"]
"""Blue for collapse, white where the model is as wide as the target, red for heat death."""

# A target that is uniform cannot widen, and its scale still needs a side for it.
_LEAST_SPAN = 0.05
# Relative luminance.
_DARK = 0.3


def order_scale(*, target_entropy, n_outcomes) -> TwoSlopeNorm:
    """Scale the order parameter between its limits: one outcome left, and all equally frequent."""
    return TwoSlopeNorm(
        0,
        vmin=-max(target_entropy, _LEAST_SPAN),
        vmax=max(math.log(n_outcomes) - target_entropy, _LEAST_SPAN),
    )


def common_scale(scales) -> TwoSlopeNorm:
    """Return the scale that holds all of several, so that equal values have equal colours."""
    scales = list(scales)
    lowest, highest = min(each.vmin for each in scales), max(each.vmax for each in scales)
    return TwoSlopeNorm(0, vmin=lowest, vmax=highest)


def is_dark(scale, value) -> bool:
    """Return whether the colour of a value is so dark that what stands on it must be light."""
    red, green, blue, _ = ORDER_COLOURS(scale(value))
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < _DARK


def add_order_bar(figure, place, scale, *, label=True, ends=("one\noutcome", "uniform")):
    """Draw the colour bar of the order parameter."""
    from matplotlib.cm import ScalarMappable

    panel = figure.add_axes(place)
    bar = figure.colorbar(ScalarMappable(scale, ORDER_COLOURS), cax=panel)
    bar.outline.set_linewidth(0.6)
    ticks = [*_ticks(scale.vmin)[::-1], 0, *_ticks(scale.vmax)]
    bar.set_ticks(ticks, labels=[f"{tick:+g}".replace("-", "−") if tick else "0" for tick in ticks])
    bar.minorticks_off()
    panel.set_title(ends[1], fontsize=7, pad=3)
    panel.set_xlabel(ends[0], fontsize=7, labelpad=3)
    if label:
        bar.set_label("order parameter  $\\ln(N_\\mathrm{eff}/N_\\mathrm{eff}^{\\,p})$", labelpad=2)


def _ticks(limit):
    """Round values from 0 to the limit, without 0, at most four."""
    size = abs(limit)
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5) if size / s < 4.5)
    return [math.copysign(i * step, limit) for i in range(1, int(size / step + 1e-9) + 1)]
