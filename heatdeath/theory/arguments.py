"""Checks of the arguments that several functions of the theory share."""

from numbers import Integral, Real

import numpy as np

from heatdeath.errors import ParameterError
from heatdeath.tempering import check_temperature

LEAST_TEMPERATURE = 1e-4
GREATEST_TEMPERATURE = 1e6
_NEAREST_TO_ONE = 1e-4


def check_finite_temperature(value) -> float:
    """Return a temperature as a float, or refuse one at which the theory has no answer."""
    try:
        temperature = check_temperature(value)
    except ParameterError:
        temperature = None
    if not _has_theory(temperature):
        raise ParameterError(
            "temperature",
            value,
            "a finite number above 0: from 1e-4 to 1e6, and 1 itself or at least 1e-4 away from it",
        )
    return temperature


def _has_theory(temperature):
    return (
        temperature is not None
        and LEAST_TEMPERATURE <= temperature <= GREATEST_TEMPERATURE
        and not 0 < abs(temperature - 1) < _NEAREST_TO_ONE * (1 - 1e-9)
    )


def check_fraction(value, *, name="fresh_fraction") -> float:
    """Return a fraction as a float, or refuse it."""
    is_number = isinstance(value, Real) and not isinstance(value, (bool, np.bool_))
    if not (is_number and 0 <= value <= 1):
        raise ParameterError(name, value, "a number from 0 to 1")
    return float(value)


def check_outcome(value, probabilities, *, name="outcome") -> int:
    """Return the index of an output of positive probability, or refuse it."""
    n = probabilities.size
    if not isinstance(value, Integral) or isinstance(value, bool) or not 0 <= value < n:
        raise ParameterError(name, value, f"an integer from 0 to {n - 1}")
    if probabilities[value] == 0:
        raise ParameterError(name, value, "an output whose probability in the target is above 0")
    return int(value)
