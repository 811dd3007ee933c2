"""Rules about where a loop without fresh data ends: C1, C2, C3 and C11.

C1 and C2 have rules of their own for families of generative models, where those of the urn need
other studies.
"""

import math

import numpy as np

from heatdeath.choices import GROWING_REGIMES
from heatdeath.claims.data import cells_of, setting_of
from heatdeath.claims.verdict import (
    EFFECT_CONFIDENCE,
    Evidence,
    Finding,
    above,
    below,
    text_of,
    within,
)
from heatdeath.measure.estimates import (
    Estimate,
    difference_estimate,
    mean_estimate,
    ratio_estimate,
    share_of,
)


def other_limit_than_the_target(data, *, level, margin, time, decayed, share_level) -> Finding:
    """C1: without fresh data every T but 1 leads away from the target."""
    pairs = list(_pairs_with_one(data))
    evidence = [_beyond_one(*pair, level=level, margin=margin, time=time) for pair in pairs]
    effect = min((_excess(*pair, confidence=EFFECT_CONFIDENCE) for pair in pairs), default=None)
    summary = ""
    if effect is not None:
        least = min(evidence, key=lambda each: each.estimate.value)
        summary = (
            f"The total variation from {least.where['target']} exceeds that at T = 1 by at least "
            f"{effect.value:.3f}, least at T = {text_of(least.where['temperature'])}."
        )
    towards = list(_towards_uniform(data, decayed))
    if towards:
        largest = max(each.estimate.value for each in towards)
        summary += (
            " Above T = 1 deviations from a uniform target fall to "
            f"{largest:.3f} of their start or less."
        )
    away = list(_away_from_uniform(data, share_level))
    if any(each.holds for each in away):
        warmest = max(each.where["temperature"] for each in away if each.holds)
        summary += (
            " Below T = 1 one outcome comes to hold most of a uniform target, at temperatures up "
            f"to {text_of(warmest)}."
        )
    return Finding([*evidence, *towards, *away], effect, summary.strip())


def _pairs_with_one(data):
    """Yield every cell without fresh data at T other than 1 with that of its setting at T = 1."""
    still = {}
    for cell in data.cells_without_fresh_data(lambda temperature: temperature == 1):
        still.setdefault(setting_of(cell), cell)
    for cell in data.cells_without_fresh_data(lambda temperature: temperature != 1):
        if setting_of(cell) in still:
            yield cell, still[setting_of(cell)]


def _excess(cell, reference, *, confidence):
    """Return the total variation at the horizon beyond that of another cell."""
    reached, other = (each.end["total_variation"] for each in (cell, reference))
    return difference_estimate(reached, other, confidence=confidence)


def _beyond_one(cell, reference, *, level, margin, time):
    excess = _excess(cell, reference, confidence=level)
    holds = above(excess, margin) or None
    if within(excess, -margin, margin) and _log_time(cell) >= time:
        holds = False
    where = {"target": cell.target, "temperature": cell.temperature}
    return Evidence("total variation beyond that at T = 1", excess, where, holds)


def _towards_uniform(data, decayed):
    """Yield, for hot loops of uniform targets, how much of the deviation from them is left."""
    for record in data.relaxation:
        for cell in cells_of(record, over="exponent"):
            hot = cell["temperature"] > 1 and cell["fresh_fraction"] == 0
            if hot and _is_named_uniform(cell["target"]):
                ratio = _last_over_first(cell)
                holds = False if ratio.high < decayed else above(ratio, 1) or None
                where = {"target": cell["target"], "temperature": cell["temperature"]}
                name = "deviation from the target over that at the start"
                yield Evidence(name, ratio, where, holds)


def _away_from_uniform(data, share_level):
    """Yield, for cold loops of uniform targets, the share of the seeds that collapse."""
    for record in data.collapse_time:
        for cell in cells_of(record, over="collapsed_share"):
            if cell["temperature"] < 1 and _is_named_uniform(cell["target"]):
                n_seeds = int(record.attributes["n_seeds"])
                n_collapsed = round(cell["collapsed_share"] * n_seeds)
                share = share_of(n_collapsed, n_seeds, confidence=share_level)
                where = {"target": cell["target"], "temperature": cell["temperature"]}
                # A seed that has not collapsed yet says nothing about its limit.
                holds = above(share, 0.5) or None
                yield Evidence("share of the seeds that collapse", share, where, holds)


