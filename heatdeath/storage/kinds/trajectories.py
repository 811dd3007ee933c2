"""Trajectories: a cell of a study, a block of its seeds."""

from heatdeath.observables import OBSERVABLES
from heatdeath.storage.variables import Kind, Variable

_PER_SEED = ("seed", "checkpoint")

KIND = Kind(
    name="trajectories",
    title="Trajectories of a generative model trained in closed loop",
    dimensions={
        "seed": "replicates",
        "checkpoint": "moments at which the model is recorded, the first at the start and the "
        "last at the horizon",
        "outcome": "possible outputs, in the order of the target",
    },
    variables=(
        Variable("seed", ("seed",), ("int64",), "1", "index of the replicate", coordinate=True),
        Variable(
            "outputs",
            ("checkpoint",),
            ("int64",),
            "1",
            "outputs sampled so far",
            coordinate=True,
        ),
        Variable(
            "dataset_size",
            ("checkpoint",),
            ("float64",),
            "1",
            "size of the data that the model is fitted to",
            formula="sum_i w_i",
            coordinate=True,
        ),
        *(
            Variable(
                observable.name,
                _PER_SEED,
                ("float64",),
                observable.units,
                observable.long_name,
                formula=observable.formula,
                references=observable.source,
                may_be_infinite=observable.may_be_infinite,
            )
            for observable in OBSERVABLES.values()
        ),
        Variable(
            "total_variation_from_start",
            _PER_SEED,
            ("float64",),
            "1",
            "total variation distance between the model and the one at the start",
            formula="sum_i |theta_i - theta_i(0)| / 2",
        ),
        Variable(
            "top_outcome",
            _PER_SEED,
            ("int64",),
            "1",
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
        Variable(
            "theta",
            (*_PER_SEED, "outcome"),
            ("float64",),
            "1",
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
