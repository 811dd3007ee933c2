"""The colours of the order parameter, the same in every figure that shows it."""

import math

from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import TwoSlopeNorm

ORDER_COLOURS = colormaps["RdBu_r"]
"""Blue for collapse, white where the model is as wide as the target, red for heat death."""

# A target that is uniform cannot widen, and its scale still needs a side for it.
_LEAST_SPAN = 0.05
# Colours of a smaller relative luminance need something light on them.
_DARK = 0.3
# From the right edge of a figure to its bar of colours, and the width of the bar, inches.
_BAR_FROM_RIGHT, _BAR_WIDTH = 0.74, 0.11


def order_scale(*records) -> TwoSlopeNorm:
    """Scale the order parameter between its limits: one outcome left, and all equally frequent.

    They are −H(p) and ln n − H(p), the outermost ones of several studies, and 0 stands between.
    """
    entropies = [record.attributes["target_entropy"] for record in records]
    widest = [math.log(record.attributes["n_outcomes"]) for record in records]
    return TwoSlopeNorm(
        0,
        vmin=-max(*entropies, _LEAST_SPAN),
        vmax=max(_LEAST_SPAN, *(w - h for w, h in zip(widest, entropies, strict=True))),
    )


def is_dark(scale, value) -> bool:
    """Return whether the colour of a value is so dark that what stands on it must be light."""
    red, green, blue, _ = ORDER_COLOURS(scale(value))
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < _DARK


def add_order_bar(figure, scale, *, middle, length, ends=("one\noutcome", "uniform")):
    """Draw the bar of colours at the right of a figure, with the names of its ends.

    Its middle stands so many inches above the lower edge.
    """
    width, height = figure.get_size_inches()
    panel = figure.add_axes(
        (
            (width - _BAR_FROM_RIGHT) / width,
            (middle - length / 2) / height,
            _BAR_WIDTH / width,
            length / height,
        )
    )
    bar = figure.colorbar(ScalarMappable(scale, ORDER_COLOURS), cax=panel)
    bar.outline.set_linewidth(0.6)
    ticks = [*_ticks(scale.vmin)[::-1], 0, *_ticks(scale.vmax)]
    bar.set_ticks(ticks, labels=[f"{tick:+g}".replace("-", "−") if tick else "0" for tick in ticks])
    bar.minorticks_off()
    panel.set_title(ends[1], fontsize=7, pad=3)
    panel.set_xlabel(ends[0], fontsize=7, labelpad=3)
    bar.set_label("order parameter  $\\ln(N_\\mathrm{eff}/N_\\mathrm{eff}^{\\,p})$", labelpad=2)


def _ticks(limit):
    """Round values from 0 to the limit, without 0, at most four."""
    size = abs(limit)
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5) if size / s < 4.5)
    return [math.copysign(i * step, limit) for i in range(1, int(size / step + 1e-9) + 1)]
