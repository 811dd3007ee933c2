"""The variables in which a file holds measured fresh fractions beside those of theory."""

from heatdeath.storage.shared_variables import BOUND
from heatdeath.storage.variables import CELL_AXES, Variable

JOINT_ATTRIBUTES = {
    "n_seeds": "seeds per cell",
    "confidence": "coverage of the intervals",
    "chi_square": "sum of z^2 over all that were measured, z the normal deviate of the "
    "probability of (measured - theory) / error in Student's distribution",
    "degrees_of_freedom": "fractions that were measured and that theory has as well",
    "p_value": "probability of a chi-square at least as large if theory holds",
    "shift": "by which theory is shifted for a control that should fail",
    "shifted_p_value": "the p-value with theory shifted, up or down, whichever is the larger",
}
"""Attributes of a file with measured fractions."""

_EXISTENCE = ((0, "no"), (1, "yes"))


def fraction_variables(name, what) -> tuple[Variable, ...]:
    """Declare the variables of one fresh fraction."""
    axes = (CELL_AXES,)
    return (
        BOUND,
        Variable(
            f"{name}_measured",
            axes,
            ("int8",),
            None,
            f"whether the trajectories determine the {what}",
            flags=_EXISTENCE,
        ),
        Variable(name, axes, ("float64",), "1", f"{what}, measured; 0 where it is not"),
        Variable(
            f"{name}_error",
            axes,
            ("float64",),
            "1",
            f"standard error of the measured {what}, the spread over choices of the analysis "
            "included; 1 where it is not measured",
        ),
        Variable(
            f"{name}_interval",
            (CELL_AXES, "bound"),
            ("float64",),
            "1",
            f"confidence interval of the {what}; 0 to 1 where it is not measured",
        ),
        Variable(
            f"{name}_theory_exists",
            axes,
            ("int8",),
            None,
            f"whether theory has a {what}",
            flags=_EXISTENCE,
        ),
        Variable(
            f"{name}_theory", axes, ("float64",), "1", f"{what} by theory; 0 where it has none"
        ),
    )
