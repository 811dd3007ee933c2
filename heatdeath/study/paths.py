"""Where the files of a study are, relative to the folder in which the workflow runs."""

import os
import re
from pathlib import Path

from heatdeath.canonical import decimal_text

ROOT = Path(__file__).parents[2]
"""Top folder of the repository, where the package is run from a copy of it."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._+-]+")


def beside_the_workflow(path) -> str:
    """Return a path from the top of the repository as one from the working directory.

    It stands in the report, which is to be the same wherever the clone stands.
    """
    return os.path.relpath(ROOT / path)


def slug(value) -> str:
    """Write an axis value so that it can stand in a path."""
    if isinstance(value, str):
        return _UNSAFE.sub("-", value).strip("-") or "-"
    return decimal_text(value)


def axis_part(axis, value) -> str:
    """Write one ``name=value`` part of a cell's path, for example ``"T=0.8"``."""
    # Simulations read seeds with this module, and none may depend on what is said of arguments.
    from heatdeath.arguments import ARGUMENTS

    short = {argument.name: argument.in_paths for argument in ARGUMENTS}
    return f"{short.get(axis) or axis}={slug(value)}"


def seeds_part(seeds) -> str:
    """Write a block of consecutive seeds as its first and last, for example ``"0-31"``."""
    return f"{seeds[0]}-{seeds[-1]}"


def parse_seeds(text) -> list[int]:
    """Read back the seeds that `seeds_part` wrote."""
    first, last = text.split("-")
    return list(range(int(first), int(last) + 1))
