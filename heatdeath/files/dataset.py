"""Records as xarray datasets."""

import xarray

from heatdeath.files.variables import annotate, validate


def to_dataset(record) -> xarray.Dataset:
    """Turn a record into a dataset with its coordinates, units and descriptions."""
    validate(record)
    kind = record.declaration
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
