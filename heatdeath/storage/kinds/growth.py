"""Growth: how fast deviations from a uniform target grow, and the fraction that stops them."""

from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.fraction_variables import JOINT_ATTRIBUTES, fraction_variables
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

KIND = Kind(
    name="growth",
    title="Measured growth of deviations from a uniform target, and where it ends",
    dimensions={**AXIS_DIMENSIONS, "bound": "ends of a confidence interval"},
    variables=(
        *AXES,
        Variable(
            "growth_exponent",
            (CELL_AXES,),
            ("float64",),
            "1",
            "exponent with which deviations from the target grow; 0 where it is not measured",
            formula="ln(sum delta(K) delta(0) / sum delta(0)^2) / ln(size(K) / size(0))",
        ),
        Variable(
            "growth_exponent_error",
            (CELL_AXES,),
            ("float64",),
            "1",
            "standard error of the exponent from the seeds; 0 where it is not measured",
        ),
        Variable(
            "relative_deviation",
            (CELL_AXES,),
            ("float64",),
            "1",
            "root mean square of the relative deviations at the horizon",
            formula="sqrt(mean (theta_i / p_i - 1)^2)",
        ),
        Variable(
            "used",
            (CELL_AXES,),
            ("int8",),
            None,
            "whether the exponent is measured and the deviations are small enough to be linear",
            flags=((0, "no"), (1, "yes")),
        ),
        *fraction_variables(
            "prevent", "fresh fraction above which deviations decay, that prevents collapse"
        ),
    ),
    attributes={
        **JOINT_ATTRIBUTES,
        "largest_deviation": "relative deviation up to which a cell counts as linear",
    },
)
