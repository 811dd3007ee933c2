"""Judge claims on studies of families of generative models, each study on its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from heatdeath.canonical import decimal_text
from heatdeath.claims import controls, families, fresh_data, limits, signs
from heatdeath.claims.data import Data
from heatdeath.claims.rows import check_thresholds, plain_control, plain_effect, plain_evidence
from heatdeath.claims.verdict import UNDECIDED, Finding, decide, joined_places, text_of
from heatdeath.errors import ParameterError
from heatdeath.measure.estimates import share_estimate


@dataclass(frozen=True)
class FamilyJudge:
    """How a claim is judged on the plane of a family."""

    rule: Callable[..., Finding]
    control: Callable[[Data], Data]
    needs: tuple = ()
    else_nothing: str = "No cell of this study is one that the rule judges."
    left_out: Callable[..., str] | None = None
    control_options: dict = field(default_factory=dict)


def _without_fresh_data(words, temperature):
    def condition(cell):
        drawn = cell.initial == "target" and cell.fresh_fraction == 0
        return drawn and temperature(cell.temperature)

    return f"{words} without fresh data, from a start drawn from the target", condition


def _is_drawn_with_fresh_data(cell):
    return cell.initial == "target" and 0 < cell.fresh_fraction < 1


_COLD = _without_fresh_data("below T = 1", lambda temperature: temperature < 1)
_NEUTRAL = _without_fresh_data("at T = 1", lambda temperature: temperature == 1)
_HOT = _without_fresh_data("above T = 1", lambda temperature: temperature > 1)
_OTHER = _without_fresh_data("at a T other than 1", lambda temperature: temperature != 1)
_BARE = _without_fresh_data("at any T", lambda temperature: True)
_MIXED = ("with a fresh fraction between 0 and 1", _is_drawn_with_fresh_data)
_ZERO = ("at T = 0", lambda cell: cell.temperature == 0)
_DRAWN = ("from a start drawn from the target", lambda cell: cell.initial == "target")
_FAITHFUL = "Every cell is faithful, or that is open."
_NOT_JUDGED = (
    "No temperature is judged: at each the model is faithful without fresh data, or that is open, "
    "or no cell is faithful and the grid ends below f = 1 − tolerance."
)


def _short_grids(data, finding, *, level, zero=True):
    """Say at which temperatures the grid of fresh fractions ends before anything is decided."""
    judged = {each.where["temperature"] for each in finding.evidence}
    left = [
        cell.temperature
        for cell in limits.of_no_fresh_data(data, lambda temperature: zero or temperature > 0)
        if cell.temperature not in judged
        and share_estimate(cell.faithful, confidence=level).high < 0.5
    ]
    if not left:
        return ""
    return (
        f"Not judged at T = {', '.join(map(text_of, sorted(left)))}, where no cell is certainly "
        "faithful and the grid ends below f = 1 − tolerance."
    )


FAMILY_JUDGES = {
    "C1": FamilyJudge(
        families.other_limit_than_the_target, controls.all_at_one, (_NEUTRAL, _OTHER)
    ),
    "C2": FamilyJudge(families.equal_shares, controls.temperatures_reversed, (_HOT,)),
    "C3": FamilyJudge(limits.single_limit, controls.temperatures_reversed, (_COLD,)),
    "C4": FamilyJudge(
        partial(fresh_data.no_prevention, bounded=False),
        controls.without_fresh_data,
        (_BARE, _MIXED),
        _NOT_JUDGED,
        partial(_short_grids, zero=False),
    ),
    "C5": FamilyJudge(
        fresh_data.prevention,
        controls.without_fresh_data,
        (_BARE, _MIXED),
        _NOT_JUDGED,
        _short_grids,
    ),
    "C6": FamilyJudge(
        fresh_data.zero_temperature,
        controls.zero_like_one,
        (_ZERO,),
        "Every fresh fraction at T = 0 is 1 − tolerance or more.",
    ),
    "C7": FamilyJudge(
        families.faster_away_from_one,
        controls.each_side_reversed,
        (_OTHER,),
        "No two temperatures are on the same side of T = 1.",
    ),
    "C8": FamilyJudge(signs.falling_entropy, controls.every_second_backwards, (_DRAWN,), _FAITHFUL),
    "C9": FamilyJudge(
        signs.growing_self_similarity, controls.every_second_backwards, (_DRAWN,), _FAITHFUL
    ),
    "C10": FamilyJudge(
        signs.divergence,
        controls.unchanged,
        (_DRAWN,),
        "In every cell the effective number of outcomes is neither changed nor unchanged.",
        control_options={"exchanged": True},
    ),
}
"""How each claim is judged on a family, by its id."""


def judge_families(claim, studies) -> list[dict]:
    """Judge a claim on studies of families."""
    if claim.families is None:
        return []
    if claim.id not in FAMILY_JUDGES:
        raise ParameterError(f"{claim.id}.id", claim.id, "one of " + ", ".join(FAMILY_JUDGES))
    judge = FAMILY_JUDGES[claim.id]
    check_thresholds(judge.rule, claim.families.thresholds, where=f"{claim.id}.families")
    return [_row(claim.families, judge, study) for study in studies]


def _row(stated, judge, study):
    data = Data(plane=study.cells)
    finding, control = Finding([], summary=_missing(judge, study)), Finding([])
    if not finding.summary:
        finding = judge.rule(data, **stated.thresholds)
        control = judge.rule(judge.control(data), **stated.thresholds, **judge.control_options)
        if not finding.evidence:
            finding = Finding([], summary=judge.else_nothing)
    verdict, condition = decide(finding.evidence)
    words = [finding.summary, _why_open(finding, verdict)]
    if finding.evidence and judge.left_out is not None:
        words.append(judge.left_out(data, finding, **stated.thresholds))
    return {
        "study": study.name,
        "family": study.family,
        "source": study.source,
        "rule": stated.rule,
        "scope": _scope(study),
        "verdict": verdict,
        "condition": condition,
        "summary": " ".join(filter(None, words)),
        "effect": plain_effect(stated.effect, finding.effect),
        "evidence": plain_evidence(finding),
        "control": plain_control(stated.control, control, verdict=verdict),
    }


def _missing(judge, study):
    """Say why a study cannot be judged; nothing if it can."""
    if study.failed_gates:
        gates = ", ".join(gate.replace("_", " ") for gate in study.failed_gates)
        return (
            f"The family fails its quality gate on real data alone ({gates}), so that its collapse "
            "says nothing."
        )
    for words, condition in judge.needs:
        if not any(map(condition, study.cells)):
            return f"The study has no cell {words}."
    return ""


def _why_open(finding, verdict):
    places = joined_places(finding.evidence)
    if verdict != UNDECIDED or not places:
        return ""
    n_open = sum(holds is None for _, holds in places)
    return (
        f"It is open at {n_open} of {len(places)} places: the interval allows both, or the loop "
        "had too little time."
    )


def _scope(study):
    """Say what the loops of a study are."""
    cell = study.cells[0]
    temperatures = sorted({cell.temperature for cell in study.cells})
    fractions = sorted({cell.fresh_fraction for cell in study.cells})
    return {
        "regime": str(cell.attributes["regime"]),
        "initial_size": int(cell.initial_size),
        "batch_size": int(cell.attributes["batch_size"]),
        "generations": int(cell.generations[-1]),
        "seeds": int(cell.faithful.size),
        "tolerance": cell.tolerance,
        "temperature": ", ".join(map(decimal_text, temperatures)),
        "fresh_fraction": ", ".join(map(decimal_text, fractions)),
    }
