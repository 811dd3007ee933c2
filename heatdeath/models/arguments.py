"""The arguments of a closed loop of a family, checked, and the identity of its law."""

import inspect
import math
from dataclasses import dataclass

from heatdeath.canonical import identity_digest
from heatdeath.checks import check_integer
from heatdeath.errors import ParameterError
from heatdeath.models.lookup import home_of_family, make_family
from heatdeath.process import Process, check_arguments
from heatdeath.sampling_rules import RULE_ARGUMENTS

STARTS = ("target", "collapsed")
LARGEST_WIDTH = 2**16


@dataclass(frozen=True)
class Loop:
    """A closed loop of a family with checked arguments; made by `check_loop`."""

    process: Process  # what it shares with the urn
    family: str  # by name or dotted path
    width: int | None  # the size of the models; None for the family's own

    def attributes(self) -> dict:
        """Return the arguments as text and integers, those that are not set left out."""
        described = self.process.attributes()
        del described["sampler"]
        described["family"] = self.family
        if self.width is not None:
            described["width"] = self.width
        return described

    def identity(self, source_name) -> str:
        """Return the digest that keys the random streams of this loop."""
        law = self.process.identity(source_name)
        return identity_digest({"process": law, "family": self.family, "width": self.width})


def check_loop(n_outcomes, *, family, width=None, **arguments):
    """Check every argument of a loop without running it.

    The arguments are those of `heatdeath.simulate` without the target; what is returned is the
    loop, the horizon, the indices of the seeds and the root seed.
    """
    if home_of_family(family) == family:  # the user's own: a wrong path shows at once
        make_family(family, width=width)
    if width is not None:
        width = check_integer("width", width, 1, LARGEST_WIDTH)
    for name in (*RULE_ARGUMENTS, "record", "sampler"):
        if arguments.get(name) is not None:
            raise ParameterError(name, arguments[name], "nothing with a family")
    if arguments.get("batch_size") is None:
        raise ParameterError("batch_size", None, "an integer >= 1: a family needs one")
    process, horizon, seeds, root_seed = check_arguments(n_outcomes, **arguments)
    if math.isinf(process.temperature):
        raise ParameterError("temperature", process.temperature, "a finite number with a family")
    if process.initial.kind not in STARTS:
        raise ParameterError(
            "initial", str(process.initial), "target or collapsed:OUTPUT:SHARE with a family"
        )
    check_integer("initial_size", process.initial_size, 1)
    return Loop(process, family, width), horizon, seeds, root_seed


FAMILY_ARGUMENTS = tuple(inspect.getfullargspec(check_loop).kwonlyargs)
"""Arguments of a loop that the urn does not have."""
