"""Open results: files of the package as datasets."""

from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf
from heatdeath.models.measures import MODEL_TRAJECTORIES
from heatdeath.trajectories import TRAJECTORIES


def open_trajectories(path):
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
    from heatdeath.files.dataset import to_dataset  # xarray takes long to import

    return to_dataset(netcdf.read(path, kind=_kind_of_trajectories))


def _kind_of_trajectories(name, *, path):
    """Return the declaration of trajectories of the urn or of a family, by its name."""
    for kind in (TRAJECTORIES, MODEL_TRAJECTORIES):
        if kind.name == name:
            return kind
    raise FileFormatError(path, f"holds {name}; needed: trajectories")
