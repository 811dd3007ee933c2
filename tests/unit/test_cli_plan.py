"""The plan of a configuration: jobs exactly, costs from recorded timings."""

import csv
import importlib.util
import json
import math
from pathlib import Path

import jsonschema
import pytest
import yaml

from heatdeath import cli
from heatdeath.cli.plan import plan
from heatdeath.study import costs
from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.costs import FACTOR_OF_A_STUDY, FACTOR_OF_ALL, read_costs
from heatdeath.study.plan import all_jobs, jobs_to_run

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
LAST = ("summary", "manifest")
CONFIGURATIONS = {name: ROOT / "config" / f"{name}.yaml" for name in ("tiny", "quick", "config")}

COUNT = {"type": "integer", "minimum": 0}
AMOUNTS = {
    "jobs": COUNT,
    "trajectories": COUNT,
    "core_hours": {"type": "number", "minimum": 0},
    "disk_bytes": COUNT,
    "memory_bytes": COUNT,
}


def closed(**properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


SCHEMA = closed(
    configfile={"type": "string"},
    results={"type": "string"},
    counted={"enum": ["missing", "all"]},
    rows={
        "type": "array",
        "items": closed(study={"type": ["string", "null"]}, rule={"type": "string"}, **AMOUNTS),
    },
    total=closed(**AMOUNTS),
    accuracy=closed(study={"type": "number"}, total={"type": "number"}),
    cores={"type": ["integer", "null"], "minimum": 1},
    hours={"type": ["number", "null"], "minimum": 0},
)


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run the command in an empty folder; return its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        try:
            code = cli.main(["plan", *map(str, arguments)])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def recorded(monkeypatch):
    """Costs that stay as they are when the timings are recorded anew."""
    monkeypatch.setattr(costs, "COSTS_PATH", GOLDEN / "plan_costs.json")
    read_costs.cache_clear()
    yield
    read_costs.cache_clear()


def configuration(name):
    return load(read_configuration(CONFIGURATIONS[name]))


@pytest.mark.usefixtures("recorded")
def test_the_table_is_the_one_that_was_approved(run, tmp_path):
    (tmp_path / "tiny.yaml").write_bytes(CONFIGURATIONS["tiny"].read_bytes())
    code, text, error = run("--configfile", "tiny.yaml", "--cores", 2)
    assert (code, error) == (0, "")
    assert text == (GOLDEN / "plan_tiny.txt").read_text()


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_the_json_follows_its_schema_and_adds_up(run, name):
    code, out, error = run("--configfile", CONFIGURATIONS[name], "--json", "--cores", 4)
    assert (code, error) == (0, "")
    document = json.loads(out)
    jsonschema.validate(document, SCHEMA)
    for key in ("jobs", "trajectories", "core_hours", "disk_bytes"):
        total = sum(row[key] for row in document["rows"])
        assert math.isclose(total, document["total"][key], rel_tol=1e-6, abs_tol=100)
    studies = configuration(name).studies.values()
    assert document["total"]["trajectories"] == sum(
        study.seeds * math.prod(study.shape) for study in studies
    )


@pytest.mark.parametrize(
    ("lost", "rules"),
    [
        ([], []),
        (["tiny/trajectories/T=2/f=0/seeds=0-1.nc"], []),
        (["tiny/ensemble.nc"], ["phase_diagram", "figure", *LAST]),
        (
            ["tiny/trajectories/T=2/f=0/seeds=0-1.nc", "tiny/phase_diagram.csv"],
            ["simulate", "phase_diagram", "figure", *LAST],
        ),
        (["figures/phase_diagram_tiny.png"], ["figure", "manifest"]),
        (
            ["tiny/target.nc", "tiny/theory_lines.nc"],
            ["target", *["simulate"] * 4, "phase_diagram", "theory_lines", "figure", *LAST],
        ),
    ],
)
def test_only_what_a_run_would_start_is_counted(lost, rules):
    jobs = all_jobs(configuration("tiny"))
    files = {path for job in jobs for path in job.outputs} - {f"results/{path}" for path in lost}
    assert [job.rule for job in jobs_to_run(jobs, exists=files.__contains__)] == rules


def test_what_exists_is_left_out_unless_all_is_asked_for(run, tmp_path):
    for job in all_jobs(configuration("tiny")):
        for path in job.outputs:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).touch()
    _, text, _ = run("--configfile", CONFIGURATIONS["tiny"])
    assert "nothing is missing in results; --all counts every job" in text
    _, text, _ = run("--configfile", CONFIGURATIONS["tiny"], "--all", "--json")
    assert json.loads(text)["total"]["jobs"] == 10


