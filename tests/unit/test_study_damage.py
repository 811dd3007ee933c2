"""Damaged results are found before a run is planned, and renamed instead of lost."""

import os
from pathlib import Path

import pytest

from heatdeath.errors import OutputError
from heatdeath.figures.style import drawing
from heatdeath.integrity import append_trailer
from heatdeath.study.damage import damaged_files, date, dated_ahead, not_made_again, set_aside

WHOLE = b"\x89HDF\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def results(tmp_path):
    """Two trajectories, and an aggregate that is younger."""
    for second, name in enumerate(["old.nc", "new.nc", "aggregate.nc", "aggregate.csv"]):
        path = tmp_path / name
        path.write_bytes(WHOLE)
        if name.endswith(".nc"):
            append_trailer(path)
        else:
            path.write_text("a,b\n1,2\n")
        os.utime(path, (1000 + second, 1000 + second))
    return tmp_path


def found(results):
    problems = damaged_files(
        [str(results / name) for name in ("old.nc", "new.nc", "never-made.nc")],
        aggregates=[str(results / name) for name in ("aggregate.nc", "aggregate.csv")],
    )
    return {os.path.basename(path): problem for path, problem in problems.items()}


def altered(content):
    return content[:100] + bytes([content[100] ^ 1]) + content[101:]


def rewrite(path, change, *, at):
    path.write_bytes(change(path.read_bytes()))
    os.utime(path, (at, at))


def test_whole_files_and_files_that_do_not_exist_are_not_damaged(results):
    assert found(results) == {}


@pytest.mark.parametrize("at", [1000, 2000])
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda content: content[:-1], "truncated"),
        (lambda content: content[:3], "not a NetCDF-4 file"),
        (lambda content: b"", "empty"),
        (lambda content: b"foreign" * 100, "not a NetCDF-4 file"),
    ],
    ids=["one-byte-short", "only-the-signature-begun", "empty", "foreign"],
)
def test_a_file_without_its_ends_is_found_whatever_its_date(results, change, says, at):
    rewrite(results / "old.nc", change, at=at)
    assert list(found(results)) == ["old.nc"]
    assert says in found(results)["old.nc"]


def test_an_altered_file_is_found_if_it_is_younger_than_the_aggregates(results):
    rewrite(results / "old.nc", altered, at=2000)
    assert "do not match their checksum" in found(results)["old.nc"]


def test_a_file_that_the_aggregation_has_verified_is_not_read_again(results):
    rewrite(results / "old.nc", altered, at=1000)
    assert found(results) == {}


@pytest.mark.parametrize("missing", ["aggregate.nc", "aggregate.csv"])
def test_every_file_is_read_whole_as_long_as_an_aggregate_is_missing(results, missing):
    rewrite(results / "old.nc", altered, at=1000)
    (results / missing).unlink()
    assert list(found(results)) == ["old.nc"]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,"])
def test_a_table_that_is_cut_off_is_found(results, content):
    rewrite(results / "aggregate.csv", lambda whole: content, at=1003)
    assert found(results) == {"aggregate.csv": "is empty, truncated or of another format"}


@pytest.mark.parametrize("image_format", ["png", "pdf"])
@pytest.mark.parametrize(
    "change",
    [
        lambda content: content,
        lambda content: content[:-1],
        lambda content: b"",
        lambda content: b"?" + content[1:],
    ],
    ids=["whole", "truncated", "empty", "foreign"],
)
def test_a_figure_is_damaged_if_and_only_if_its_ends_are(tmp_path, image_format, change):
    paths = {each: tmp_path / f"figure.{each}" for each in ("pdf", "png")}
    with drawing(1, 1, output_pdf=paths["pdf"], output_png=paths["png"]):
        pass
    path = paths[image_format]
    whole = path.read_bytes()
    path.write_bytes(change(whole))
    assert bool(damaged_files([str(path)])) == (path.read_bytes() != whole)


def test_a_damaged_aggregate_is_found(results):
    rewrite(results / "aggregate.nc", altered, at=1000)
    assert list(found(results)) == ["aggregate.nc"]


def test_a_folder_in_place_of_a_file_is_said_not_to_be_readable(results):
    (results / "old.nc").unlink()
    (results / "old.nc").mkdir()
    assert "cannot be read" in found(results)["old.nc"]


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_could_be_read_for_ever_is_not_read(results, make):
    (results / "old.nc").unlink()
    make(results / "old.nc")
    problems = found(results)
    assert list(problems) == ["old.nc"]
    assert problems["old.nc"].endswith("neither a file nor a folder; needed: a file")


def test_a_file_where_a_folder_should_be_is_named(results):
    with pytest.raises(OutputError, match=r"old\.nc/new\.nc.*part of its folder is a file"):
        damaged_files([str(results / "old.nc" / "new.nc")])


@pytest.mark.parametrize("look", [damaged_files, not_made_again])
def test_a_name_that_can_be_none_is_named(results, look):
    with pytest.raises(OutputError, match="cannot be looked at: File name too long"):
        look([str(results / ("a" * 300 + ".nc"))])


def test_a_link_that_leads_to_itself_is_named(results):
    (results / "old.nc").unlink()
    (results / "old.nc").symlink_to("old.nc")
    with pytest.raises(OutputError, match=r"old\.nc: cannot be looked at"):
        found(results)


def test_a_file_that_cannot_be_renamed_or_dated_is_named(results):
    with pytest.raises(OutputError, match=r"never-made\.nc: is damaged and cannot be renamed"):
        set_aside(str(results / "never-made.nc"))
    with pytest.raises(OutputError, match=r"never-made\.nc: is dated in the future, which cannot"):
        date(str(results / "never-made.nc"), now=0)


def test_a_file_is_dated_to_the_nanosecond(results):
    date(str(results / "old.nc"), now=1234567890123456789)
    assert os.stat(results / "old.nc").st_mtime_ns == 1234567890123456789


def test_what_is_set_aside_keeps_its_bytes_and_never_replaces_another(results):
    names = []
    for content in (b"first", b"second", b"third"):
        (results / "old.nc").write_bytes(content)
        names.append(set_aside(str(results / "old.nc")))
    assert [os.path.basename(name) for name in names] == [
        "old.nc.damaged",
        "old.nc.damaged-2",
        "old.nc.damaged-3",
    ]
    assert [Path(name).read_bytes() for name in names] == [b"first", b"second", b"third"]


def test_a_file_counts_as_missing_from_when_it_is_set_aside_until_it_is_made_again(results):
    path = str(results / "old.nc")
    assert not_made_again([path]) == []
    set_aside(path)
    assert not_made_again([path, str(results / "new.nc")]) == [path]
    (results / "old.nc").write_bytes(WHOLE)
    assert not_made_again([path]) == []


def test_files_of_the_future_are_found_and_those_that_do_not_exist_are_not(results):
    paths = [str(results / name) for name in ("old.nc", "new.nc", "never-made.nc")]
    assert dated_ahead(paths, now=1000 * 10**9) == [str(results / "new.nc")]
    assert dated_ahead(paths, now=1001 * 10**9) == []
