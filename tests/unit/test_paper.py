"""The paper: how numbers are rounded, that none is typed, and that its sections compile."""

import json
import math
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files import netcdf
from heatdeath.paper.build import build_paper, claims_table, compile_paper
from heatdeath.paper.entries import decimal, exact, measured, p_value, setting
from heatdeath.paper.numbers import collect_numbers
from heatdeath.paper.plane_numbers import _plain_settings, least_faithful, nearest_temperatures
from heatdeath.paper.theory_numbers import example_numbers
from heatdeath.phases import COLLAPSED, FAITHFUL
from heatdeath.study.damage import damaged_files

PAPER = Path(__file__).parents[2] / "workflow" / "paper"
SOURCES = sorted([*PAPER.rglob("*.typ"), *PAPER.rglob("*.bib")])
SECTIONS = sorted((PAPER / "sections").glob("*.typ"))
FIGURES = (
    *("trajectories", "exactness", "regimes", "rescue", "rates", "sizes", "cost"),
    *("phase_diagram_zipf", "phase_diagram_words"),
    *("architectures", "collapse_rates", "model_sizes"),
)


@pytest.mark.parametrize(
    ("value", "low", "high", "text", "half"),
    [
        (0.83401, 0.8300, 0.8371, "0.834", "0.004"),
        (0.83401, 0.8325, 0.8351, "0.8340", "0.0013"),
        (0.5, 0.4, 0.6, "0.50", "0.10"),
        (0.1234, 0.1138, 0.133, "0.123", "0.010"),
        (-0.04, -0.9, 0.8, "0.0", "0.9"),
        (36.2, 26.1, 61.9, "36", "18"),
        (123456.0, 100000.0, 180000.0, "120\u202f000", "40\u202f000"),
        (0.7, 0.7, 0.7, "0.700", "0"),
    ],
)
def test_the_interval_decides_the_digits(value, low, high, text, half):
    entry = measured(value, low, high)
    assert (entry["text"], entry["half"]) == (text, half)
    assert (entry["value"], entry["low"], entry["high"]) == (value, low, high)


def test_a_range_with_a_negative_end_has_no_dash():
    assert measured(0.25, 0.2, 0.3)["range"] == "0.20–0.30"
    assert measured(-2.47, -2.5, -2.4)["range"] == "−2.50 to −2.40"


finite = st.floats(-100, 100, allow_subnormal=False)


@given(finite, st.floats(1e-6, 1e5))
def test_rounding_moves_a_number_by_no_more_than_its_last_digit_and_that_is_within_the_error(
    value, half
):
    entry = measured(value, value - half, value + half)
    text, shown = (
        Decimal(entry[key].replace("−", "-").replace("\u202f", "")) for key in ("text", "half")
    )
    width = (entry["high"] - entry["low"]) / 2
    unit = 10.0 ** math.floor(math.log10(width))
    assert abs(float(text) - value) <= 0.5001 * unit
    assert shown.as_tuple().exponent == text.as_tuple().exponent
    assert abs(float(shown) - width) <= 0.5001 * unit


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (exact(0.83402), "0.834"),
        (exact(0.5), "0.500"),
        (exact(0.0107), "0.0107"),
        (exact(1.2e-12), "1.20\u202f×\u202f10⁻¹²"),
        (exact(5.0299), "5.03"),
        (exact(13123.4), "13\u202f100"),
        (exact(4000), "4000"),
        (exact(40000), "40\u202f000"),
        (exact(400000), "4\u202f×\u202f10⁵"),
        (exact(1e12), "10¹²"),
        (exact(123456), "123\u202f456"),
        (exact(math.inf), "∞"),
        (setting(0.5), "0.5"),
        (setting(2.0), "2"),
        (setting(0.05), "0.05"),
        (decimal(0.5, places=4), "0.5000"),
        (decimal(-0.04, places=1), "0.0"),
        (p_value(0.784), "= 0.78"),
        (p_value(0.05), "= 0.050"),
        (p_value(1.34e-21), "= 1.3\u202f×\u202f10⁻²¹"),
        (p_value(0.0), "< 10⁻³⁰⁰"),
    ],
)
def test_exact_numbers_have_the_digits_that_are_known(entry, text):
    assert entry["text"] == text
    assert json.loads(json.dumps(entry, allow_nan=False)) == entry


