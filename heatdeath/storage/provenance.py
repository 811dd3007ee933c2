"""What made a file: versions of the package and of the libraries that numbers depend on."""

import functools
from importlib.metadata import version

import heatdeath

# Those whose code decides the last bit of a result or of its file.
LIBRARIES = ("numpy", "numba", "netCDF4")


@functools.cache
def _versions():
    return {
        "package_version": heatdeath.__version__,
        "library_versions": " ".join(f"{name}={version(name)}" for name in LIBRARIES),
    }


def provenance() -> dict[str, str]:
    """Return the attributes that say which versions made a file.

    Returns
    -------
    dict of str to str
        ``package_version`` and ``library_versions``; nothing that differs between two runs of
        the same environment, such as times, hosts or paths.
    """
    return dict(_versions())
