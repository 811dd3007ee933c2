"""Numbers and lists as they are written on the command line."""

import argparse
import math

from heatdeath.errors import shown

_LONGEST_LIST = 10**6


def number(text) -> int | float:
    """Read a number: an int if it is whole, a float otherwise, ``inf`` included."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    # Python reads 1e400 as infinite; who means that writes inf.
    if value != value or (math.isinf(value) and "inf" not in text.lower()):
        raise argparse.ArgumentTypeError(
            f"got {shown(text)}; allowed: a number, of size 1e308 at most, or inf"
        ) from None
    return int(value) if value.is_integer() else value


def count_or_list(text) -> int | float | list:
    """Read a count, or a list such as ``0,5,8-11``, whose ranges include both ends."""
    if "," not in text and "-" not in text.lstrip("-"):
        return number(text)
    values = []
    for part in text.strip(",").split(","):
        first, dash, last = part.partition("-")
        if dash and first:
            numbers = range(_whole(first, text), _whole(last, text) + 1)
            # Not len(), which ends at 2**63.
            if numbers.stop - numbers.start > _LONGEST_LIST - len(values):
                raise argparse.ArgumentTypeError(
                    f"got {shown(text)}; allowed: at most {_LONGEST_LIST:,} numbers"
                )
            values.extend(numbers)
        else:
            values.append(_whole(part, text))
    return values


def _whole(part, text):
    try:
        return int(part)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"got {shown(text)}; allowed: a count such as 32, or a list such as 0,5,8-11"
        ) from None
