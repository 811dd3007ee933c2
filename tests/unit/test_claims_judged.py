"""The claims judged on small results of every study that they need, from files to files."""

import csv
import json
import math
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
import yaml

from heatdeath.claims.data import Data, read_data
from heatdeath.claims.judgement import JUDGES, judge, judge_claims
from heatdeath.claims.statement import CLAIMS_PATH, load_claims
from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files.writing import write
from heatdeath.measure.collapse_time import measure_collapse_time
from heatdeath.measure.relaxation import measure_relaxation
from heatdeath.measure.summary import summarise
from heatdeath.models.gates import record_gates
from heatdeath.models.jobs import train_cell, write_source
from heatdeath.study.catalogue.results import read_for_claims
from heatdeath.study.config import load
from heatdeath.study.jobs import simulate_cell, write_target
from heatdeath.study.roles import ROLES

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
JUDGED = {
    "rule": TEXT,
    "scope": PLACE,
    "verdict": VERDICT,
    "condition": {"type": ["string", "null"]},
    "summary": TEXT,
    "effect": closed(
        name=TEXT, value=NUMBER, low=NUMBER, high=NUMBER, level={"const": 0.95}, units=TEXT
    ),
    "evidence": listed(
        closed(
            name=TEXT,
            value=NUMBER,
            low=NUMBER,
            high=NUMBER,
            holds={"type": ["boolean", "null"]},
            where=PLACE,
        )
    ),
    "control": closed(what=TEXT, verdict=VERDICT, flipped={"type": "boolean"}),
}
CLAIM = {
    "id": TEXT,
    "claim": TEXT,
    "sources": listed(TEXT),
    "said": TEXT,
    "studies": listed(TEXT),
    **JUDGED,
}
FAMILY = {"study": TEXT, "family": TEXT, "source": TEXT, **JUDGED}
SCHEMA = closed(format_version={"const": 1}, claims=listed(closed(**CLAIM)))
SCHEMA_WITH_FAMILIES = closed(
    format_version={"const": 1},
    claims=listed(closed(**CLAIM, families=listed(closed(**FAMILY)))),
)
URN = ("plane", "neutral", "relaxation", "collapse_time")
GAUSSIAN = {
    "description": "Points on a plane.",
    "kind": "phase_diagram",
    "axes": {"temperature": [0.5, 1, 2], "fresh_fraction": [0, 0.9]},
    "settings": {
        "family": "gaussian",
        "target": "normal:2:16",
        "regime": "replace",
        "initial_size": 1000,
        "batch_size": 1000,
        "horizon": 8000,
        "checkpoints": 9,
    },
    "seeds": 6,
    "tolerance": 0.15,
}


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
            "studies": {"plane": plane, "gaussian": GAUSSIAN}
            | {name: QUICK["studies"][name] for name in names},
            "claims": {
                "plane": ["plane"],
                "neutral": ["neutral"],
                "relaxation": ["relaxation"],
                "collapse_time": ["collapse"],
                "families": ["gaussian"],
            },
        }
    )


def simulated(study, folder, root_seed):
    """Simulate a study into its folder, and aggregate it where its role needs that."""
    (target,) = (folder / study.target_path(name) for name in study.targets)
    if study.family is None:
        write_target(study.targets[0], output=target)
    else:
        write_source(study.targets[0], output=target)
        size = int(study.settings["initial_size"])
        gates = record_gates(study.family, study.targets[0], size=size, root_seed=root_seed)
        write(gates, folder / "gate.nc")
    paths = []
    for cell in study.cells.values():
        for block in study.seed_blocks:
            path = folder / f"trajectories/{cell.path}/seeds={block[0]}-{block[-1]}.nc"
            given = {"seeds": block, "root_seed": root_seed, "target_path": target, "output": path}
            if study.family is None:
                simulate_cell(cell.arguments, **given)
            else:
                train_cell(cell.arguments, source=study.targets[0], **given)
            paths.append(path)
    measure = {"relaxation": measure_relaxation, "collapse_time": measure_collapse_time}
    if study.kind in measure:
        record = measure[study.kind](paths, axes=study.axes, target_paths=[target])
        write(record, folder / f"{study.kind}.nc")


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
                "family": planned.studies[name].family,
            }
            if ROLES[role].reads_trajectories
            else {"name": name}
            for name in names
        ]
        for role, names in planned.claims.items()
    }

    def write(folder, roles=tuple(planned.claims)):
        files = {
            name: paths
            for name, paths in read_for_claims(planned).items()
            if name.removesuffix("_targets").removesuffix("_gates") in roles
        }
        texts = judge(CLAIMS_PATH, studies={role: studies[role] for role in roles}, **files)
        for suffix, text in zip(("json", "csv", "html"), texts, strict=True):
            (folder / f"claims.{suffix}").write_bytes(text.encode())
        return folder

    return write


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory):
    return run(tmp_path_factory.mktemp("verdicts"), URN)


