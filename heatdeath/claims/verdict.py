"""From what a rule finds, place by place, to a verdict and the region where a claim holds."""

import math
from dataclasses import dataclass
from numbers import Real

from heatdeath.canonical import decimal_text
from heatdeath.measure.estimates import Estimate

HOLDS, FAILS, HOLDS_ONLY_IF, UNDECIDED = "holds", "fails", "holds only if", "undecided"

EFFECT_CONFIDENCE = 0.95
"""Coverage of the intervals of effects, whatever the rules ask for of their evidence."""

# Of the places that a rule looked at, the share that may be open.
_MOST_OPEN = 0.5
_SYMBOLS = {"temperature": "T", "fresh_fraction": "f"}


@dataclass(frozen=True)
class Evidence:
    """A number that a rule looked at, and what it says of the claim there."""

    name: str  # what was measured
    estimate: Estimate
    where: dict  # the place; all evidence of one place decides about it together
    holds: bool | None = None  # None where the interval leaves it open


@dataclass(frozen=True)
class Finding:
    """What a rule finds."""

    evidence: list  # of Evidence that decides
    effect: Estimate | None = None  # None where nothing was measured
    summary: str = ""  # the numbers that decide, in a sentence or two
    beside: tuple | list = ()  # Evidence that stands beside the verdict and does not decide


def above(estimate, threshold) -> bool | None:
    """Whether a number is above a threshold; None where its interval holds the threshold."""
    if estimate.low > threshold:
        return True
    return False if estimate.high < threshold else None


def below(estimate, threshold) -> bool | None:
    """Whether a number is below a threshold; None where its interval holds the threshold."""
    if estimate.high < threshold:
        return True
    return False if estimate.low > threshold else None


def within(estimate, low, high) -> bool | None:
    """Whether a number is between two others; None where its interval holds one of them."""
    if estimate.low >= low and estimate.high <= high:
        return True
    return False if estimate.high < low or estimate.low > high else None


def together(findings) -> bool | None:
    """Join what is known of one place: all must hold, and one that fails decides."""
    findings = list(findings)
    if False in findings:
        return False
    return None if None in findings else True


def decide(evidence) -> tuple[str, str | None]:
    """Return the verdict on a claim and, if it holds only in a region, that region in words.

    It is undecided where more than half of the places are open, or where there is none.
    """
    places = joined_places(evidence)
    known = [place for place in places if place[1] is not None]
    if not known or len(known) < (1 - _MOST_OPEN) * len(places):
        return UNDECIDED, None
    found = {holds for _, holds in known}
    if len(found) == 1:
        return (HOLDS if True in found else FAILS), None
    return HOLDS_ONLY_IF, _region(known, list(known[0][0]))


def joined_places(evidence) -> list[tuple[dict, bool | None]]:
    """Return every place of evidence, and whether the claim holds there; None where it is open."""
    joined = {}
    for each in evidence:
        joined.setdefault(tuple(each.where.items()), []).append(each.holds)
    return [(dict(where), together(found)) for where, found in joined.items()]


def _region(known, keys):
    """Describe where a claim holds, by one key if that is enough."""
    first, *rest = keys
    for key in keys:
        by_value = {}
        for where, holds in known:
            by_value.setdefault(where.get(key), set()).add(holds)
        apart = all(len(found) == 1 for found in by_value.values())
        # Numbers in no order may be apart only because they come from different places.
        if apart and (key == first or _in_order(by_value)):
            return _values(key, by_value)
    parts = []
    for value in dict.fromkeys(where.get(first) for where, _ in known):
        inside = [place for place in known if place[0].get(first) == value]
        found = {holds for _, holds in inside}
        text = f"{name_of(first)} = {text_of(value)}"
        if found == {True}:
            parts.append(text)
        elif len(found) == 2:
            parts.append(f"{text} and {_region(inside, rest)}" if rest else f"{text} in part")
    return "; ".join(parts)


def _in_order(by_value):
    if not all(isinstance(value, Real) for value in by_value):
        return True
    yes, no = _split(by_value)
    return max(yes) < min(no) or min(yes) > max(no)


def _split(by_value):
    yes = [value for value, found in by_value.items() if found == {True}]
    no = [value for value, found in by_value.items() if found == {False}]
    return yes, no


def _values(key, by_value):
    yes, no = _split(by_value)
    name = name_of(key)
    if all(isinstance(value, Real) for value in by_value):
        if max(yes) < min(no):
            return f"{name} ≤ {text_of(max(yes))} (fails from {text_of(min(no))} on)"
        if min(yes) > max(no):
            return f"{name} ≥ {text_of(min(yes))} (fails up to {text_of(max(no))})"
    return f"{name} = {_listed(yes)} (fails at {_listed(no)})"


def _listed(values):
    return ", ".join(map(text_of, values))


def name_of(key) -> str:
    """Write a key of a place, for example ``"T"`` or ``"initial size"``."""
    return _SYMBOLS.get(key, key.replace("_", " "))


def text_of(value) -> str:
    """Write a value of a place, for example ``"0.8"`` or ``"∞"``."""
    if not isinstance(value, Real):
        return str(value)
    return "∞" if value == float("inf") else decimal_text(value)


def plain_effect(stated, estimate) -> dict:
    """Return the size of an effect: its name and units as stated, and its numbers."""
    return {
        "name": stated["name"],
        **_plain_numbers(estimate),
        "level": EFFECT_CONFIDENCE,
        "units": stated["units"],
    }


def plain_evidence(finding) -> list[dict]:
    """Return what decides, and then what stands beside it, as plain values with finite numbers."""
    return [
        {
            "name": each.name,
            **_plain_numbers(each.estimate),
            "holds": each.holds,
            "where": {key: _plain(value) for key, value in each.where.items()},
        }
        for each in (*finding.evidence, *finding.beside)
    ]


def _plain_numbers(estimate):
    if estimate is None:
        return dict.fromkeys(("value", "low", "high"))
    return {
        name: float(value) if math.isfinite(value) else None
        for name, value in zip(("value", "low", "high"), estimate, strict=True)
    }


def _plain(value):
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else "inf"
    return str(value)
