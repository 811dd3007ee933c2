"""What a file of trajectories holds.

The declaration stands apart from the simulation, so that what reads trajectories need not import
the samplers.
"""

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
