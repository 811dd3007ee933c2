"""Checks of arguments that several modules share: numbers, temperatures, fractions, outcomes."""

import math
from numbers import Integral, Real

from heatdeath.errors import ParameterError


def is_number(value) -> bool:
    """Return whether a value is a real number of Python or NumPy, which a boolean is not."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_integer(value) -> bool:
    """Return whether a value is an integer of Python or NumPy; a boolean and 1.0 are not."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def check_integer(name, value, lowest, highest=None) -> int:
    """Return `value` as an integer (1e6 is one, "1e6" and 1.5 are not), or refuse it."""
    try:
        whole = is_number(value) and value == int(value)
    except (OverflowError, ValueError):  # an infinity, and no number
        whole = False
    in_range = whole and value >= lowest and (highest is None or value <= highest)
    if not in_range:
        bound = f"from {lowest} to {highest}" if highest is not None else f">= {lowest}"
        raise ParameterError(name, value, f"an integer {bound}")
    return int(value)


def check_fraction(value, *, name="fresh_fraction") -> float:
    """Return a number from 0 to 1 as a float, or refuse it under the name of its argument."""
    if not (is_number(value) and 0 <= value <= 1):
        raise ParameterError(name, value, "a number from 0 to 1")
    return float(value)


def check_temperature(value, *, name="temperature") -> float:
    """Return a temperature T as a float, from 0 to inf, or refuse it."""
    allowed = "a number >= 0, or inf"
    if not is_number(value):
        raise ParameterError(name, value, allowed)
    try:
        temperature = float(value)
    except OverflowError as error:
        raise ParameterError(name, value, "a number that fits a double, or inf") from error
    if not temperature >= 0:
        raise ParameterError(name, value, allowed)
    return abs(temperature)


def check_finite_temperature(value) -> float:
    """Return a temperature as a float, or refuse one at which the theory has no answer.

    Beyond these limits the exponent 1/T, or its distance from 1, leaves doubles too few digits.
    """
    try:
        temperature = check_temperature(value)
    except ParameterError:
        temperature = math.nan
    # The nearest allowed temperatures, 0.9999 and 1.0001, may lie a rounding nearer to 1.
    too_near_to_one = 0 < abs(temperature - 1) < 1e-4 * (1 - 1e-9)
    if not 1e-4 <= temperature <= 1e6 or too_near_to_one:
        raise ParameterError(
            "temperature",
            value,
            "a finite number above 0: from 1e-4 to 1e6, and 1 itself or at least 1e-4 away from it",
        )
    return temperature


def check_outcome(value, probabilities, *, name="outcome") -> int:
    """Return the index of an outcome of positive probability, of shape (n,), or refuse it."""
    n = probabilities.size
    if not is_integer(value) or not 0 <= value < n:
        raise ParameterError(name, value, f"an integer from 0 to {n - 1}")
    if probabilities[value] == 0:
        raise ParameterError(name, value, "an output whose probability in the target is above 0")
    return int(value)
