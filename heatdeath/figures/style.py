"""What all figures share: sizes, fonts, colours and how they are saved."""

from contextlib import contextmanager
from io import BytesIO
from string import ascii_lowercase

import matplotlib
from matplotlib.figure import Figure

from heatdeath.files.atomic import write_bytes

SINGLE_COLUMN, MIDDLE, DOUBLE_COLUMN = 3.4, 5.2, 7.0
"""Widths of a figure in one, one and a half or two columns of a journal, in inches."""

# Okabe & Ito's palette, which people with any kind of colour vision can tell apart.
BLUE, VERMILION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PURPLE, INK, GREY = "#56B4E9", "#CC79A7", "#222222", "#767676"

_SETTINGS = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelpad": 3.0,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.titlepad": 4.0,
    "axes.titlesize": 8,
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",
    "font.size": 7,
    "hatch.linewidth": 0.45,
    "legend.borderaxespad": 0.3,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "legend.handlelength": 1.6,
    "lines.linewidth": 1.1,
    "lines.solid_capstyle": "round",
    "mathtext.fontset": "dejavusans",
    "path.simplify": True,
    "patch.linewidth": 0.6,
    "pdf.fonttype": 42,
    "savefig.dpi": 300,
    "text.color": INK,
    "xtick.color": INK,
    "xtick.direction": "out",
    "xtick.labelsize": 7,
    "xtick.major.size": 2.6,
    "xtick.major.width": 0.6,
    "xtick.minor.size": 1.5,
    "xtick.minor.width": 0.4,
    "ytick.color": INK,
    "ytick.direction": "out",
    "ytick.labelsize": 7,
    "ytick.major.size": 2.6,
    "ytick.major.width": 0.6,
    "ytick.minor.size": 1.5,
    "ytick.minor.width": 0.4,
}


@contextmanager
def drawing(width, height, *, output_pdf, output_png):
    """Give a figure in the common style, and save it when the block is done."""
    # Starting from the library's defaults keeps a user's own settings out of the figures.
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        figure = Figure(figsize=(width, height))
        yield figure
        _save(figure, output_pdf, "pdf", {"CreationDate": None})
        _save(figure, output_png, "png", {})


def _save(figure, path, image_format, metadata):
    buffer = BytesIO()
    figure.savefig(buffer, format=image_format, metadata=metadata)
    write_bytes(buffer.getvalue(), path)


def label_panels(axes, *, x=0.0, y=1.02):
    """Put a bold letter above the upper left corner of every panel."""
    for panel, letter in zip(axes, ascii_lowercase, strict=False):
        panel.text(
            x,
            y,
            letter,
            transform=panel.transAxes,
            fontsize=9,
            fontweight="bold",
            ha="right",
            va="bottom",
        )


def note(figure, text):
    """Write the settings behind a figure along its lower edge, in one or more lines."""
    figure.text(
        0.5,
        0.06 / figure.get_figheight(),
        text,
        ha="center",
        va="bottom",
        linespacing=1.35,
        color=GREY,
    )


def power_text(value) -> str:
    r"""Write a number for a label: a power of ten as such, others with separated thousands."""
    mantissa, exponent = f"{value:.2e}".split("e")
    power = int(exponent)
    if abs(power) < 4:
        return f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"
    factor = f"{float(mantissa):g}"
    return f"$10^{{{power}}}$" if factor == "1" else f"${factor}\\times10^{{{power}}}$"


def rounded_text(value) -> str:
    """Write a positive number for a label with two digits."""
    return power_text(float(f"{value:.2g}"))


def p_value_text(p_value) -> str:
    r"""Write what a probability of error is, for example ``"p = 0.37"`` or ``"p < $10^{-99}$"``."""
    if p_value < 1e-99:
        return "p < $10^{-99}$"
    return f"p = {rounded_text(p_value)}"
