"""Variables that several kinds of file have in common."""

from heatdeath.storage.variables import Variable

CRITICAL_KINDS = ("fold", "crossover", "unique")
"""What ends the faithful branch, in the order of its flags; see `heatdeath.critical_fractions`."""

BOUND = Variable(
    "bound", ("bound",), ("string",), None, "end of a confidence interval", coordinate=True
)
"""The ends of confidence intervals, as a coordinate."""


def critical_kind(dims, *, source="") -> Variable:
    """Declare the flag that says what ends the faithful branch."""
    return Variable(
        "critical_kind",
        dims,
        ("int8",),
        None,
        f"what ends the faithful branch as the fresh fraction falls{source}",
        flags=tuple(enumerate(CRITICAL_KINDS)),
    )
