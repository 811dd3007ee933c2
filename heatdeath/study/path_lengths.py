"""Refuse names and paths that are too long for a file system, before anything runs."""

import os

from heatdeath.errors import ParameterError
from heatdeath.study.catalogue import PRODUCTS
from heatdeath.study.paths import axis_part, seeds_part, slug

# In bytes; every character of a path is one.
_LONGEST_NAME, _LONGEST_PATH = 255, 4095
WHILE_WRITTEN = len("..0123456789ab.partial")
"""How much longer the name of a file is until it is complete."""
# Where Snakemake notes what it knows of a file, under the path of the file in base 64.
_RECORDS = "/.snakemake/incomplete/"


def check_results_name(results) -> None:
    """Refuse a results folder of which a part is too long."""
    longest = max(results.split("/"), key=len)
    if len(longest) > _LONGEST_NAME:
        raise ParameterError(
            "results", results, f"folders of at most {_LONGEST_NAME} characters, not {len(longest)}"
        )


def check_study_name(path, name) -> None:
    """Refuse a name of which a file would be named that is too long."""
    around = max(
        len(file.rpartition("/")[2].replace("{study}", ""))
        for product in PRODUCTS
        for file in product.files.values()
        if "{study}" in file.rpartition("/")[2]
    )
    most = _LONGEST_NAME - WHILE_WRITTEN - around
    if len(name) > most:
        raise ParameterError(
            path, name, f"a name of at most {most} characters, not {len(name)}: it names files"
        )


def check_axis_value(path, value, axis) -> None:
    """Refuse a value of an axis of which a folder or a file would be named that is too long."""
    lengths = [len(axis_part(axis, value))]
    if axis == "target":
        lengths.append(len(f"{slug(value)}.nc") + WHILE_WRITTEN)
    beyond = max(lengths) - _LONGEST_NAME
    if beyond > 0:
        raise ParameterError(
            path,
            value,
            f"a value whose name in paths is shorter by {beyond}: a file system takes "
            f"{_LONGEST_NAME} characters, with what stands around it",
        )


def check_path_lengths(results, study) -> None:
    """Refuse a study whose longest path is too long, or that of what Snakemake notes of it."""
    parts = [
        max((axis_part(axis, value) for value in study.axes[axis]), key=len) for axis in study.axes
    ]
    seeds = max(map(seeds_part, study.seed_blocks), key=len)
    path = "/".join([results, study.name, "trajectories", *parts, f"seeds={seeds}.nc"])
    # Three bytes are four digits, and each 254 of them are a folder.
    digits = -(-len(path) // 3) * 4
    noted = len(os.fsencode(os.getcwd())) + len(_RECORDS) + digits + 2 * (digits // 254)
    written = len(os.fsencode(os.path.abspath(path))) + WHILE_WRITTEN
    if max(noted, written) > _LONGEST_PATH:
        raise ParameterError(
            f"studies.{study.name}",
            study.name,
            f"files whose paths, up to {len(path)} characters here, have at most about "
            f"{(_LONGEST_PATH - noted + digits) * 3 // 4} "
            "characters: a shorter folder for results, fewer axes or shorter values",
        )
