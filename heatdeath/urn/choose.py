"""Which sampler simulates a process: by formula, never by timing."""

from heatdeath.choices import SAMPLERS
from heatdeath.errors import ParameterError
from heatdeath.sampling_rules import RULE_ARGUMENTS


def leap_pays_from(n_outcomes: int) -> int:
    """Return the dataset size from which leap is cheaper than sequential.

    A cycle of leap costs as much as a number of sequential outputs linear in n and brings about
    √ℓ outputs, so the size at which they break even is the square of a linear function of n.
    Its constant was measured (`tests/benchmarks`): break-even lay between half and twice the
    formula for n from 10 to 10⁴ and T from 0.5 to 2.
    """
    return (n_outcomes + 45) ** 2


def choose_sampler(requested, *, regime, batch_size, rule) -> str:
    """Return the sampler of a process: the requested one, or what ``"auto"`` stands for.

    That can be ``"hybrid"``: sequential while the dataset is small, leap afterwards.
    """
    if requested not in SAMPLERS:
        raise ParameterError("sampler", requested, "one of " + ", ".join(SAMPLERS))
    one_by_one = regime == "accumulate" and batch_size == 1
    if requested == "auto":
        if not one_by_one:
            return "generations"
        return "hybrid" if rule.is_identity else "dense"
    if requested == "generations":
        return requested
    if not one_by_one:
        raise ParameterError(
            "sampler",
            requested,
            f'"generations" or "auto" with regime {regime!r} and batch_size {batch_size}: '
            "the others draw one output at a time into data that only grow",
        )
    if requested != "dense" and not rule.is_identity:
        *names, last = RULE_ARGUMENTS
        raise ParameterError(
            "sampler",
            requested,
            f'"dense", "generations" or "auto" with {", ".join(names)} or {last}: '
            "a truncated weight can fall, which this sampler cannot follow",
        )
    return requested
