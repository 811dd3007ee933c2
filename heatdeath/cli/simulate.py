"""Simulate trajectories of a generative model trained in closed loop."""

from heatdeath.arguments import ARGUMENTS
from heatdeath.cli.progress import ProgressBar
from heatdeath.cli.values import count_or_list, number

# Those that are required come first.
_OPTIONS = sorted(
    (argument for argument in ARGUMENTS if argument.option is not None),
    key=lambda argument: not argument.required,
)
_READERS = {"string": str, "integer": number, "number": number, "integer or list": count_or_list}


def add_arguments(parser) -> None:
    """Declare the arguments: those of `heatdeath.simulate`, and the file to write."""
    for argument in _OPTIONS:
        option = argument.name.replace("_", "-")
        parser.add_argument(
            f"--{option}",
            required=argument.required,
            type=_READERS[argument.type],
            help=_help(argument),
            metavar=option.upper(),
        )
    parser.add_argument("--output", metavar="FILE.nc", help="NetCDF file to write")
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace the file even if it is not one of heatdeath",
    )


def run(arguments) -> int:
    """Simulate, write the file if one is asked for, and print a summary."""
    from heatdeath.cli.show import summary
    from heatdeath.files import netcdf
    from heatdeath.files.named_output import output_path
    from heatdeath.simulation import record_trajectories

    given = {each.name: getattr(arguments, each.name) for each in _OPTIONS}
    given = {name: value for name, value in given.items() if value is not None}
    output = None
    if arguments.output is not None:
        # Learnt now rather than after the simulation.
        output = output_path(
            arguments.output,
            key="--output",
            suffix=".nc",
            force=arguments.force,
            reads=_files_read(given),
        )
    record = record_trajectories(progress=ProgressBar(), **given)
    if output is not None:
        netcdf.write(record, output)
    print(summary(record))
    if output is not None:
        print(f"\nwritten to {arguments.output}")
    return 0


def _files_read(given):
    sources = (str(given.get(name, "")) for name in ("target", "initial"))
    return [source.removeprefix("file:") for source in sources if source.startswith("file:")]


def _help(argument):
    *choices, last = argument.choices or ("",)
    return argument.option.format(
        long_name=argument.long_name,
        choices=f"{', '.join(choices)} or {last}",
        default=argument.default,
    )
