"""The axes that a study may have, as coordinate variables of its aggregates."""

from heatdeath.arguments import ARGUMENTS
from heatdeath.files.variables import Variable

_TYPES = {"number": ("float64",), "integer": ("int64",), "string": ("string",)}
# The axes that most studies have come first, in paths and in the dimensions of aggregates alike.
_FIRST = ("temperature", "fresh_fraction", "initial", "target", "initial_size", "horizon")


def _axis(argument):
    return Variable(
        argument.name,
        (argument.name,),
        argument.axis_types or _TYPES[argument.type],
        None if argument.type == "string" else "1",
        argument.long_name,
        coordinate=True,
        required=False,
        may_be_infinite=argument.may_be_infinite,
    )


def _axes():
    axes = {argument.name: _axis(argument) for argument in ARGUMENTS if argument.axis is not None}
    variant = Variable(
        "variant",
        ("variant",),
        ("string",),
        None,
        "named bundle of settings",
        coordinate=True,
        required=False,
    )
    first = [axes.pop(name) for name in _FIRST]
    return (*first, *axes.values(), variant)


AXES = _axes()
"""Coordinates of the cell axes, in the one order that they have; a file has those of its study."""

AXIS_DIMENSIONS = {axis.name: f"axis of the study: {axis.long_name}" for axis in AXES}

PLANE = ("temperature", "fresh_fraction")
"""The axes of a phase diagram."""

REAL_AXES = frozenset(argument.name for argument in ARGUMENTS if argument.type == "number")
"""Axes whose values are real numbers even where all of them happen to be written as integers."""
