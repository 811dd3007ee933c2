"""Collapse rate: how fast a family loses or gains effective outcomes without fresh data."""

from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.shared_variables import BOUND
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

_BY_THE_URN = "of the urn of the same distribution, whose model is its data, without chance"


def _number(name, long_name, *, dims=(CELL_AXES,), formula=""):
    return Variable(name, dims, ("float64",), "1", long_name, formula=formula)


KIND = Kind(
    name="collapse_rate",
    title="Rate of collapse of a family of generative models without fresh data",
    dimensions={**AXIS_DIMENSIONS, "bound": "ends of a confidence interval"},
    variables=(
        *AXES,
        BOUND,
        _number(
            "rate",
            "mean over seeds of the first slope of the order parameter, in nats per unit of the "
            "clock: negative where outcomes are lost, positive where the model spreads",
            formula="sum_k (t_k - t_0)(x_k - x_0) / sum_k (t_k - t_0)^2, x = H(theta) - H(p)",
        ),
        _number(
            "rate_interval",
            "bootstrap confidence interval of the mean rate",
            dims=(CELL_AXES, "bound"),
        ),
        _number("span", "mean over seeds of the time over which the slope is fitted"),
        _number("urn_rate", f"first slope of the order parameter {_BY_THE_URN}"),
        _number("urn_span", f"time over which the slope is fitted {_BY_THE_URN}"),
    ),
    attributes={
        "target": "name of the source of fresh data",
        "n_outcomes": "number of possible outputs, n",
        "family": "family of generative models, by name or dotted path",
        "regime": "data regime",
        "n_seeds": "seeds per cell",
        "confidence": "coverage of the intervals",
        "clock": "unit of time: generation, or e_fold of the data where all are kept",
        "moved": "change of the order parameter at which the fit of a slope ends, in nats",
    },
)
