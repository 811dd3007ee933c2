"""Measured fresh fractions beside those of theory: intervals, and one test of all together."""

from typing import NamedTuple

import numpy as np
from scipy import special

from heatdeath.files.variables import BOUND, CELL_AXES, Variable, flag, number
from heatdeath.measure.intervals import ENDS, coverage_factor, normal_deviate

CONFIDENCE = 0.95
"""Coverage of the intervals."""
SHIFT = 0.1
"""By which theory is shifted for the negative control."""

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


def declare_fraction(name, what) -> tuple[Variable, ...]:
    """Declare the variables of one fresh fraction, over the axes beside the fresh fraction.

    They say whether it was measured, the measured value, its error and interval, whether theory
    has one, and theory's.
    """
    axes = (CELL_AXES,)
    return (
        BOUND,
        flag(f"{name}_measured", axes, f"whether the trajectories determine the {what}"),
        number(name, axes, f"{what}, measured; 0 where it is not"),
        number(
            f"{name}_error",
            axes,
            f"standard error of the measured {what}, the spread over choices of the analysis "
            "included; 1 where it is not measured",
        ),
        number(
            f"{name}_interval",
            (CELL_AXES, "bound"),
            f"confidence interval of the {what}; 0 to 1 where it is not measured",
        ),
        flag(f"{name}_theory_exists", axes, f"whether theory has a {what}"),
        number(f"{name}_theory", axes, f"{what} by theory; 0 where it has none"),
    )


class FractionEstimate(NamedTuple):
    """A fresh fraction that was measured."""

    value: float
    statistical: float  # standard error from the seeds
    systematic: float  # largest change under other reasonable choices of the analysis

    @property
    def error(self) -> float:
        """Both errors together, their root of the sum of squares."""
        return float(np.hypot(self.statistical, self.systematic))


def joint_test(estimates, theory, *, n_seeds, shift=0.0) -> tuple[float, int, float]:
    """Return χ² of all measured fractions of a study, its degrees of freedom and its p-value.

    χ² = Σ z² over the scans that have both, None and nan standing for an estimate and a theory that
    there is not. z is the normal deviate of the same probability as (measured − theory −
    shift)/error in Student's distribution: errors from few seeds are themselves uncertain.
    """
    pulls = [
        (estimate.value - value - shift) / estimate.error
        for estimate, value in zip(estimates, theory, strict=True)
        if estimate is not None and np.isfinite(value)
    ]
    statistic = float(np.sum(normal_deviate(np.array(pulls), n_seeds - 1) ** 2))
    return statistic, len(pulls), float(special.chdtrc(len(pulls), statistic)) if pulls else 1.0


def values_of_fraction(name, study, estimates, theory, *, n_seeds) -> dict:
    """Return the variables that `declare_fraction` declares: one estimate and theory a scan."""
    measured = [estimate is not None for estimate in estimates]
    held = [estimate or FractionEstimate(0.0, 1.0, 0.0) for estimate in estimates]
    values = np.array([estimate.value for estimate in held])
    errors = np.array([estimate.error for estimate in held])
    reach = errors * coverage_factor(n_seeds, confidence=CONFIDENCE)
    interval = np.clip(np.stack([values - reach, values + reach], axis=-1), 0, 1)
    interval[~np.array(measured)] = (0, 1)
    exists = np.isfinite(theory)
    axes, values = study.over_scans(values)
    return {
        "bound": ENDS,
        f"{name}_measured": study.over_scans(np.array(measured, np.int8)),
        name: (axes, values),
        f"{name}_error": study.over_scans(errors),
        f"{name}_interval": ((*axes, "bound"), study.over_scans(interval)[1]),
        f"{name}_theory_exists": study.over_scans(np.array(exists, np.int8)),
        f"{name}_theory": study.over_scans(np.where(exists, theory, 0.0)),
    }


def joint_attributes(estimates, theory, *, n_seeds) -> dict:
    """Return the results of `joint_test`, and of its control, as attributes of a file."""
    statistic, freedom, p_value = joint_test(estimates, theory, n_seeds=n_seeds)
    shifted = [joint_test(estimates, theory, n_seeds=n_seeds, shift=s)[2] for s in (SHIFT, -SHIFT)]
    return {
        "confidence": CONFIDENCE,
        "chi_square": statistic,
        "degrees_of_freedom": freedom,
        "p_value": p_value,
        "shift": SHIFT,
        "shifted_p_value": max(shifted),
    }
