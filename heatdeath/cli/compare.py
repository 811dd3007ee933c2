"""Compare two files: their bytes, else their data, else intervals over the seeds."""

from pathlib import Path

import numpy as np

SAME, DIFFERENT = 0, 1
CONFIDENCE = 0.99
_PROVENANCE = ("package_version", "library_versions")


def add_arguments(parser) -> None:
    """Declare the arguments."""
    parser.add_argument("a", metavar="A", help="NetCDF file of heatdeath")
    parser.add_argument("b", metavar="B", help="another of the same kind")
    parser.add_argument(
        "--accept",
        choices=("data", "intervals"),
        default="data",
        help="what counts as the same: equal data (default), or intervals over seeds that overlap",
    )


def run(arguments) -> int:
    """Print how two files differ; return 0 where they count as the same, 1 where not."""
    from heatdeath.storage import netcdf

    a = netcdf.read(arguments.a)
    b = netcdf.read(arguments.b, kind=a.kind)
    if Path(arguments.a).read_bytes() == Path(arguments.b).read_bytes():
        print("the same bytes")
        return SAME
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
        return SAME
    if not different:
        print("the same data, but other attributes")
        return DIFFERENT
    compatible = all([_report(a, b, name) for name in different])
    if arguments.accept == "intervals" and compatible:
        print(f"other data, but every {CONFIDENCE:.0%} interval over the seeds overlaps")
        return SAME
    print("different data")
    return DIFFERENT


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

    Parameters
    ----------
    sample : array_like, shape (N,)
        Independent values, infinities allowed.
    confidence : float
        Least coverage. Where N is too small for it, the range of the sample is returned.

    Returns
    -------
    float, float
        The ends.
    """
    from scipy.special import bdtr

    ordered = np.sort(sample)
    n = ordered.size
    # Of the k that cover enough, the largest; k - 1 values lie below the lower end.
    k = 1
    while k + 1 <= (n + 1) // 2 and 1 - 2 * bdtr(k, n, 0.5) >= confidence:
        k += 1
    return float(ordered[k - 1]), float(ordered[n - k])
