"""Compare results: their bytes, else their data, else intervals.

A and B are two NetCDF files of one kind, two summaries (results/summary.csv), or two results
folders or manifests. Summaries of other bytes count as the same where no number differs by more
than chance allows; so do folders of other bytes with `--accept intervals`. Networks that were
trained on another device are the same where no model differs by a total variation above 0.05.
"""

import os
from pathlib import Path

import numpy as np

from heatdeath.errors import FileFormatError, ParameterError

SAME, DIFFERENT = 0, 1
CONFIDENCE = 0.99
TRAINED = 0.05
"""Total variation by which models of one seed may differ where devices round differently."""

_PROVENANCE = ("package_version", "library_versions")
_SHOWN = 20
"""Names of files that are listed of each way in which two folders differ."""


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
        if not os.path.exists(path):
            raise FileFormatError(path, "does not exist")
    form = _form(arguments.a)
    if _form(arguments.b) != form:
        raise ParameterError("B", arguments.b, f"a {form}, as A is")
    if form == "summary":
        if arguments.accept == "data":
            same = _same_bytes(arguments.a, arguments.b)
            print("the same bytes" if same else "different bytes")
        else:
            same = _compare_summaries(arguments.a, arguments.b)
    elif form == "results folder or manifest":
        same = _compare_folders(arguments)
    else:
        same = _compare_records(arguments)
    return SAME if same else DIFFERENT


def _form(path):
    if path.endswith(".csv"):
        return "summary"
    if os.path.isdir(path) or path.endswith(".sha256"):
        return "results folder or manifest"
    return "NetCDF file"


def _same_bytes(path_a, path_b):
    return Path(path_a).read_bytes() == Path(path_b).read_bytes()


def _compare_folders(arguments):
    from heatdeath.study.catalogue import SUMMARY_NAME

    if _compare_manifests(arguments.a, arguments.b):
        return True
    if arguments.accept != "intervals":
        return False
    paths = [Path(arguments.a), Path(arguments.b)]
    folders = [path if path.is_dir() else path.parent for path in paths]
    return _compare_summaries(*(folder / SUMMARY_NAME for folder in folders))


def _compare_manifests(path_a, path_b):
    """Print which files of two results folders differ; return whether none does."""
    from heatdeath.files.manifest import read_manifest

    a, b = read_manifest(path_a), read_manifest(path_b)
    differences = {
        "differ": [name for name in a if name in b and a[name] != b[name]],
        "are missing in B": [name for name in a if name not in b],
        "are missing in A": [name for name in b if name not in a],
    }
    if not any(differences.values()):
        print(f"the same bytes: {len(a)} files")
        return True
    print(f"{sum(b.get(name) == digest for name, digest in a.items())} files have the same bytes")
    for what, names in differences.items():
        if names:
            print(f"{len(names)} {what}:")
            print(*(f"  {name}" for name in names[:_SHOWN]), sep="\n")
            if len(names) > _SHOWN:
                print(f"  and {len(names) - _SHOWN} more")
    return False


def _compare_summaries(path_a, path_b):
    """Print how two summaries differ; return whether by no more than chance allows."""
    from heatdeath.measure.summary_agreement import (
        FALSE_ALARM_RATE,
        compare_summaries,
        read_summary_table,
    )

    a, b = read_summary_table(path_a), read_summary_table(path_b)
    if _same_bytes(path_a, path_b):
        print(f"the same bytes: {len(a)} numbers")
        return True
    agreement = compare_summaries(a, b)
    for which, names in (("B", agreement.only_a), ("A", agreement.only_b)):
        for name in names:
            print(f"{name}: missing in {which}")
    for row in agreement.rows:
        if not row.agrees:
            print(f"{row.name}: {_text(row.a)} and {_text(row.b)}: {_reason(row, agreement)}")
    n_different = sum(row.a.value != row.b.value for row in agreement.rows)
    print(
        f"{len(agreement.rows)} numbers compared, of which {n_different} differ at all; "
        f"{agreement.n_tests} are tested against chance at {agreement.threshold:.2g} each, so that "
        "runs of one law are called different with a probability of "
        f"{FALSE_ALARM_RATE:g} at most"
    )
    if agreement.agrees and not n_different:
        print("the same numbers in other bytes")
    elif agreement.agrees:
        print("other numbers, but no further apart than chance allows")
    else:
        print("different numbers")
    return agreement.agrees


def _text(row):
    if row.value is None:
        return "not measured"
    if row.low is None or isinstance(row.value, str):
        return f"{row.value}" if isinstance(row.value, str) else f"{row.value:.6g}"
    return f"{row.value:.6g} [{row.low:.6g}, {row.high:.6g}]"


def _reason(row, agreement):
    if row.p_value is None:
        return "not the same"
    return f"chance gives p = {row.p_value:.2g} < {agreement.threshold:.2g}"


def _compare_records(arguments):
    from heatdeath.files import netcdf
    from heatdeath.study.catalogue import kind_named

    a = netcdf.read(arguments.a, kind=kind_named)
    b = netcdf.read(arguments.b, kind=a.declaration)
    if _same_bytes(arguments.a, arguments.b):
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
    from heatdeath.measure.collapse_time import median_interval

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