@pytest.mark.parametrize("ends", [(0.6, 0.4), (math.nan, 1.0), (-math.inf, 1.0)])
def test_an_interval_that_is_none_is_refused(ends):
    with pytest.raises(ParameterError, match="low <= high"):
        measured(0.5, *ends)


def typed_numbers(source):
    """Return what looks like a result in a section: digits in prose, decimals in equations."""
    text = re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE)
    # Code: names of parts and files, and the arguments of tables.
    text = re.sub(r'"[^"\n]*"', '""', text)
    text = re.sub(r"\b\d+(\.\d+)?fr\b", "", text)
    text = re.sub(r"<[\w-]+>|@[\w-]+", "", text)
    # Of all digits in equations only those of formulas, such as 1 − f or 1/2, are free.
    equations = re.findall(r"\$[^$]*\$", text)
    found = [number for each in equations for number in re.findall(r"\d+\.\d+|\d{2,}", each)]
    prose = re.sub(r"\$[^$]*\$", "", text)
    prose = re.sub(r"(size|columns|level|above|below): *[\d.]+(em|pt)?", "", prose)
    return found + re.findall(r"\d[\d.,]*", prose)


@pytest.mark.parametrize("path", SECTIONS, ids=lambda path: path.stem)
def test_no_number_of_the_text_is_typed(path):
    assert typed_numbers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Collapse is undone from 0.834 on.",
        "For $f = 0.834$ it is.",
        "at $n = 100$ outcomes",
        "in 15 studies",
        'at #num("plane", "horizon") and 7 more',
    ],
)
def test_a_number_that_is_typed_is_found(text):
    assert typed_numbers(text)


@pytest.mark.parametrize("path", SECTIONS, ids=lambda path: path.stem)
def test_no_semicolon_is_swallowed_by_the_code_before_it(path):
    text = re.sub(r"\$[^$]*\$", "", path.read_text(encoding="utf-8"))
    assert re.findall(r"#.*[)\]];", text) == []


@pytest.fixture
def everything(tmp_path):
    """Numbers of made-up values for all that the text quotes, and figures that are blank."""
    blank = Figure(figsize=(1, 0.5))
    figures = []
    for name in FIGURES:
        figures.append(tmp_path / f"{name}.pdf")
        blank.savefig(figures[-1], metadata={"CreationDate": None})
    text = "\n".join(path.read_text(encoding="utf-8") for path in SECTIONS)
    numbers = {}
    for part in re.findall(r'(?:num|num-range|has|bare-p|p-value)\("(\w+)"', text):
        numbers.setdefault(part, {})
    for part, names in re.findall(
        r'(?:num|num-range|has|bare-p|p-value)\("(\w+)"((?:, "\w+")*)', text
    ):
        numbers[part] |= {name: measured(0.5, 0.4, 0.6) for name in re.findall(r'"(\w+)"', names)}
    row_names = set(re.findall(r'row\.(\w+)|cell\(row, "(\w+)"\)|(?:first|last)\.(\w+)', text))
    row = {name: exact(3) for names in row_names for name in names if name}
    row |= {"quantity": exact(3) | {"text": "prevent"}, "measured": measured(0.5, 0.4, 0.6)}
    with_rows = ("agreement", "tolerance", "sizes", "capture", "regimes")
    for part in (*with_rows, "architectures", "model_sizes"):
        numbers.setdefault(part, {})["rows"] = [row, row]
    numbers["plane"]["figure"] = exact(3) | {"text": "phase_diagram_zipf"}
    numbers["real"]["figure"] = exact(3) | {"text": "phase_diagram_words"}
    return numbers, figures


