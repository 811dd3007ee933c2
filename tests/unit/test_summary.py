"""The summary of a configuration: its rows, its file, and the comparison of two of them."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf, writing
from heatdeath.measure import summary, summary_agreement
from heatdeath.measure.intervals import wilson
from heatdeath.measure.summary import table_of_rows
from heatdeath.measure.summary_agreement import TESTS, compare_summaries, read_summary_table
from heatdeath.measure.summary_rows import SummaryRow
from heatdeath.study.catalogue import BY_NAME
from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration

ROOT = Path(__file__).parents[2]
EXPECTED = sorted((ROOT / "docs/expected").glob("*.csv"))
KINDS = (
    "phase_diagram",
    "exactness",
    "growth",
    "recovery",
    "tolerance_scan",
    "relaxation",
    "collapse_time",
    "flow_agreement",
    "capture",
)


def homes(paths):
    return [f"heatdeath.measure.{path.stem}:summary_rows" for path in paths]


def prefixes(paths):
    return [path.parent.name for path in paths]


def summarise(paths, **claims):
    return summary.summarise(paths, homes=homes(paths), prefixes=prefixes(paths), **claims)


def replace(row, **changes):
    return row._replace(**changes)


@pytest.fixture
def write(records, tmp_path):
    """Return the function that writes the aggregate of a kind into the folder of a study."""
    records["collapse_time"].values("quantile")[:] = (0.05, 0.25, 0.5, 0.75, 0.95)
    records["collapse_time"].values("collapsed_share")[:] = (0.5, 1.0)
    records["capture"].values("captured_share")[:] = (0.0, 0.5)

    def write(kind, study="mine", **attributes):
        record = records[kind]
        record.attributes |= {"n_seeds": 16, "confidence": 0.95} | attributes
        path = tmp_path / study / f"{kind}.nc"
        netcdf.write(record, path)
        return path

    return write


def by_name(rows):
    assert len({row.name for row in rows}) == len(rows)
    return {row.name: row for row in rows}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_study_has_numbers_under_the_name_of_the_study(write, kind):
    rows = by_name(summarise([write(kind)]))
    assert rows
    assert all(name.startswith("mine/") for name in rows)
    assert {row.test for row in rows.values()} <= set(TESTS)


def test_the_share_of_a_phase_counts_all_trajectories_of_the_plane_from_one_start(records, write):
    shares = records["phase_diagram"].values("phase_share")
    shares[:] = (1.0, 0.0, 0.0)
    shares[0, 1, 1] = (0.25, 0.75, 0.0)
    rows = by_name(summarise([write("phase_diagram")]))
    assert len(rows) == 6
    # Six cells of sixteen seeds from each start; twelve trajectories of one of them collapsed.
    row = rows["mine/phase_share[initial=collapsed:most:0.01,phase=collapsed]"]
    assert (row.value, row.seeds, row.test) == (12 / 96, 96, "share")
    assert (row.low, row.high) == tuple(map(float, wilson(12, 96)))
    assert rows["mine/phase_share[initial=target,phase=collapsed]"].value == 0


def test_a_fraction_that_was_not_measured_has_a_row_without_a_value(records, write):
    record = records["growth"]
    record.values("prevent_measured")[:] = (0, 1)
    record.values("prevent_theory_exists")[:] = (0, 1)
    rows = by_name(summarise([write("growth")]))
    assert rows["mine/prevent[temperature=0.5]"].value is None
    assert rows["mine/prevent_theory[temperature=0.5]"].value is None
    row = rows["mine/prevent[temperature=0.8]"]
    assert (row.value, row.seeds) == (record.values("prevent")[1], 16)
    assert (row.low, row.high) == tuple(record.values("prevent_interval")[1])


def test_a_median_beyond_the_horizon_has_no_value_but_its_share_has(records, write):
    record = records["collapse_time"]
    record.values("log_growth")[0, 2:] = np.inf
    record.values("median_interval")[0, 1] = np.inf
    record.values("collapsed_share")[:] = (0.25, 1.0)
    rows = by_name(summarise([write("collapse_time")]))
    assert rows["mine/log_growth[temperature=0.5,quantile=0.5]"].value is None
    assert rows["mine/collapsed_share[temperature=0.5]"].value == 0.25
    row = rows["mine/log_growth[temperature=0.8,quantile=0.5]"]
    assert (row.value, row.test) == (record.values("log_growth")[1, 2], "median")


def test_effects_and_verdicts_of_claims_are_rows(write, tmp_path):
    effect = {"name": "slope", "value": 0.5, "low": 0.4, "high": 0.6, "level": 0.95, "units": "1"}
    unknown = {"name": "gap", "value": 2, "low": None, "high": None, "level": None, "units": "1"}
    claims = [
        {"id": "C1", "verdict": "holds", "effect": effect},
        {"id": "C2", "verdict": "undecided", "effect": unknown | {"value": None}},
        {"id": "C3", "verdict": "fails", "effect": unknown},
    ]
    path = tmp_path / "claims.json"
    path.write_text(json.dumps({"format_version": 1, "claims": claims}))
    rows = by_name(summarise([], claims_paths=[path]))
    assert rows["claims/C1/verdict"].value == "holds"
    assert rows["claims/C1/effect"] == SummaryRow("claims/C1/effect", "mean", 0.5, 0.4, 0.6, 0.95)
    assert rows["claims/C2/effect"].value is None
    assert rows["claims/C3/effect"].test == "exact"


def test_a_table_reads_back_as_it_was_written_and_has_the_same_bytes(write, tmp_path):
    paths = [write(kind, study=kind) for kind in (*KINDS, "fraction_agreement")]
    rows = by_name(summarise(paths))
    assert "fraction_agreement/p_value" in rows
    rows["verdict"] = SummaryRow("verdict", "verdict", "holds only if, say", unit="")
    for name in ("a.csv", "b.csv"):
        writing.write(table_of_rows(rows.values()), tmp_path / name)
    assert read_summary_table(tmp_path / "a.csv") == rows
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    writing.write(
        summary.summary_table(paths, homes=homes(paths), prefixes=prefixes(paths)),
        tmp_path / "c.csv",
    )
    del rows["verdict"]
    assert read_summary_table(tmp_path / "c.csv") == rows


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "is no summary"),
        ("temperature,phase\n1,faithful\n", "is no summary"),
        ("HEAD\na,mean,1\n", "line 2"),
        ("HEAD\na,guess,1,,,,,1\n", "line 2"),
        ("HEAD\na,mean,one,,,,,1\n", "line 2.*one"),
        ("HEAD\na,mean,nan,,,,,1\n", "line 2.*nan"),
        ("HEAD\na,mean,1,0,2,,8,1\n", "line 2: a: mean needs an interval"),
        ("HEAD\na,median,1,2,0,0.95,8,1\n", "line 2: a: median needs an interval"),
        ("HEAD\na,share,5,0,1,0.95,8,1\n", "line 2: a: share needs a value from 0 to 1"),
        ("HEAD\na,share,0.5,0,1,0.95,,1\n", "line 2: a: share needs .* trials"),
        ("HEAD\na,p_value,-1,,,,,1\n", "line 2: a: p_value needs a value from 0 to 1"),
        ("HEAD\na,exact,1,,,,,1\na,exact,1,,,,,1\n", "line 3: a stands there twice"),
    ],
)
def test_a_file_that_is_no_summary_is_refused_with_its_line(tmp_path, content, problem):
    path = tmp_path / "summary.csv"
    path.write_text(content.replace("HEAD", "name,test,value,low,high,level,seeds,unit"))
    with pytest.raises(FileFormatError, match=problem):
        read_summary_table(path)


# The lower of the order statistics that hold a median with a probability of 95 % or more.
RANK = {32: 10}


def estimated(name, sample, test="mean"):
    """Return the row of a sample: its mean with Student's interval, or its median with ranks'."""
    n = len(sample)
    if test == "mean":
        reach = special.stdtrit(n - 1, 0.975) * sample.std(ddof=1) / np.sqrt(n)
        return SummaryRow(
            name, test, sample.mean(), sample.mean() - reach, sample.mean() + reach, 0.95, n
        )
    k = RANK[n]
    ordered = np.sort(sample)
    return SummaryRow(name, test, np.median(sample), ordered[k - 1], ordered[n - k], 0.95, n)


def share(name, successes, trials):
    low, high = wilson(successes, trials)
    return SummaryRow(name, "share", successes / trials, low, high, 0.95, trials)


def one_run(rng, *, shift=0.0):
    """Return the summary of a run of a made-up law: eight numbers of every kind.

    A shift moves one number of each kind by that many standard deviations of a single seed.
    """
    rows = []
    for i in range(8):
        move = shift if i == 0 else 0.0
        n = (4, 8, 16, 32)[i % 4]
        rows += [
            estimated(f"mean {i}", 0.5 + move + rng.normal(size=n)),
            estimated(f"median {i}", move + rng.exponential(size=32), "median"),
            share(f"share {i}", rng.binomial(64, special.ndtr(i / 4 - 1 + move)), 64),
            SummaryRow(f"p {i}", "p_value", rng.uniform()),
            SummaryRow(f"theory {i}", "exact", i / 7),
        ]
    return {row.name: row for row in rows}


def test_other_seeds_of_the_same_law_are_called_different_no_more_often_than_said(monkeypatch):
    # At a rate of 1 in 20, 16 or more of 100 pairs have a probability below 1e-4.
    monkeypatch.setattr(summary_agreement, "FALSE_ALARM_RATE", 0.05)
    rng = np.random.default_rng(11)
    pairs = [compare_summaries(one_run(rng), one_run(rng)) for _ in range(100)]
    assert sum(not pair.agrees for pair in pairs) <= 15
    assert all(pair.n_tests == 32 for pair in pairs)


def test_another_law_is_found_out_and_the_numbers_that_differ_are_named():
    rng = np.random.default_rng(12)
    outcome = compare_summaries(one_run(rng), one_run(rng, shift=40))
    assert not outcome.agrees
    assert {row.name for row in outcome.rows if not row.agrees} == {"mean 0", "median 0", "share 0"}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (SummaryRow("x", "exact", 0.5), SummaryRow("x", "exact", 0.50001)),
        (SummaryRow("x", "verdict", "holds"), SummaryRow("x", "verdict", "fails")),
        (SummaryRow("x", "p_value", 0.4), SummaryRow("x", "p_value", 1e-6)),
        (SummaryRow("x", "mean", 1.0, 1.0, 1.0, 0.95, 8), SummaryRow("x", "mean", None)),
        (
            SummaryRow("x", "mean", 1.0, 1.0, 1.0, 0.95, 8),
            SummaryRow("x", "mean", 1.1, 1.1, 1.1, 0.95, 8),
        ),
        (SummaryRow("x", "exact", 1.0), SummaryRow("x", "p_value", 1.0)),
    ],
)
def test_what_no_chance_explains_is_different(a, b):
    assert not compare_summaries({"x": a}, {"x": b}).agrees
    assert not compare_summaries({"x": b}, {"x": a}).agrees
    assert compare_summaries({"x": a}, {"x": a if a.test != "p_value" else replace(a)}).agrees


def test_a_verdict_that_one_run_leaves_open_is_not_contradicted():
    holds, open_ = (SummaryRow("x", "verdict", word, unit="") for word in ("holds", "undecided"))
    assert compare_summaries({"x": holds}, {"x": open_}).agrees
    assert compare_summaries({"x": open_}, {"x": holds}).agrees


def test_an_interval_that_was_cut_at_the_edge_counts_with_its_longer_half():
    whole = SummaryRow("x", "mean", 0.95, 0.85, 1.05, 0.95, 8)
    cut = replace(whole, high=1.0)
    other = replace(whole, value=0.7, low=0.6, high=0.8)
    (by_whole,) = compare_summaries({"x": whole}, {"x": other}).rows
    (by_cut,) = compare_summaries({"x": cut}, {"x": other}).rows
    assert by_cut.p_value == pytest.approx(by_whole.p_value)


def test_a_value_that_was_moved_out_of_its_interval_is_different():
    row = SummaryRow("x", "mean", 0.41, 0.39, 0.43, 0.95, 16)
    assert not compare_summaries({"x": row}, {"x": replace(row, value=1.23)}).agrees


def test_an_effect_without_a_number_of_seeds_is_taken_as_one_of_few():
    row = SummaryRow("x", "mean", 0.0, -1.0, 1.0, 0.95)
    other = replace(row, value=3.0, low=2.0, high=4.0)
    (unknown,) = compare_summaries({"x": row}, {"x": other}).rows
    few = {"x": replace(row, seeds=5)}, {"x": replace(other, seeds=5)}
    (known,) = compare_summaries(*few).rows
    error = 1 / stats.t.ppf(0.975, 4)
    assert unknown.p_value == known.p_value
    assert known.p_value == pytest.approx(2 * stats.t.sf(3 / (error * np.sqrt(2)), 8))


def test_names_that_only_one_table_has_are_told():
    a, b = SummaryRow("a", "exact", 1.0), SummaryRow("b", "exact", 1.0)
    outcome = compare_summaries({"a": a}, {"b": b})
    assert (outcome.only_a, outcome.only_b, outcome.agrees) == (["a"], ["b"], False)


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_expected_numbers_are_those_of_every_study_of_their_configuration(path):
    name = {"paper": "config"}.get(path.stem, path.stem)
    configuration = load(read_configuration(ROOT / "config" / f"{name}.yaml"))
    rows = read_summary_table(path)
    prefixes = {name.partition("/")[0] for name in rows}
    assert prefixes - {"fraction_agreement", "claims"} == set(configuration.studies)
    assert all(row.value is not None for row in rows.values() if row.test in ("share", "verdict"))


@pytest.mark.parametrize(("name", "expected"), [("config", "paper"), ("quick", "quick")])
def test_rows_stand_study_by_study_in_the_order_of_the_configuration(name, expected):
    configuration = load(read_configuration(ROOT / "config" / f"{name}.yaml"))
    paths = map(Path, BY_NAME["summary"].reads(configuration, None)["aggregate_paths"])
    several = ("fraction_agreement",)
    read = [path.stem if path.stem in several else path.parent.name for path in paths]
    table = read_summary_table(ROOT / "docs/expected" / f"{expected}.csv")
    rows = [row.partition("/")[0] for row in table if not row.startswith("claims/")]
    # Expected numbers may leave out families, whose packages not everybody has.
    assert [name for name in read if name in rows] == list(dict.fromkeys(rows))


def test_there_are_expected_numbers_of_the_quick_study():
    assert "quick" in {path.stem for path in EXPECTED}
