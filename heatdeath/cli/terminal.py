"""Pictures made of characters."""

import numpy as np


def band(x, low, middle, high, *, width=64, height=14) -> str:
    """Draw a median with its band against a logarithmic axis."""
    finite = [each[np.isfinite(each)] for each in (low, middle, high)]
    values = np.concatenate(finite)
    if values.size == 0:
        return "(infinite throughout)"
    least, most = values.min(), values.max()
    rows = np.full((height, width), " ")
    at = np.linspace(np.log(x[0]), np.log(x[-1]), width)

    def row_of(value):
        share = (value - least) / (most - least) if most > least else 0.5
        return height - 1 - round(share * (height - 1))

    nearest = np.abs(np.log(x)[None, :] - at[:, None]).argmin(axis=1)
    for column, checkpoint in enumerate(nearest):
        ends = (low[checkpoint], high[checkpoint])
        if np.isfinite(ends).all():
            rows[row_of(ends[1]) : row_of(ends[0]) + 1, column] = "."
        if np.isfinite(middle[checkpoint]):
            rows[row_of(middle[checkpoint]), column] = "#"
    labels = [f"{most:.4g}", *[""] * (height - 2), f"{least:.4g}"]
    lines = [f"{label:>10} |{''.join(row)}" for label, row in zip(labels, rows, strict=True)]
    lines.append(" " * 10 + " +" + "-" * width)
    ends = f"{x[0]:.4g}", f"{x[-1]:.4g}"
    lines.append(" " * 12 + ends[0] + ends[1].rjust(width - len(ends[0])))
    return "\n".join(lines)


def table(letters, *, rows, columns, corner) -> str:
    """Draw a plane as text."""
    left = max(len(corner), *(len(label) for label in rows))
    wide = max(len(text) for texts in (columns, *letters) for text in texts) + 2
    lines = [corner.rjust(left) + "".join(label.rjust(wide) for label in columns)]
    for label, row in zip(rows, letters, strict=True):
        lines.append(label.rjust(left) + "".join(letter.rjust(wide) for letter in row))
    return "\n".join(lines)
