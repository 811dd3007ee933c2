"""Ensemble: quantiles over seeds of every observable, at every checkpoint of every cell."""

from heatdeath.models.measures import MEASURES
from heatdeath.observables import OBSERVABLES
from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

_QUANTILES = (CELL_AXES, "checkpoint", "quantile")

KIND = Kind(
    name="ensemble",
    title="Quantiles over seeds of trajectories in closed loop",
    dimensions={
        **AXIS_DIMENSIONS,
        "checkpoint": "moments at which the model is recorded",
        "quantile": "quantiles over seeds",
    },
    variables=(
        *AXES,
        Variable(
            "quantile",
            ("quantile",),
            ("float64",),
            "1",
            "share of the seeds that lie below",
            coordinate=True,
        ),
        Variable(
            "outputs",
            (CELL_AXES, "checkpoint"),
            ("int64",),
            "1",
            "outputs sampled so far",
            coordinate=True,
        ),
        Variable(
            "dataset_size",
            (CELL_AXES, "checkpoint"),
            ("float64",),
            "1",
            "size of the data that the model is fitted to",
            coordinate=True,
        ),
        *(
            Variable(
                observable.name,
                _QUANTILES,
                ("float64",),
                observable.units,
                f"quantiles over seeds: {observable.long_name}",
                formula=observable.formula,
                references=observable.source,
                may_be_infinite=observable.may_be_infinite,
            )
            for observable in OBSERVABLES.values()
        ),
        Variable(
            "total_variation_from_start",
            _QUANTILES,
            ("float64",),
            "1",
            "quantiles over seeds: total variation distance between the model and the one at the "
            "start",
            formula="sum_i |theta_i - theta_i(0)| / 2",
        ),
        *(
            Variable(
                name,
                _QUANTILES,
                ("float64",),
                measure.units,
                f"quantiles over seeds: {measure.long_name}",
                formula=measure.formula,
                required=False,
                may_be_infinite=measure.may_be_infinite,
            )
            for name, measure in MEASURES.items()
        ),
    ),
    attributes={"n_seeds": "seeds per cell"},
)
