"""Rules for families of generative models where those of the urn need other studies: C1, C2, C7."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np

from heatdeath.claims.limits import EFFECT_CONFIDENCE, of_no_fresh_data
from heatdeath.claims.speed import compared, difference
from heatdeath.claims.verdict import Evidence, Finding, above, below, text_of, within
from heatdeath.measure.collapse_time import median_interval
from heatdeath.measure.estimates import Estimate, difference_estimate, mean_estimate
from heatdeath.measure.intervals import quantiles

_GROWING = ("accumulate", "subsample")


def other_limit_than_the_target(data, *, level, margin, time) -> Finding:
    """C1: without fresh data every T but 1 leads away from the target."""
    evidence, effects = [], []
    for still in of_no_fresh_data(data, lambda temperature: temperature == 1):
        reference = still.end["total_variation"]
        for cell in of_no_fresh_data(data, lambda temperature: temperature != 1):
            reached = cell.end["total_variation"]
            beyond = mean_estimate(reached - cell.tolerance, confidence=level)
            excess = difference_estimate(reached, reference, confidence=level)
            left, moved = above(beyond, 0), above(excess, margin) or None
            if within(excess, -margin, margin) and not left:
                moved = False
            if _log_time(cell) < time:
                # What is near the target, or near T = 1, had no time to leave.
                left, moved = left or None, moved or None
            where = {"temperature": cell.temperature}
            evidence += [
                Evidence("total variation beyond the tolerance", beyond, where, left),
                Evidence("total variation beyond that at T = 1", excess, where, moved),
            ]
            effect = difference_estimate(reached, reference, confidence=EFFECT_CONFIDENCE)
            effects.append((effect, cell))
    if not effects:
        return Finding([])
    effect, cell = min(effects, key=lambda each: each[0])
    summary = (
        f"The total variation from {cell.target} exceeds that at T = 1 by at least "
        f"{effect.value:.3f}, least at T = {text_of(cell.temperature)}, where it is "
        f"{cell.end['total_variation'].mean():.3f} and the tolerance {text_of(cell.tolerance)}."
    )
    return Finding(evidence, effect, summary)


def equal_shares(data, *, level, even, time) -> Finding:
    """C2: hot loops make the outcomes present equal; the exponent is not judged."""
    evidence, effects = [], []
    for cell in of_no_fresh_data(data, lambda temperature: temperature > 1):
        most = np.log(cell.start["support_size"])
        before, after = (most - each["entropy"] for each in (cell.start, cell.end))
        deficit = mean_estimate(after, confidence=level)
        grown = mean_estimate(after - before, confidence=level)
        holds = below(deficit, even)
        if holds is False and grown.low <= 0 and _log_time(cell) < time:
            holds = None
        where = {"temperature": cell.temperature}
        evidence.append(Evidence("entropy below that of equal shares", deficit, where, holds))
        effects.append((mean_estimate(after, confidence=EFFECT_CONFIDENCE), before.mean(), cell))
    if not effects:
        return Finding([])
    effect, before, cell = max(effects, key=lambda each: each[0].value)
    summary = (
        f"At T = {text_of(cell.temperature)} the entropy is {effect.value:.3f} nat below that of "
        f"equal shares at the horizon, and was {before:.3f} nat below at the start. The exponent "
        "of the approach is not judged."
    )
    return Finding(evidence, effect, summary)


def faster_away_from_one(data, *, moved, margin) -> Finding:
    """C7: the further the temperature is from 1, the sooner the model has left its start."""
    evidence, effect, words = [], None, []
    # Each side from the temperature furthest from 1 to the nearest.
    for name, side in (
        ("below", sorted(of_no_fresh_data(data, _is_cold), key=_temperature)),
        ("above", sorted(of_no_fresh_data(data, _is_hot), key=_temperature, reverse=True)),
    ):
        clocks = [(cell, _clock(cell, moved)) for cell in side]
        for (further, sooner), (nearer, later) in pairwise(clocks):
            where = {
                "temperature": nearer.temperature,
                "pair": f"T = {text_of(nearer.temperature)} and {text_of(further.temperature)}",
            }
            what = "ln(generations) at the temperature nearer to 1 less that further away"
            found = compared(what, sooner, later, where, margin)
            if sooner.low > later.high:
                found = replace(found, holds=False)
            first = nearer.generations[1]
            if first > 1 and max(sooner.value, later.value) < math.log(first):
                found = replace(found, holds=None)
            evidence.append(found)
        known = [each for each in clocks if math.isfinite(each[1].high)]
        words += [
            f"{math.exp(clock.value):.3g} at T = {text_of(cell.temperature)}"
            for cell, clock in known
        ]
        if name == "below" and len(known) > 1:
            effect = difference(known[-1][1], known[0][1])
    summary = ""
    if words:
        summary = (
            f"Generations until the total variation from the start reaches {text_of(moved)}: "
            f"{', '.join(words)}."
        )
    return Finding(evidence, effect, summary)


def _temperature(cell):
    return cell.temperature


def _is_cold(temperature):
    return temperature < 1


def _is_hot(temperature):
    return temperature > 1


def _log_time(cell):
    """Return the time of a run in units of that in which its temperature changes a model."""
    rate = abs(1 - 1 / cell.temperature) if cell.temperature else math.inf
    regime = cell.attributes["regime"]
    if regime in _GROWING:
        return rate * math.log(cell.growth)
    kept = int(cell.attributes["batch_size"]) * int(cell.attributes.get("window", 1))
    return rate * cell.horizon / kept


def _clock(cell, moved):
    """Return the median over the seeds of ln(generations) until they have moved."""
    times = [_first_passage(path, cell.generations, moved) for path in cell.departure]
    low, high = median_interval(times)
    (median,) = quantiles(times, [0.5])
    return Estimate(*(math.log(each) for each in (median, low, high)))


def _first_passage(path, generations, level):
    """Return when a path that starts at 0 reaches a level; infinite if it does not."""
    reached = path >= level
    if not reached.any():
        return math.inf
    after = int(reached.argmax())
    ends = slice(after - 1, after + 1)
    return float(np.interp(level, path[ends], generations[ends]))
