"""Relaxation: how fast every cell of a study approaches its limit, and how fast theory says."""

from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.shared_variables import BOUND
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

OBSERVABLES = ("divergence_from_limit", "mass_outside_limit")
"""What the deviation of a cell is: by its flag."""

_CURVE = (CELL_AXES, "checkpoint")


def _number(name, dims, long_name, *, formula="", coordinate=False):
    return Variable(
        name, dims, ("float64",), "1", long_name, formula=formula, coordinate=coordinate
    )


KIND = Kind(
    name="relaxation",
    title="Relaxation of closed loops towards their limits, measured and predicted",
    dimensions={
        **AXIS_DIMENSIONS,
        "checkpoint": "moments at which the model is recorded",
        "bound": "ends of a confidence interval",
    },
    variables=(
        *AXES,
        BOUND,
        _number(
            "growth", _CURVE, "size of the data over that at the start", formula="l / l_0",
            coordinate=True,
        ),
        Variable(
            "observable",
            (CELL_AXES,),
            ("int8",),
            None,
            "what the deviation of the cell is: the root of twice the mean divergence KL(theta || "
            "limit), or, where the limit is a single outcome, the mean mass outside it",
            flags=tuple(enumerate(OBSERVABLES)),
        ),
        _number(
            "deviation", _CURVE, "deviation from the limit, of all seeds together",
            formula="sqrt(2 mean_seeds KL(theta || theta_e)), or mean_seeds(1 - theta_h)",
        ),
        _number("deviation_interval", (*_CURVE, "bound"), "confidence interval of the deviation"),
        _number(
            "predicted_deviation", _CURVE,
            "deviation of the mean-field flow and of the linear noise around the limit",
        ),
        _number(
            "exponent", (CELL_AXES,), "exponent with which the deviation falls",
            formula="-d ln(deviation) / d ln l, by least squares from fit_from on",
        ),
        _number("exponent_interval", (CELL_AXES, "bound"), "confidence interval of the exponent"),
        _number("predicted_exponent", (CELL_AXES,), "the same fit to the predicted deviation"),
        _number(
            "relaxation_exponent", (CELL_AXES,), "exponent of the slowest mode around the limit",
            formula="kappa = 1 - (1 - f) lambda_max",
        ),
        _number(
            "limiting_exponent", (CELL_AXES,),
            "exponent of the deviation in the limit of long horizons",
            formula="min(kappa, 1/2), and kappa where the limit is a single outcome",
        ),
        _number(
            "mean_deviation", _CURVE,
            "mean over seeds of the model's deviation along that of the start, which is 1; where "
            "the limit is a single outcome, the deviation itself",
            formula="mean_seeds sum_i x_i(l) x_i(l_0) / theta_e,i, over the same at l_0, with "
            "x = theta - theta_e",
        ),
        _number("predicted_mean_deviation", _CURVE, "the same of the mean-field flow"),
        Variable(
            "mean_exponent_flag",
            (CELL_AXES,),
            ("int8",),
            None,
            "whether the mean deviation stands out of the noise for long enough to fit",
            flags=((0, "lost_in_noise"), (1, "fitted")),
        ),
        _number(
            "mean_exponent", (CELL_AXES,),
            "exponent with which the mean deviation falls; 0 where it is lost in noise",
        ),
        _number(
            "mean_exponent_interval", (CELL_AXES, "bound"),
            "confidence interval of the exponent of the mean deviation; 0 where it is lost",
        ),
        _number(
            "predicted_mean_exponent", (CELL_AXES,),
            "the same fit to the mean-field flow; 0 where the mean deviation is lost",
        ),
    ),
    attributes={
        "n_seeds": "seeds per cell",
        "confidence": "coverage of the intervals",
        "fit_from": "growth of the dataset from which exponents are fitted",
    },
)  # fmt: skip
