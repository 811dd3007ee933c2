"""Files and records as xarray datasets."""

import xarray

from heatdeath.errors import FileFormatError
from heatdeath.storage import netcdf
from heatdeath.storage.trajectory_kinds import TRAJECTORY_KINDS
from heatdeath.storage.variables import annotate, kind_named, validate


def to_dataset(record) -> xarray.Dataset:
    """Turn a record into a dataset with its coordinates, units and descriptions."""
    validate(record)
    kind = kind_named(record.kind)
    variables = {}
    for name, its_attributes in annotate(record).items():
        # In a dataset, being a coordinate says what this attribute says in a file.
        its_attributes.pop("coordinates", None)
        variables[name] = (*record.variables[name], its_attributes)
    if "counts" in variables:
        dims, counts, _ = variables["counts"]
        theta = counts / counts.sum(axis=-1, keepdims=True)
        variables["theta"] = (dims, theta, kind.variable("theta").attributes)
    coordinates = [name for name in variables if kind.variable(name).coordinate]
    return xarray.Dataset(
        {name: variables[name] for name in variables if name not in coordinates},
        coords={name: variables[name] for name in coordinates},
        attrs={"kind": kind.name, "title": kind.title, **record.attributes},
    )


def open_file(path, *, kind=None) -> xarray.Dataset:
    """Open any file of ours, verified."""
    return to_dataset(netcdf.read(path, kind=kind))


def open_trajectories(path) -> xarray.Dataset:
    """Open a file of trajectories, verified.

    Parameters
    ----------
    path : str or os.PathLike
        A NetCDF file that `heatdeath simulate` or the workflow wrote, of the urn or of a family.

    Returns
    -------
    xarray.Dataset
        Every observable with dimensions (seed, checkpoint), the coordinates ``seed``, ``outputs``
        (outputs sampled so far) and ``dataset_size``; where distributions were recorded also
        ``counts`` and ``theta`` with dimensions (seed, checkpoint, outcome), of a family
        ``theta`` always.

    Raises
    ------
    FileFormatError
        If the file is missing, damaged, unfinished, of another kind, or not one of ours.
    """
    record = netcdf.read(path)
    if record.kind not in TRAJECTORY_KINDS:
        raise FileFormatError(path, f"holds {record.kind}; needed: trajectories")
    return to_dataset(record)
