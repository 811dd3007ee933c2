"""Rules about the signs by which collapse is recognised: C8, C9 and C10."""

import math

import numpy as np

from heatdeath.claims.verdict import EFFECT_CONFIDENCE, Evidence, Finding, above, below
from heatdeath.measure.estimates import (
    mean_estimate,
    mean_of_estimates,
    share_estimate,
    share_of,
)


def falling_entropy(data, *, level, share_level) -> Finding:
    """C8: the entropy falls."""
    return _moved(data, "entropy", below, "nat", level=level, share_level=share_level)


def growing_self_similarity(data, *, level, share_level) -> Finding:
    """C9: the chance that two outputs agree grows."""
    return _moved(data, "collision_probability", above, "", level=level, share_level=share_level)


def _moved(data, observable, direction, units, *, level, share_level):
    evidence, cold, hot = [], [], []
    for cell in data.cells(lambda cell: cell.initial == "target"):
        if not above(share_estimate(~cell.faithful, confidence=share_level), 0.5):
            continue
        change = cell.change(observable)
        estimate = mean_estimate(change, confidence=level)
        where = {
            "temperature": cell.temperature,
            "fresh_fraction": cell.fresh_fraction,
            "target": cell.target,
        }
        name = f"change of {observable.replace('_', ' ')}"
        evidence.append(Evidence(name, estimate, where, direction(estimate, 0)))
        side = cold if cell.temperature < 1 else hot
        side.append(mean_estimate(change, confidence=EFFECT_CONFIDENCE))
    if not evidence:
        return Finding([])
    words = [
        f"{_signed(mean_of_estimates(side).value)}{units and ' ' + units} over {len(side)} cells "
        f"{place} T = 1"
        for side, place in ((cold, "below"), (hot, "at or above"))
        if side
    ]
    summary = f"The mean change in cells that are not faithful is {' and '.join(words)}."
    return Finding(evidence, mean_of_estimates(cold) if cold else None, summary)


def _signed(value):
    return f"{value:+.3f}".replace("-", "−")


# What a total variation of ε means at least for each divergence, and what it is measured from.
_DIVERGENCES = {
    "total_variation": ("target", lambda tolerance: tolerance),
    "total_variation_from_start": ("start", lambda tolerance: tolerance),
    "hellinger": ("target", lambda tolerance: tolerance / math.sqrt(2)),
    "kl_from_target": ("target", lambda tolerance: 2 * tolerance**2),
    "kl_to_target": ("target", lambda tolerance: 2 * tolerance**2),
}


def divergence(data, *, level, changed, unchanged, right, exchanged=False) -> Finding:
    """C10: the model diverges from the target where it has collapsed, and else does not.

    The control has the labels "changed" and "unchanged" `exchanged`.
    """
    judged = []
    for cell in data.cells(lambda cell: cell.initial == "target"):
        factor = abs(np.median(cell.end["entropy"]) - cell.target_entropy)
        if factor > math.log(changed):
            judged.append((cell, not exchanged))
        elif factor < math.log(unchanged):
            judged.append((cell, exchanged))
    if not judged:
        return Finding([])
    evidence, effect, words = [], None, []
    for name, (reference, threshold) in _DIVERGENCES.items():
        where = {"divergence": name, "reference": reference}
        shares = []
        for label, alarm in (("changed", True), ("unchanged", False)):
            alarms = [
                (cell.end[name] > threshold(cell.tolerance)).mean() > 0.5
                for cell, is_changed in judged
                if is_changed == alarm
            ]
            n_right, n_cells = sum(bool(each) == alarm for each in alarms), len(alarms)
            share = share_of(n_right, n_cells, confidence=level)
            found = Evidence(f"share of right {label} cells", share, where, above(share, right))
            evidence.append(found)
            shares.append((share_of(n_right, n_cells, confidence=EFFECT_CONFIDENCE), n_cells))
        words.append(f"{name.replace('_', ' ')} {_both(shares)}")
        if name == "total_variation":
            effect, _ = min(shares, key=lambda each: each[0].low)
    (_, n_changed), (_, n_unchanged) = shares
    summary = (
        f"Right in {n_changed} changed and in {n_unchanged} unchanged cells, as shares: "
        f"{', '.join(words)}."
    )
    return Finding(evidence, effect, summary)


def _both(shares):
    return " and ".join(f"{share.value:.2f}" if n_cells else "none" for share, n_cells in shares)
