from pathlib import Path

import pytest

from heatdeath.claims.statement import load_claims
from heatdeath.errors import FileFormatError
from heatdeath.study.configuration_file import read_configuration

ROOT = Path(__file__).parents[2]


def refusal(tmp_path, text, name="config.yaml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileFormatError) as caught:
        read_configuration(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: a stands on line 1 already; allowed: each key once"),
        ("studies:\n  zipf: {}\n  zipf: {}\n", "line 3: studies.zipf stands on line 2"),
        ("a: {b: 1, b: 2}\n", "line 1: a.b stands on line 1"),
        ('a: 1\n"a": 2\n', "line 2: a stands on line 1"),
        ("a:\n- {}\n- b: 1\n  b: 1\n", "line 4: a[1].b stands on line 3"),
        ("a: &x {b: 1}\nc: {<<: *x, d: 1, d: 2}\n", "line 2: c.d stands on line 2"),
        ('{"a": 1,\n\t"a": 2}', "line 2: a stands on line 1"),
        ("a: &x [*x, {b: 1, b: 2}]\n", "line 1: a[1].b stands on line 1"),
    ],
)
def test_a_key_that_stands_twice_is_refused_by_its_name_and_lines(tmp_path, text, says):
    assert refusal(tmp_path, text).startswith(says)


def test_a_claim_s_key_that_stands_twice_is_refused(tmp_path):
    text = (ROOT / "config/claims.yaml").read_text()
    path = tmp_path / "claims.yaml"
    path.write_text(text + "claims: []\n")
    with pytest.raises(FileFormatError, match="claims stands on line"):
        load_claims(path)


def test_a_merged_key_may_be_replaced(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\n")
    assert read_configuration(path)["d"] == {"b": 3, "c": 2}


def test_json_is_read_as_snakemake_reads_it(tmp_path):
    path = tmp_path / "config.json"
    path.write_text('{\n\t"a": 1e3, "b": ["\\ud83d\\ude00\\/"]}')
    assert read_configuration(path) == {"a": 1000.0, "b": ["\U0001f600/"]}


@pytest.mark.parametrize(
    "value",
    ['!!int "x"', '!!int ""', '!!bool "x"', '!!timestamp "x"', "!!timestamp '2024-13-45'"],
)
def test_a_tag_that_its_value_does_not_fit_is_refused_in_one_line(tmp_path, value):
    assert refusal(tmp_path, f"a: {value}\n").startswith("is not YAML of plain values")


@pytest.mark.parametrize(
    "path",
    [path for part in ("config", "workflow/schemas") for path in (ROOT / part).glob("*.yaml")],
    ids=lambda path: path.name,
)
def test_each_key_of_the_files_that_we_ship_stands_once(path):
    assert read_configuration(path)
