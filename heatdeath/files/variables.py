"""What a file may hold: declarations of variables and kinds, records, and the checks of these.

Each kind of file is declared beside the function that makes it. These declarations are the only
place where names, dimensions, types, units and formulas of stored variables stand: writing and
reading validate against them, and the reference page is generated from them.
"""

import re
from dataclasses import dataclass, field

import numpy as np

from heatdeath.errors import FileFormatError, shown

CELL_AXES = "<cell axes>"
"""Stands, in the dimensions of a variable, for any number of the axes of a study."""

# What the netCDF library leaves where nothing was written.
FILL_VALUES = {"float64": 9.969209968386869e36, "int64": -9223372036854775806, "int8": -127}

RESERVED_ATTRIBUTES = (
    "Conventions",
    "checksum",
    "complete",
    "format_version",
    "history",
    "kind",
    "references",
    "source",
    "title",
)
"""Attributes of a file that the writer sets itself."""


@dataclass(frozen=True)
class Variable:
    """A variable of a kind of file."""

    name: str
    dims: tuple[str, ...]
    dtypes: tuple[str, ...]
    units: str | None
    long_name: str
    formula: str = ""
    references: str = ""
    coordinate: bool = False
    required: bool = True
    derived: bool = False
    may_be_infinite: bool = False
    flags: tuple[tuple[int, str], ...] = ()

    @property
    def attributes(self) -> dict:
        """The CF attributes that the variable carries in a file."""
        attributes = {"long_name": self.long_name}
        if self.units is not None:
            attributes["units"] = self.units
        if self.formula:
            attributes["formula"] = self.formula
        if self.references:
            attributes["references"] = self.references
        if self.flags:
            attributes["flag_values"] = np.array([value for value, _ in self.flags], np.int8)
            attributes["flag_meanings"] = " ".join(meaning for _, meaning in self.flags)
        return attributes


def number(name, dims, long_name, **options) -> Variable:
    """Declare a number without units, float64."""
    return Variable(name, dims, ("float64",), "1", long_name, **options)


def integer(name, dims, long_name, **options) -> Variable:
    """Declare a whole number without units, int64."""
    return Variable(name, dims, ("int64",), "1", long_name, **options)


def text(name, dims, long_name, **options) -> Variable:
    """Declare a text."""
    return Variable(name, dims, ("string",), None, long_name, **options)


def flag(name, dims, long_name, *, meanings=("no", "yes"), **options) -> Variable:
    """Declare a choice between meanings, stored as their places from 0 on, int8."""
    flags = tuple(enumerate(meanings))
    return Variable(name, dims, ("int8",), None, long_name, flags=flags, **options)


def variables_of(
    registry, dims, *, before="", after="", sources=True, required=True
) -> tuple[Variable, ...]:
    """Declare a variable for each entry of a registry of observables, by name."""
    return tuple(
        Variable(
            name,
            dims,
            ("float64",),
            each.units,
            f"{before}{each.long_name}{after}",
            formula=each.formula,
            references=each.source if sources else "",
            required=required,
            may_be_infinite=each.may_be_infinite,
        )
        for name, each in registry.items()
    )


BOUND = text("bound", ("bound",), "end of a confidence interval", coordinate=True)
"""The ends of confidence intervals, as a coordinate."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: its dimensions, variables and attributes."""

    name: str
    title: str
    dimensions: dict[str, str]
    variables: tuple[Variable, ...]
    attributes: dict[str, str]

    def variable(self, name) -> Variable | None:
        """Return the declaration of the variable `name`, None if there is none."""
        return next((v for v in self.variables if v.name == name), None)


