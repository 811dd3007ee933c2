"""The rule about how fast loops degenerate: C7."""

import math
from itertools import pairwise

from heatdeath.claims.records import cells_of
from heatdeath.claims.verdict import Evidence, Finding, text_of
from heatdeath.measure.estimates import Estimate

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
            evidence.append(compared(name, one, other, where, margin))
        # A median beyond the horizon has no size.
        known = [each for each in group if math.isfinite(each[1].high)]
        if len(known) > 1:
            (coldest, first), (warmest, last) = known[0], known[-1]
            spans.append((difference(last, first), coldest, warmest))
    for group in _groups(hot):
        for (cooler, one), (hotter, other) in pairwise(group):
            where = _where(cooler, hotter, nearer=cooler)
            name = "exponent at the hotter less that at the cooler"
            evidence.append(compared(name, one, other, where, margin))
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
    """Group by study, target and size of the start, and order each group by temperature."""
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


def compared(name, lesser, greater, where, margin) -> Evidence:
    """Hold two numbers against the claim that the second is greater."""
    found = difference(greater, lesser)
    holds = None
    if found.low > 0:
        holds = True
    elif found.high < 0 or (found.low > -margin and found.high < margin):
        holds = False
    return Evidence(name, found, where, holds)


def difference(one, other) -> Estimate:
    """Return a difference whose limits are 0 where the intervals touch."""
    if math.isinf(other.high):
        return Estimate(math.nan, -math.inf, math.inf)
    return Estimate(one.value - other.value, one.low - other.high, one.high - other.low)