@pytest.fixture(scope="module")
def with_families(run, tmp_path_factory):
    return run(tmp_path_factory.mktemp("verdicts_with_families"))


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
    run(tmp_path, URN)
    for name in ("claims.json", "claims.csv", "claims.html"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_families_stand_below_each_claim_and_change_no_verdict_on_the_urn(folder, with_families):
    document = json.loads((with_families / "claims.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, SCHEMA_WITH_FAMILIES)
    judged = {row["id"]: row.pop("families") for row in document["claims"]}
    assert document == json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    assert judged.pop("C11") == []
    for rows in judged.values():
        assert [(row["study"], row["family"], row["source"]) for row in rows] == [
            ("gaussian", "gaussian", "normal:2:16")
        ]


@pytest.mark.parametrize(
    ("claim", "verdict", "words"),
    [
        # The variance is halved or doubled in every generation, and cells are of equal chance:
        # points collapse to the middle, or go to the cells at the corners, which are four.
        ("C1", "holds", "exceeds that at T = 1"),
        ("C2", "fails", "exponent of the approach is not judged"),
        # All but a tenth of the data are fresh.
        ("C4", "fails", "keeps the model faithful"),
        ("C5", "holds", "sufficient fresh fraction is largest, 0.9"),
        ("C6", "undecided", "The study has no cell at T = 0."),
        ("C7", "undecided", "No two temperatures are on the same side of T = 1."),
        ("C8", "holds", "mean change"),
        ("C9", "holds", "mean change"),
        ("C10", "undecided", "places: the interval allows both"),
    ],
)
def test_a_gaussian_gets_the_verdicts_that_its_variance_proves(
    with_families, claim, verdict, words
):
    document = json.loads((with_families / "claims.json").read_text(encoding="utf-8"))
    (row,) = next(row["families"] for row in document["claims"] if row["id"] == claim)
    assert row["verdict"] == verdict, row["summary"]
    assert words in row["summary"]


def test_the_table_has_a_row_for_every_study_of_a_family(folder, with_families):
    tables = []
    for each in (folder, with_families):
        with (each / "claims.csv").open(newline="", encoding="utf-8") as file:
            tables.append(list(csv.DictReader(file)))
    before, after = tables
    document = json.loads((with_families / "claims.json").read_text(encoding="utf-8"))
    of_urn = [row for row in after if not row["study"]]
    assert [{**row, "family": "", "study": ""} for row in before] == of_urn
    of_families = {row["id"]: row for row in after if row["study"]}
    assert list(of_families) == [f"C{i}" for i in range(1, 11)]
    for row in document["claims"][:10]:
        (full,), found = row["families"], of_families[row["id"]]
        assert (found["family"], found["study"]) == ("gaussian", "gaussian")
        assert (found["verdict"], found["effect"]) == (full["verdict"], full["effect"]["name"])
        value = full["effect"]["value"]
        assert found["value"] == ("" if value is None else repr(value))


def test_the_page_adds_the_families_below_what_it_says_of_the_urn(folder, with_families):
    before, after = (
        (each / "claims.html").read_text(encoding="utf-8") for each in (folder, with_families)
    )
    assert "Families" not in before
    body = before[before.index("<body>") : before.index("</body>")]
    assert after[after.index("<body>") :].startswith(body)
    parser = _Page()
    parser.feed(after)
    assert parser.open == []
    text = " ".join(parser.text)
    document = json.loads((with_families / "claims.json").read_text(encoding="utf-8"))
    for row in document["claims"][:10]:
        (judged,) = row["families"]
        for part in (judged["summary"], judged["rule"], judged["effect"]["name"]):
            assert part in text


def test_the_summary_has_the_verdicts_and_effects_of_families(with_families):
    rows = {
        row.name: row
        for row in summarise(
            [], homes=[], prefixes=[], claims_paths=[with_families / "claims.json"]
        )
    }
    assert rows["claims/C1/verdict[study=gaussian]"].value == "holds"
    assert rows["claims/C1/effect[study=gaussian]"].low is not None
    assert rows["claims/C6/effect[study=gaussian]"].value is None
    assert "claims/C11/verdict[study=gaussian]" not in rows


@pytest.mark.parametrize(
    "role", [name for name, role in ROLES.items() if not role.reads_trajectories]
)
def test_the_aggregates_of_every_role_can_be_read(role, tmp_path):
    with pytest.raises(FileFormatError, match=r"none\.nc"):
        read_data({}, files={role: [tmp_path / "none.nc"]})


def test_a_gate_of_another_family_is_refused(tmp_path):
    write(record_gates("gaussian", "normal:1:4", size=50), tmp_path / "gate.nc")
    write_source("normal:1:4", output=tmp_path / "target.nc")
    arguments = {"family": "gaussian", "temperature": 1, "initial_size": 50}
    arguments |= {"regime": "replace", "batch_size": 50, "horizon": 100}
    train_cell(
        arguments,
        seeds=[0, 1],
        root_seed=0,
        source="normal:1:4",
        target_path=tmp_path / "target.nc",
        output=tmp_path / "cell.nc",
    )
    layout = {"name": "g", "axes": {"temperature": [1.0]}, "tolerance": 0.1}
    layout |= {"trajectories": 1, "targets": 1}
    files = {
        "families": [tmp_path / "cell.nc"],
        "families_targets": [tmp_path / "target.nc"],
        "families_gates": [tmp_path / "gate.nc"],
    }
    studies = {"families": [layout | {"family": "gaussian"}]}
    (study,) = read_data(studies, files=files).families
    assert (study.source, study.failed_gates) == ("normal:1:4", ())
    studies = {"families": [layout | {"family": "mixture"}]}
    with pytest.raises(FileFormatError, match="has family 'gaussian', and its study has 'mixture'"):
        read_data(studies, files=files)


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
