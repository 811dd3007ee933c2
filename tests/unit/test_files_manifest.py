"""The manifest: what `sha256sum` reads, and what two folders are compared by."""

import hashlib
import os
import shutil
import subprocess
import tracemalloc

import pytest

from heatdeath.errors import FileFormatError
from heatdeath.files.manifest import read_manifest, write_manifest

NAMES = ("a/T=0.5/f=0/seeds=0-1.nc", "A.csv", "a.b.png", "a/b.nc", "z.csv")


@pytest.fixture
def folder(tmp_path):
    for name in NAMES:
        path = tmp_path / "results" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}")
    return tmp_path / "results"


def write(folder):
    return write_manifest([folder / name for name in NAMES], folder=folder)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_finds_every_file_right_and_an_altered_one_wrong(folder):
    assert write(folder) == []

    def check():
        return subprocess.run(
            ["sha256sum", "--check", "MANIFEST.sha256"], cwd=folder, capture_output=True, text=True
        )

    right = check()
    assert right.returncode == 0
    assert right.stdout.splitlines() == [f"{name}: OK" for name in sorted(NAMES)]
    (folder / "z.csv").write_text("other")
    wrong = check()
    assert wrong.returncode == 1
    assert "z.csv: FAILED" in wrong.stdout


@pytest.mark.skipif(shutil.which("sort") is None, reason="sort is not installed")
def test_the_lines_are_in_the_order_of_bytes(folder):
    write(folder)
    names = "\n".join(read_manifest(folder)) + "\n"
    ordered = subprocess.run(
        ["sort"], input=names, env=os.environ | {"LC_ALL": "C"}, capture_output=True, text=True
    )
    assert ordered.stdout == names


def test_what_is_read_is_what_was_written_and_a_missing_file_is_said(folder):
    (folder / "z.csv").unlink()
    assert write(folder) == [str(folder / "z.csv")]
    assert read_manifest(folder) == {
        name: hashlib.sha256(f"content of {name}".encode()).hexdigest()
        for name in sorted(NAMES[:4])
    }
    assert read_manifest(folder / "MANIFEST.sha256") == read_manifest(folder)


def test_memory_does_not_grow_with_the_size_of_a_file(tmp_path):
    with (tmp_path / "large.nc").open("wb") as file:
        file.truncate(64 << 20)
    tracemalloc.start()
    write_manifest([tmp_path / "large.nc"], folder=tmp_path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 << 20


@pytest.mark.parametrize(
    "line", ["", "abc  file", "0" * 64 + " file", "0" * 64 + "  ../file", "0" * 64 + "  /file"]
)
def test_a_line_that_is_none_of_a_manifest_is_named(tmp_path, line):
    path = tmp_path / "MANIFEST.sha256"
    path.write_text("0" * 64 + f"  fine\n{line}\n")
    with pytest.raises(FileFormatError, match="line 2"):
        read_manifest(path)
    with pytest.raises(FileFormatError, match="does not exist"):
        read_manifest(tmp_path / "none")