def _is_named_uniform(target):
    return str(target).startswith("uniform:")


def _last_over_first(cell):
    """Return the deviation at the horizon over that of the start, which all seeds share."""
    first = cell["deviation"][0]
    low, high = cell["deviation_interval"][-1]
    return Estimate(*(float(value / first) for value in (cell["deviation"][-1], low, high)))


def further_than_at_one(data, *, level, margin, time) -> Finding:
    """C1 for a family: every T but 1 leads away from the target, and further than T = 1."""
    evidence, effects = [], []
    for still in data.cells_without_fresh_data(lambda temperature: temperature == 1):
        for cell in data.cells_without_fresh_data(lambda temperature: temperature != 1):
            reached = cell.end["total_variation"]
            beyond = mean_estimate(reached - cell.tolerance, confidence=level)
            excess = _excess(cell, still, confidence=level)
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
            effects.append((_excess(cell, still, confidence=EFFECT_CONFIDENCE), cell))
    if not effects:
        return Finding([])
    effect, cell = min(effects, key=lambda each: each[0])
    summary = (
        f"The total variation from {cell.target} exceeds that at T = 1 by at least "
        f"{effect.value:.3f}, least at T = {text_of(cell.temperature)}, where it is "
        f"{cell.end['total_variation'].mean():.3f} and the tolerance {text_of(cell.tolerance)}."
    )
    return Finding(evidence, effect, summary)


def _log_time(cell):
    """Return the time of a run in units of that in which its temperature changes a model."""
    rate = abs(1 - 1 / cell.temperature) if cell.temperature else math.inf
    regime = cell.attributes["regime"]
    if regime in GROWING_REGIMES:
        return rate * math.log(cell.growth)
    kept = int(cell.attributes["batch_size"]) * int(cell.attributes.get("window", 1))
    return rate * cell.horizon / kept


def uniform_limit(data, *, level, share, growth, margin) -> Finding:
    """C2: hot loops make the outcomes present equal, with the exponent min(1 − 1/T, ½)."""
    evidence = []
    for cell in data.cells_without_fresh_data(lambda temperature: temperature > 1):
        distances = [_from_uniform(each) for each in (cell.start, cell.end)]
        exponents = np.log(distances[0] / distances[1]) / math.log(cell.growth)
        estimate = mean_estimate(exponents, confidence=level)
        where = {"target": cell.target, "temperature": cell.temperature}
        holds = above(estimate, share * claimed_exponent(cell.temperature))
        evidence.append(Evidence("mean exponent from start to horizon", estimate, where, holds))
    distances = []
    for record in data.relaxation:
        for cell in cells_of(record, over="exponent"):
            long_enough = cell["growth"][-1] >= growth
            if cell["temperature"] > 1 and cell["fresh_fraction"] == 0 and long_enough:
                window = record.attributes["fit_from"], cell["growth"][-1]
                claimed = fitted_exponent(cell["temperature"], window)
                estimate = Estimate(cell["exponent"], *map(float, cell["exponent_interval"]))
                holds = within(estimate, claimed - margin, claimed + margin)
                where = {"target": cell["target"], "temperature": cell["temperature"]}
                evidence.append(Evidence("exponent of the approach", estimate, where, holds))
                off = Estimate(*(value - claimed for value in estimate))
                distances.append((off if off.value >= 0 else _mirrored(off), where))
    effect, summary = None, ""
    if distances:
        effect, where = max(distances, key=lambda each: each[0].value)
        summary = (
            f"Measured exponents are within {effect.value:.3f} of those claimed, the largest "
            f"distance at T = {text_of(where['temperature'])}."
        )
    return Finding(evidence, effect, summary)


def claimed_exponent(temperature) -> float:
    """Return min(1 − 1/T, ½), for T above 1."""
    return min(1 - 1 / temperature, 0.5)


def fitted_exponent(temperature, window) -> float:
    """Return the exponent of a fit between two growths of the data, (ℓ₀ + K)/ℓ₀, as claimed.

    At T = 2 the approach is √(ln ℓ/ℓ), and the exponent is that of √(ln(ℓ/ℓ₀)/ℓ).
    """
    exponent = claimed_exponent(temperature)
    if 1 - 1 / temperature == 0.5:
        first, last = (math.log(growth) for growth in window)
        exponent -= 0.5 * math.log(last / first) / (last - first)
    return exponent


