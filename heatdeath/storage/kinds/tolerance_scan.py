"""Tolerance scan: how far from the target models end, and the fraction that keeps them near."""

from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.fraction_variables import JOINT_ATTRIBUTES, fraction_variables
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

KIND = Kind(
    name="tolerance_scan",
    title="Measured distance from the target, and the fresh fraction that keeps it tolerable",
    dimensions={**AXIS_DIMENSIONS, "bound": "ends of a confidence interval"},
    variables=(
        *AXES,
        Variable(
            "final_total_variation",
            (CELL_AXES,),
            ("float64",),
            "1",
            "total variation distance from the target at the horizon, mean over the seeds",
        ),
        Variable(
            "limit_total_variation",
            (CELL_AXES,),
            ("float64",),
            "1",
            "the same, extrapolated to an infinite horizon",
        ),
        Variable(
            "limit_total_variation_error",
            (CELL_AXES,),
            ("float64",),
            "1",
            "standard error of the extrapolated distance from the seeds",
        ),
        *fraction_variables(
            "sufficient", "least fresh fraction that keeps the limit within the tolerance"
        ),
    ),
    attributes={
        **JOINT_ATTRIBUTES,
        "tolerance": "largest total variation distance from the target that is tolerated",
    },
)
