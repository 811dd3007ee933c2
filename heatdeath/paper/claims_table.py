"""The table of claims as the paper shows it: verdicts with rounded effects."""

import json
from pathlib import Path

from heatdeath.errors import FileFormatError
from heatdeath.paper.entries import exact, measured

FORMAT_VERSION = 1
"""Version of the verdicts that this module reads."""


def claims_table(path) -> list[dict]:
    """Read the verdicts on the claims, and round their effects as all numbers of the text."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    if content.get("format_version") != FORMAT_VERSION:
        raise FileFormatError(
            path, f"has format_version {content.get('format_version')}; needed: {FORMAT_VERSION}"
        )
    try:
        return [_row(claim) for claim in content["claims"]]
    except KeyError as error:
        raise FileFormatError(path, f"has a claim without the key {error}") from error


_OF_FAMILY = ("study", "family", "source", "verdict", "condition")


def _row(claim):
    kept = ("id", "claim", "sources", "verdict", "condition", "summary")
    control = claim["control"]
    return {name: claim[name] for name in kept} | {
        "effect": {"name": claim["effect"]["name"], "entry": _entry(claim["effect"])},
        "control": control["verdict"],
        "flipped": control["flipped"],
        "families": [
            {name: judged[name] for name in _OF_FAMILY} for judged in claim.get("families", ())
        ],
    }


def _entry(effect):
    value, low, high = effect["value"], effect["low"], effect["high"]
    if value is None:
        return None
    # What is infinite is written as a text, and has no width to round by.
    ends = isinstance(low, int | float) and isinstance(high, int | float)
    # A value at an end of its interval, the step of a grid or a share of all, is no median of it:
    # the width of the interval is not what it is uncertain by.
    if ends and value in (low, high) and low < high:
        texts = [exact(each)["text"] for each in (low, high)]
        entry = exact(value) | {"low": low, "high": high, "range": " to ".join(texts)}
    else:
        entry = measured(value, low, high) if ends else exact(float(value))
    if effect["units"] != "1":
        entry["text"] += f" {effect['units']}"
    return entry
