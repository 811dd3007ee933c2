"""Show what a file holds: a summary, and a plot in the terminal or as PNG."""

import numpy as np

from heatdeath.errors import ParameterError
from heatdeath.trajectories import TRAJECTORY_KINDS

_DEFAULT = dict.fromkeys(TRAJECTORY_KINDS, "effective_outcomes") | {"phase_diagram": "phase"}
_QUANTILES = (0.05, 0.5, 0.95)


def add_arguments(parser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="NetCDF file of heatdeath")
    parser.add_argument("--observable", metavar="NAME", help="what to plot")
    parser.add_argument("--png", metavar="OUT", help="write the plot as a PNG file instead")
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace the PNG file even if it is not one of heatdeath",
    )


def run(arguments) -> int:
    """Print the summary, and the plot unless it goes to a file."""
    from heatdeath.cli.picture import text_picture, write_png
    from heatdeath.files import netcdf
    from heatdeath.files.named_output import output_path
    from heatdeath.study.catalogue import kind_named

    record = netcdf.read(arguments.file, kind=kind_named)
    name = _plotted(record, arguments)
    png = None
    if arguments.png is not None:
        png = output_path(arguments.png, key="--png", suffix=".png", force=arguments.force)
    print(summary(record))
    if png is not None:
        write_png(record, name, png)
        print(f"\nwritten to {arguments.png}")
    elif name is not None:
        print(f"\n{name}")
        print(text_picture(record, name))
    return 0


def summary(record) -> str:
    """Summarise a record: attributes, and for each variable quantiles over seeds, or its range."""
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


def _plotted(record, arguments):
    """Return the name of the variable to plot, None for a kind that has no plot."""
    name = arguments.observable or _DEFAULT.get(record.kind)
    if record.kind not in _DEFAULT:
        for option in ("observable", "png"):
            if getattr(arguments, option) is not None:
                allowed = f"only for {' or '.join(_DEFAULT)}; the file holds {record.kind}"
                raise ParameterError(f"--{option}", getattr(arguments, option), allowed)
        return None
    allowed = [each for each in record.variables if _can_be_plotted(record, each)]
    if name not in allowed:
        raise ParameterError("--observable", name, ", ".join(sorted(allowed)))
    return name


def _can_be_plotted(record, name):
    dims = record.dimensions(name)
    if record.kind in TRAJECTORY_KINDS:
        return dims == ("seed", "checkpoint")
    plane = dims[:-1] if dims[-1] == "quantile" else dims
    return len(plane) >= 2 and set(plane) <= set(record.dimensions("phase"))
