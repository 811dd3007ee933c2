"""Exactness: the samplers against the exact law of two outcomes."""

from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

KIND = Kind(
    name="exactness",
    title="Simulated counts of two outcomes against their exact law",
    dimensions={
        **AXIS_DIMENSIONS,
        "count": "times that the first outcome was sampled",
    },
    variables=(
        *AXES,
        Variable(
            "count",
            ("count",),
            ("int64",),
            "1",
            "how often the first outcome was sampled",
            coordinate=True,
        ),
        Variable(
            "exact_probability",
            (CELL_AXES, "count"),
            ("float64",),
            "1",
            "probability of the count by the exact law",
        ),
        Variable(
            "observed_frequency",
            (CELL_AXES, "count"),
            ("float64",),
            "1",
            "share of the seeds with the count",
        ),
        Variable(
            "chi_square",
            (CELL_AXES,),
            ("float64",),
            "1",
            "Pearson statistic of the counts, rare ones taken together",
            formula="sum (observed - expected)^2 / expected",
            may_be_infinite=True,
        ),
        Variable(
            "degrees_of_freedom",
            (CELL_AXES,),
            ("int64",),
            "1",
            "degrees of freedom of the Pearson statistic",
        ),
        Variable(
            "p_value",
            (CELL_AXES,),
            ("float64",),
            "1",
            "probability of a Pearson statistic at least as large under the exact law",
        ),
    ),
    attributes={"n_seeds": "seeds per cell"},
)