def test_the_time_falls_with_the_cores_and_never_below_the_longest_job():
    jobs = all_jobs(configuration("quick"))
    hours = [plan(jobs, cores=cores)["hours"] for cores in (1, 2, 4, 1000, 2000)]
    assert hours == sorted(hours, reverse=True)
    assert hours[-1] == hours[-2] > 0
    assert hours[0] >= plan(jobs)["total"]["core_hours"]


def finished_run():
    path = ROOT / "tests" / "benchmarks" / "finished_run.py"
    spec = importlib.util.spec_from_file_location("finished_run", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_core_hours_of_a_finished_run_are_estimated_within_the_factors_that_are_promised():
    module = finished_run()
    planned = configuration("config")
    rows = {
        row["study"]: row
        for row in plan(all_jobs(planned))["rows"]
        if row["rule"] in ("simulate", "train")
    }
    with module.TABLE.open(newline="") as file:
        measured = {
            row["study"]: row
            for row in csv.DictReader(file)
            if row["study"] in planned.studies
            and row["definition"] == module.definition(planned.studies[row["study"]])
        }
    assert len(measured) >= 8, "record a newer run: tests/benchmarks/finished_run.py"
    sums = {"estimated": 0.0, "measured": 0.0}
    for name, row in measured.items():
        assert rows[name]["jobs"] == int(row["jobs"])
        estimated, taken = rows[name]["core_hours"] * 3600, float(row["core_seconds"])
        assert max(estimated / taken, taken / estimated) <= FACTOR_OF_A_STUDY, name
        disk = rows[name]["disk_bytes"] / float(row["disk_bytes"])
        assert 0.8 <= disk <= 1.25, name
        sums["estimated"] += estimated
        sums["measured"] += taken
    ratio = sums["estimated"] / sums["measured"]
    assert max(ratio, 1 / ratio) <= FACTOR_OF_ALL


def test_a_larger_study_costs_more_in_every_direction():
    base = yaml.safe_load(CONFIGURATIONS["tiny"].read_text())

    def cost(**settings):
        config = json.loads(json.dumps(base))
        config["studies"]["tiny"]["settings"] |= {"horizon": 10**8} | settings
        (row,) = (row for row in plan(all_jobs(load(config)))["rows"] if row["rule"] == "simulate")
        return row

    usual = cost()
    assert cost(horizon=10**9)["core_hours"] > usual["core_hours"]
    assert cost(target="zipf:1:1000")["core_hours"] > usual["core_hours"]
    assert cost(sampler="sequential")["core_hours"] > usual["core_hours"]
    assert cost(batch_size=100)["core_hours"] > usual["core_hours"]
    assert cost(checkpoints=4000)["disk_bytes"] > usual["disk_bytes"]
    recorded = cost(record="distribution", checkpoints=4000)
    assert recorded["disk_bytes"] > cost(checkpoints=4000)["disk_bytes"]
    assert recorded["memory_bytes"] > usual["memory_bytes"]


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (None, ["none.yaml", "cannot be read (No such file or directory)"]),
        ("", ["is empty or has no keys"]),
        ("studies: [", ["is not YAML of plain values"]),
        ("root_seed: 1\nstudeis: {}\n", ["studeis", "did you mean studies"]),
        ("root_seed: 1\n", ["studies", "required"]),
        ("root_seed: !!python/name:os.system 1\n", ["is not YAML of plain values"]),
        ("__use_yte__: true\nroot_seed: 1\nstudies: {}\n", ["__use_yte__", "no such key"]),
    ],
)
def test_a_bad_configuration_is_one_line_that_names_what_is_wrong(run, tmp_path, content, parts):
    path = tmp_path / "none.yaml"
    if content is not None:
        path.write_text(content)
    code, out, error = run("--configfile", path)
    assert (code, out) == (2, "")
    assert error.startswith("heatdeath: error: ")
    assert error.count("\n") == 1
    for part in parts:
        assert part in error


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "--configfile"),
        (["--configfile", "x.yaml", "--cores", "0"], "cores: got 0"),
        (["--configfile", "x.yaml", "--cores", "two"], "a number"),
    ],
)
def test_a_wrong_argument_is_one_line_that_names_it(run, arguments, part):
    code, _, error = run(*arguments)
    assert code == 2
    assert error.count("\n") == 1
    assert part in error
