"""Measured fresh fractions beside those of theory: intervals, and one test of all together."""

from typing import NamedTuple

import numpy as np
from scipy import special

from heatdeath.analysis.resampling import coverage_factor, normal_deviate

CONFIDENCE = 0.95
"""Coverage of the intervals."""
SHIFT = 0.1
"""By which theory is shifted for the negative control."""


class FractionEstimate(NamedTuple):
    """A fresh fraction that was measured."""

    value: float
    statistical: float
    systematic: float

    @property
    def error(self) -> float:
        """Both errors together, their root of the sum of squares."""
        return float(np.hypot(self.statistical, self.systematic))


def joint_test(estimates, theory, *, n_seeds, shift=0.0) -> tuple[float, int, float]:
    """Test all measured fractions of a study against theory at once.

    χ² = Σ z², over the scans that have both, where z is the normal deviate of the same
    probability as (measured − theory − shift)/error in Student's distribution: errors from few
    seeds are themselves uncertain.
    """
    pulls = [
        (estimate.value - value - shift) / estimate.error
        for estimate, value in zip(estimates, theory, strict=True)
        if estimate is not None and np.isfinite(value)
    ]
    statistic = float(np.sum(normal_deviate(np.array(pulls), n_seeds - 1) ** 2))
    return statistic, len(pulls), float(special.chdtrc(len(pulls), statistic)) if pulls else 1.0


def fraction_variables(name, study, estimates, theory, *, n_seeds) -> dict:
    """Return the variables that hold the measured fractions of a study and those of theory."""
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
        "bound": (("bound",), np.array(("lower", "upper"))),
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
