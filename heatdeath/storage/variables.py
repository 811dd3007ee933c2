"""What a file may hold: the declaration of a variable and of a kind, and the checks against them.

Each module of `heatdeath.storage.kinds` declares one kind of file. Together they are the only
place where names, dimensions, types, units and formulas of stored variables stand: writing and
reading validate against them, and the reference page is generated from them.
"""

import importlib
import re
from dataclasses import dataclass

import numpy as np

from heatdeath.errors import FileFormatError

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


def kind_named(name, *, path="record") -> Kind:
    """Return the declaration of the kind `name`.

    The module is looked up by name, so that editing one kind does not touch the code that
    writes another.
    """
    module = f"heatdeath.storage.kinds.{name}"
    if isinstance(name, str) and re.fullmatch("[a-z_]+", name):
        try:
            return importlib.import_module(module).KIND
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
    raise FileFormatError(path, f"its kind {name!r} is not one that this version knows")


def validate(record, *, path="record") -> None:
    """Check a record against the declaration of its kind."""
    kind = kind_named(record.kind, path=path)
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
    kind = kind_named(record.kind)
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
        raise FileFormatError(path, f"the attribute name {name!r} is reserved or not allowed")
    if type(value) not in (str, int, float) or value != value:
        raise FileFormatError(
            path, f"the attribute {name} is {value!r}; allowed: a str, an int, a float but NaN"
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