def compiled(numbers, figures, folder, **options):
    path = folder / "numbers.json"
    path.write_text(json.dumps(numbers, ensure_ascii=False), encoding="utf-8")
    return compile_paper(SOURCES, numbers_path=path, figure_paths=figures, **options)


def text_of(numbers, figures, folder, **options):
    """Return the words of the paper, from the compiler's own export to HTML."""
    with pytest.warns(UserWarning, match="html export|HTML"):
        page = compiled(numbers, figures, folder, format="html", **options).decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_same_results_are_the_same_bytes(everything, tmp_path):
    numbers, figures = everything
    first = compiled(numbers, figures, tmp_path)
    assert first.startswith(b"%PDF-")
    assert compiled(numbers, figures, tmp_path) == first
    assert b"heatdeath-" not in first
    assert b"CreationDate" not in first


def test_the_paper_and_its_numbers_are_damaged_if_their_end_is_cut_off(everything, tmp_path):
    numbers, figures = everything
    quoted, paper = tmp_path / "numbers.json", tmp_path / "paper.pdf"
    quoted.write_text(f"{json.dumps(numbers, indent=1)}\n", encoding="utf-8")
    paper.write_bytes(build_paper(SOURCES, numbers_path=quoted, figure_paths=figures))
    assert damaged_files([str(quoted), str(paper)]) == {}
    for path in (quoted, paper):
        path.write_bytes(path.read_bytes()[:-1])
    assert set(damaged_files([str(quoted), str(paper)])) == {str(quoted), str(paper)}


def test_another_number_is_another_text(everything, tmp_path):
    numbers, figures = everything
    before = text_of(numbers, figures, tmp_path)
    pdf = compiled(numbers, figures, tmp_path)
    assert "0.8341" not in before
    numbers["plane"]["cold_tolerance_fraction"]["text"] = "0.8341"
    assert "0.8341" in text_of(numbers, figures, tmp_path)
    assert compiled(numbers, figures, tmp_path) != pdf


def test_a_number_that_is_lacking_stops_the_build_with_its_name(everything, tmp_path):
    numbers, figures = everything
    del numbers["plane"]["horizon"]
    with pytest.raises(FileFormatError, match=r"numbers\.json has no plane\.horizon"):
        compiled(numbers, figures, tmp_path)


@pytest.mark.parametrize(
    ("figure", "parts", "heading"),
    [
        ("trajectories", (), "The course of a loop"),
        (
            "rescue",
            ("growth", "recovery", "agreement"),
            "What prevents collapse, and what undoes it",
        ),
        ("rates", ("collapse_time", "relaxation", "flow_agreement"), "until one of the outcomes"),
        ("sizes", ("sizes", "capture"), "How it grows with the number of outcomes"),
        ("regimes", ("regimes",), "Other data, other rules"),
        ("architectures", ("architectures", "model_sizes"), "Real generative models"),
        ("collapse_rates", (), "How fast."),
        ("model_sizes", (), "How much fresh data, by size."),
        ("cost", ("cost",), "a plain loop over array"),
        ("exactness", ("exactness",), "For two outcomes,"),
    ],
)
def test_a_figure_that_is_not_drawn_leaves_out_its_section(
    everything, tmp_path, figure, parts, heading
):
    numbers, figures = everything
    assert heading in text_of(numbers, figures, tmp_path)
    numbers = {part: entries for part, entries in numbers.items() if part not in parts}
    figures = [path for path in figures if path.stem != figure]
    assert heading not in text_of(numbers, figures, tmp_path)


