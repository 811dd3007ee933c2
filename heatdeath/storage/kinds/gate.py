"""Gate: whether a family learns real data well enough that its collapse says something."""

from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

KIND = Kind(
    name="gate",
    title="Quality of a family of generative models on real data alone",
    dimensions={
        **AXIS_DIMENSIONS,
        "gate": "what is judged",
        "seed": "replicates",
    },
    variables=(
        *AXES,
        Variable("gate", ("gate",), ("string",), None, "what is judged", coordinate=True),
        Variable("seed", ("seed",), ("int64",), "1", "index of the replicate", coordinate=True),
        Variable(
            "value",
            (CELL_AXES, "gate", "seed"),
            ("float64",),
            "1",
            "what a fit to real data alone reached",
            may_be_infinite=True,
        ),
        Variable("threshold", ("gate",), ("float64",), "1", "what it had to reach"),
        Variable(
            "passed",
            (CELL_AXES, "gate", "seed"),
            ("int8",),
            None,
            "whether the value is on the right side of the threshold",
            flags=((0, "no"), (1, "yes")),
        ),
    ),
    attributes={
        "target": "name of the source of the data",
        "family": "family of generative models, by name or dotted path",
    },
)
