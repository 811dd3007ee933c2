"""Write and read NetCDF files that are either whole and verified or refused."""

import shutil
import tempfile
from pathlib import Path

import netCDF4
import numpy as np

from heatdeath.errors import FileFormatError, OutputError
from heatdeath.files.atomic import replacing
from heatdeath.files.variables import RESERVED_ATTRIBUTES, Kind, Record, annotate, validate
from heatdeath.integrity import append_trailer, check_trailer, checksum, without_trailer
from heatdeath.regular_files import check_regular_file

FORMAT_VERSION = 1
"""Grows whenever files of an earlier version can no longer be read as they are."""

CONVENTIONS = "CF-1.11"
SOURCE = "heatdeath: simulation of generative models trained in closed loop"
HISTORY = "written by heatdeath in one step; the attributes say from what"
REFERENCES = "https://doi.org/10.48550/arXiv.2404.02325"

# CF allows only numbers in a variable that is named like its dimension, so the dimension of a text
# coordinate such as ``initial`` has this behind its name in the file, and there only.
TEXT_DIMENSION_SUFFIX = "_index"

# Below this size compression costs more than it saves.
COMPRESS_FROM_BYTES = 2**18


def write(record, path) -> None:
    """Write a record as a NetCDF file: verified, in one step, and always with the same bytes."""
    validate(record, path=path)
    variables, attributes, digest = _described(record)
    with replacing(path) as temporary:
        _place(temporary, variables, {**attributes, "checksum": digest})
        if _described(read(temporary, kind=record.declaration))[2] != digest:
            raise FileFormatError(path, "reads back differently from what was written; not kept")


def read(path, *, kind) -> Record:
    """Read a NetCDF file of ours and verify everything about it.

    `kind` is the declaration that it must be of; for a file of several kinds a function that
    returns the declaration of the name that it finds, or refuses it for the `path`.
    """
    path = Path(path)
    variables, attributes = _content(path)
    if "kind" not in attributes or "format_version" not in attributes:
        raise FileFormatError(
            path, "is not a finished file of heatdeath: it lacks the attributes of one"
        )
    if attributes.get("complete") != 1:
        raise FileFormatError(path, "is unfinished: its attribute complete is not 1; make it again")
    if attributes["format_version"] != FORMAT_VERSION:
        raise FileFormatError(
            path,
            f"has format_version {attributes['format_version']}; this version of heatdeath reads "
            f"{FORMAT_VERSION}",
        )
    declared = attributes.pop("checksum", None)
    if checksum(variables, attributes) != declared:
        raise FileFormatError(
            path, "is damaged: its content does not match its checksum; make it again"
        )
    plain_dims = {file_dim: dim for dim, file_dim in _text_dimensions(variables).items()}
    declaration = _declaration(attributes["kind"], kind, path)
    declared_order = [variable.name for variable in declaration.variables]
    record = Record(
        declaration,
        variables={
            name: (tuple(plain_dims.get(dim, dim) for dim in dims), values)
            for name, (dims, values, _) in sorted(
                variables.items(), key=lambda item: _position(item[0], declared_order)
            )
        },
        attributes={k: v for k, v in attributes.items() if k not in RESERVED_ATTRIBUTES},
    )
    validate(record, path=path)
    return record


def is_ours(path) -> bool:
    """Whether a file is one that `write` wrote, of any kind and version, and undamaged.

    What is no such file may also be refused with a FileFormatError.
    """
    # A look at its two ends spares reading a large file of somebody else.
    for whole in (False, True):
        check_trailer(path, whole=whole)
    with netCDF4.Dataset(path) as dataset:
        return {"kind", "format_version"} <= set(dataset.ncattrs())


def opened(source, *, kind) -> Record:
    """Return the record of a kind that a file holds, or that was given instead of the file."""
    return source if isinstance(source, Record) else read(source, kind=kind)


def _declaration(name, wanted, path):
    if not isinstance(wanted, Kind):
        return wanted(name, path=path)
    if name != wanted.name:
        raise FileFormatError(path, f"holds {name}; needed: {wanted.name}")
    return wanted


