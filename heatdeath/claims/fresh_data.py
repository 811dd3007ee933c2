"""Rules about what prevents collapse: fresh data (C4, C5) and a temperature of zero (C6)."""

from typing import NamedTuple

from heatdeath.claims.data import cells_of
from heatdeath.claims.verdict import EFFECT_CONFIDENCE, Evidence, Finding, above, text_of
from heatdeath.measure.estimates import Estimate, mean_estimate, share_estimate

# Fractions are decimals: 0.9 reaches 1 − 0.1.
_ROUNDING = 1e-9
# Of each role, the fresh fraction that its studies measure.
_FRACTIONS = {"growth": "prevent", "recovery": "recover", "tolerance_scan": "sufficient"}


class _Cell(NamedTuple):
    """What a rule reads of a cell at one temperature, and at one of the fresh fractions."""

    fresh_fraction: float
    faithful: bool | None  # None where that is open
    share: Estimate  # of the faithful seeds
    tolerance: float


def no_prevention(data, *, level, bounded=True) -> Finding:
    """C4: fresh data prevent collapse at no temperature but zero.

    Theory bounds the total variation of any equilibrium of the urn; of a family it does not, which
    is not `bounded`.
    """
    evidence, prevented, elsewhere = [], [], 0
    for where, column in _columns(data, level=level, wanted=lambda cell: cell.initial == "target"):
        if where["temperature"] == 0:
            continue
        inside = [cell for cell in column if 0 < cell.fresh_fraction < 1]
        best = max(inside, key=lambda cell: (cell.share.low, -cell.fresh_fraction), default=None)
        reached = _reaches(inside)
        if best is None or (best.faithful is not True and not reached):
            continue
        holds = None
        if best.faithful:
            holds = False
        elif all(cell.faithful is False for cell in inside):
            holds = True
        evidence.append(_share_of_seeds(best, where, holds))
        # A grid that ends early is judged only where the claim fails, and would bias the share.
        if reached:
            prevented.append(holds is False)
        else:
            elsewhere += 1
    if not evidence:
        return Finding([])
    effect, words = None, []
    if prevented:
        effect = share_estimate(prevented, confidence=EFFECT_CONFIDENCE)
        words.append(
            f"A fresh fraction below 1 keeps the model faithful at {sum(prevented)} of "
            f"{len(prevented)} temperatures above 0 at which it is not without fresh data."
        )
    if elsewhere and prevented:
        words.append(
            f"So does one at {elsewhere} more, whose grids end before the total variation must be "
            "within the tolerance."
        )
    elif elsewhere:
        words.append(
            f"A fresh fraction below 1 keeps the model faithful at {elsewhere} of {elsewhere} "
            "temperatures judged, whose grids end below f = 1 − tolerance."
        )
    if bounded:
        words.append("By theory the total variation of any equilibrium is at most 1 − f.")
    return Finding(evidence, effect, " ".join(words))


def prevention(data, *, level) -> Finding:
    """C5: enough fresh data prevents collapse."""
    evidence, beside, brackets = [], [], []
    for where, column in _columns(data, level=level, with_start=True):
        inside = [cell for cell in column if cell.fresh_fraction < 1]
        sufficient, step = _sufficient(column)
        if sufficient is None and not _reaches(inside):
            continue
        drawn = where["initial"] == "target"
        if sufficient is None:
            last = inside[-1]
            found = _share_of_seeds(last, where, False if last.faithful is False else None)
        else:
            bracket = Estimate(sufficient, step, sufficient)
            found = Evidence(
                "sufficient fresh fraction, and the grid step below", bracket, where, True
            )
            if drawn:
                brackets.append((bracket, where))
        if drawn:
            evidence.append(found)
        else:
            beside.append(Evidence(found.name, found.estimate, where))
    beside += _measured_fractions(data)
    effect = None
    summary = f"No fresh fraction of the grid is sufficient.{_shown(beside)}"
    if brackets:
        effect, where = max(brackets, key=lambda each: each[0].value)
        tolerances = sorted({cell.tolerance for cell in data.plane})
        summary = (
            f"For a total variation of at most {', '.join(map(text_of, tolerances))} from a start "
            f"drawn from the target, the sufficient fresh fraction is largest, "
            f"{text_of(effect.value)}, at T = {text_of(where['temperature'])} for "
            f"{where['target']}.{_shown(beside)}"
        )
    return Finding(evidence, effect, summary, beside)


def short_grids(data, finding, *, level, with_zero=True) -> str:
    """Say at which temperatures the grid of fresh fractions ends before C4 or C5 is decided.

    C4 leaves T = 0 out, and then it is not among them.
    """
    judged = {each.where["temperature"] for each in finding.evidence}
    left = [
        cell.temperature
        for cell in data.cells_without_fresh_data(lambda temperature: with_zero or temperature > 0)
        if cell.temperature not in judged
        and share_estimate(cell.faithful, confidence=level).high < 0.5
    ]
    if not left:
        return ""
    return (
        f"Not judged at T = {', '.join(map(text_of, sorted(left)))}, where no cell is certainly "
        "faithful and the grid ends below f = 1 − tolerance."
    )


