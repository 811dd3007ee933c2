"""Rules about how fast loops degenerate: C7, on the urn and on families of generative models."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np

from heatdeath.claims.data import cells_of
from heatdeath.claims.verdict import Evidence, Finding, text_of
from heatdeath.measure.collapse_time import median_interval
from heatdeath.measure.estimates import Estimate
from heatdeath.measure.intervals import quantiles

_UNMEASURED = "No two temperatures of a study below 1 have a median within the horizon."


def faster_away_from_one(data, *, growth, margin) -> Finding:
    """C7: the further the temperature is from 1, the faster."""
    cold, hot = [], []
    for study, record in enumerate(data.collapse_time):
        for cell in cells_of(record, over="collapsed_share"):
            cold.append((cell | {"study": study}, _median(record, cell)))
    for study, record in enumerate(data.relaxation):
        for cell in cells_of(record, over="exponent"):
            long_enough = cell["growth"][-1] >= growth
            if cell["temperature"] > 1 and cell["fresh_fraction"] == 0 and long_enough:
                interval = map(float, cell["exponent_interval"])
                hot.append((cell | {"study": study}, Estimate(cell["exponent"], *interval)))
    evidence, spans = [], []
    for group in _groups(cold):
        for (colder, one), (warmer, other) in pairwise(group):
            where = _where(colder, warmer, nearer=warmer)
            name = "ln(ℓ*/ℓ₀) at the warmer less that at the colder"
            evidence.append(_compared(name, one, other, where, margin))
        # A median beyond the horizon has no size.
        known = [each for each in group if math.isfinite(each[1].high)]
        if len(known) > 1:
            (coldest, first), (warmest, last) = known[0], known[-1]
            spans.append((_difference(last, first), coldest, warmest))
    for group in _groups(hot):
        for (cooler, one), (hotter, other) in pairwise(group):
            where = _where(cooler, hotter, nearer=cooler)
            name = "exponent at the hotter less that at the cooler"
            evidence.append(_compared(name, one, other, where, margin))
    if not spans:
        return Finding(evidence, summary=_UNMEASURED)
    effect, coldest, warmest = max(spans, key=lambda each: each[0].value)
    summary = (
        f"ln(ℓ*/ℓ₀) at T = {text_of(warmest['temperature'])} less that at "
        f"T = {text_of(coldest['temperature'])} is {effect.value:.2f} ({coldest['target']})."
    )
    return Finding(evidence, effect, summary)


def _median(record, cell):
    """Return the median over the seeds of ln(ℓ*/ℓ₀), infinite beyond the horizon."""
    at = list(record.values("quantile")).index(0.5)
    return Estimate(float(cell["log_growth"][at]), *map(float, cell["median_interval"]))


def _groups(cells):
    """Group cells with their estimates by study, target and start, each in order of temperature."""
    groups = {}
    for cell, estimate in cells:
        key = cell["study"], cell["target"], cell["initial_size"]
        groups.setdefault(key, []).append((cell, estimate))
    return [sorted(group, key=lambda each: each[0]["temperature"]) for group in groups.values()]


def _where(one, other, *, nearer):
    return {
        "temperature": nearer["temperature"],
        "target": one["target"],
        "pair": f"T = {text_of(one['temperature'])} and {text_of(other['temperature'])}",
    }


def sooner_away_from_one(data, *, moved, margin) -> Finding:
    """C7 for a family: the further the temperature is from 1, the sooner it has left its start."""
    evidence, effect, words = [], None, []
    cold = data.cells_without_fresh_data(lambda temperature: temperature < 1)
    hot = data.cells_without_fresh_data(lambda temperature: temperature > 1)
    # Each side from the temperature furthest from 1 to the nearest.
    cold.sort(key=lambda cell: cell.temperature)
    hot.sort(key=lambda cell: cell.temperature, reverse=True)
    for side in (cold, hot):
        clocks = [(cell, _clock(cell, moved)) for cell in side]
        for (further, sooner), (nearer, later) in pairwise(clocks):
            where = {
                "temperature": nearer.temperature,
                "pair": f"T = {text_of(nearer.temperature)} and {text_of(further.temperature)}",
            }
            what = "ln(generations) at the temperature nearer to 1 less that further away"
            found = _compared(what, sooner, later, where, margin)
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
        if side is cold and len(known) > 1:
            effect = _difference(known[-1][1], known[0][1])
    summary = ""
    if words:
        summary = (
            f"Generations until the total variation from the start reaches {text_of(moved)}: "
            f"{', '.join(words)}."
        )
    return Finding(evidence, effect, summary)


def _clock(cell, moved):
    """Return the median over the seeds of ln(generations) until they have moved."""
    times = [_first_passage(path, cell.generations, moved) for path in cell.departure]
    low, high = median_interval(times)
    (median,) = quantiles(times, [0.5])
    return Estimate(*(math.log(each) for each in (median, low, high)))


def _first_passage(path, generations, level):
    """Return the generation at which a path from 0 reaches a level; infinite if it does not.

    The path and the generations have shape (checkpoint,).
    """
    reached = path >= level
    if not reached.any():
        return math.inf
    after = int(reached.argmax())
    ends = slice(after - 1, after + 1)
    return float(np.interp(level, path[ends], generations[ends]))


def _compared(name, lesser, greater, where, margin) -> Evidence:
    """Hold two numbers against the claim that the second is greater."""
    found = _difference(greater, lesser)
    holds = None
    if found.low > 0:
        holds = True
    elif found.high < 0 or (found.low > -margin and found.high < margin):
        holds = False
    return Evidence(name, found, where, holds)


def _difference(one, other) -> Estimate:
    """Return a difference whose limits are 0 where the intervals touch."""
    if math.isinf(other.high):
        return Estimate(math.nan, -math.inf, math.inf)
    return Estimate(one.value - other.value, one.low - other.high, one.high - other.low)
