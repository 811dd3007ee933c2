"""How the programs of the package end where memory, files or streams fail them."""

import errno
import io
import os
import pickle
import subprocess
import sys

import pytest

import heatdeath
from heatdeath import cli
from heatdeath.cli.values import count_or_list
from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files.atomic import write_bytes

SIMULATE = ["simulate", "--target", "zipf:1:5", "--temperature", "0.5", "--horizon", "200"]
LONG_NAME = "x" * 300


def program(*arguments, module="heatdeath.cli", environment=(), **options):
    options.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        env=os.environ | dict(environment),
        stderr=subprocess.PIPE,
        timeout=60,
        **options,
    )


def assert_one_line(outcome, *parts):
    assert outcome.returncode == 2
    assert_is_one_line(outcome.stderr.decode(), *parts)


def assert_is_one_line(error, *parts):
    assert error.startswith("heatdeath: error: ")
    assert error.count("\n") == 1
    for part in parts:
        assert part in error


def without_stdout():
    os.close(1)


class Full(io.RawIOBase):
    """A disk without space."""

    def writable(self):
        return True

    def write(self, _):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("arguments", [["--help"], ["simulate", "--help"], SIMULATE])
def test_a_closed_stdout_is_one_line(arguments):
    assert_one_line(program(*arguments, preexec_fn=without_stdout), "standard output", "closed")


def test_a_closed_stdout_is_found_before_a_file_is_written(tmp_path):
    outcome = program(*SIMULATE, "--output", tmp_path / "x.nc", preexec_fn=without_stdout)
    assert_one_line(outcome, "standard output", "closed")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--help"], ["critical", "--help"], ["--version"], SIMULATE])
def test_a_full_stdout_is_one_line(arguments, monkeypatch, capsys):
    raw = Full()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(raw)))
    assert cli.main(arguments) == 2
    assert_is_one_line(capsys.readouterr().err, "standard output", "No space left on device")
    # Else what the stream still holds would be complained of when it is closed.
    raw.write = len


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [["--help"], SIMULATE])
def test_a_stdout_that_cannot_be_written_is_one_line(arguments, unbuffered, tmp_path):
    (tmp_path / "file").touch()
    with (tmp_path / "file").open("rb") as stream:
        outcome = program(*arguments, stdout=stream, environment={"PYTHONUNBUFFERED": unbuffered})
    assert_one_line(outcome, "standard output", "descriptor")


def test_an_error_whose_stdout_nobody_reads_is_one_line():
    read_end, write_end = os.pipe()
    os.close(read_end)
    outcome = program("check", "missing.nc", stdout=write_end)
    os.close(write_end)
    assert_one_line(outcome, "missing.nc")


def test_a_closed_stderr_keeps_the_output_and_the_exit_code(tmp_path):
    def without_stderr():
        os.close(2)

    outcome = program(*SIMULATE, "--output", tmp_path / "x.nc", preexec_fn=without_stderr)
    assert outcome.returncode == 0
    assert b"written to" in outcome.stdout
    heatdeath.open_trajectories(tmp_path / "x.nc")
    outcome = program("check", "missing.nc", preexec_fn=without_stderr)
    assert (outcome.returncode, outcome.stdout) == (2, b"")


@pytest.mark.parametrize(
    ("error", "parts"),
    [
        (MemoryError(), ["not enough memory"]),
        (MemoryError("Unable to allocate 7 GiB"), ["not enough memory", "7 GiB"]),
        (OSError(errno.ENOSPC, "No space left on device"), ["No space left"]),
        (OSError(errno.EIO, "Input/output error", "a/file"), ["a/file", "Input/output error"]),
        (ImportError("x.so: failed to map segment from shared object"), ["x.so", "memory"]),
    ],
)
def test_an_error_of_the_machine_is_one_line(error, parts, monkeypatch, capsys):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("heatdeath.simulation.record_trajectories", fail)
    assert cli.main(SIMULATE) == 2
    out, line = capsys.readouterr()
    assert out == ""
    assert_is_one_line(line, *parts)


