"""What a file of trajectories holds, and how one is opened.

The declaration stands apart from the simulation, so that what reads trajectories need not import
the samplers.
"""

from heatdeath.errors import FileFormatError
from heatdeath.files.variables import Kind, Variable, integer, number, variables_of
from heatdeath.observables import RECORDED

_PER_SEED = ("seed", "checkpoint")

TRAJECTORIES = Kind(
    name="trajectories",
    title="Trajectories of a generative model trained in closed loop",
    dimensions={
        "seed": "replicates",
        "checkpoint": "moments at which the model is recorded, the first at the start and the last "
        "at the horizon",
        "outcome": "possible outputs, in the order of the target",
    },
    variables=(
        integer("seed", ("seed",), "index of the replicate", coordinate=True),
        integer("outputs", ("checkpoint",), "outputs sampled so far", coordinate=True),
        number(
            "dataset_size",
            ("checkpoint",),
            "size of the data that the model is fitted to",
            formula="sum_i w_i",
            coordinate=True,
        ),
        *variables_of(RECORDED, _PER_SEED),
        integer(
            "top_outcome",
            _PER_SEED,
            "index, from 0, of the most frequent outcome; the lowest where several are",
            formula="argmax_i theta_i",
        ),
        Variable(
            "counts",
            (*_PER_SEED, "outcome"),
            ("int64", "float64"),
            "1",
            "how often each outcome stands in the data that the model is fitted to, w",
            required=False,
        ),
        number(
            "theta",
            (*_PER_SEED, "outcome"),
            "the model: share of each outcome in the data that it is fitted to",
            formula="w_i / sum_j w_j",
            required=False,
            derived=True,
        ),
    ),
    attributes={
        "target": "name of the target distribution",
        "n_outcomes": "number of possible outputs, n",
        "temperature": "sampling temperature T, as a canonical decimal or a number",
        "fresh_fraction": "probability f that a new output is fresh",
        "horizon": "outputs sampled in a trajectory, K",
        "initial": "start of the trajectories",
        "initial_size": "outputs in the initial dataset",
        "regime": "data regime",
        "root_seed": "seed of the study, from which every stream is derived",
        "sampler": "sampler that was asked for",
        "package_version": "version of heatdeath that made the file",
        "library_versions": "versions of the libraries that the numbers depend on",
    },
)

TRAJECTORY_KINDS = (TRAJECTORIES.name, "model_trajectories")
"""Names of the kinds of trajectories: of the urn, and of families of generative models."""


def kind_of_trajectories(name, *, path) -> Kind:
    """Return the declaration of trajectories of the urn or of a family, by its name."""
    from heatdeath.models.measures import MODEL_TRAJECTORIES

    for kind in (TRAJECTORIES, MODEL_TRAJECTORIES):
        if kind.name == name:
            return kind
    raise FileFormatError(path, f"holds {name}; needed: trajectories")


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
    # What opens files takes long to import.
    from heatdeath.files import netcdf
    from heatdeath.files.dataset import to_dataset

    return to_dataset(netcdf.read(path, kind=kind_of_trajectories))
