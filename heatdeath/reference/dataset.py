"""The reference page of the files, docs/reference/dataset.md, from their declarations."""

from pathlib import Path

from heatdeath.files import netcdf
from heatdeath.files.axes import AXES
from heatdeath.files.variables import CELL_AXES, RESERVED_ATTRIBUTES
from heatdeath.study.catalogue import kind_named, kind_names

PAGE_PATH = Path(__file__).parents[2] / "docs" / "reference" / "dataset.md"

VERSIONS = {1: "the first, of heatdeath 0.1.0"}
"""What every version of the format is, or changed."""

_INTRODUCTION = f"""\
# Files

Every NetCDF file of heatdeath is of one of the kinds below. This page is generated from the
declarations that every write and every read is checked against
(`python -m heatdeath.reference`).

## What all files have in common

- NetCDF-4, following the conventions {netcdf.CONVENTIONS}. Any NetCDF program opens them;
  `heatdeath.open_trajectories`, `heatdeath check` and `heatdeath show` verify them as well.
- The attribute `format_version` is {netcdf.FORMAT_VERSION}. Files of another version are refused,
  with a message that names both. [Versions of the format](#versions-of-the-format) lists them.
- A file appears under its name complete or not at all. It is written to a hidden name that ends in
  `.partial`, in the same folder, read back, brought to the disk, and renamed. A writer that was
  killed can leave such a hidden file, and a folder `heatdeath-...` where the system keeps its
  temporary files (`TMPDIR`); both may be deleted.
- The attribute `complete` is 1, and `checksum` is the SHA-256 of all names, dimensions, types,
  attributes and values. Behind the NetCDF data stands one more line with the SHA-256 of every byte
  before it, which readers of NetCDF ignore. A file that was truncated, half-written or changed in
  any bit, or that another program wrote, is refused with a message that says so.
- There is no NaN in a file, no fill value, and infinity only where the tables say so.
- Files hold no times, hosts or paths: the same arguments and library versions, on processors with
  the same instructions, give the same bytes. The exponentials and logarithms of NumPy may differ
  in the last bit between generations of processors; `heatdeath compare` then says by how much.
- Entropies and divergences are in nats, for which UDUNITS has no name: their units are `1`.

Attributes of every file: {", ".join(f"`{name}`" for name in RESERVED_ATTRIBUTES)}.
"""


def dataset_reference() -> str:
    """Return the reference page of all kinds of files, in Markdown."""
    names = sorted(kind_names())
    # The kind that everything else is computed from comes first.
    names.sort(key=lambda name: name != "trajectories")
    sections = [
        _INTRODUCTION,
        *(_section(kind_named(name)) for name in names),
        _axes(),
        _versions(),
    ]
    return "\n".join(sections)


def _section(kind):
    axes = {axis.name for axis in AXES}
    lines = [f"## `{kind.name}`", "", f"{kind.title}.", "", "Dimensions:", ""]
    if axes & kind.dimensions.keys():
        lines.append("- the [axes](#axes-of-a-study) of the study")
    lines += [f"- `{n}`: {text}" for n, text in kind.dimensions.items() if n not in axes]
    lines += ["", "Attributes, besides those of every file:", ""]
    lines += [f"- `{name}`: {text}" for name, text in kind.attributes.items()]
    lines += ["", *_table([v for v in kind.variables if v.name not in axes])]
    return "\n".join(lines) + "\n"


def _axes():
    lines = [
        "## Axes of a study",
        "",
        "A file that covers a study has those axes that the study declares, in its order. In the",
        f"file, the dimension of an axis of text has `{netcdf.TEXT_DIMENSION_SUFFIX}` behind its",
        "name, because CF allows only numbers in a variable that is named like its dimension.",
        "",
        *_table(AXES),
    ]
    return "\n".join(lines) + "\n"


def _table(variables):
    header = ["| variable | dimensions | type | units | what it is |", "|---|---|---|---|---|"]
    return header + [_row(variable) for variable in variables]


def _row(variable):
    dims = ", ".join("axes" if dim == CELL_AXES else dim for dim in variable.dims)
    notes = [variable.long_name]
    if variable.formula:
        notes.append(f"`{variable.formula}`")
    if variable.references:
        notes.append(variable.references)
    if variable.flags:
        notes.append(", ".join(f"{value} = {meaning}" for value, meaning in variable.flags))
    if variable.may_be_infinite:
        notes.append("may be infinite")
    if variable.derived:
        notes.append("not stored, computed on opening")
    elif not variable.required and not (variable.coordinate and variable.dims == (variable.name,)):
        notes.append("where recorded")
    cells = [
        f"`{variable.name}`",
        f"({dims})",
        " or ".join(variable.dtypes),
        variable.units or "–",
        "; ".join(notes),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _versions():
    rows = [f"| {version} | {text} |" for version, text in VERSIONS.items()]
    return "\n".join(
        ["## Versions of the format", "", "| version | what it is |", "| --- | --- |", *rows, ""]
    )
