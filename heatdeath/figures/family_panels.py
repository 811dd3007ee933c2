"""Small panels, one or a column for each study of a family of generative models."""

import math

from heatdeath.figures import style
from heatdeath.figures.wording import family_text, source_text
from heatdeath.models.gates import PASSED

COLUMNS = 4


def add_panel(figure, left, top, width, height):
    """Add a panel at a place that is given in inches."""
    across, down = figure.get_size_inches()
    return figure.add_axes(
        (left / across, 1 - (top + height) / down, width / across, height / down)
    )


def name_family(panel, attributes) -> None:
    """Write the family in bold over a panel, and below it the source of its data."""
    panel.set_title(family_text(attributes["family"]), fontweight="bold", fontsize=7.5, pad=13)
    panel.text(
        0.5,
        1.04,
        source_text(attributes["target"]),
        transform=panel.transAxes,
        ha="center",
        va="bottom",
    )


def leave_empty(panel) -> None:
    """Say in a panel that its family fails, and show nothing else."""
    panel.set_xticks([])
    panel.set_yticks([])
    panel.set_facecolor("#F2F2F2")
    for side in panel.spines.values():
        side.set_color("#BBBBBB")
    panel.text(
        0.5,
        0.5,
        "fails its\nquality gate",
        transform=panel.transAxes,
        ha="center",
        va="center",
        color=style.GREY,
        fontstyle="italic",
    )


def passes(gate) -> bool:
    """Return whether a family passes every gate with every seed, whatever its width."""
    return bool((gate.values("passed") == PASSED).all())


def widths_that_pass(gate, widths) -> list[bool]:
    """Return for each width whether models of it pass every gate with every seed."""
    if "width" not in gate.variables:
        return [passes(gate)] * len(widths)
    rows = dict(zip(gate.values("width").tolist(), gate.values("passed"), strict=True))
    return [bool((rows[width] == PASSED).all()) for width in widths]


def panel_grid(number, *, width, left, right, between) -> tuple[int, int, float]:
    """Return how so many panels stand in rows of at most `COLUMNS`."""
    # A lone panel would be as wide as the page.
    n_columns = max(min(number, COLUMNS), 2)
    span = (width - left - right + between) / n_columns
    return n_columns, math.ceil(number / n_columns), span
