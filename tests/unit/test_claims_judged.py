"""The claims judged on small results of every study that they need, from files to files."""

import csv
import json
import math
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
import yaml

from heatdeath.analysis.collapse_time import write_collapse_time
from heatdeath.analysis.relaxation import write_relaxation
from heatdeath.claims.data import Data
from heatdeath.claims.judgement import JUDGES, judge_claims
from heatdeath.claims.statement import CLAIMS_PATH, load_claims
from heatdeath.claims.writing import write_claims
from heatdeath.errors import ParameterError
from heatdeath.study.config import load
from heatdeath.study.jobs import simulate_cell, write_target
from heatdeath.study.outputs import read_for_claims
from heatdeath.study.roles import SEEDS_OF

QUICK = yaml.safe_load((CLAIMS_PATH.parent / "quick.yaml").read_text(encoding="utf-8"))
NUMBER = {"type": ["number", "null"]}
TEXT = {"type": "string", "minLength": 1}
VERDICT = {"enum": ["holds", "fails", "holds only if", "undecided"]}


def closed(**properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def listed(items):
    return {"type": "array", "items": items}


PLACE = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
SCHEMA = closed(
    format_version={"const": 1},
    claims=listed(
        closed(
            id=TEXT,
            claim=TEXT,
            sources=listed(TEXT),
            said=TEXT,
            rule=TEXT,
            scope=PLACE,
            studies=listed(TEXT),
            verdict=VERDICT,
            condition={"type": ["string", "null"]},
            summary=TEXT,
            effect=closed(
                name=TEXT, value=NUMBER, low=NUMBER, high=NUMBER, level={"const": 0.95}, units=TEXT
            ),
            evidence=listed(
                closed(
                    name=TEXT,
                    value=NUMBER,
                    low=NUMBER,
                    high=NUMBER,
                    holds={"type": ["boolean", "null"]},
                    where=PLACE,
                )
            ),
            control=closed(what=TEXT, verdict=VERDICT, flipped={"type": "boolean"}),
        )
    ),
)


def configuration(results):
    """Return the quick studies that the claims need, with one plane that has all they ask for."""
    names = ("neutral", "relaxation", "collapse")
    plane = {
        "description": "All temperatures and fractions that the claims ask for.",
        "kind": "phase_diagram",
        "axes": {
            "temperature": [0, 0.25, 0.3, 0.5, 1, 2, 4, math.inf],
            "fresh_fraction": [0, 0.2, 0.3, 0.5, 0.95, 0.98, 1],
        },
        "settings": {
            "target": "zipf:1:100",
            "initial_size": 10000,
            "horizon": 500000,
            "checkpoints": 2,
        },
        "seeds": 6,
    }
    return load(
        {
            "results": str(results),
            "root_seed": QUICK["root_seed"],
            "studies": {"plane": plane} | {name: QUICK["studies"][name] for name in names},
            "claims": {
                "plane": ["plane"],
                "neutral": ["neutral"],
                "relaxation": ["relaxation"],
                "collapse_time": ["collapse"],
            },
        }
    )


def simulated(study, folder, root_seed):
    """Simulate a study into its folder, and aggregate it where its role needs that."""
    (target,) = (folder / study.target_path(name) for name in study.targets)
    write_target(study.targets[0], output=target)
    paths = []
    for cell in study.cells.values():
        for block in study.seed_blocks:
            path = folder / f"trajectories/{cell.path}/seeds={block[0]}-{block[-1]}.nc"
            simulate_cell(
                cell.arguments, seeds=block, root_seed=root_seed, target_path=target, output=path
            )
            paths.append(path)
    aggregate = {"relaxation": write_relaxation, "collapse_time": write_collapse_time}
    if study.kind in aggregate:
        aggregate[study.kind](
            paths, axes=study.axes, target_paths=[target], output=folder / f"{study.kind}.nc"
        )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return how to judge the simulated studies and write the verdicts into a folder."""
    results = tmp_path_factory.mktemp("results")
    planned = configuration(results)
    for study in planned.studies.values():
        simulated(study, results / study.name, planned.root_seed)
    studies = {
        role: [
            {
                "name": name,
                "axes": planned.studies[name].labelled_axes,
                "tolerance": planned.studies[name].tolerance,
                "trajectories": len(planned.studies[name].trajectory_paths()),
                "targets": 1,
            }
            if role in SEEDS_OF
            else {"name": name}
            for name in names
        ]
        for role, names in planned.claims.items()
    }

    def write(folder):
        write_claims(
            CLAIMS_PATH,
            studies=studies,
            files=read_for_claims(planned),
            json_path=folder / "claims.json",
            table_path=folder / "claims.csv",
            page_path=folder / "claims.html",
        )
        return folder

    return write


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory):
    return run(tmp_path_factory.mktemp("verdicts"))


@pytest.fixture(scope="module")
def rows(folder):
    document = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    return {row["id"]: row for row in document["claims"]}


@pytest.mark.parametrize("claim", JUDGES)
def test_the_negative_control_flips_the_verdict(rows, claim):
    row = rows[claim]
    assert row["verdict"] != "undecided", row["summary"]
    assert row["control"]["verdict"] != row["verdict"]
    assert row["control"]["flipped"] is True


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        # A uniform target is the limit of hot sampling, so that this needs a target that is not.
        ("C1", "holds only if"),
        # θ_e is within 1 − f of p at every temperature, and T = 0 is locked in to one outcome.
        ("C4", "fails"),
        ("C5", "holds"),
        ("C6", "fails"),
        # Above T = 1 the entropy rises and collisions get rarer.
        ("C8", "holds only if"),
        ("C9", "holds only if"),
        # By the exact law 1 − E Σθ² falls by (1 − 1/1000)^100 where data are replaced.
        ("C11", "holds only if"),
    ],
)
def test_the_verdict_is_the_one_that_theory_proves(rows, claim, verdict):
    assert rows[claim]["verdict"] == verdict


def test_a_region_is_named_where_and_only_where_a_claim_holds_only_there(rows):
    for row in rows.values():
        assert bool(row["condition"]) == (row["verdict"] == "holds only if")
    assert rows["C8"]["condition"] == "T ≤ 0.5 (fails from 2 on)"
    assert rows["C11"]["condition"] == "regime = accumulate (fails at replace)"


def test_the_json_follows_its_schema(folder):
    def refuse(name):
        raise AssertionError(f"{name} is not a number of JSON")

    text = (folder / "claims.json").read_text(encoding="utf-8")
    jsonschema.validate(json.loads(text, parse_constant=refuse), SCHEMA)


def test_the_table_repeats_the_json(folder, rows):
    with (folder / "claims.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert [row["id"] for row in table] == list(rows)
    for row in table:
        full = rows[row["id"]]
        assert (row["verdict"], row["condition"]) == (full["verdict"], full["condition"] or "")
        assert row["control"] == full["control"]["verdict"]
        for key in ("value", "low", "high"):
            found = full["effect"][key]
            assert row[key] == ("" if found is None else repr(found))


class _Page(HTMLParser):
    VOID = frozenset(("meta",))

    def __init__(self):
        super().__init__()
        self.open, self.text, self.attributes = [], [], []

    def handle_starttag(self, tag, attrs):
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_is_well_formed_says_every_verdict_and_needs_no_other_file(folder, rows):
    parser = _Page()
    parser.feed((folder / "claims.html").read_text(encoding="utf-8"))
    assert parser.open == []
    text = " ".join(parser.text)
    for row in rows.values():
        for part in (row["claim"], row["rule"], row["verdict"], row["summary"]):
            assert part in text
    assert {name for name, _ in parser.attributes}.isdisjoint({"src", "href", "srcset"})
    assert "url(" not in text
    assert "@import" not in text


def test_the_same_results_give_the_same_bytes(run, folder, tmp_path):
    run(tmp_path)
    for name in ("claims.json", "claims.csv", "claims.html"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_a_claim_whose_study_a_configuration_lacks_is_undecided_and_says_why():
    document = judge_claims(load_claims(), Data(), studies={"plane": ["zipf"]})
    jsonschema.validate(document, SCHEMA)
    by_id = {row["id"]: row for row in document["claims"]}
    assert {row["verdict"] for row in by_id.values()} == {"undecided"}
    assert not any(row["control"]["flipped"] for row in by_id.values())
    missing = "No study of this configuration serves as relaxation and collapse_time."
    assert by_id["C1"]["summary"] == missing
    assert by_id["C3"]["summary"] == "No cell of this configuration is one that the rule judges."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(id="C99"), r"C99\.id: got 'C99'; allowed: one of C1"),
        (
            lambda c: (c["thresholds"].update(more=1), c.update(rule=c["rule"] + " {more}")),
            r"C1\.thresholds: got 'level, margin, .*share_level, more'; allowed: exactly",
        ),
    ],
)
def test_a_claim_that_no_rule_of_the_package_decides_is_refused(tmp_path, change, message):
    given = yaml.safe_load(CLAIMS_PATH.read_text(encoding="utf-8"))
    change(given["claims"][0])
    path = Path(tmp_path, "claims.yaml")
    path.write_text(yaml.safe_dump(given, sort_keys=False), encoding="utf-8")
    with pytest.raises(ParameterError, match=message):
        judge_claims(load_claims(path), Data(), studies={})
