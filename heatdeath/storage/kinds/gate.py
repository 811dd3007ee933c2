"""Gate: whether a family learns the real data of a study well enough."""

from heatdeath.storage.axes import AXES
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

_WIDTH = next(axis for axis in AXES if axis.name == "width")

KIND = Kind(
    name="gate",
    title="Quality gates of a family of generative models, fitted to real data alone",
    dimensions={
        "width": "axis of the study: size of the models of a family",
        "gate": "what is judged",
        "seed": "replicates; of other random numbers than those of the study's trajectories",
    },
    variables=(
        _WIDTH,
        Variable("gate", ("gate",), ("string",), None, "what is judged", coordinate=True),
        Variable("seed", ("seed",), ("int64",), "1", "index of the replicate", coordinate=True),
        Variable("value", (CELL_AXES, "gate", "seed"), ("float64",), "1", "what the fit reached"),
        Variable("threshold", ("gate",), ("float64",), "1", "what it had to reach"),
        Variable(
            "passed",
            (CELL_AXES, "gate", "seed"),
            ("int8",),
            None,
            "whether the value is on the right side of the threshold",
            flags=((0, "failed"), (1, "passed")),
        ),
    ),
    attributes={
        "family": "family of generative models, by name or dotted path",
        "target": "name of the source of the data",
        "size": "data that the models are fitted to",
        "root_seed": "seed of the study, from which every stream is derived",
    },
)
