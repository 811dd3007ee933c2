"""Numbers and lists as they are written on the command line."""

import argparse


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
    if value != value:
        raise argparse.ArgumentTypeError(f"got {text!r}; allowed: a number") from None
    return int(value) if value.is_integer() else value


def count_or_list(text) -> int | float | list:
    """Read a count, or a list such as ``0,5,8-11``, whose ranges include both ends."""
    if "," not in text and "-" not in text.lstrip("-"):
        return number(text)
    values = []
    for part in text.strip(",").split(","):
        first, dash, last = part.partition("-")
        if dash and first:
            values.extend(range(_whole(first, text), _whole(last, text) + 1))
        else:
            values.append(_whole(part, text))
    return values


def _whole(part, text):
    try:
        return int(part)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"got {text!r}; allowed: a count such as 32, or a list such as 0,5,8-11"
        ) from None
