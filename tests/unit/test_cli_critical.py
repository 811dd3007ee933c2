import json
import math
from pathlib import Path

import jsonschema
import pytest

from heatdeath import cli, critical_fractions, equilibria, targets, tolerance_fraction
from heatdeath.cli import critical

GOLDEN = Path(__file__).parent / "golden"
FRACTION = {"type": "number", "minimum": 0, "maximum": 1}
RATIO = {"type": ["number", "null"], "minimum": 0}


def closed(**properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


AMOUNT = {"fresh_fraction": FRACTION, "fresh_to_synthetic": RATIO, "strict": {"type": "boolean"}}
NAMED = {"outcome": {"type": "integer", "minimum": 0}, "label": {"type": ["string", "null"]}}
THRESHOLD = AMOUNT | {"total_variation": FRACTION}
HARDEST = closed(**THRESHOLD, **NAMED)
SCHEMA = closed(
    target=closed(name={"type": "string"}, n_outcomes={"type": "integer", "minimum": 1}),
    answers={
        "type": "array",
        "items": closed(
            temperature={"type": "number", "exclusiveMinimum": 0},
            kind={"enum": ["fold", "crossover", "unique"]},
            prevent={"oneOf": [{"type": "null"}, closed(**THRESHOLD)]},
            recover={
                "oneOf": [
                    {"type": "null"},
                    closed(largest=HARDEST, least=closed(**AMOUNT, **NAMED)),
                ]
            },
            tolerances={
                "type": "array",
                "items": closed(
                    tolerance={"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
                    **AMOUNT,
                ),
            },
        ),
    },
)


@pytest.fixture
def run(capsys):
    """Run the command; return its exit code and what it printed."""

    def run(*arguments):
        try:
            code = cli.main(["critical", *map(str, arguments)])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("golden", "arguments"),
    [
        ("critical_uniform", ["--target", "uniform:100", "--temperature", "0.5"]),
        ("critical_words", ["--target", "words:50000", "--temperature", "0.8"]),
        ("critical_two_folds", ["--target", "zipf:0.1:100", "--temperature", "0.5"]),
        ("critical_hot", ["--target", "zipf:1:100", "--temperature", "1", "1.5"]),
    ],
)
def test_the_answer_in_words_is_the_one_that_was_approved(run, golden, arguments):
    text = (GOLDEN / f"{golden}.txt").read_text()
    assert run(*arguments) == (0, text, "")
    assert max(len(line) for line in text.splitlines()) <= 88


def test_the_first_sentence_says_whether_there_is_a_sharp_threshold(run):
    for target, temperature, start in (
        ("uniform:10", 0.5, "There is a sharp threshold: with a fresh fraction above 0.5000"),
        ("zipf:1:10", 0.5, "There is no sharp threshold: quality degrades smoothly"),
        ("zipf:1:10", 2, "There is no sharp threshold: no collapse persists above temperature 1"),
        ("zipf:1:10", 1, "There is no threshold"),
        ("uniform:2", 0.5, "There is a threshold without a jump, a fresh fraction of 0.5000"),
        ("uniform:1", 0.5, "The target has a single outcome"),
    ):
        _, text, _ = run("--target", target, "--temperature", temperature)
        assert text.split("\n\n")[1].replace("\n", " ").startswith(start)


def test_every_fraction_in_words_is_rounded_to_the_safe_side(run):
    for temperature in (0.05, 0.3, 0.7, 1.3, 9):
        _, words, _ = run("--target", "zipf:0.7:30", "--temperature", temperature)
        _, machine, _ = run("--target", "zipf:0.7:30", "--temperature", temperature, "--json")
        table = words.split("\n\n")[2].splitlines()
        lines = [line.split() for line in table if line.startswith("stay within")]
        (answer,) = json.loads(machine)["answers"]
        for line, exact in zip(lines, answer["tolerances"], strict=True):
            assert 0 <= float(line[-2]) - exact["fresh_fraction"] <= 1e-4


@pytest.mark.parametrize("target", ["uniform:5", "zipf:1:20", "words:30", "uniform:1"])
def test_the_json_follows_its_schema_and_holds_the_numbers_of_the_library(run, target):
    temperatures = [0.4, 0.9, 1, 3]
    code, out, error = run(
        "--target", target, "--json", "--temperature", *temperatures, "--tolerance", 0.02, 0.2
    )
    assert (code, error) == (0, "")
    document = json.loads(out)
    jsonschema.validate(document, SCHEMA)
    assert [each["temperature"] for each in document["answers"]] == temperatures
    for answer in document["answers"]:
        temperature = answer["temperature"]
        found = critical_fractions(target, temperature=temperature)
        assert answer["kind"] == found.kind
        assert (answer["prevent"] is None) == (found.kind != "fold")
        assert (answer["recover"] is None) == (found.branch is None)
        if found.branch is not None:
            largest, least = answer["recover"]["largest"], answer["recover"]["least"]
            assert largest["fresh_fraction"] == found.recover >= least["fresh_fraction"]
            assert largest["outcome"] == found.branch
            labels = targets.resolve(target).labels
            assert largest["label"] == (None if labels is None else labels[found.branch])
        for each, tolerance in zip(answer["tolerances"], (0.02, 0.2), strict=True):
            f = tolerance_fraction(target, temperature=temperature, tolerance=tolerance)
            assert each["fresh_fraction"] == f
            assert math.isclose(each["fresh_to_synthetic"], f / (1 - f))


@pytest.mark.parametrize("target", ["uniform:1", "uniform:5", "zipf:0.1:100", "zipf:1:20"])
@pytest.mark.parametrize("temperature", [0.4, 1, 3])
def test_a_bound_of_the_json_is_strict_where_the_fraction_itself_is_not_enough(
    run, target, temperature
):
    tolerances = (0.001, 0.1, 0.9)
    _, out, _ = run(
        "--target", target, "--json", "--temperature", temperature, "--tolerance", *tolerances
    )
    (answer,) = json.loads(out)["answers"]
    found = critical_fractions(target, temperature=temperature)
    alone = target == "uniform:1"
    assert found.strict == (not alone)
    if answer["prevent"] is not None:
        assert answer["prevent"]["strict"]
    if answer["recover"] is not None:
        assert answer["recover"]["largest"]["strict"]
        assert answer["recover"]["least"]["strict"]
    for each in answer["tolerances"]:
        f = each["fresh_fraction"]
        # Where the branch goes on below the answer it is the tolerance that is used up there.
        ends = f in (0, found.prevent)
        assert each["strict"] == (ends and not alone)
        if not ends:
            (faithful,) = equilibria(
                target, temperature=temperature, fresh_fraction=f, branches="faithful"
            )
            assert faithful.observables["total_variation"] == pytest.approx(each["tolerance"])


def test_words_say_above_of_a_strict_bound_and_at_least_of_another(run):
    for target, tolerance, words in (
        ("zipf:0.1:100", 0.05, "you need a fresh fraction above 0.7635"),
        ("zipf:0.1:100", 0.01, "you need at least a fresh fraction of 0.8396"),
    ):
        _, text, _ = run("--target", target, "--temperature", 0.5, "--tolerance", tolerance)
        assert words in text.replace("\n", " ")


def test_the_words_say_that_more_fresh_data_end_the_dependence_on_the_start_and_no_more(run):
    for target in ("uniform:100", "zipf:0.1:100", "zipf:1:100"):
        _, text, _ = run("--target", target, "--temperature", 0.5)
        for word in ("safe", "undo", "Undo", "any collapse"):
            assert word not in text
    found = critical_fractions("zipf:1:100", temperature=0.5)
    assert found.recover < 0.62
    (rests,) = equilibria("zipf:1:100", temperature=0.5, fresh_fraction=0.62)
    # Where every start ends, at a crossover, is not near the target.
    assert rests.observables["total_variation"] > 0.25


def test_outcomes_without_labels_are_named_by_number(run):
    _, text, _ = run("--target", "zipf:1:20", "--temperature", "0.5")
    assert "(hardest: outcome 1)" in text
    assert "the rarest, outcome 19 " in text
    assert "Outcomes are counted from 0." in text.replace("\n", " ")


def test_an_outcome_that_alone_can_hold_a_model_is_named(run, tmp_path):
    path = tmp_path / "weights.csv"
    path.write_text("3\n1\n1\n")
    _, text, _ = run("--target", f"file:{path}", "--temperature", "0.5")
    assert text.startswith(f"file:{path}, 3 outcomes")
    assert "end lock-in to outcome 1 " in text
    assert "rarest" not in text


def test_where_recovery_takes_no_more_than_prevention_nothing_is_said_of_a_gap(run):
    _, text, _ = run("--target", "uniform:2", "--temperature", "0.5")
    assert "threshold without a jump" in text
    assert "Between the two" not in text


def test_the_distance_at_which_an_escaped_model_rests_is_said(run):
    target = [0.3, 0.3, *[0.01] * 40]
    answer = critical.answer(targets.resolve(target), 0.8, (0.05,))
    for each in (answer["prevent"], answer["recover"]["largest"]):
        f = each["fresh_fraction"] + 1e-6
        (faithful,) = equilibria(target, temperature=0.8, fresh_fraction=f, branches="faithful")
        assert each["total_variation"] == pytest.approx(
            faithful.observables["total_variation"], abs=1e-3
        )
    assert answer["prevent"]["total_variation"] > 0.2
    _, text, _ = run("--target", "zipf:1:100", "--temperature", "0.8")
    assert "rest at TV 0.50 from the fresh data" in text.replace("\n", " ")


def test_the_words_name_five_hundredths_or_the_middle_of_the_tolerances(run):
    for tolerances, named in (((0.1, 0.01), "0.1"), ((0.2, 0.05, 0.1), "0.05")):
        _, text, _ = run("--target", "zipf:1:9", "--temperature", "0.8", "--tolerance", *tolerances)
        assert f"To stay within TV {named} of" in text.replace("\n", " ")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--target", "zipf:1:5", "--temperature", "0"], ["temperature: got 0", "above 0"]),
        (["--target", "zipf:1:5", "--temperature", "inf"], ["temperature: got inf", "finite"]),
        (["--target", "zipf:1:5", "--temperature", "cold"], ["--temperature", "a number"]),
        (["--target", "five", "--temperature", "1"], ["target: got 'five'", "words:N"]),
        (
            ["--target", "zipf:1:5", "--temperature", "1", "--tolerance", "1"],
            ["tolerance: got 1", "between 0 and 1"],
        ),
        (["--target", "zipf:1:5"], ["--temperature"]),
    ],
)
def test_bad_input_is_an_error_of_one_line(run, arguments, parts):
    code, out, error = run(*arguments)
    assert (code, out) == (2, "")
    assert error.startswith("heatdeath: error: ")
    assert error.count("\n") == 1
    for part in parts:
        assert part in error
