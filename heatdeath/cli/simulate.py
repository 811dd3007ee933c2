"""Simulate trajectories of a generative model trained in closed loop."""

from heatdeath.cli.progress import ProgressBar
from heatdeath.cli.values import count_or_list, number

# Option, type, help; the defaults are those of heatdeath.simulate.
_OPTIONS = (
    ("fresh-fraction", number, "probability f that a new output is fresh (default 0)"),
    ("seeds", count_or_list, "how many seeds, or a list such as 0,5,8-11 (default 1)"),
    ("initial", str, "target, proportional, uniform, collapsed:OUTPUT:SHARE or file:PATH"),
    ("initial-size", number, "outputs in the initial dataset (default 10 n)"),
    ("regime", str, "accumulate, replace, window or subsample (default accumulate)"),
    ("batch-size", number, "outputs added per iteration, m (default 1 for accumulate)"),
    ("window", number, "batches that the model is fitted to, for regime window"),
    ("subsample", number, "outputs that the model is fitted to, for regime subsample"),
    ("top-k", number, "sample from the k most probable outcomes"),
    ("top-p", number, "sample from the smallest set of outcomes that holds this mass"),
    ("min-p", number, "sample from outcomes at least this probable, relative to the largest"),
    ("rule", str, "sampling rule of your own, package.module:function"),
    ("root-seed", number, "seed from which all random streams are derived (default 0)"),
    ("checkpoints", count_or_list, "how many, or a list from 0 to the horizon (default 64)"),
    ("record", str, "observables or distribution (default observables)"),
    ("sampler", str, "auto, sequential, leap, dense or generations (default auto)"),
)


def add_arguments(parser) -> None:
    """Declare the arguments: those of `heatdeath.simulate`, and the file to write."""
    parser.add_argument(
        "--target",
        required=True,
        help="target distribution: uniform:N, zipf:EXPONENT:N, words:N or file:PATH",
    )
    parser.add_argument(
        "--temperature", required=True, type=number, help="sampling temperature T, 0 to inf"
    )
    parser.add_argument(
        "--horizon", required=True, type=number, help="outputs sampled, K, such as 1e6"
    )
    for option, kind, text in _OPTIONS:
        parser.add_argument(f"--{option}", type=kind, help=text, metavar=option.upper())
    parser.add_argument("--output", metavar="FILE.nc", help="NetCDF file to write")


def run(arguments) -> int:
    """Simulate, write the file if one is asked for, and print a summary."""
    from heatdeath.cli.show import summary
    from heatdeath.files import netcdf
    from heatdeath.files.atomic import check_writable
    from heatdeath.simulation import record_trajectories

    names = ["temperature", "horizon", *(option.replace("-", "_") for option, _, _ in _OPTIONS)]
    given = {name: getattr(arguments, name) for name in names}
    given = {name: value for name, value in given.items() if value is not None}
    if arguments.output is not None:
        # Learnt now rather than after the simulation.
        check_writable(arguments.output)
    record = record_trajectories(arguments.target, progress=ProgressBar(), **given)
    if arguments.output is not None:
        netcdf.write(record, arguments.output)
    print(summary(record))
    if arguments.output is not None:
        print(f"\nwritten to {arguments.output}")
    return 0