def _share_of_seeds(cell, where, holds):
    name = f"share of faithful seeds at f = {text_of(cell.fresh_fraction)}"
    return Evidence(name, cell.share, where, holds)


def _shown(beside):
    """Say the first of the measured fractions of each name."""
    first = {}
    for each in beside:
        if "initial" not in each.where:
            first.setdefault(each.name, each)
    words = [
        f"{name}: {each.estimate.value:.3f} ({_place(each.where)})" for name, each in first.items()
    ]
    return f" Measured beside it: {'; '.join(words)}." if words else ""


def _place(where):
    size = f", ℓ₀ = {text_of(where['initial_size'])}" if "initial_size" in where else ""
    return f"{where['target']}, T = {text_of(where['temperature'])}{size}"


def zero_temperature(data, *, level) -> Finding:
    """C6: sampling at T = 0 prevents collapse."""
    evidence, beside, effects = [], [], []
    for cell in data.cells(lambda cell: cell.temperature == 0):
        if cell.fresh_fraction >= 1 - cell.tolerance - _ROUNDING:
            continue
        where = {
            "target": cell.target,
            "initial": cell.initial,
            "fresh_fraction": cell.fresh_fraction,
        }
        share = share_estimate(cell.faithful, confidence=level)
        evidence.append(Evidence("share of faithful seeds", share, where, above(share, 0.5)))
        if cell.initial == "target":
            distance = mean_estimate(cell.end["total_variation"], confidence=EFFECT_CONFIDENCE)
            effects.append((cell.fresh_fraction, distance, cell.target))
            locked = cell.fresh_fraction * cell.p.max() + 1 - cell.fresh_fraction
            beyond = mean_estimate(cell.end["top1_mass"] - locked, confidence=EFFECT_CONFIDENCE)
            beside.append(Evidence("top mass less f·p_h + 1 − f", beyond, where))
    if not effects:
        return Finding(evidence, beside=beside)
    fraction, effect, target = min(effects, key=lambda each: each[0])
    summary = (
        f"At T = 0 and f = {text_of(fraction)} the total variation from {target} is "
        f"{effect.value:.3f} at the horizon."
    )
    return Finding(evidence, effect, summary, beside)


def _columns(data, *, level, wanted=None, with_start=False):
    """Yield the temperatures at which there is collapse without fresh data, each with its cells.

    A temperature is a place; its cells are in the order of their fresh fractions.
    """
    columns = {}
    for cell in data.cells(wanted or (lambda cell: True)):
        where = (("target", cell.target), ("temperature", cell.temperature))
        if with_start:
            where += (("initial", cell.initial),)
        share = share_estimate(cell.faithful, confidence=level)
        read = _Cell(cell.fresh_fraction, above(share, 0.5), share, cell.tolerance)
        # Studies of one target that differ in what they start from are columns of their own.
        study = cell.initial, cell.initial_size, cell.horizon, cell.tolerance
        columns.setdefault((where, study), []).append(read)
    for (where, _), column in columns.items():
        column.sort(key=lambda cell: cell.fresh_fraction)
        if column[0].fresh_fraction == 0 and column[0].faithful is False:
            yield dict(where), column


def _reaches(column):
    """Whether the fractions reach 1 − tolerance, where every equilibrium is faithful."""
    return any(cell.fresh_fraction >= 1 - cell.tolerance - _ROUNDING for cell in column)


def _sufficient(column):
    """Return the least fraction below 1 from which on all cells are faithful, and the one below."""
    sufficient, step = None, 0.0
    for cell in reversed(column):
        if not cell.faithful:
            step = cell.fresh_fraction
            break
        if cell.fresh_fraction < 1:
            sufficient = cell.fresh_fraction
    return sufficient, step


def _measured_fractions(data):
    """Yield the critical fractions that were measured, and the halves of capture."""
    for role, name in _FRACTIONS.items():
        for record in getattr(data, role):
            words = f"f_{name}"
            if role == "tolerance_scan":
                tolerance = text_of(float(record.attributes["tolerance"]))
                words = f"sufficient fresh fraction for a total variation of {tolerance}"
            for cell in cells_of(record, over=name):
                if cell[f"{name}_measured"]:
                    where = {"target": cell["target"], "temperature": cell["temperature"]}
                    limits = map(float, cell[f"{name}_interval"])
                    yield Evidence(words, Estimate(cell[name], *limits), where)
    for record in data.capture:
        for cell in cells_of(record, over="half_fraction"):
            if cell["half_flag"]:
                where = {
                    "target": cell["target"],
                    "temperature": cell["temperature"],
                    "initial_size": cell["initial_size"],
                }
                limits = map(float, cell["half_fraction_interval"])
                estimate = Estimate(cell["half_fraction"], *limits)
                yield Evidence("fresh fraction of half capture", estimate, where)
