"""A record in a few lines of text."""

import numpy as np

from heatdeath.trajectories import TRAJECTORY_KINDS

_QUANTILES = (0.05, 0.5, 0.95)


def summary(record) -> str:
    """Summarise a record: attributes, sizes, and a line for each variable."""
    lines = [f"{name:<18} {value}" for name, value in sorted(record.attributes.items())]
    lines.append("")
    rows = _trajectory_rows(record) if record.kind in TRAJECTORY_KINDS else _range_rows(record)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for name, *cells in rows:
        padded = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        lines.append("  ".join([name.ljust(widths[0]), *padded]).rstrip())
    return "\n".join(lines)


def _trajectory_rows(record):
    outputs = record.values("outputs")
    rows = [("", "median", "median", "5 %", "95 %")]
    rows.append(("outputs sampled", *(str(outputs[i]) for i in (0, -1, -1, -1))))
    for name, (dims, values) in record.variables.items():
        if dims == ("seed", "checkpoint"):
            low, middle, high = _order_statistics(values[:, -1], _QUANTILES)
            start = _order_statistics(values[:, 0], (0.5,))[0]
            rows.append((name, *(f"{value:.4g}" for value in (start, middle, low, high))))
    return rows


def _order_statistics(values, quantiles):
    # No interpolation: between infinities there is none.
    return np.quantile(values, quantiles, method="inverted_cdf")


def _range_rows(record):
    rows = [("", "shape", "least", "greatest")]
    for name, (dims, values) in record.variables.items():
        shape = " x ".join(
            f"{dim} {length}" for dim, length in zip(dims, values.shape, strict=True)
        )
        text = values.dtype.kind == "U"
        ends = (values.flat[0], values.flat[-1]) if text else (values.min(), values.max())
        rows.append((name, shape, *(str(end) if text else f"{end:.4g}" for end in ends)))
    return rows
