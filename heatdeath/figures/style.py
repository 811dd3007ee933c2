"""What all figures share: widths, fonts, colours, rows of panels, legends, and their saving."""

import math
from contextlib import contextmanager
from io import BytesIO
from string import ascii_lowercase

import matplotlib
from matplotlib.figure import Figure

from heatdeath.files.atomic import write_bytes

SINGLE_COLUMN, MIDDLE, DOUBLE_COLUMN = 3.4, 5.2, 7.0
"""Widths of a figure in one, one and a half or two columns of a journal, in inches."""

LEGEND_ROW = 0.17
"""Height of a row of a legend below the panels, inches."""

FAMILY_COLUMNS = (2, 4)
"""Least and most columns of a grid of families; a lone panel would be as wide as the page."""

FAILS = "fails its\nquality gate"
"""Why a family of models has an empty panel."""

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
    """Give a figure of a size in inches in the common style, and save it when the block is done.

    Nothing in the files depends on when or where they are drawn.
    """
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


class PanelGrid:
    """Panels of one size in rows, from the upper left on; all lengths are in inches.

    There are as many columns as panels, but not fewer or more than the two numbers of `columns`.
    The height of the figure is that of all parts, if none is given.
    """

    def __init__(
        self,
        number,
        *,
        columns,
        width,
        panel_height,
        left,
        right,
        bottom,
        top,
        between,
        above,
        height=None,
    ):
        least, most = columns
        self.n_columns = max(min(number, most), least)
        n_rows = math.ceil(number / self.n_columns)
        self.width = width
        self.height = bottom + n_rows * (panel_height + above) - above + top
        if height is not None:
            self.height = height
        self.rows_height = self.height - bottom - top
        self.middle_height = (bottom + self.height - top) / 2
        self._panel_height, self._left, self._bottom, self._top = panel_height, left, bottom, top
        self._between, self._above = between, above
        self._span = (width - left - right + between) / self.n_columns
        # Only the columns that are used have a name below them.
        used = min(number, self.n_columns)
        self._middle = left + (used * self._span - between) / 2

    def drawing(self, **outputs):
        """Give a figure of the size of the grid, see `drawing`."""
        return drawing(self.width, self.height, **outputs)

    def add(self, figure, number, *, down=0.0, height=None):
        """Add a panel by its number, or one that takes a part of its place, so far down in it."""
        row, column = divmod(number, self.n_columns)
        height = self._panel_height if height is None else height
        top = self._top + row * (self._panel_height + self._above) + down
        return figure.add_axes(
            (
                (self._left + column * self._span) / self.width,
                1 - (top + height) / self.height,
                (self._span - self._between) / self.width,
                height / self.height,
            )
        )

    def is_first_in_row(self, number) -> bool:
        """Return whether a panel stands at the left."""
        return number % self.n_columns == 0

    def name_axes(self, figure, x_name, y_name, *, below, left=0.08, **layout):
        """Name the axes that all panels share, once below them and once beside them."""
        figure.text(
            self._middle / self.width,
            (self._bottom - below) / self.height,
            x_name,
            ha="center",
            fontsize=8,
        )
        figure.text(
            left / self.width,
            self.middle_height / self.height,
            y_name,
            rotation=90,
            va="center",
            fontsize=8,
            **layout,
        )


def title_panel(panel, title, below):
    """Write a title in bold over a panel, and a line of smaller letters below the title."""
    panel.set_title(title, fontweight="bold", fontsize=7.5, pad=13)
    panel.text(0.5, 1.04, below, transform=panel.transAxes, ha="center", va="bottom")


def leave_empty(panel, reason):
    """Say in a panel why it shows nothing."""
    panel.set_xticks([])
    panel.set_yticks([])
    panel.set_facecolor("#F2F2F2")
    for side in panel.spines.values():
        side.set_color("#BBBBBB")
    panel.text(
        0.5,
        0.5,
        reason,
        transform=panel.transAxes,
        ha="center",
        va="center",
        color=GREY,
        fontstyle="italic",
    )


def label_panels(axes, *, x=0.0, y=1.02):
    """Put a bold letter above the upper left corner of every panel, at x and y in its own units."""
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


def add_legend(figure, *rows, bottom, columnspacing=1.6, **spacing):
    """Explain marks in rows, from above to below; the last one stands so many inches high."""
    for number, row in enumerate(reversed(rows)):
        figure.legend(
            handles=row,
            loc="lower center",
            bbox_to_anchor=(0.5, (bottom + number * LEGEND_ROW) / figure.get_figheight()),
            ncols=len(row),
            columnspacing=columnspacing,
            **spacing,
        )
