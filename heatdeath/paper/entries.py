"""Numbers as the text of the paper quotes them: a value, its interval, and both rounded.

The rule of rounding: **the interval decides the digits.** Half its width is written with one
significant digit, or with two where the first of them is 1, and the value with as many decimals. A
number without an interval is exact, a setting or a result of theory, and has three significant
digits unless said otherwise; trailing zeros show that they are known.
"""

import math

from heatdeath.canonical import decimal_text
from heatdeath.errors import ParameterError

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MINUS = "−"
_THIN_SPACE = "\u202f"
_TIMES = f"{_THIN_SPACE}×{_THIN_SPACE}"
# Numbers from here on, and below its inverse, are written with a power of ten.
_LARGE, _SMALL = 1e5, 1e-3
# A p-value that was lost in the rounding of doubles is below this one.
_LEAST_P_EXPONENT = -300
# A number so near to an integer is one that was computed in floating point.
_ROUNDING = 1e-12


def measured(value, low, high) -> dict:
    """Quote a number that has an interval: the three as given, and rounded as texts."""
    value, low, high = float(value), float(low), float(high)
    if not (math.isfinite(value) and -math.inf < low <= high < math.inf):
        raise ParameterError("value, low, high", (value, low, high), "finite numbers, low <= high")
    half = (high - low) / 2
    if half == 0:
        text = _significant(value, 3)
        return {"value": value, "low": low, "high": high, "text": text, "half": "0", "range": text}
    places = _decimals(half)
    # A dash before a minus sign would be read as one.
    between = " to " if low < 0 else "–"
    span = f"{_fixed(low, places)}{between}{_fixed(high, places)}"
    return {
        "value": value,
        "low": low,
        "high": high,
        "text": _fixed(value, places),
        "half": _fixed(half, places),
        "range": span,
    }


def exact(value, *, digits=3) -> dict:
    """Quote a number without an interval; `digits` are significant, an integer keeps all of its."""
    if math.isinf(value):
        sign = _MINUS if value < 0 else ""
        return _entry("-inf" if value < 0 else "inf", f"{sign}∞")
    nearest = round(value)
    number = nearest if math.isclose(value, nearest, rel_tol=_ROUNDING) else float(value)
    text = _whole(number) if isinstance(number, int) else _significant(number, digits)
    return _entry(number, text)


def decimal(value, *, places) -> dict:
    """Quote a number without an interval with a fixed number of decimals."""
    return _entry(float(value), _fixed(float(value), places))


def setting(value) -> dict:
    """Quote a number that somebody chose, such as a temperature, with the digits that it has."""
    if math.isinf(value) or float(value).is_integer():
        return exact(value)
    return _entry(float(value), decimal_text(value).replace("-", _MINUS))


def p_value(value) -> dict:
    """Quote a p-value with its relation, such as ``"= 0.78"`` or ``"= 1.3 × 10⁻²¹"``."""
    value = float(value)
    if value < 10.0**_LEAST_P_EXPONENT:
        return _entry(value, f"< {_power(_LEAST_P_EXPONENT)}")
    text = f"{value:.2f}" if value >= 0.095 else _significant(value, 2)
    return _entry(value, f"= {text}")


def words(text) -> dict:
    """Quote a text, such as the name of a target."""
    return _entry(str(text), str(text))


def _entry(value, text):
    return {"value": value, "low": None, "high": None, "text": text}


def _decimals(half):
    exponent = math.floor(math.log10(half))
    return 1 - exponent if round(half / 10.0**exponent, 1) < 2 else -exponent


def _fixed(value, places):
    rounded = round(value, places)
    text = f"{abs(rounded):.{places}f}" if places > 0 else _grouped(int(abs(rounded)))
    return _signed(rounded, text)


def _whole(number):
    digits = str(abs(number))
    bare = digits.rstrip("0")
    if abs(number) >= _LARGE and len(bare) <= 2:
        exponent = len(digits) - 1
        mantissa = bare if len(bare) == 1 else f"{bare[0]}.{bare[1]}"
        power = _power(exponent)
        return _signed(number, power if mantissa == "1" else f"{mantissa}{_TIMES}{power}")
    return _signed(number, _grouped(abs(number)))


def _grouped(number):
    # Four digits stand together, more in groups of three.
    return f"{number:,}".replace(",", _THIN_SPACE) if number >= 10_000 else str(number)


def _significant(value, digits):
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{abs(value):.{digits - 1}e}".partition("e")
    exponent = int(exponent)
    if _SMALL <= abs(value) < _LARGE:
        places = max(digits - 1 - exponent, 0)
        rounded = round(abs(value), digits - 1 - exponent)
        return _signed(value, f"{rounded:.{places}f}" if places else _whole(int(rounded)))
    power = _power(exponent)
    return _signed(value, power if float(mantissa) == 1 else f"{mantissa}{_TIMES}{power}")


def _signed(value, text):
    return f"{_MINUS}{text}" if value < 0 else text


def _power(exponent):
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"
