"""Mean field: the observables along the flow that every cell follows without chance."""

from heatdeath.observables import OBSERVABLES
from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

KIND = Kind(
    name="mean_field",
    title="Mean-field flow of a generative model trained in closed loop",
    dimensions={**AXIS_DIMENSIONS, "checkpoint": "moments at which the model is recorded"},
    variables=(
        *AXES,
        Variable(
            "outputs",
            (CELL_AXES, "checkpoint"),
            ("int64",),
            "1",
            "outputs sampled so far",
            coordinate=True,
        ),
        *(
            Variable(
                observable.name,
                (CELL_AXES, "checkpoint"),
                ("float64",),
                observable.units,
                f"mean-field flow: {observable.long_name}",
                formula=observable.formula,
                may_be_infinite=observable.may_be_infinite,
            )
            for observable in OBSERVABLES.values()
        ),
    ),
    attributes={"n_outcomes": "number of possible outputs, n"},
)
