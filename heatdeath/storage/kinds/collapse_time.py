"""Collapse time: when cold closed loops come to be mostly one outcome, and when theory says."""

from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.shared_variables import BOUND
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

_QUANTILES = (CELL_AXES, "quantile")


def _log_growth(name, dims, long_name):
    return Variable(
        name, dims, ("float64",), "1", long_name, formula="ln(l* / l_0)", may_be_infinite=True
    )


KIND = Kind(
    name="collapse_time",
    title="Growth of the data until one outcome holds a fixed mass, measured and predicted",
    dimensions={
        **AXIS_DIMENSIONS,
        "quantile": "quantiles over seeds",
        "bound": "ends of a confidence interval",
    },
    variables=(
        *AXES,
        Variable(
            "quantile",
            ("quantile",),
            ("float64",),
            "1",
            "share of the seeds that collapse earlier",
            coordinate=True,
        ),
        BOUND,
        _log_growth(
            "log_growth",
            _QUANTILES,
            "quantiles over seeds: logarithm of the growth of the data until the top outcome holds "
            "the mass; infinite where the quantile lies beyond the horizon",
        ),
        _log_growth(
            "median_interval",
            (CELL_AXES, "bound"),
            "confidence interval of the median, from order statistics",
        ),
        Variable(
            "collapsed_share",
            (CELL_AXES,),
            ("float64",),
            "1",
            "share of the seeds that collapse before the horizon",
        ),
        _log_growth(
            "flow_median",
            (CELL_AXES,),
            "median over seeds of what the mean-field flow takes from each seed's start; infinite "
            "where equal top outcomes keep the flow from collapse",
        ),
        _log_growth(
            "predicted_log_growth",
            _QUANTILES,
            "quantiles of what the flow takes from Dirichlet draws around the starts, which hold "
            "as much chance as the run",
        ),
        Variable(
            "prediction_p_value",
            (CELL_AXES,),
            ("float64",),
            "1",
            "two-sided binomial test: seeds that collapse before the predicted median, or before "
            "the horizon if that is earlier",
        ),
        Variable(
            "flow_p_value",
            (CELL_AXES,),
            ("float64",),
            "1",
            "the same test of the median of the flow without chance",
        ),
    ),
    attributes={
        "n_seeds": "seeds per cell",
        "confidence": "least coverage of the intervals",
        "mass": "mass of the top outcome that counts as collapse",
    },
)
