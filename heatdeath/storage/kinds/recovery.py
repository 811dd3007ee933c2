"""Recovery: how slowly a collapsed model gets away, and the fraction at which it is held."""

from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.fraction_variables import JOINT_ATTRIBUTES, fraction_variables
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

KIND = Kind(
    name="recovery",
    title="Measured passage from collapse, and the fresh fraction at which it comes to a halt",
    dimensions={**AXIS_DIMENSIONS, "bound": "ends of a confidence interval"},
    variables=(
        *AXES,
        Variable(
            "least_drift",
            (CELL_AXES,),
            ("float64",),
            "1",
            "least rate at which the mass of the top outcome falls on the way from collapse; 0 "
            "where the model does not get away, or is nowhere slowed down",
            formula="min -d ln(theta_h) / d ln(size)",
        ),
        Variable(
            "least_drift_error",
            (CELL_AXES,),
            ("float64",),
            "1",
            "standard error of the least rate from the seeds; 0 where it is not measured",
        ),
        Variable(
            "bottleneck_mass",
            (CELL_AXES,),
            ("float64",),
            "1",
            "mass of the top outcome where the rate is least; 0 where it is not measured",
        ),
        Variable(
            "passage",
            (CELL_AXES,),
            ("int8",),
            None,
            "what became of the collapsed start within the horizon",
            flags=(
                (0, "some_seeds_did_not_get_away"),
                (1, "got_away_without_a_bottleneck"),
                (2, "got_away_through_a_bottleneck"),
            ),
        ),
        *fraction_variables("recover", "fresh fraction above which the model recovers"),
    ),
    attributes=JOINT_ATTRIBUTES,
)
