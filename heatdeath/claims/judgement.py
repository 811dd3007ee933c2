"""Judge every claim, and its negative control, on the studies of a configuration.

What is claimed about closed-loop learning, and what the studies say: each claim with its verdict,
the region where it holds if it holds only there, the size of the effect with its 95 % interval,
and the verdict of the same rule on a negative control. Rules, sources and all evidence unfold
below each claim. Fresh or synthetic is an independent coin for every output.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from heatdeath.canonical import decimal_text
from heatdeath.claims import controls, fresh_data, limits, report, signs, speed
from heatdeath.claims.data import Data, read_data
from heatdeath.claims.statement import load_claims
from heatdeath.claims.verdict import (
    UNDECIDED,
    Finding,
    decide,
    joined_places,
    plain_effect,
    plain_evidence,
)
from heatdeath.errors import ParameterError
from heatdeath.study.roles import FAMILIES, ROLES

FORMAT_VERSION = 1


@dataclass(frozen=True)
class FamilyJudge:
    """What is different where a claim is judged on the plane of a family."""

    needs: tuple  # of cells without which nothing is judged: in words, and as they are in Data
    rule: Callable[..., Finding] | None = None  # None for that of the urn
    else_nothing: str = "No cell of this study is one that the rule judges."
    left_out: Callable[..., str] | None = None  # says which cells a Finding has not judged


@dataclass(frozen=True)
class Judge:
    """How a claim is judged on the urn, and where it can be on families of generative models."""

    rule: Callable[..., Finding]  # of Data and the thresholds of the claim
    control: Callable[[Data], Data]  # gives data on which the verdict must be another
    beside: tuple[str, ...] = ()  # roles of studies that the rule shows beside its verdict
    control_options: dict = field(default_factory=dict)  # arguments of the rule on the control
    family: FamilyJudge | None = None
    else_nothing: str = "No cell of this configuration is one that the rule judges."


def _without_fresh_data(words, wanted):
    return (
        f"{words} without fresh data, from a start drawn from the target",
        lambda data: data.cells_without_fresh_data(wanted),
    )


def _such_cells(words, wanted):
    return words, lambda data: data.cells(wanted)


_COLD = _without_fresh_data("below T = 1", lambda temperature: temperature < 1)
_NEUTRAL = _without_fresh_data("at T = 1", lambda temperature: temperature == 1)
_HOT = _without_fresh_data("above T = 1", lambda temperature: temperature > 1)
_OTHER = _without_fresh_data("at a T other than 1", lambda temperature: temperature != 1)
_BARE = _without_fresh_data("at any T", lambda temperature: True)
_MIXED = _such_cells(
    "with a fresh fraction between 0 and 1",
    lambda cell: cell.initial == "target" and 0 < cell.fresh_fraction < 1,
)
_ZERO = _such_cells("at T = 0", lambda cell: cell.temperature == 0)
_DRAWN = _such_cells("from a start drawn from the target", lambda cell: cell.initial == "target")
_FAITHFUL = "Every cell is faithful, or that is open."
_NOT_JUDGED = (
    "No temperature is judged: at each the model is faithful without fresh data, or that is open, "
    "or no cell is faithful and the grid ends below f = 1 − tolerance."
)

JUDGES = {
    "C1": Judge(
        limits.other_limit_than_the_target,
        controls.all_at_one,
        family=FamilyJudge((_NEUTRAL, _OTHER), limits.further_than_at_one),
    ),
    "C2": Judge(
        limits.uniform_limit,
        controls.temperatures_reversed,
        family=FamilyJudge((_HOT,), limits.equal_shares),
    ),
    "C3": Judge(limits.single_limit, controls.temperatures_reversed, family=FamilyJudge((_COLD,))),
    "C4": Judge(
        fresh_data.no_prevention,
        controls.without_fresh_data,
        family=FamilyJudge(
            (_BARE, _MIXED),
            partial(fresh_data.no_prevention, bounded=False),
            else_nothing=_NOT_JUDGED,
            left_out=partial(fresh_data.short_grids, with_zero=False),
        ),
    ),
    "C5": Judge(
        fresh_data.prevention,
        controls.without_fresh_data,
        beside=("growth", "recovery", "tolerance_scan", "capture"),
        family=FamilyJudge(
            (_BARE, _MIXED), else_nothing=_NOT_JUDGED, left_out=fresh_data.short_grids
        ),
    ),
    "C6": Judge(
        fresh_data.zero_temperature,
        controls.zero_like_one,
        family=FamilyJudge(
            (_ZERO,), else_nothing="Every fresh fraction at T = 0 is 1 − tolerance or more."
        ),
    ),
    "C7": Judge(
        speed.faster_away_from_one,
        controls.each_side_reversed,
        family=FamilyJudge(
            (_OTHER,),
            speed.sooner_away_from_one,
            else_nothing="No two temperatures are on the same side of T = 1.",
        ),
    ),
    "C8": Judge(
        signs.falling_entropy,
        controls.every_second_backwards,
        family=FamilyJudge((_DRAWN,), else_nothing=_FAITHFUL),
    ),
    "C9": Judge(
        signs.growing_self_similarity,
        controls.every_second_backwards,
        family=FamilyJudge((_DRAWN,), else_nothing=_FAITHFUL),
    ),
    "C10": Judge(
        signs.divergence,
        controls.unchanged,
        control_options={"exchanged": True},
        family=FamilyJudge(
            (_DRAWN,),
            else_nothing=(
                "In every cell the effective number of outcomes is neither changed nor unchanged."
            ),
        ),
    ),
    "C11": Judge(limits.nothing_lost, controls.other_temperatures_as_neutral),
}
"""How each claim of config/claims.yaml is judged, by its id."""


def judge(claims, *, studies, **files) -> tuple[str, str, str]:
    """Judge the claims of a file, and return the texts of claims.json, claims.csv and claims.html.

    `studies` has for each role its studies, each with its ``name``; what else it says of them, and
    what the `files` are, is as in `heatdeath.claims.data.read_data`.
    """
    names = {role: [study["name"] for study in each] for role, each in studies.items()}
    document = judge_claims(load_claims(claims), read_data(studies, files=files), studies=names)
    return report.as_json(document), report.as_table(document), report.as_page(document)


def judge_claims(claims, data, *, studies) -> dict:
    """Return what claims.json holds: for each claim its verdict, as plain values.

    `studies` has the names of the studies of every role. Where there are studies of families, each
    claim has a list of verdicts on them as ``families``.
    """
    rows = []
    for claim in claims:
        row = _on_urn(claim, data, studies)
        if studies.get(FAMILIES):
            row["families"] = judge_families(claim, data.families)
        rows.append(row)
    return {"format_version": FORMAT_VERSION, "claims": rows}


def judge_families(claim, studies) -> list[dict]:
    """Return the verdicts on a claim, one a study of a family; none without a rule for families."""
    if claim.families is None:
        return []
    how = _judge_of(claim, {name: each for name, each in JUDGES.items() if each.family})
    rule = how.family.rule or how.rule
    how = replace(how, rule=rule, else_nothing=how.family.else_nothing)
    _check_thresholds(how.rule, claim.families.thresholds, where=f"{claim.id}.families")
    return [_on_family(claim.families, how, study) for study in studies]


def _judge_of(claim, judges):
    if claim.id not in judges:
        raise ParameterError(f"{claim.id}.id", claim.id, "one of " + ", ".join(judges))
    return judges[claim.id]


def _check_thresholds(rule, thresholds, *, where):
    """Check that the thresholds are the keyword arguments of a rule that have no default."""
    parameters = inspect.signature(rule).parameters.values()
    asked = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty]
    if set(asked) != set(thresholds):
        raise ParameterError(
            f"{where}.thresholds", ", ".join(thresholds), "exactly " + ", ".join(asked)
        )


def _on_urn(claim, data, studies):
    how = _judge_of(claim, JUDGES)
    _check_thresholds(how.rule, claim.thresholds, where=claim.id)
    lacking = [role for role in claim.needs if not studies.get(role)]
    missing = f"No study of this configuration serves as {' and '.join(lacking)}."
    finding, control = _findings(claim, how, data, missing=missing if lacking else "")
    roles = [*claim.needs, *how.beside]
    return {
        "id": claim.id,
        "claim": claim.claim,
        "sources": list(claim.sources),
        "said": claim.said,
        "rule": claim.rule,
        "scope": claim.scope | _sizes(data, claim.needs),
        "studies": [name for role in roles for name in studies.get(role, ())],
        **_verdict(claim, finding, control),
    }


def _on_family(stated, how, study):
    data = Data(plane=study.cells)
    finding, control = _findings(stated, how, data, missing=_missing(how.family, study, data))
    words = [finding.summary, _why_open(finding)]
    if finding.evidence and how.family.left_out is not None:
        words.append(how.family.left_out(data, finding, **stated.thresholds))
    finding = replace(finding, summary=" ".join(filter(None, words)))
    return {
        "study": study.name,
        "family": study.family,
        "source": study.source,
        "rule": stated.rule,
        "scope": _loops(study),
        **_verdict(stated, finding, control),
    }


def _findings(stated, how, data, *, missing):
    """Return what a rule finds on data and on their control; nothing where something is missing."""
    if missing:
        return Finding([], summary=missing), Finding([])
    finding = how.rule(data, **stated.thresholds)
    control = how.rule(how.control(data), **stated.thresholds, **how.control_options)
    return (finding if finding.evidence else Finding([], summary=how.else_nothing)), control


def _verdict(stated, finding, control):
    """Return what every row ends with: the verdicts on the data and on their control."""
    verdict, condition = decide(finding.evidence)
    on_control, _ = decide(control.evidence)
    return {
        "verdict": verdict,
        "condition": condition,
        "summary": finding.summary,
        "effect": plain_effect(stated.effect, finding.effect),
        "evidence": plain_evidence(finding),
        "control": {
            "what": stated.control,
            "verdict": on_control,
            "flipped": verdict != UNDECIDED and on_control != verdict,
        },
    }


def _missing(family_judge, study, data):
    """Say why a study of a family cannot be judged; nothing if it can."""
    if study.failed_gates:
        gates = ", ".join(gate.replace("_", " ") for gate in study.failed_gates)
        return (
            f"The family fails its quality gate on real data alone ({gates}), so that its collapse "
            "says nothing."
        )
    for words, cells in family_judge.needs:
        if not cells(data):
            return f"The study has no cell {words}."
    return ""


def _why_open(finding):
    verdict, _ = decide(finding.evidence)
    places = joined_places(finding.evidence)
    if verdict != UNDECIDED or not places:
        return ""
    n_open = sum(holds is None for _, holds in places)
    return (
        f"It is open at {n_open} of {len(places)} places: the interval allows both, or the loop "
        "had too little time."
    )


def _sizes(data, roles):
    """Say what the studies of these roles start from and how far they go."""
    found = {"target": {}, "initial_size": {}, "horizon": {}}
    for role in roles:
        for each in getattr(data, role):
            for name, values in found.items():
                values |= {str(value): value for value in _values_of(each, name, role)}
    return {
        name: next(iter(values.values())) if len(values) == 1 else ", ".join(values)
        for name, values in found.items()
        if values
    }


def _values_of(each, name, role):
    """Return the values that a cell or an aggregate has of something; none if it does not say."""
    if ROLES[role].reads_trajectories:
        values = [getattr(each, name)]
    elif name in each.sizes:
        values = each.values(name).tolist()
    else:
        values = [each.attributes[name]] if name in each.attributes else []
    return map(_number, values)


def _number(value):
    """Return a whole number as an integer, whether it is written as a text or not."""
    try:
        return int(value) if float(value).is_integer() else float(value)
    except ValueError:
        return str(value)


def _loops(study):
    """Say what the loops of a study of a family are."""
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