def _mirrored(estimate):
    return Estimate(-estimate.value, -estimate.high, -estimate.low)


def _from_uniform(observed):
    """Return the distance from the uniform distribution on the outcomes present, shape (seed,).

    It is √(2 KL(θ‖uniform)), as KL(θ‖uniform) = ln(support) − H(θ); at least a rounding error.
    """
    deficit = np.log(observed["support_size"]) - observed["entropy"]
    return np.sqrt(2 * np.maximum(deficit, np.finfo(float).eps))


def equal_shares(data, *, level, even, time) -> Finding:
    """C2 for a family: hot loops make the outcomes present equal; no exponent is judged."""
    evidence, effects = [], []
    for cell in data.cells_without_fresh_data(lambda temperature: temperature > 1):
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


def single_limit(data, *, level, one, few) -> Finding:
    """C3: cold loops end in one outcome, and are a few at any finite horizon."""
    evidence, least = [], []
    for cell in data.cells_without_fresh_data(lambda temperature: temperature < 1):
        where = {"target": cell.target, "temperature": cell.temperature}
        top = mean_estimate(cell.end["top1_mass"], confidence=level)
        grown = mean_estimate(cell.change("top1_mass"), confidence=level)
        holds = False if grown.high <= 0 else above(top, one) or None
        evidence.append(Evidence("mass of the top outcome", top, where, holds))
        mass = mean_estimate(cell.end["top10_mass"], confidence=level)
        evidence.append(
            Evidence("mass of the ten most probable outcomes", mass, where, above(mass, few))
        )
        effect = mean_estimate(cell.end["top10_mass"], confidence=EFFECT_CONFIDENCE)
        least.append((effect, cell, top.value))
    if not least:
        return Finding([])
    effect, cell, top = min(least, key=lambda each: each[0].value)
    summary = (
        f"At T = {text_of(cell.temperature)} and {cell.growth:.0f} times the data of the start, "
        f"the ten most probable outcomes of {cell.target} hold {effect.value:.3f} and the top one "
        f"{top:.3f}; over all temperatures the top one holds up to "
        f"{max(each[2] for each in least):.4f}."
    )
    return Finding(evidence, effect, summary)


def nothing_lost(data, *, level, surprise, variety) -> Finding:
    """C11: at T = 1 without fresh data the mean, the variety and the support are kept."""
    evidence, ratios, shifts = [], [], []
    for cell in data.neutral:
        where = {"regime": _regime(cell)}
        # Σ θ_i ln(1/p_i) = H(θ) + KL(θ‖p).
        shift = mean_estimate(
            cell.change("entropy") + cell.change("kl_to_target"), confidence=level
        )
        evidence.append(
            Evidence("change of the surprise", shift, where, within(shift, -surprise, surprise))
        )
        shifts.append(abs(shift.value))
        values = [1 - each["collision_probability"] for each in (cell.end, cell.start)]
        ratio = ratio_estimate(*values, confidence=level)
        evidence.append(Evidence("ratio of 1 − Σθ²", ratio, where, above(ratio, 1 - variety)))
        share = cell.end["support_size"] / cell.start["support_size"]
        kept = mean_estimate(share, confidence=level)
        holds = True if (share == 1).all() else (False if kept.high < 1 else None)
        evidence.append(Evidence("share of the support kept", kept, where, holds))
        ratios.append((ratio_estimate(*values, confidence=EFFECT_CONFIDENCE), where["regime"]))
    if not ratios:
        return Finding([])
    (effect, worst), (most, best) = min(ratios), max(ratios)
    summary = (
        f"The expected surprise changes by {max(shifts):.3f} nats or less. The ratio of the means "
        f"of 1 − Σθ² is {most.value:.4f} in the regime {best} and {effect.value:.4f} in the regime "
        f"{worst}."
    )
    return Finding(evidence, effect, summary)


def _regime(cell):
    """Name the regime: that of the study's variants, or else what the file says."""
    return str(cell.place.get("variant", cell.attributes["regime"]))
