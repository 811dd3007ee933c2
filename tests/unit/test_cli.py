import io
import os
import re
import subprocess
import sys

import numpy as np
import pytest

import heatdeath
from heatdeath import cli
from heatdeath.cli.progress import ProgressBar
from heatdeath.cli.values import count_or_list, number
from heatdeath.files import netcdf
from heatdeath.files.manifest import write_manifest
from heatdeath.files.variables import Record
from heatdeath.files.writing import write
from heatdeath.measure.collapse_time import median_interval
from heatdeath.measure.summary import table_of_rows
from heatdeath.measure.summary_rows import SummaryRow

SIMULATE = ["simulate", "--target", "zipf:1:5", "--temperature", "0.5", "--horizon", "200"]


@pytest.fixture
def run(capsys):
    """Run a command; return its exit code and what it printed."""

    def run(*arguments):
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return run


def written(record, path):
    netcdf.write(record, path)
    return path


def assert_one_line_error(result, *parts):
    code, _, error = result
    assert code == 2
    assert error.startswith("heatdeath: error: ")
    assert error.count("\n") == 1
    for part in parts:
        assert part in error


def test_the_version_is_that_of_the_package(run):
    assert run("--version") == (0, f"heatdeath {heatdeath.__version__}\n", "")


@pytest.mark.parametrize("command", ["", *cli.COMMANDS])
def test_every_command_has_help(run, command):
    code, out, _ = run(*filter(None, [command]), "--help")
    assert code == 0
    assert "usage: heatdeath" in out


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ([], ["COMMAND"]),
        (["simulat"], ["simulat", "simulate"]),
        (["simulate", "--target", "uniform:5"], ["--temperature", "--horizon"]),
        ([*SIMULATE, "--temprature", "1"], ["--temprature"]),
        ([*SIMULATE, "--temperature", "hot"], ["--temperature", "'hot'", "a number"]),
        ([*SIMULATE, "--temperature", "nan"], ["--temperature", "'nan'", "a number"]),
        ([*SIMULATE, "--temperature", "-1"], ["temperature", "-1"]),
        ([*SIMULATE, "--fresh-fraction", "1.5"], ["fresh_fraction", "1.5"]),
        ([*SIMULATE, "--horizon", "0"], ["horizon", "0"]),
        ([*SIMULATE, "--seeds", "a-b"], ["--seeds", "a-b"]),
        ([*SIMULATE, "--target", "zapf:5"], ["zapf:5"]),
        ([*SIMULATE, "--top-k", "9", "--batch-size", "10"], ["top_k", "9"]),
    ],
)
def test_a_wrong_argument_is_one_line_that_names_it(run, arguments, parts):
    assert_one_line_error(run(*arguments), *parts)


def test_simulate_writes_what_the_library_returns(run, tmp_path):
    path = tmp_path / "folder" / "file.nc"
    code, out, error = run(*SIMULATE, "--seeds", "0,2-3", "--checkpoints", "5", "--output", path)
    assert (code, error) == (0, "")
    assert f"written to {path}" in out
    expected = heatdeath.simulate(
        "zipf:1:5", temperature=0.5, horizon=200, seeds=[0, 2, 3], checkpoints=5
    )
    assert heatdeath.open_trajectories(path).identical(expected)


