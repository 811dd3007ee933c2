"""The plot of a file as PNG: quick looks, not the figures of the study."""

import io

import numpy as np

from heatdeath.cli.show import axis_labels, planes
from heatdeath.files.atomic import check_writable, write_bytes
from heatdeath.trajectories import TRAJECTORY_KINDS

_INCHES = (5.0, 3.6)
_DOTS_PER_INCH = 200
_MOST_SEEDS_DRAWN = 50


def write_png(record, name, path) -> None:
    """Draw one variable of a record and write the picture."""
    check_writable(path)
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, dpi=_DOTS_PER_INCH, layout="constrained")
    draw = _draw_trajectories if record.kind in TRAJECTORY_KINDS else _draw_planes
    draw(figure, record, name)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    write_bytes(buffer.getvalue(), path)


def _draw_trajectories(figure, record, name):
    axes = figure.subplots()
    values = record.values(name)
    x = record.values("outputs") + float(record.attributes["initial_size"])
    for row in values[:_MOST_SEEDS_DRAWN]:
        axes.plot(x, row, color="0.7", linewidth=0.6)
    median = np.quantile(values, 0.5, axis=0, method="inverted_cdf")
    axes.plot(x, median, color="#0072B2", label=f"median of {len(values)} seeds")
    axes.set_xscale("log")
    axes.set_xlabel("initial size + outputs sampled")
    axes.set_ylabel(_label(record, name))
    attributes = record.attributes
    axes.set_title(
        f"{attributes['target']}, T = {attributes['temperature']}, "
        f"f = {attributes['fresh_fraction']}, start: {attributes['initial']}",
        fontsize="medium",
    )
    axes.legend(frameon=False)


def _draw_planes(figure, record, name):
    parts = list(planes(record, name))
    figure.set_size_inches(_INCHES[0] * len(parts), _INCHES[1])
    row = figure.subplots(1, len(parts), squeeze=False)[0]
    flags = dict(record.declaration.variable(name).flags)
    finite = np.concatenate([values[np.isfinite(values)].ravel() for _, _, values in parts])
    if flags:
        limits = (-0.5, len(flags) - 0.5)
    else:
        limits = (finite.min(), finite.max()) if finite.size else (0, 1)
    for axes, (where, dims, values) in zip(row, parts, strict=True):
        image = axes.imshow(
            values.T, origin="lower", aspect="auto", cmap="cividis", vmin=limits[0], vmax=limits[1]
        )
        for axis, dim in zip((axes.xaxis, axes.yaxis), dims, strict=True):
            labels = axis_labels(record, dim)
            axis.set_ticks(range(len(labels)), labels)
            axis.set_label_text(_label(record, dim))
        axes.tick_params(axis="x", rotation=90)
        axes.set_title(where, fontsize="medium")
    bar = figure.colorbar(image, ax=row.tolist(), label=_label(record, name))
    if flags:
        bar.set_ticks(list(flags), labels=[word.replace("_", " ") for word in flags.values()])


def _label(record, name):
    variable = record.declaration.variable(name)
    units = f" ({variable.units})" if variable.units not in (None, "1") else ""
    return variable.long_name + units