@dataclass
class Record:
    """Named arrays with named dimensions, and attributes: the content of one file."""

    declaration: Kind
    variables: dict[str, tuple[tuple[str, ...], np.ndarray]] = field(default_factory=dict)
    attributes: dict[str, str | int | float] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Name of the kind of file that it is."""
        return self.declaration.name

    def values(self, name) -> np.ndarray:
        """Return the values of the variable `name`."""
        return self.variables[name][1]

    def dimensions(self, name) -> tuple[str, ...]:
        """Return the names of the dimensions of the variable `name`."""
        return self.variables[name][0]

    @property
    def sizes(self) -> dict[str, int]:
        """Length of every dimension, in the order in which the variables use them."""
        return {
            dimension: length
            for dimensions, values in self.variables.values()
            for dimension, length in zip(dimensions, np.shape(values), strict=True)
        }


def validate(record, *, path="record") -> None:
    """Check a record against the declaration of its kind."""
    kind = record.declaration
    for name in kind.attributes:
        if name not in record.attributes:
            raise FileFormatError(path, f"the attribute {name} of kind {kind.name} is missing")
    for name, value in record.attributes.items():
        _check_attribute(name, value, path=path)
    for variable in kind.variables:
        if variable.required and not variable.derived and variable.name not in record.variables:
            raise FileFormatError(
                path, f"the variable {variable.name} of kind {kind.name} is missing"
            )
    sizes = {}
    for name, (dims, values) in record.variables.items():
        variable = kind.variable(name)
        if variable is None or variable.derived:
            raise FileFormatError(path, f"kind {kind.name} has no stored variable {name}")
        _check_dimensions(variable, dims, record, kind, path=path)
        _check_values(variable, values, path=path)
        if len(dims) != values.ndim:
            raise FileFormatError(
                path, f"{name}: {values.ndim} dimensions of data, but named {dims}"
            )
        for dim, length in zip(dims, values.shape, strict=True):
            if length == 0 or sizes.setdefault(dim, length) != length:
                raise FileFormatError(
                    path,
                    f"{name}: length {length} along {dim}; allowed: "
                    + ("at least 1" if length == 0 else f"{sizes[dim]}, as in other variables"),
                )


def annotate(record) -> dict[str, dict]:
    """Return the CF attributes of every variable of a valid record."""
    kind = record.declaration
    # A text coordinate is never one that CF finds by the name of its dimension.
    auxiliary = {
        variable.name: set(record.dimensions(variable.name))
        for variable in kind.variables
        if variable.coordinate and variable.name in record.variables
        if record.dimensions(variable.name) != (variable.name,) or variable.dtypes == ("string",)
    }
    result = {}
    for name, (dims, _) in record.variables.items():
        variable = kind.variable(name)
        result[name] = variable.attributes
        located_by = [other for other, needs in auxiliary.items() if needs <= set(dims)]
        if located_by and not variable.coordinate:
            result[name]["coordinates"] = " ".join(located_by)
    return result


def _check_attribute(name, value, *, path):
    if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) or name in RESERVED_ATTRIBUTES:
        raise FileFormatError(path, f"the attribute name {shown(name)} is reserved or not allowed")
    if type(value) not in (str, int, float) or value != value:
        raise FileFormatError(
            path, f"the attribute {name} is {shown(value)}; allowed: a str, an int, a float but NaN"
        )


def _check_dimensions(variable, dims, record, kind, *, path):
    """Match the dimensions with the declared ones, the cell axes standing for any number."""
    declared = variable.dims
    if CELL_AXES in declared:
        at = declared.index(CELL_AXES)
        n_axes = len(dims) - (len(declared) - 1)
        axes = tuple(dims[at : at + max(n_axes, 0)])
        declared = declared[:at] + axes + declared[at + 1 :]
        for axis in axes:
            coordinate = kind.variable(axis)
            if coordinate is None or coordinate.dims != (axis,):
                raise FileFormatError(path, f"{variable.name}: {axis} is not an axis of a study")
            if axis not in record.variables:
                raise FileFormatError(
                    path, f"{variable.name}: the coordinate variable of {axis} is missing"
                )
    if tuple(dims) != declared or len(set(dims)) != len(dims):
        raise FileFormatError(
            path,
            f"{variable.name}: has dimensions ({', '.join(dims)}); "
            f"allowed: ({', '.join(variable.dims)})",
        )


def _check_values(variable, values, *, path):
    if not isinstance(values, np.ndarray):
        raise FileFormatError(
            path, f"{variable.name}: is a {type(values).__name__}; allowed: a NumPy array"
        )
    dtype = "string" if values.dtype.kind == "U" else values.dtype.name
    if dtype not in variable.dtypes:
        raise FileFormatError(
            path, f"{variable.name}: has type {dtype}; allowed: {' or '.join(variable.dtypes)}"
        )
    if dtype == "string":
        if not np.all(np.char.str_len(values)):
            raise FileFormatError(
                path, f"{variable.name}: an empty text; allowed: at least a letter"
            )
        return
    if np.any(values == FILL_VALUES[dtype]):
        raise FileFormatError(path, f"{variable.name}: holds fill values: it was never written")
    if dtype == "float64" and not np.isfinite(values).all():
        if np.isnan(values).any():
            raise FileFormatError(path, f"{variable.name}: holds NaN; allowed: numbers")
        if not variable.may_be_infinite:
            raise FileFormatError(
                path, f"{variable.name}: holds infinities; allowed: finite numbers"
            )
    if variable.flags:
        allowed = [value for value, _ in variable.flags]
        if not np.all(np.isin(values, allowed)):
            raise FileFormatError(path, f"{variable.name}: holds a flag that is not in {allowed}")