def test_simulate_without_a_file_prints_the_summary(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(*SIMULATE, "--seeds", "2")
    assert code == 0
    assert re.search(r"^entropy +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+$", out, re.MULTILINE)
    assert list(tmp_path.iterdir()) == []


def test_simulate_learns_before_it_simulates_that_it_cannot_write(run, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("kept")
    monkeypatch.setattr("heatdeath.simulation.record_trajectories", None)
    assert_one_line_error(run(*SIMULATE, "--output", tmp_path / "file" / "x.nc"), "x.nc", "folder")
    assert_one_line_error(run(*SIMULATE, "--output", tmp_path), "is a folder")
    assert (tmp_path / "file").read_text() == "kept"


def test_a_wrong_argument_leaves_an_existing_file_as_it_was(run, records, tmp_path):
    path = written(records["trajectories"], tmp_path / "file.nc")
    before = path.read_bytes()
    assert_one_line_error(run(*SIMULATE, "--fresh-fraction", "2", "--output", path))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_check_says_what_every_file_is_and_fails_if_one_is_bad(run, records, tmp_path):
    good = written(records["target"], tmp_path / "good.nc")
    bad = written(records["target"], tmp_path / "bad.nc")
    bad.write_bytes(bad.read_bytes()[:-200])
    assert run("check", good) == (0, f"{good}: whole, target (outcome 3)\n", "")
    result = run("check", bad, good)
    assert_one_line_error(result, "bad.nc", "truncated")
    assert "good.nc: whole" in result[1]


@pytest.mark.parametrize("kind", ["trajectories", "target", "ensemble", "phase_diagram"])
def test_show_summarises_every_kind(run, records, kind, tmp_path):
    code, out, error = run("show", written(records[kind], tmp_path / "file.nc"))
    assert (code, error) == (0, "")
    for name in records[kind].attributes:
        assert name in out


def test_show_draws_a_curve_of_the_observable(run, records, tmp_path):
    path = written(records["trajectories"], tmp_path / "file.nc")
    _, out, _ = run("show", path, "--observable", "kl_from_target")
    assert out.count("|") == 14
    assert "#" in out


def test_show_draws_a_plane_for_every_start(run, records, tmp_path):
    path = written(records["phase_diagram"], tmp_path / "file.nc")
    _, out, _ = run("show", path)
    assert "initial target" in out
    assert "initial collapsed:most:0.01" in out
    assert "F faithful, C collapsed, H heat_death, M mixed" in out
    _, out, _ = run("show", path, "--observable", "entropy")
    assert re.search(r"inf +\d\.\d+ +\d\.\d+", out)


@pytest.mark.parametrize(
    ("kind", "observable"),
    [
        ("trajectories", "entropy"),
        ("phase_diagram", "phase"),
        ("phase_diagram", "joint_phase"),
        ("phase_diagram", "kl_from_target"),
    ],
)
def test_show_writes_the_same_picture_every_time(run, records, kind, observable, tmp_path):
    path = written(records[kind], tmp_path / "file.nc")
    for name in ("a.png", "b.png"):
        code, _, error = run("show", path, "--observable", observable, "--png", tmp_path / name)
        assert (code, error) == (0, "")
    picture = (tmp_path / "a.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert picture == (tmp_path / "b.png").read_bytes()


def test_show_names_what_can_be_plotted(run, records, tmp_path):
    path = written(records["trajectories"], tmp_path / "file.nc")
    assert_one_line_error(run("show", path, "--observable", "entropie"), "entropie", "entropy")
    path = written(records["target"], tmp_path / "target.nc")
    assert_one_line_error(run("show", path, "--png", "x.png"), "--png", "trajectories")


def test_compare_tells_bytes_data_and_differences_apart(run, records, tmp_path):
    record = records["trajectories"]
    a = written(record, tmp_path / "a.nc")
    b = written(record, tmp_path / "b.nc")
    assert run("compare", a, b) == (0, "the same bytes\n", "")
    record.attributes["library_versions"] = "numpy 3"
    written(record, b)
    code, out, _ = run("compare", a, b)
    assert code == 0
    assert "the same data, made by other versions" in out
    record.attributes["root_seed"] = 8
    written(record, b)
    code, out, _ = run("compare", a, b)
    assert code == 1
    assert "root_seed: 7 and 8" in out


def test_compare_accepts_overlapping_intervals_only_where_asked(run, make_trajectories, tmp_path):
    a = written(make_trajectories(n_seeds=40, generator=1), tmp_path / "a.nc")
    b = written(make_trajectories(n_seeds=40, generator=2), tmp_path / "b.nc")
    code, out, _ = run("compare", a, b)
    assert code == 1
    assert "entropy: median at the horizon in" in out
    assert run("compare", a, b, "--accept", "intervals")[0] == 0
    shifted = make_trajectories(n_seeds=40, generator=2)
    shifted.values("entropy")[:] += 1
    written(shifted, b)
    code, out, _ = run("compare", a, b, "--accept", "intervals")
    assert code == 1
    assert re.search(r"entropy: .* apart", out)


@pytest.mark.parametrize(
    ("shift", "attributes", "verdict"),
    [
        (0.04, {"device": "NVIDIA H100"}, "at most 0.04"),
        (0.06, {"device": "NVIDIA H100"}, "different data"),
        (0.04, {"family": "mixture"}, "different data"),
    ],
)
def test_compare_holds_trained_models_against_a_tolerance(
    run, records, tmp_path, shift, attributes, verdict
):
    ours = records["model_trajectories"]
    theta = ours.values("theta").copy()
    theta[..., 0], theta[..., 1] = 0.3, 0.1
    theta[..., 2:] = 0.2
    elsewhere = theta + shift * np.array([1, -1, 0, 0, 0])
    for name, values, changed in (("a", theta, {}), ("b", elsewhere, attributes)):
        variables = ours.variables | {"theta": (ours.dimensions("theta"), values)}
        record = Record(ours.declaration, variables, ours.attributes | changed)
        netcdf.write(record, tmp_path / f"{name}.nc")
    code, printed, _ = run("compare", tmp_path / "a.nc", tmp_path / "b.nc")
    assert verdict in printed
    assert (code == 0) == (verdict == "at most 0.04")


def test_compare_refuses_files_of_two_kinds_and_damaged_ones(run, records, tmp_path):
    a = written(records["trajectories"], tmp_path / "a.nc")
    b = written(records["target"], tmp_path / "b.nc")
    assert_one_line_error(run("compare", a, b), "b.nc", "holds target; needed: trajectories")
    assert_one_line_error(run("compare", a, tmp_path / "none.nc"), "does not exist")
    assert_one_line_error(run("compare", tmp_path / "none", a), "none: does not exist")


def test_compare_reports_values_without_seeds_by_their_largest_difference(run, records, tmp_path):
    a = written(records["target"], tmp_path / "a.nc")
    records["target"].values("probability")[0] += 0.25
    b = written(records["target"], tmp_path / "b.nc")
    code, out, _ = run("compare", a, b)
    assert code == 1
    assert "probability: 1 of 3 values differ, by up to 0.25" in out


def summary(path, *, moved=0.0, seeds=16, rows=()):
    rows = [
        SummaryRow("recovery/recover", "mean", 0.8 + moved, 0.7 + moved, 0.9 + moved, 0.95, seeds),
        SummaryRow("flow/p_value", "p_value", 0.5),
        SummaryRow("claims/C1/verdict", "verdict", "holds", unit=""),
        *rows,
    ]
    path.parent.mkdir(exist_ok=True)
    write(table_of_rows(rows), path)
    return path


def test_compare_accepts_summaries_no_further_apart_than_chance_allows(run, tmp_path):
    a = summary(tmp_path / "a.csv")
    assert run("compare", a, summary(tmp_path / "b.csv")) == (0, "the same bytes: 3 numbers\n", "")
    code, out, _ = run("compare", a, summary(tmp_path / "b.csv", moved=0.05))
    assert code == 0
    assert "3 numbers compared, of which 1 differ at all" in out
    assert "a probability of 0.0001 at most" in out
    assert run("compare", a, tmp_path / "b.csv", "--accept", "data")[0] == 1
    code, out, _ = run("compare", a, summary(tmp_path / "b.csv", moved=0.9))
    assert code == 1
    assert "recovery/recover: 0.8 [0.7, 0.9] and 1.7 [1.6, 1.8]: chance gives p = " in out
    assert out.endswith("different numbers\n")


def test_compare_says_that_rows_in_another_order_are_the_same_numbers(run, tmp_path):
    header, *rows = summary(tmp_path / "a.csv").read_text().splitlines(keepends=True)
    (tmp_path / "b.csv").write_text("".join([header, *reversed(rows)]))
    code, out, _ = run("compare", tmp_path / "a.csv", tmp_path / "b.csv")
    assert code == 0
    assert out.endswith("the same numbers in other bytes\n")


def test_compare_names_the_numbers_that_one_summary_lacks(run, tmp_path):
    more = [SummaryRow("more", "exact", 1.0)]
    a, b = summary(tmp_path / "a.csv"), summary(tmp_path / "b.csv", rows=more)
    code, out, _ = run("compare", a, b)
    assert code == 1
    assert "more: missing in A" in out
    code, out, _ = run("compare", b, a)
    assert code == 1
    assert "more: missing in B" in out


def test_compare_reads_two_results_folders_by_their_manifests(run, tmp_path):
    for name, moved in (("a", 0.0), ("b", 0.0), ("c", 0.05), ("d", 0.9)):
        path = summary(tmp_path / name / "summary.csv", moved=moved)
        write_manifest([path], folder=tmp_path / name)
    a, b, c, d = (tmp_path / name for name in "abcd")
    assert run("compare", a, b) == (0, "the same bytes: 1 files\n", "")
    assert run("compare", a / "MANIFEST.sha256", b)[0] == 0
    code, out, _ = run("compare", a, c)
    assert code == 1
    assert "1 differ:\n  summary.csv" in out
    assert run("compare", a, c, "--accept", "intervals")[0] == 0
    assert run("compare", a, d, "--accept", "intervals")[0] == 1
    (b / "more.nc").touch()
    write_manifest([b / "summary.csv", b / "more.nc"], folder=b)
    code, out, _ = run("compare", a, b)
    assert code == 1
    assert "1 are missing in A:\n  more.nc" in out
    assert_one_line_error(run("compare", a, tmp_path), "MANIFEST.sha256", "does not exist")
    assert_one_line_error(run("compare", a, a / "summary.csv"), "B", "a results folder or manifest")


def test_the_interval_of_the_median_covers_at_least_what_it_says():
    # At 80 % and 2,000 samples, coverage below 76 % has a probability below 1e-4.
    rng = np.random.default_rng(3)
    for n in (5, 12, 33):
        hits = 0
        for _ in range(2000):
            low, high = median_interval(rng.exponential(size=n), confidence=0.8)
            hits += low <= np.log(2) <= high
        assert hits / 2000 > 0.76
        # The narrowest such interval of 5 values covers 94 %: it must not be wider than needed.
        assert hits / 2000 < 0.99


def test_the_interval_of_few_values_is_their_range():
    assert tuple(median_interval([3.0, 1.0, np.inf], confidence=0.99)) == (1.0, np.inf)


@pytest.mark.parametrize(
    ("text", "value"),
    [("32", 32), ("1e6", 10**6), ("0.5", 0.5), ("inf", np.inf), (str(10**12), 10**12)],
)
def test_a_number_is_whole_where_it_can_be(text, value):
    assert number(text) == value
    assert type(number(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "value"), [("8", 8), ("0,", [0]), ("3-5", [3, 4, 5]), ("0,2-3,9", [0, 2, 3, 9])]
)
def test_a_list_may_hold_ranges(text, value):
    assert count_or_list(text) == value


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_progress_bar_ends_full_and_is_silent_off_a_terminal():
    seconds = iter(np.arange(0, 10, 0.05))
    terminal = Terminal()
    bar = ProgressBar(terminal, clock=lambda: next(seconds))
    for done in range(1, 101):
        bar(done, 100)
    frames = terminal.getvalue().split("\r")[1:]
    assert frames[-1].startswith("[" + "#" * 40 + "] 100%, 0 s left")
    assert frames[-1].endswith("\n")
    assert 10 < len(frames) < 100
    silent = io.StringIO()
    ProgressBar(silent)(1, 1)
    assert silent.getvalue() == ""


def test_a_reader_that_stops_early_is_no_error(records, tmp_path):
    path = written(records["phase_diagram"], tmp_path / "file.nc")
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "heatdeath.cli", "show", path]
    result = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, timeout=60)
    os.close(write_end)
    assert (result.returncode, result.stderr) == (0, b"")


def test_asking_for_help_imports_nothing_heavy():
    program = (
        "import sys\nfrom heatdeath import cli\n"
        "try:\n    cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'xarray', 'scipy', 'matplotlib', 'numba', 'netCDF4', 'pandas'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert result.stdout.endswith("[]\n")
