"""What is claimed, by whom, and the rule that decides it: config/claims.yaml, read and checked."""

import string
from dataclasses import dataclass
from pathlib import Path

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.paths import ROOT
from heatdeath.study.schema import check_schema

CLAIMS_PATH = ROOT / "config" / "claims.yaml"
CLAIMS_SCHEMA_PATH = ROOT / "workflow" / "schemas" / "claims.schema.yaml"


@dataclass(frozen=True)
class FamilyRule:
    """The rule that decides a claim on a study of a family of generative models."""

    rule: str  # in words, with its thresholds as numbers
    thresholds: dict[str, float]
    effect: dict[str, str]  # "name" and "units" of the size that is shown beside the verdict
    control: str  # what the same rule is applied to where the verdict must be another


@dataclass(frozen=True)
class Claim:
    """A claim and the rule that decides it; what both kinds of rule have is as in `FamilyRule`."""

    id: str
    claim: str  # in one sentence
    sources: tuple[str, ...]  # keys of the bibliography
    said: str  # where and how the sources say so
    needs: tuple[str, ...]  # roles of studies without which nothing is judged
    scope: dict  # where the claim is judged, as texts or numbers
    rule: str
    thresholds: dict[str, float]
    effect: dict[str, str]
    control: str
    families: FamilyRule | None = None  # None where no study of a family is judged


def load_claims(path=None) -> list[Claim]:
    """Read and check the claims, by default those of config/claims.yaml, in their order."""
    given = read_configuration(CLAIMS_PATH if path is None else path)
    check_schema(given, schema=_read_schema())
    claims, ids = [], {}
    for i, entry in enumerate(given["claims"]):
        where = f"claims[{i}]"
        if entry["id"] in ids:
            raise ParameterError(
                f"{where}.id", entry["id"], f"each id once; this one is {ids[entry['id']]} as well"
            )
        ids[entry["id"]] = f"{where}.id"
        claims.append(_claim(entry, where))
    return claims


def _read_schema():
    import yaml

    try:
        return yaml.safe_load(Path(CLAIMS_SCHEMA_PATH).read_text(encoding="utf-8"))
    except OSError as error:
        raise FileFormatError(
            CLAIMS_SCHEMA_PATH, "the schema of the claims is read from a copy of the repository"
        ) from error


def _claim(entry, where):
    families = entry.get("families")
    return Claim(
        id=entry["id"],
        claim=entry["claim"],
        sources=tuple(entry["sources"]),
        said=entry["said"],
        needs=tuple(entry["needs"]),
        scope=dict(entry["scope"]),
        **_rule(entry, where),
        families=None if families is None else FamilyRule(**_rule(families, f"{where}.families")),
    )


def _rule(entry, where):
    """Return the rule of an entry with its thresholds as numbers, the effect and the control."""
    thresholds = {name: float(value) for name, value in entry["thresholds"].items()}
    named = {name for _, name, _, _ in string.Formatter().parse(entry["rule"]) if name is not None}
    for name in sorted(named - set(thresholds)):
        raise ParameterError(f"{where}.rule", f"{{{name}}}", "names of " + ", ".join(thresholds))
    for name in sorted(set(thresholds) - named):
        raise ParameterError(
            f"{where}.thresholds.{name}", thresholds[name], f"a rule that names {{{name}}}"
        )
    rule = entry["rule"].format(**{name: f"{value:g}" for name, value in thresholds.items()})
    return {
        "rule": rule,
        "thresholds": thresholds,
        "effect": dict(entry["effect"]),
        "control": entry["control"],
    }