def _described(record):
    """Return variables with attributes, attributes, and checksum, as they stand in the file."""
    kind = record.declaration
    file_dims = _text_dimensions(record.variables)
    annotations = annotate(record)
    variables = {}
    for name in (v.name for v in kind.variables if v.name in record.variables):
        dims, values = record.variables[name]
        dims = tuple(file_dims.get(dim, dim) for dim in dims)
        variables[name] = (dims, values, annotations[name])
    attributes = {
        **record.attributes,
        "kind": kind.name,
        "title": kind.title,
        "source": SOURCE,
        "history": HISTORY,
        "references": REFERENCES,
        "Conventions": CONVENTIONS,
        "format_version": FORMAT_VERSION,
        "complete": 1,
    }
    return variables, attributes, checksum(variables, attributes)


def _position(name, declared_order):
    # An undeclared variable goes last, where validation finds and names it.
    return declared_order.index(name) if name in declared_order else len(declared_order)


def _text_dimensions(variables):
    """Return the dimensions of text coordinates, as records name them, and as files do."""
    return {
        name: name + TEXT_DIMENSION_SUFFIX
        for name, (dims, values, *_) in variables.items()
        if values.dtype.kind == "U" and dims[0] in (name, name + TEXT_DIMENSION_SUFFIX)
    }


def _place(path, variables, attributes):
    """Create the file in a scratch folder, and write it to its place in one piece.

    When a disk is full or a file system has no locks, the HDF5 library fails in obscure ways and
    holds on to the file. A plain copy says what is wrong, and is faster over a network.
    """
    with tempfile.TemporaryDirectory(prefix="heatdeath-") as scratch:
        image = Path(scratch) / "image.nc"
        try:
            _create(image, variables, attributes)
            append_trailer(image)
        except (OSError, RuntimeError) as error:
            problem = (
                f"cannot be used for scratch files: {error}; needed: space there, or TMPDIR set"
            )
            raise OutputError(scratch, problem) from error
        shutil.copyfile(image, path)


def _create(path, variables, attributes):
    # The in-memory mode of the library would store the time of day.
    with netCDF4.Dataset(path, "w", format="NETCDF4") as dataset:
        for name in sorted(attributes):
            dataset.setncattr(name, _stored(attributes[name]))
        for name, (dims, values, its_attributes) in variables.items():
            for dim, length in zip(dims, values.shape, strict=True):
                if dim not in dataset.dimensions:
                    dataset.createDimension(dim, length)
            text = values.dtype.kind == "U"
            compress = not text and values.nbytes >= COMPRESS_FROM_BYTES
            variable = dataset.createVariable(
                name,
                str if text else values.dtype,
                dims,
                compression="zlib" if compress else None,
                complevel=1,
                endian="native" if text else "little",
            )
            for key, value in its_attributes.items():
                variable.setncattr(key, _stored(value))
            variable[...] = values.astype(object) if text else values


def _stored(value):
    # As bytes, text of any alphabet becomes a plain character attribute, which every reader knows.
    return value.encode() if isinstance(value, str) else value


def _content(path):
    """Return variables with attributes, and attributes, of a file with a valid trailer."""
    check_regular_file(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileFormatError(path, f"cannot be read: {error.strerror}") from error
    image = without_trailer(content, path)
    try:
        with netCDF4.Dataset("image", memory=image) as dataset:
            dataset.set_auto_maskandscale(False)
            attributes = {name: _plain(dataset.getncattr(name)) for name in dataset.ncattrs()}
            variables = {
                name: (variable.dimensions, _values(variable), _attributes(variable))
                for name, variable in dataset.variables.items()
            }
    except (OSError, RuntimeError) as error:
        raise FileFormatError(path, f"is not a NetCDF-4 file ({error})") from error
    return variables, attributes


def _values(variable):
    values = variable[...]
    if variable.dtype is str:
        return np.array(values, dtype=np.str_)
    return np.asarray(values, variable.dtype.newbyteorder("="))


def _attributes(variable):
    return {name: _plain(variable.getncattr(name)) for name in variable.ncattrs()}


def _plain(value):
    return value.item() if isinstance(value, np.generic) else value
