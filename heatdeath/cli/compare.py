"""Compare results: their bytes, else their data, else intervals.

A and B are two NetCDF files of one kind, two summaries (results/summary.csv), or two results
folders or manifests. Summaries of other bytes count as the same where no number differs by more
than chance allows; so do folders of other bytes with `--accept intervals`. Networks that were
trained on another device are the same where no model differs by a total variation above 0.05.
"""

from pathlib import Path

import numpy as np

from heatdeath.errors import FileFormatError, ParameterError

SAME, DIFFERENT = 0, 1
CONFIDENCE = 0.99
TRAINED = 0.05
"""Total variation by which models of one seed may differ where devices round differently."""

_PROVENANCE = ("package_version", "library_versions")


def add_arguments(parser) -> None:
    """Declare the arguments."""
    parser.add_argument("a", metavar="A", help="NetCDF file, summary, or results folder")
    parser.add_argument("b", metavar="B", help="another of the same kind")
    parser.add_argument(
        "--accept",
        choices=("data", "intervals"),
        help="what counts as the same: equal data (default), or intervals over seeds that overlap; "
        "of summaries only the intervals can be compared",
    )


def run(arguments) -> int:
    """Print how two results differ; return 0 where they count as the same, 1 where not."""
    for path in (arguments.a, arguments.b):
        if not Path(path).exists():
            raise FileFormatError(path, "does not exist")
    form = _form(arguments.a)
    if _form(arguments.b) != form:
        raise ParameterError("B", arguments.b, f"a {form}, as A is")
    if form == "summary":
        from heatdeath.cli.compare_summaries import compare_summaries

        if arguments.accept == "data":
            same = Path(arguments.a).read_bytes() == Path(arguments.b).read_bytes()
            print("the same bytes" if same else "different bytes")
        else:
            same = compare_summaries(arguments.a, arguments.b)
    elif form == "results folder or manifest":
        same = _compare_folders(arguments)
    else:
        same = _compare_records(arguments)
    return SAME if same else DIFFERENT


def _form(path):
    if path.endswith(".csv"):
        return "summary"
    if Path(path).is_dir() or path.endswith(".sha256"):
        return "results folder or manifest"
    return "NetCDF file"


def _compare_folders(arguments):
    from heatdeath.cli.compare_manifests import compare_manifests
    from heatdeath.cli.compare_summaries import compare_summaries
    from heatdeath.study.catalogue import SUMMARY_NAME

    if compare_manifests(arguments.a, arguments.b):
        return True
    if arguments.accept != "intervals":
        return False
    paths = [Path(arguments.a), Path(arguments.b)]
    folders = [path if path.is_dir() else path.parent for path in paths]
    return compare_summaries(*(folder / SUMMARY_NAME for folder in folders))


def _compare_records(arguments):
    from heatdeath.files import netcdf
    from heatdeath.study.catalogue import kind_named

    a = netcdf.read(arguments.a, kind=kind_named)
    b = netcdf.read(arguments.b, kind=a.declaration)
    if Path(arguments.a).read_bytes() == Path(arguments.b).read_bytes():
        print("the same bytes")
        return True
    different_attributes = sorted(
        name
        for name in a.attributes.keys() | b.attributes.keys()
        if a.attributes.get(name) != b.attributes.get(name)
    )
    for name in different_attributes:
        print(f"{name}: {a.attributes.get(name)!r} and {b.attributes.get(name)!r}")
    different = [
        name for name in sorted(a.variables.keys() | b.variables.keys()) if not _equal(a, b, name)
    ]
    if not different and set(different_attributes) <= set(_PROVENANCE):
        print("the same data, made by other versions")
        return True
    if not different:
        print("the same data, but other attributes")
        return False
    others = set(different_attributes) - {*_PROVENANCE, "device"}
    if a.kind == "model_trajectories" and not others and _are_trained_alike(a, b):
        return True
    compatible = all([_report(a, b, name) for name in different])
    if arguments.accept == "intervals" and compatible:
        print(f"other data, but every {CONFIDENCE:.0%} interval over the seeds overlaps")
        return True
    print("different data")
    return False


def _are_trained_alike(a, b):
    if not all(_equal(a, b, name) for name in ("seed", "outputs")):
        return False
    distance = 0.5 * np.abs(a.values("theta") - b.values("theta")).sum(-1).max()
    print(f"models of the same seed differ by a total variation of at most {distance:.3g}")
    return distance <= TRAINED


def _equal(a, b, name):
    if name not in a.variables or name not in b.variables:
        return False
    return a.dimensions(name) == b.dimensions(name) and np.array_equal(
        a.values(name), b.values(name)
    )


def _report(a, b, name):
    """Print how a variable differs; return whether its intervals over the seeds overlap."""
    for record, which in ((a, "A"), (b, "B")):
        if name not in record.variables:
            print(f"{name}: missing in {which}")
            return False
    if a.dimensions(name) != ("seed", "checkpoint"):
        return _report_largest(a.values(name), b.values(name), name)
    (low_a, high_a), (low_b, high_b) = (
        median_interval(record.values(name)[:, -1], confidence=CONFIDENCE) for record in (a, b)
    )
    overlap = low_a <= high_b and low_b <= high_a
    print(
        f"{name}: median at the horizon in [{low_a:.6g}, {high_a:.6g}] and "
        f"[{low_b:.6g}, {high_b:.6g}]: {'overlap' if overlap else 'apart'}"
    )
    return overlap


def _report_largest(a, b, name):
    """Print the largest difference of a variable that has no seeds to take intervals over."""
    # Which seeds there are does not bear on the law that they are drawn from.
    harmless = name == "seed"
    if a.shape != b.shape or a.dtype.kind == "U":
        print(f"{name}: other values, of shape {a.shape} and {b.shape}")
        return harmless
    unequal = a != b
    largest = np.abs(a[unequal].astype(float) - b[unequal]).max()
    print(f"{name}: {unequal.sum()} of {a.size} values differ, by up to {largest:.3g}")
    return harmless


def median_interval(sample, *, confidence) -> tuple[float, float]:
    """Confidence interval of the median, from order statistics, valid for any distribution.

    With X_(1) <= ... <= X_(N), the interval from X_(k) to X_(N+1-k) holds the median with
    probability 1 - 2 P(Binomial(N, 1/2) < k) (David, Nagaraja, Order Statistics, 2003, 7.1).
    """
    from scipy.special import bdtr

    ordered = np.sort(sample)
    n = ordered.size
    # Of the k that cover enough, the largest; k - 1 values lie below the lower end.
    k = 1
    while k + 1 <= (n + 1) // 2 and 1 - 2 * bdtr(k, n, 0.5) >= confidence:
        k += 1
    return float(ordered[k - 1]), float(ordered[n - k])