@pytest.mark.parametrize(
    "arguments",
    [
        [*SIMULATE, "--output", f"{LONG_NAME}.nc"],
        ["show", LONG_NAME],
        ["check", LONG_NAME],
        ["compare", LONG_NAME, LONG_NAME],
        ["compare", f"{LONG_NAME}.csv", f"{LONG_NAME}.csv"],
        ["compare", f"{LONG_NAME}.sha256", f"{LONG_NAME}.sha256"],
        ["plan", "--configfile", LONG_NAME],
        ["critical", "--temperature", "1", "--target", f"file:{LONG_NAME}"],
        [*SIMULATE, "--initial", f"file:{LONG_NAME}"],
    ],
)
def test_a_name_that_is_too_long_is_one_line(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert_is_one_line(error, "xxxx")


def test_a_file_whose_name_is_too_long_cannot_be_written(tmp_path):
    with pytest.raises(heatdeath.HeatdeathError, match="cannot be written: File name too long"):
        write_bytes(b"", tmp_path / LONG_NAME)


@pytest.mark.parametrize("option", ["--seeds", "--checkpoints"])
@pytest.mark.parametrize("text", ["0-99999999999", "0-" + "9" * 40, "0-600000,0-600000"])
def test_a_range_that_is_too_long_is_refused_and_never_made(option, text, capsys):
    assert cli.main([*SIMULATE, option, text]) == 2
    assert_is_one_line(capsys.readouterr().err, option, text, "at most 1,000,000 numbers")


@pytest.mark.parametrize("text", ["1e400", "-1e400", "9" * 5000])
def test_a_number_that_is_too_large_is_not_read_as_infinite(text, capsys):
    assert cli.main([*SIMULATE, f"--temperature={text}"]) == 2
    assert_is_one_line(capsys.readouterr().err, "--temperature", text[:100], "or inf")


def test_a_range_of_as_many_numbers_as_are_allowed_is_read():
    assert len(count_or_list("1-1000000")) == 10**6


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in cli.COMMANDS)])
def test_the_help_is_there_without_docstrings(arguments):
    outcome = program(*arguments, environment={"PYTHONOPTIMIZE": "2"})
    assert (outcome.returncode, outcome.stderr) == (0, b"")
    assert outcome.stdout.startswith(b"usage: heatdeath")


def test_the_reference_is_not_made_without_docstrings():
    outcome = program(module="heatdeath.reference", environment={"PYTHONOPTIMIZE": "2"})
    assert_one_line(outcome, "PYTHONOPTIMIZE")


def test_characters_that_stdout_lacks_are_replaced(tmp_path):
    (tmp_path / "café.csv").write_text("tea,500\ncoffee,3\n")
    outcome = program(
        *("critical", "--target", "file:café.csv", "--temperature", "0.5"),
        environment={"PYTHONIOENCODING": "ascii", "PYTHONPATH": os.getcwd()},
        cwd=tmp_path,
    )
    assert (outcome.returncode, outcome.stderr) == (0, b"")
    assert b"caf?.csv" in outcome.stdout


def test_a_file_name_that_is_not_unicode_is_printed(tmp_path):
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.nc")
    outcome = program(*SIMULATE, "--output", name, environment={"PYTHONIOENCODING": "utf-8"})
    assert (outcome.returncode, outcome.stderr) == (0, b"")
    assert b"?.nc" in outcome.stdout


@pytest.mark.parametrize(
    "value", ["x" * 10_000, list(range(10_000)), 10**10_000], ids=["text", "list", "integer"]
)
def test_a_value_in_a_message_has_a_readable_length(value):
    error = ParameterError("key", value, "less")
    assert len(str(error)) < 250
    assert error.value == value
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    "arguments",
    [
        [*SIMULATE, "--temperature", "9" * 100_000],
        [*SIMULATE, "--seeds", "1," * 50_000],
        [*SIMULATE, "--regime", "x" * 100_000],
        ["x" * 100_000],
        [*SIMULATE, "x" * 100_000],
        ["check", "x" * 100_000],
    ],
)
def test_a_line_of_error_has_a_readable_length(arguments, capsys):
    assert cli.main(arguments) == 2
    error = capsys.readouterr().err
    assert_is_one_line(error)
    assert len(error) < 2100


def test_the_path_in_an_error_is_kept_whole():
    assert LONG_NAME in str(FileFormatError(LONG_NAME, "does not exist"))
