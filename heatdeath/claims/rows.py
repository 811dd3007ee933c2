"""The parts of a row of the verdicts, as plain values with finite numbers."""

import inspect
import math
from numbers import Real

from heatdeath.claims.limits import EFFECT_CONFIDENCE
from heatdeath.claims.verdict import UNDECIDED, decide
from heatdeath.errors import ParameterError


def check_thresholds(rule, thresholds, *, where) -> None:
    """Check that a rule asks for the thresholds that a claim states."""
    parameters = inspect.signature(rule).parameters.values()
    asked = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty]
    if set(asked) != set(thresholds):
        raise ParameterError(
            f"{where}.thresholds", ", ".join(thresholds), "exactly " + ", ".join(asked)
        )


def plain_effect(stated, estimate) -> dict:
    """Return the size of an effect: its name and units as stated, and its numbers."""
    return {
        "name": stated["name"],
        **_numbers(estimate),
        "level": EFFECT_CONFIDENCE,
        "units": stated["units"],
    }


def plain_evidence(finding) -> list[dict]:
    """Return what decides, and then what stands beside it."""
    return [
        {
            "name": each.name,
            **_numbers(each.estimate),
            "holds": each.holds,
            "where": {key: _where(value) for key, value in each.where.items()},
        }
        for each in (*finding.evidence, *finding.beside)
    ]


def plain_control(what, finding, *, verdict) -> dict:
    """Return the verdict on a control, and whether it is another than that on the data."""
    on_control, _ = decide(finding.evidence)
    return {
        "what": what,
        "verdict": on_control,
        "flipped": verdict != UNDECIDED and on_control != verdict,
    }


def _numbers(estimate):
    if estimate is None:
        return dict.fromkeys(("value", "low", "high"))
    return {
        name: float(value) if math.isfinite(value) else None
        for name, value in zip(("value", "low", "high"), estimate, strict=True)
    }


def _where(value):
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else "inf"
    return str(value)
