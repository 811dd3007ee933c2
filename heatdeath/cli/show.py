"""Show what a file holds: a summary, and a plot in the terminal or as PNG."""

import itertools

import numpy as np

from heatdeath.canonical import decimal_text
from heatdeath.errors import ParameterError
from heatdeath.trajectories import TRAJECTORY_KINDS

_DEFAULT = dict.fromkeys(TRAJECTORY_KINDS, "effective_outcomes") | {"phase_diagram": "phase"}


def add_arguments(parser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="NetCDF file of heatdeath")
    parser.add_argument("--observable", metavar="NAME", help="what to plot")
    parser.add_argument("--png", metavar="OUT", help="write the plot as a PNG file instead")


def run(arguments) -> int:
    """Print the summary, and the plot unless it goes to a file."""
    from heatdeath.cli.summary import summary
    from heatdeath.files import netcdf
    from heatdeath.study.catalogue import kind_named

    record = netcdf.read(arguments.file, kind=kind_named)
    name = _plotted(record, arguments)
    print(summary(record))
    if arguments.png is not None:
        from heatdeath.cli.picture import write_png

        write_png(record, name, arguments.png)
        print(f"\nwritten to {arguments.png}")
    elif name is not None:
        print(f"\n{name}")
        print(
            _trajectories(record, name) if record.kind in TRAJECTORY_KINDS else _plane(record, name)
        )
    return 0


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


def _trajectories(record, name):
    from heatdeath.cli.terminal import band

    low, middle, high = np.quantile(
        record.values(name), (0.05, 0.5, 0.95), axis=0, method="inverted_cdf"
    )
    # Log-time starts at the size of the initial data, of which zero has no logarithm.
    x = record.values("outputs") + float(record.attributes["initial_size"])
    return (
        band(x, low, middle, high)
        + "\n"
        + " " * 12
        + "initial size + outputs sampled, logarithmic; # median, . 5 % to 95 % of the seeds"
    )


def _plane(record, name):
    from heatdeath.cli.terminal import table

    parts = []
    for where, axes, values in planes(record, name):
        labels = [axis_labels(record, axis) for axis in axes]
        picture = table(
            _letters(record, name, values),
            rows=labels[0],
            columns=labels[1],
            corner=f"{axes[0]} \\ {axes[1]}",
        )
        parts.append(f"{where}\n{picture}" if where else picture)
    flags = _flags(record, name)
    if flags:
        parts.append(", ".join(f"{_letter(word)} {word}" for word in flags.values()))
    return "\n\n".join(parts)


def planes(record, name):
    """Cut a variable of a phase diagram into planes."""
    dims, values = record.variables[name]
    if dims[-1] == "quantile":
        median = np.abs(record.values("quantile") - 0.5).argmin()
        dims, values = dims[:-1], values[..., median]
    others = [axis_labels(record, dim) for dim in dims[2:]]
    for index in itertools.product(*(range(len(labels)) for labels in others)):
        places = zip(dims[2:], others, index, strict=True)
        where = ", ".join(f"{dim} {labels[i]}" for dim, labels, i in places)
        yield where, dims[:2], values[(slice(None), slice(None), *index)]


def axis_labels(record, axis) -> list[str]:
    """Return the values of an axis as text, numbers as their canonical decimals."""
    values = record.values(axis).tolist()
    return [value if isinstance(value, str) else decimal_text(value) for value in values]


def _flags(record, name):

    return dict(record.declaration.variable(name).flags)


def _letters(record, name, values):
    flags = _flags(record, name)
    if flags:
        return [[_letter(flags[value]) for value in row] for row in values.tolist()]
    return [[f"{value:.3g}" for value in row] for row in values.tolist()]


def _letter(word):
    return word[0].upper()
