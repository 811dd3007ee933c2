"""What made a file: versions of the package and of the libraries that its numbers depend on."""

import functools
from importlib.metadata import version

import heatdeath

# Those whose code decides the last bit of a result or the layout of its file.
LIBRARIES = ("numpy", "numba", "netCDF4")


def provenance() -> dict[str, str]:
    """Return the attributes that say which versions made a file."""
    return {"package_version": heatdeath.__version__, "library_versions": _library_versions()}


@functools.cache
def _library_versions():
    return ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
