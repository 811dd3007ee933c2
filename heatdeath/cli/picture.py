"""The plot of a file, of characters or as PNG: quick looks, not the figures of the study."""

import io
import itertools

import numpy as np

from heatdeath.canonical import decimal_text
from heatdeath.files.atomic import write_bytes
from heatdeath.files.named_output import PNG_SOFTWARE
from heatdeath.trajectories import TRAJECTORY_KINDS

_WIDTH, _HEIGHT = 64, 14
"""Size of a curve in characters, without its labels."""

_INCHES = (5.0, 3.6)
_DOTS_PER_INCH = 200
_MOST_SEEDS_DRAWN = 50


def text_picture(record, name) -> str:
    """Draw one variable of a record in characters."""
    draw = _text_of_trajectories if record.kind in TRAJECTORY_KINDS else _text_of_planes
    return draw(record, name)


def write_png(record, name, path) -> None:
    """Draw one variable of a record and write the picture."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, dpi=_DOTS_PER_INCH, layout="constrained")
    draw = _draw_trajectories if record.kind in TRAJECTORY_KINDS else _draw_planes
    draw(figure, record, name)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": PNG_SOFTWARE})
    write_bytes(buffer.getvalue(), path)


def _text_of_trajectories(record, name):
    low, middle, high = np.quantile(
        record.values(name), (0.05, 0.5, 0.95), axis=0, method="inverted_cdf"
    )
    return (
        _band(_data_sizes(record), low, middle, high)
        + "\n"
        + " " * 12
        + "initial size + outputs sampled, logarithmic; # median, . 5 % to 95 % of the seeds"
    )


def _band(x, low, middle, high):
    """Draw a median and its band, each of shape (checkpoint,), over a logarithmic axis."""
    finite = [each[np.isfinite(each)] for each in (low, middle, high)]
    values = np.concatenate(finite)
    if values.size == 0:
        return "(infinite throughout)"
    least, most = values.min(), values.max()
    rows = np.full((_HEIGHT, _WIDTH), " ")
    at = np.linspace(np.log(x[0]), np.log(x[-1]), _WIDTH)

    def row_of(value):
        share = (value - least) / (most - least) if most > least else 0.5
        return _HEIGHT - 1 - round(share * (_HEIGHT - 1))

    nearest = np.abs(np.log(x)[None, :] - at[:, None]).argmin(axis=1)
    for column, checkpoint in enumerate(nearest):
        ends = (low[checkpoint], high[checkpoint])
        if np.isfinite(ends).all():
            rows[row_of(ends[1]) : row_of(ends[0]) + 1, column] = "."
        if np.isfinite(middle[checkpoint]):
            rows[row_of(middle[checkpoint]), column] = "#"
    labels = [f"{most:.4g}", *[""] * (_HEIGHT - 2), f"{least:.4g}"]
    lines = [f"{label:>10} |{''.join(row)}" for label, row in zip(labels, rows, strict=True)]
    lines.append(" " * 10 + " +" + "-" * _WIDTH)
    ends = f"{x[0]:.4g}", f"{x[-1]:.4g}"
    lines.append(" " * 12 + ends[0] + ends[1].rjust(_WIDTH - len(ends[0])))
    return "\n".join(lines)


def _text_of_planes(record, name):
    flags = _flags(record, name)
    parts = []
    for where, axes, values in _planes(record, name):
        labels = [_axis_labels(record, axis) for axis in axes]
        if flags:
            texts = [[_letter(flags[value]) for value in row] for row in values.tolist()]
        else:
            texts = [[f"{value:.3g}" for value in row] for row in values.tolist()]
        picture = _table(texts, rows=labels[0], columns=labels[1], corner=f"{axes[0]} \\ {axes[1]}")
        parts.append(f"{where}\n{picture}" if where else picture)
    if flags:
        parts.append(", ".join(f"{_letter(word)} {word}" for word in flags.values()))
    return "\n\n".join(parts)


def _table(texts, *, rows, columns, corner):
    """Draw a plane of one text for each cell, nested as (row, column)."""
    left = max(len(corner), *(len(label) for label in rows))
    wide = max(len(text) for row in (columns, *texts) for text in row) + 2
    lines = [corner.rjust(left) + "".join(label.rjust(wide) for label in columns)]
    for label, row in zip(rows, texts, strict=True):
        lines.append(label.rjust(left) + "".join(text.rjust(wide) for text in row))
    return "\n".join(lines)


def _letter(word):
    return word[0].upper()


def _draw_trajectories(figure, record, name):
    axes = figure.subplots()
    values = record.values(name)
    x = _data_sizes(record)
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
    parts = list(_planes(record, name))
    figure.set_size_inches(_INCHES[0] * len(parts), _INCHES[1])
    row = figure.subplots(1, len(parts), squeeze=False)[0]
    flags = _flags(record, name)
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
            labels = _axis_labels(record, dim)
            axis.set_ticks(range(len(labels)), labels)
            axis.set_label_text(_label(record, dim))
        axes.tick_params(axis="x", rotation=90)
        axes.set_title(where, fontsize="medium")
    bar = figure.colorbar(image, ax=row.tolist(), label=_label(record, name))
    if flags:
        bar.set_ticks(list(flags), labels=[word.replace("_", " ") for word in flags.values()])


def _data_sizes(record):
    # Log-time starts at the size of the initial data, of which zero has no logarithm.
    return record.values("outputs") + float(record.attributes["initial_size"])


def _planes(record, name):
    """Yield each plane of a variable, or of its median: where it lies, its axes, and its values."""
    dims, values = record.variables[name]
    if dims[-1] == "quantile":
        median = np.abs(record.values("quantile") - 0.5).argmin()
        dims, values = dims[:-1], values[..., median]
    others = [_axis_labels(record, dim) for dim in dims[2:]]
    for index in itertools.product(*(range(len(labels)) for labels in others)):
        places = zip(dims[2:], others, index, strict=True)
        where = ", ".join(f"{dim} {labels[i]}" for dim, labels, i in places)
        yield where, dims[:2], values[(slice(None), slice(None), *index)]


def _axis_labels(record, axis):
    values = record.values(axis).tolist()
    return [value if isinstance(value, str) else decimal_text(value) for value in values]


def _flags(record, name):
    return dict(record.declaration.variable(name).flags)


def _label(record, name):
    variable = record.declaration.variable(name)
    units = f" ({variable.units})" if variable.units not in (None, "1") else ""
    return variable.long_name + units
