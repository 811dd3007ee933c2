import math
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


@pytest.mark.parametrize(
    ("value", "read", "allowed"),
    [
        ("on", "true", '"on" in quotes if it is a text, or true or false'),
        ("No", "false", '"No" in quotes'),
        ("01000", "512", '"01000" in quotes if it is a text, or the number in decimal digits'),
        ("-010", "-8", '"-010" in quotes'),
        ("0x10", "16", '"0x10" in quotes'),
        ("0b11", "3", '"0b11" in quotes'),
        ("16:40", "1000", '"16:40" in quotes'),
        ("16:40.5", "1000.5", '"16:40.5" in quotes'),
        ("2024_11", "202411", '"2024_11" in quotes'),
        ("1_0.5", "10.5", '"1_0.5" in quotes'),
        ("1.0e+400", "inf", '"1.0e+400" in quotes if it is a text, or a number that fits a double'),
        ("-1.0e+400", "-inf", '"-1.0e+400" in quotes'),
        ("1.0e-400", "0.0", '"1.0e-400" in quotes'),
        ("2024-11-28", "the date 2024-11-28", '"2024-11-28" in quotes if it is a text'),
        ("2024-13-45", "a timestamp", '"2024-13-45" in quotes if it is a text'),
        ("!!int 010", "8", '"010" in quotes'),
    ],
)
def test_what_yaml_reads_as_something_else_is_refused_with_what_it_made_of_it(
    tmp_path, value, read, allowed
):
    message = refusal(tmp_path, f"a: 1\nb: [{{c: {value}}}]\n")
    spelled = value.removeprefix("!!int ")
    assert message.startswith(f"line 2: b[0].c: {spelled} is read as {read}; allowed: {allowed}")


@pytest.mark.parametrize(
    ("key", "read"),
    [("on", "true"), ("2024", "2024"), ("0.5", "0.5"), ("~", "null"), ("2024-11-28", "the date")],
)
def test_a_key_that_yaml_reads_as_no_text_is_refused_by_its_line(tmp_path, key, read):
    message = refusal(tmp_path, f"a:\n  {key}: 1\n")
    assert message.startswith(f"line 2: the key a.{key} is read as {read}")
    assert message.endswith(f'here "{key}" in quotes')


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((text, int(text)) for text in ("0", "-1", "+12", "1000", "1_000_000")),
        *((text, float(text)) for text in ("0.5", ".5", "1.", "1.0e-3", "0.0e+5", "1_000.5")),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("true", True),
        ("False", False),
        ("~", None),
        ('"on"', "on"),
        ("'01000'", "01000"),
        ("'2024-11-28'", "2024-11-28"),
        ("zipf:1:10", "zipf:1:10"),
    ],
)
def test_what_means_what_yaml_makes_of_it_is_read(tmp_path, text, value):
    path = tmp_path / "config.yaml"
    path.write_text(f"a: {text}\n")
    read = read_configuration(path)["a"]
    assert read == value
    assert type(read) is type(value)


def test_a_number_of_json_that_fits_no_double_is_refused(tmp_path):
    message = refusal(tmp_path, '{"a": 1e400}', name="config.json")
    assert message.startswith("line 1: a: 1e400 is read as")


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
