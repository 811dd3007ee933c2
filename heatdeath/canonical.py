"""One text for each value: the identities that paths and random streams are built from."""

import hashlib
import json
import math
from decimal import Decimal

from heatdeath.arguments import is_number
from heatdeath.errors import ParameterError


def decimal_text(value) -> str:
    """Write a number as its one canonical decimal.

    The shortest decimal that reads back as the same double, without an exponent and without
    trailing zeros, so that 0.8, 0.80 and 8e-1 share one text.
    """
    if not is_number(value) or math.isnan(value):
        raise ParameterError("number", value, "a finite number or inf")
    value = float(value)
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    text = format(Decimal(repr(value)), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def identity_digest(mapping) -> str:
    """Hash a mapping of plain values, whatever the order of its keys."""
    text = json.dumps(mapping, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