def test_families_that_all_fail_their_gates_leave_no_reference_without_its_table(
    everything, tmp_path
):
    numbers, figures = everything
    drawn = figures[0].with_stem("architectures")
    drawn.write_bytes(figures[0].read_bytes())
    figures = [path for path in figures if path != drawn] + [drawn]
    heading = "Real generative models"
    numbers.pop("architectures", None)
    assert heading not in text_of(numbers, figures, tmp_path)
    counts = (
        *("cells", "agreeing_cells", "lost_cells", "kept_cells", "families"),
        *("pairs_cells", "urn_decided_cells", "decided_cells"),
        *("both_decided_cells", "chance_cells"),
    )
    numbers["architectures"] = {name: exact(0) for name in counts} | {"rows": []}
    text = " ".join(text_of(numbers, figures, tmp_path).split())
    assert heading in text
    assert "on real data alone." in text
    said = "2 families fail and are left out"
    numbers["architectures"]["failed"] = exact(2) | {"text": said}
    assert said in " ".join(text_of(numbers, figures, tmp_path).split())


def test_the_text_follows_what_was_measured(everything, records, tmp_path):
    numbers, figures = everything
    record = records["fraction_agreement"]
    n = record.values("measured").size
    record.variables["target"] = (("fraction",), np.array(["uniform:10"] * n))
    record.variables["half_width"] = (("fraction",), np.full(n, 0.003))
    for value in (0.6127, 0.6389):
        record.variables["measured"] = (("fraction",), np.full(n, value))
        netcdf.write(record, tmp_path / "fraction_agreement.nc")
        parts = {"agreement": tmp_path / "fraction_agreement.nc"}
        found = collect_numbers(parts, example_target="uniform:10", example_temperature=0.5)
        text = text_of(numbers | found, figures, tmp_path)
        assert [f"{each:.3f} ± 0.003" in text for each in (0.6127, 0.6389)] == [
            each == value for each in (0.6127, 0.6389)
        ]


def test_the_example_is_that_of_theory_and_of_the_published_conditions():
    numbers = example_numbers("uniform:100", temperature=0.5)
    texts = {name: numbers[name]["text"] for name in numbers}
    # From the closed forms 1 − T, n/(2√(n−1)), 1/(Tδ) and 2/(Tδ·θ_min).
    assert texts["prevent"] == "0.500"
    assert texts["recover"] == f"{1 / (1 + 2 * math.sqrt(99) / 100):.3f}"
    assert texts["recover_ratio"] == f"{50 / math.sqrt(99):.2f}"
    assert (texts["euclidean_ratio"], texts["fisher_rao_ratio"]) == ("200", "40\u202f000")
    assert "prevent" not in example_numbers("zipf:1:100", temperature=0.5)


@pytest.mark.parametrize(
    ("faithful", "first"),
    [([0, 0, 1, 1], 0.5), ([1, 1, 1, 1], 0.0), ([1, 0, 1, 1], 0.5), ([1, 1, 1, 0], None)],
)
def test_a_grid_is_faithful_from_the_least_fraction_with_nothing_unfaithful_above(faithful, first):
    phases = np.where(np.array(faithful) == 1, FAITHFUL, COLLAPSED)
    assert least_faithful(phases, np.array([0.0, 0.25, 0.5, 1.0])) == first


def test_the_text_speaks_of_the_temperatures_nearest_to_a_half_and_to_two():
    temperatures = np.array([0.0, 0.25, 0.4, 0.9, 1.0, 1.1, 3.0, np.inf])
    assert nearest_temperatures(temperatures) == {"cold": 0.4, "one": 1.0, "hot": 1.1}
    assert nearest_temperatures(np.array([0.0, np.inf])) == {}


CLAIM = {
    "id": "C9",
    "claim": "Collapse shows as a growing chance that two outputs agree.",
    "sources": ["marchi2024heat"],
    "verdict": "holds only if",
    "condition": "T < 1",
    "summary": "The sign changes at T = 1.",
    "effect": {
        "name": "change",
        "value": 0.21,
        "low": 0.2,
        "high": 0.22,
        "level": 0.95,
        "units": "1",
    },
    "control": {"what": "shuffled", "verdict": "fails", "flipped": True},
}


