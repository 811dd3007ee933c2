"""Trajectories of a family of generative models: those of the urn, and what its field reports."""

from heatdeath.models.measures import MEASURES
from heatdeath.storage.kinds.trajectories import KIND as OF_THE_URN
from heatdeath.storage.variables import Kind, Variable

_PER_SEED = ("seed", "checkpoint")
_ONLY_OF_THE_URN = ("counts", "theta")

KIND = Kind(
    name="model_trajectories",
    title="Trajectories of a family of generative models trained in closed loop",
    dimensions=OF_THE_URN.dimensions,
    variables=(
        *(v for v in OF_THE_URN.variables if v.name not in _ONLY_OF_THE_URN),
        Variable(
            "theta",
            (*_PER_SEED, "outcome"),
            ("float64",),
            "1",
            "the model: probability of each outcome at a temperature of 1",
        ),
        *(
            Variable(
                name,
                _PER_SEED,
                ("float64",),
                measure.units,
                measure.long_name,
                formula=measure.formula,
                required=False,
                may_be_infinite=measure.may_be_infinite,
            )
            for name, measure in MEASURES.items()
        ),
    ),
    attributes={
        **{name: text for name, text in OF_THE_URN.attributes.items() if name != "sampler"},
        "target": "name of the source of fresh data",
        "family": "family of generative models, by name or dotted path",
        "theta_from": "whether theta is exact or a share of samples",
        "device": "what the models were trained on",
    },
)
