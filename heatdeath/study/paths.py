"""Where the files of a study are, relative to the folder in which the workflow runs."""

import re

from heatdeath.canonical import decimal_text

_SHORT_NAMES = {"temperature": "T", "fresh_fraction": "f"}
_UNSAFE = re.compile(r"[^A-Za-z0-9._+-]+")


def slug(value) -> str:
    """Write an axis value so that it can stand in a path.

    Parameters
    ----------
    value : float, int or str
        A number becomes its canonical decimal; in a text, every run of characters other than
        letters, digits, ``.``, ``_``, ``+`` and ``-`` becomes one ``-``.

    Returns
    -------
    str
        For example ``"0.8"`` or ``"collapsed-most-0.01"``.
    """
    if isinstance(value, str):
        return _UNSAFE.sub("-", value).strip("-") or "-"
    return decimal_text(value)


def axis_part(axis, value) -> str:
    """Write one ``name=value`` part of a cell's path, for example ``"T=0.8"``.

    Parameters
    ----------
    axis : str
        Name of the axis.
    value : float, int or str
        The cell's value on it.

    Returns
    -------
    str
        The part of the path.
    """
    return f"{_SHORT_NAMES.get(axis, axis)}={slug(value)}"


def seeds_part(seeds) -> str:
    """Write a block of consecutive seeds as its first and last, for example ``"0-31"``.

    Parameters
    ----------
    seeds : range
        The seeds of one file.

    Returns
    -------
    str
        The part of the path that follows ``seeds=``.
    """
    return f"{seeds[0]}-{seeds[-1]}"


def parse_seeds(text) -> list[int]:
    """Read back the seeds that `seeds_part` wrote.

    Parameters
    ----------
    text : str
        For example ``"0-31"``.

    Returns
    -------
    list of int
        The seeds, the last included.
    """
    first, last = text.split("-")
    return list(range(int(first), int(last) + 1))
