"""The explorer's page: its data are those of the aggregates, and it loads nothing."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest

from heatdeath.errors import ParameterError
from heatdeath.explorer.data import SHOWN, study_data
from heatdeath.explorer.digits import ALPHABET, pack
from heatdeath.explorer.page import explorer_page, page
from heatdeath.files import netcdf
from heatdeath.measure.theory_lines import theory_lines
from heatdeath.observables import OBSERVABLES
from heatdeath.study.catalogue import kind_named
from heatdeath.study.config import load
from heatdeath.targets import Target
from heatdeath.theory.critical import critical_fractions
from heatdeath.theory.equilibria import equilibria


def unpack(column):
    """Read a column as the page does, in other words: each number from the text of its digits."""
    least, text = column["least"], column["text"]
    numbers = []
    for high, low in zip(text[::2], text[1::2], strict=True):
        code = ALPHABET.index(high) * len(ALPHABET) + ALPHABET.index(low)
        power, mantissa = divmod(code - 2, 900)
        special = {0: 0.0, 1: np.inf}
        numbers.append(special.get(code, float(f"{100 + mantissa}e{least + power - 2}")))
    return np.array(numbers)


def packed(values):
    least, text = pack(values)
    return unpack({"least": least, "text": text})


@pytest.fixture(scope="module")
def html(explored):
    return explored.page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def data(html):
    (text,) = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>', html, flags=re.DOTALL
    )
    return json.loads(text)


@pytest.fixture(scope="module")
def read(explored):
    return lambda study, kind: netcdf.read(explored.files[study][kind], kind=kind_named(kind))


def test_a_packed_number_is_the_number_with_three_digits():
    rng = np.random.default_rng(3)
    values = np.exp(rng.uniform(np.log(1e-3), np.log(9e3), 5000))
    values[:6] = 0.0, 1.0, 0.9996, 999.4, 999.6, 0.001
    expected = [float(f"{value:.2e}") for value in values]
    np.testing.assert_array_equal(packed(values), expected)


def test_infinity_stays_infinite_and_what_is_below_eight_decades_becomes_zero():
    values = [np.inf, 250.0, 1.234e-5, 9.99e-7, 0.0]
    assert packed(values).tolist() == [np.inf, 250.0, 1.23e-5, 0.0, 0.0]
    assert packed([0.0, np.inf]).tolist() == [0.0, np.inf]


def test_packed_text_needs_no_escape_anywhere():
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert len(ALPHABET) ** 2 >= 2 + 900 * 8
    assert json.dumps(ALPHABET) == f'"{ALPHABET}"'
    assert not set(ALPHABET) & set("<>&\"'\\")


def test_the_curves_are_the_quantiles_of_the_ensemble(data, read):
    plane, variants = data["studies"]
    for study, axes in ((plane, "initial"), (variants, "variant")):
        ensemble = read(study["name"], "ensemble")
        for name in SHOWN:
            dims, values = ensemble.variables[name]
            assert dims == ("temperature", "fresh_fraction", axes, "checkpoint", "quantile")
            found = unpack(study["curves"][name])
            expected = np.moveaxis(values, 2, 0).ravel()
            tiny = expected < 1e-7 * expected[np.isfinite(expected)].max()
            np.testing.assert_allclose(found[~tiny], expected[~tiny], rtol=5.0001e-3)
            assert (found[tiny] < 1e-6).all()


def test_the_cells_are_those_of_the_phase_diagram(data, read):
    plane = data["studies"][0]
    diagram = read("plane", "phase_diagram")
    cells = plane["cells"]
    for name, variable in (
        ("phase", "phase"),
        ("order", "order_parameter"),
        ("share", "phase_share"),
        ("interval", "phase_share_interval"),
    ):
        expected = np.moveaxis(diagram.values(variable), 2, 0).ravel()
        np.testing.assert_allclose(cells[name], expected, rtol=5.0001e-3, atol=1e-12)
    joint = np.broadcast_to(diagram.values("joint_phase"), (2, 5, 3)).ravel()
    assert cells["joint"] == joint.tolist()
    assert "joint" not in data["studies"][1]["cells"]
    assert plane["temperatures"] == ["0", "0.5", "1", "2", "inf"]
    assert plane["fresh_fractions"] == ["0", "0.03", "0.5"]


def test_panels_name_starts_and_variants_and_when_they_were_recorded(data, read):
    plane, variants = data["studies"]
    assert [panel["key"] for panel in plane["panels"]] == ["target", "collapsed:1:0.01"]
    assert plane["panels"][1]["text"] == "collapsed, 99 % on outcome 1 (from 0)"
    assert [panel["text"] for panel in variants["panels"]] == [
        "replace: m = 200",
        "top-k: m = 400, top-k = 3",
    ]
    outputs = read("plane", "ensemble").values("outputs")
    assert plane["panels"][0]["outputs"] == outputs.tolist()
    own = read("variants", "ensemble")
    assert own.dimensions("outputs")[2:] == ("variant", "checkpoint")
    for panel, expected in zip(variants["panels"], own.values("outputs")[1, 1], strict=True):
        assert panel["outputs"] == expected.tolist()


def test_thresholds_and_equilibria_are_those_of_theory_where_it_has_them(data):
    plane, variants = data["studies"]
    assert variants["thresholds"] is variants["equilibria"] is None
    assert [each is None for each in plane["thresholds"]] == [True, False, False, False, True]
    critical = critical_fractions("zipf:1:10", temperature=0.5)
    shown = plane["thresholds"][1]
    assert shown["kind"] == critical.kind == "crossover"
    assert shown["prevent"] is None
    assert shown["recover"] == pytest.approx(critical.recover, rel=5e-4)
    assert shown["starts"] == {"collapsed:1:0.01": shown["recover"]}
    (expected,) = equilibria(
        "zipf:1:10", temperature=2.0, fresh_fraction=0.5, branches=["faithful", 0, 1, 9]
    )
    (found,) = plane["equilibria"][3 * 3 + 2]
    assert (found["branch"], found["stable"], found["outcome"]) == ("faithful", 1, None)
    assert found["exponent"] == pytest.approx(expected.relaxation_exponent, rel=5e-3)
    for name, value in found["values"].items():
        assert value == pytest.approx(expected.observables[name], rel=5e-3)
    corners = plane["equilibria"][1 * 3]
    assert [each["outcome"] for each in corners] == [f"outcome {i} (from 0)" for i in (0, 1, 9)]
    assert corners[0]["values"]["kl_from_target"] == "inf"
    assert plane["equilibria"][0] is None


def test_outcomes_with_labels_are_called_by_them(records):
    records = {name: records[name] for name in ("phase_diagram", "ensemble", "target")}
    for name in ("phase_diagram", "ensemble"):
        records[name].attributes |= {"target_entropy": 1.0, "n_outcomes": 3}
        records[name].values("temperature")[1] = 0.5
    lines = theory_lines(Target("words:3", np.array([0.5, 0.3, 0.2])), temperatures=[0.5, 1.0])
    shown = study_data(*records.values(), name="own", question="?", lines=lines)
    assert shown["thresholds"][1]["output"] == "“café”"


def test_every_observable_of_the_page_has_a_name_a_unit_and_a_formula(data):
    assert [each["name"] for each in data["observables"]] == list(SHOWN)
    assert all(each["title"] and each["units"] and each["formula"] for each in data["observables"])
    left_out = OBSERVABLES.keys() - set(SHOWN)
    assert left_out == {"normalized_entropy", "top5_mass", "hellinger"}


def test_the_page_loads_nothing(html):
    outside = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert re.findall(r'(?:src|href|action|data)\s*=\s*"([^"]*)"', outside) == ["data:,"]
    assert "url(" not in outside
    assert "@import" not in outside
    assert re.findall(r"<script[^>]*\bsrc", html) == []
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy
    assert "connect-src" not in policy
    assert "unsafe-eval" not in policy


def test_what_a_configuration_says_cannot_become_markup(html, explored):
    question = explored.arguments["questions"]["plane"]
    assert "<b>" in question
    assert "<b>one</b>" not in html
    assert html.count("</script>") == html.count("<script") == 4


def test_the_page_is_the_same_to_the_byte_when_it_is_made_again(explored, tmp_path):
    arguments = {
        name: {**value} if isinstance(value, dict) else [str(path) for path in value]
        for name, value in explored.arguments.items()
    }
    script = (
        "import json, sys\n"
        "from heatdeath.explorer.page import explorer_page\n"
        "from heatdeath.files.writing import write\n"
        "write(explorer_page(**json.loads(sys.argv[2])), sys.argv[1])\n"
    )
    again = tmp_path / "again.html"
    subprocess.run([sys.executable, "-c", script, again, json.dumps(arguments)], check=True)
    assert again.read_bytes() == explored.page.read_bytes()


def test_a_number_costs_two_bytes_so_that_the_studies_of_the_paper_fit():
    # Cells times checkpoints of zipf, words, regimes and hysteresis in config/config.yaml.
    numbers = (19 * 13 * 2 + 12 * 8 * 2) * 48 + 8 * 9 * 6 * 32 + 3 * 15 * 2 * 8
    column = pack(np.random.default_rng(0).random(1000))[1]
    assert len(column.encode()) == 2 * 1000
    libraries_and_the_rest = 2_000_000
    assert 2 * 5 * len(SHOWN) * numbers + libraries_and_the_rest < 8_000_000


def test_the_libraries_and_the_page_itself_take_less_than_a_megabyte_and_a_half():
    assert len(page([]).encode()) < 1_500_000


def test_a_study_that_the_explorer_cannot_show_is_refused_by_its_key(part_of_quick):
    config = part_of_quick(["zipf", "exactness"], "exactness")
    for studies, key, reason in (
        (["nothing"], r"explorer\.studies\[0\]", "zipf"),
        (["zipf", "exactness"], r"explorer\.studies\[1\]", "kind phase_diagram"),
    ):
        with pytest.raises(ParameterError, match=rf"{key}.*{reason}"):
            load(config | {"explorer": {"studies": studies}})
    del config["studies"]["zipf"]["axes"]["fresh_fraction"]
    with pytest.raises(ParameterError, match="the axis fresh_fraction"):
        load(config | {"explorer": {"studies": ["zipf"]}})


def test_a_page_without_theory_is_made_of_the_same_studies(explored):
    arguments = explored.arguments | {"theory_lines": [], "equilibria": []}
    assert '"thresholds":null,"equilibria":null' in explorer_page(**arguments)


def test_the_parts_of_the_page_may_be_given(explored, tmp_path):
    parts = [tmp_path / f"page.{part}" for part in ("html", "css", "js")]
    for path, text in zip(
        parts, ("<p>/* style */</p>/* script */", "own {}", "own()"), strict=True
    ):
        path.write_text(text)
    assert explorer_page(**explored.arguments, parts=parts) == "<p>own {}</p>own()"
