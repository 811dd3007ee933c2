"""Judge every claim, and its negative control, on the studies of a configuration.

What is claimed about closed-loop learning, and what the studies say: each claim with its verdict,
the region where it holds if it holds only there, the size of the effect with its 95 % interval,
and the verdict of the same rule on a negative control. Rules, sources and all evidence unfold
below each claim. Fresh or synthetic is an independent coin for every output.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from heatdeath.claims import controls, fresh_data, limits, signs, speed
from heatdeath.claims.data import Data
from heatdeath.claims.family_judgement import judge_families
from heatdeath.claims.rows import check_thresholds, plain_control, plain_effect, plain_evidence
from heatdeath.claims.verdict import Finding, decide
from heatdeath.errors import ParameterError
from heatdeath.study.roles import FAMILIES, SEEDS_OF

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Judge:
    """How a claim is judged."""

    rule: Callable[..., Finding]
    control: Callable[[Data], Data]
    beside: tuple[str, ...] = ()
    control_options: dict = field(default_factory=dict)


JUDGES = {
    "C1": Judge(limits.other_limit_than_the_target, controls.all_at_one),
    "C2": Judge(limits.uniform_limit, controls.temperatures_reversed),
    "C3": Judge(limits.single_limit, controls.temperatures_reversed),
    "C4": Judge(fresh_data.no_prevention, controls.without_fresh_data),
    "C5": Judge(
        fresh_data.prevention,
        controls.without_fresh_data,
        ("growth", "recovery", "tolerance_scan", "capture"),
    ),
    "C6": Judge(fresh_data.zero_temperature, controls.zero_like_one),
    "C7": Judge(speed.faster_away_from_one, controls.each_side_reversed),
    "C8": Judge(signs.falling_entropy, controls.every_second_backwards),
    "C9": Judge(signs.growing_self_similarity, controls.every_second_backwards),
    "C10": Judge(signs.divergence, controls.unchanged, control_options={"exchanged": True}),
    "C11": Judge(limits.nothing_lost, controls.other_temperatures_as_neutral),
}
"""How each claim of config/claims.yaml is judged, by its id."""


def judge_claims(claims, data, *, studies) -> dict:
    """Judge claims."""
    rows = [_row(claim, _judge_of(claim), data, studies) for claim in claims]
    return {"format_version": FORMAT_VERSION, "claims": rows}


def _judge_of(claim):
    if claim.id not in JUDGES:
        raise ParameterError(f"{claim.id}.id", claim.id, "one of " + ", ".join(JUDGES))
    judge = JUDGES[claim.id]
    check_thresholds(judge.rule, claim.thresholds, where=claim.id)
    return judge


def _row(claim, judge, data, studies):
    missing = [role for role in claim.needs if not studies.get(role)]
    finding = control = Finding([])
    if missing:
        reason = f"No study of this configuration serves as {' and '.join(missing)}."
        finding = Finding([], summary=reason)
    else:
        finding = judge.rule(data, **claim.thresholds)
        control = judge.rule(judge.control(data), **claim.thresholds, **judge.control_options)
        if not finding.evidence:
            finding = Finding(
                [], summary="No cell of this configuration is one that the rule judges."
            )
    verdict, condition = decide(finding.evidence)
    roles = [*claim.needs, *judge.beside]
    row = {
        "id": claim.id,
        "claim": claim.claim,
        "sources": list(claim.sources),
        "said": claim.said,
        "rule": claim.rule,
        "scope": claim.scope | _sizes(data, claim.needs),
        "studies": [name for role in roles for name in studies.get(role, ())],
        "verdict": verdict,
        "condition": condition,
        "summary": finding.summary,
        "effect": plain_effect(claim.effect, finding.effect),
        "evidence": plain_evidence(finding),
        "control": plain_control(claim.control, control, verdict=verdict),
    }
    if studies.get(FAMILIES):
        row["families"] = judge_families(claim, data.families)
    return row


def _sizes(data, roles):
    """Say what the studies of these roles start from and how far they go."""
    found = {"target": {}, "initial_size": {}, "horizon": {}}
    for role in roles:
        for each in getattr(data, role):
            if role in SEEDS_OF:
                values = {name: [getattr(each, name)] for name in found}
            else:
                values = {
                    name: each.values(name).tolist()
                    if name in each.sizes
                    else [each.attributes[name]]
                    for name in found
                    if name in each.sizes or name in each.attributes
                }
            for name, those in values.items():
                found[name] |= {str(_number(value)): _number(value) for value in those}
    return {
        name: next(iter(those.values())) if len(those) == 1 else ", ".join(those)
        for name, those in found.items()
        if those
    }


def _number(value):
    """Return a whole number as an integer, whether it is written as a text or not."""
    try:
        return int(value) if float(value).is_integer() else float(value)
    except ValueError:
        return str(value)