def write_claims(folder, *claims, version=1):
    path = folder / "claims.json"
    path.write_text(json.dumps({"format_version": version, "claims": claims}), encoding="utf-8")
    return path


def test_claims_stand_in_a_table_with_rounded_effects(everything, tmp_path):
    numbers, figures = everything
    path = write_claims(tmp_path, CLAIM, {**CLAIM, "id": "C10", "condition": None})
    text = text_of(numbers, figures, tmp_path, claims_path=path)
    for words in ("C9", "C10", CLAIM["claim"], "holds only if T &lt; 1", "0.210 (0.200–0.220)"):
        assert words in text
    assert CLAIM["claim"] not in text_of(numbers, figures, tmp_path)


def test_families_have_a_table_of_their_own_where_they_were_judged(everything, tmp_path):
    numbers, figures = everything
    judged = [
        {"study": name, "family": name, "source": source, "verdict": verdict, "condition": None}
        for name, source, verdict in (
            ("diffusion-32", "digits:100", "undecided"),
            ("ngram", "spelling:200", "holds"),
        )
    ]
    path = write_claims(
        tmp_path, CLAIM | {"families": judged}, CLAIM | {"id": "C11", "families": []}
    )
    (row, other) = claims_table(path)
    assert (row["families"], other["families"]) == (judged, [])
    text = text_of(numbers, figures, tmp_path, claims_path=path)
    words = ("diffusion-32", "digits:100", "spelling:200", "undecided")
    assert all(each in text for each in words)
    without = text_of(numbers, figures, tmp_path, claims_path=write_claims(tmp_path, CLAIM))
    assert "diffusion-32" not in without


def test_a_step_of_a_grid_is_not_rounded_by_its_width(tmp_path):
    effect = CLAIM["effect"] | {"value": 0.95, "low": 0.5, "high": 0.95}
    (row,) = claims_table(write_claims(tmp_path, CLAIM | {"effect": effect}))
    entry = row["effect"]["entry"]
    assert (entry["text"], entry["range"]) == ("0.950", "0.500 to 0.950")


def test_the_text_says_agree_only_where_the_test_leaves_the_theory_standing(everything, tmp_path):
    numbers, figures = everything
    for p, words in ((0.4, "They agree with"), (0.0001, "They do not agree with")):
        numbers["agreement"]["p"] = p_value(p)
        assert words in text_of(numbers, figures, tmp_path)


def test_verdicts_of_another_version_or_without_a_key_are_refused(tmp_path):
    with pytest.raises(FileFormatError, match="format_version 2; needed: 1"):
        claims_table(write_claims(tmp_path, version=2))
    without = {key: value for key, value in CLAIM.items() if key != "verdict"}
    with pytest.raises(FileFormatError, match="without the key 'verdict'"):
        claims_table(write_claims(tmp_path, without))


def test_every_reference_is_cited_or_known_to_the_claims_and_names_its_authors():
    text = (PAPER / "references.bib").read_text(encoding="utf-8")
    entries = re.findall(r"^@\w+\{(\w+),\n(.*?)^\}", text, flags=re.MULTILINE | re.DOTALL)
    cited = set(re.findall(r"@(\w+)", "\n".join(path.read_text() for path in SECTIONS)))
    assert {key for key, _ in entries} <= cited
    for key, fields in entries:
        assert "author = {" in fields, key
        assert re.search(r"year = \{(\d{4})\}", fields)[1] == re.search(r"\d{4}", key)[0]


def test_the_settings_of_a_variant_are_quoted_as_they_were_chosen():
    settings = {"regime": "replace", "batch_size": 400, "top_p": "0.9", "top_k": 3}
    assert _plain_settings(settings) == "m = 400, top-p = 0.9, k = 3"
