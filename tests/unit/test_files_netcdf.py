import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from heatdeath.errors import FileFormatError, OutputError
from heatdeath.files import netcdf
from heatdeath.files.variables import Record
from heatdeath.integrity import append_trailer
from heatdeath.study.catalogue import kind_named

KINDS = (
    "trajectories",
    "distribution",
    "target",
    "ensemble",
    "mean_field",
    "phase_diagram",
    "exactness",
)


def run_python(code, *arguments):
    """Run a program in a process of its own, which may end however it likes."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )


def assert_same(a, b):
    assert a.kind == b.kind
    assert a.attributes == b.attributes
    assert {k: type(v) for k, v in a.attributes.items()} == {
        k: type(v) for k, v in b.attributes.items()
    }
    assert a.variables.keys() == b.variables.keys()
    for name in a.variables:
        assert a.dimensions(name) == b.dimensions(name)
        assert a.values(name).dtype == b.values(name).dtype
        np.testing.assert_array_equal(a.values(name), b.values(name))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_is_what_was_written(records, kind, tmp_path):
    netcdf.write(records[kind], tmp_path / "file.nc")
    assert_same(netcdf.read(tmp_path / "file.nc", kind=kind_named), records[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_has_the_same_bytes_whenever_and_in_whatever_order_it_is_written(
    records, kind, tmp_path
):
    record = records[kind]
    netcdf.write(record, tmp_path / "first.nc")
    shuffled = Record(
        record.declaration,
        dict(reversed(record.variables.items())),
        dict(reversed(record.attributes.items())),
    )
    # The library may store times, in seconds.
    time.sleep(1.1)
    netcdf.write(shuffled, tmp_path / "second.nc")
    netcdf.write(netcdf.read(tmp_path / "first.nc", kind=kind_named), tmp_path / "third.nc")
    contents = {path.read_bytes() for path in tmp_path.iterdir()}
    assert len(contents) == 1


def test_large_counts_are_compressed_and_still_have_the_same_bytes(make_trajectories, tmp_path):
    record = make_trajectories(n_seeds=8, n_checkpoints=32, n_outcomes=200)
    netcdf.write(record, tmp_path / "a.nc")
    netcdf.write(record, tmp_path / "b.nc")
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()
    assert (tmp_path / "a.nc").stat().st_size < record.values("counts").nbytes / 2
    assert_same(netcdf.read(tmp_path / "a.nc", kind=kind_named), record)


def test_a_changed_bit_anywhere_is_refused(records, tmp_path):
    netcdf.write(records["target"], tmp_path / "file.nc")
    content = (tmp_path / "file.nc").read_bytes()
    rng = np.random.default_rng(0)
    damaged_path = tmp_path / "damaged.nc"
    ends = [*range(64), *range(len(content) - 128, len(content))]
    for at in {*ends, *rng.integers(0, len(content), 500).tolist()}:
        damaged = bytearray(content)
        damaged[at] ^= 1 << rng.integers(8)
        damaged_path.write_bytes(damaged)
        with pytest.raises(FileFormatError):
            netcdf.read(damaged_path, kind=kind_named)


def test_a_truncated_file_is_refused(records, tmp_path):
    netcdf.write(records["target"], tmp_path / "file.nc")
    content = (tmp_path / "file.nc").read_bytes()
    for length in (0, 1, 8, len(content) // 2, len(content) - 83, len(content) - 1):
        (tmp_path / "short.nc").write_bytes(content[:length])
        with pytest.raises(FileFormatError, match=r"short\.nc: is "):
            netcdf.read(tmp_path / "short.nc", kind=kind_named)


def test_a_file_that_is_missing_or_a_folder_or_not_netcdf_is_refused(tmp_path):
    with pytest.raises(FileFormatError, match="does not exist"):
        netcdf.read(tmp_path / "missing.nc", kind=kind_named)
    with pytest.raises(FileFormatError, match="cannot be read: Is a directory"):
        netcdf.read(tmp_path, kind=kind_named)
    (tmp_path / "text.nc").write_text("label,count\nthe,3\n")
    with pytest.raises(FileFormatError, match="is not a NetCDF-4 file"):
        netcdf.read(tmp_path / "text.nc", kind=kind_named)


def foreign_file(path, *, attributes=None, fill=None, name="probability"):
    """Write a NetCDF file as another program would."""
    with netCDF4.Dataset(path, "w") as dataset:
        dataset.createDimension("outcome", 3)
        variable = dataset.createVariable(name, "f8", ("outcome",))
        if fill is not None:
            variable[:] = fill
        for key, value in (attributes or {}).items():
            dataset.setncattr(key, value)
    return path


def test_a_file_of_another_program_is_refused(tmp_path):
    path = foreign_file(tmp_path / "foreign.nc", fill=1 / 3)
    with pytest.raises(FileFormatError, match="was not written by heatdeath"):
        netcdf.read(path, kind=kind_named)
    append_trailer(path)
    with pytest.raises(FileFormatError, match="lacks the attributes"):
        netcdf.read(path, kind=kind_named)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"complete": 0}, "is unfinished"),
        ({"format_version": 999}, "format_version 999"),
        ({"checksum": "0" * 64}, "does not match its checksum"),
    ],
)
def test_an_unfinished_or_later_or_inconsistent_file_is_refused(tmp_path, changes, message):
    attributes = {"kind": "target", "format_version": 1, "complete": 1, **changes}
    path = foreign_file(tmp_path / "file.nc", attributes=attributes, fill=1 / 3)
    append_trailer(path)
    with pytest.raises(FileFormatError, match=message):
        netcdf.read(path, kind=kind_named)


@pytest.mark.parametrize("value", [np.nan, netCDF4.default_fillvals["f8"]])
def test_nan_and_fill_values_are_never_written(records, value, tmp_path):
    records["target"].values("probability")[:] = value
    with pytest.raises(FileFormatError, match=r"NaN|fill values"):
        netcdf.write(records["target"], tmp_path / "file.nc")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [np.nan, netCDF4.default_fillvals["f8"]])
def test_nan_and_fill_values_are_refused_even_under_a_valid_checksum(
    records, value, tmp_path, monkeypatch
):
    records["target"].values("probability")[:] = value
    with monkeypatch.context() as patch:
        patch.setattr(netcdf, "validate", lambda record, path: None)
        netcdf.write(records["target"], tmp_path / "file.nc")
    with pytest.raises(FileFormatError, match=r"NaN|fill values"):
        netcdf.read(tmp_path / "file.nc", kind=kind_named)


def test_a_file_of_another_kind_than_needed_is_refused(records, tmp_path):
    netcdf.write(records["target"], tmp_path / "file.nc")
    with pytest.raises(FileFormatError, match="holds target; needed: trajectories"):
        netcdf.read(tmp_path / "file.nc", kind=kind_named("trajectories"))


KILLED_IN = {
    "creating": "netcdf._create = die_half_way",
    "closing": "netcdf.append_trailer = die",
    "copying": "shutil.copyfile = lambda image, path: (path.write_bytes(b'half'), die())",
    "verifying": "netcdf.read = die",
    "renaming": "os.replace = die",
}


@pytest.mark.parametrize("moment", KILLED_IN)
def test_a_writer_killed_at_any_moment_leaves_the_old_file_and_no_new_one(
    records, moment, tmp_path
):
    netcdf.write(records["target"], tmp_path / "old.nc")
    before = (tmp_path / "old.nc").read_bytes()
    program = f"""
        import os, shutil, signal, sys, tempfile
        from heatdeath.files import netcdf
        from heatdeath.study.catalogue import kind_named

        def die(*arguments, **keywords):
            os.kill(os.getpid(), signal.SIGKILL)

        def die_half_way(path, *rest):
            path.write_bytes(b"half")
            die()

        # A killed writer cannot remove its scratch folder either.
        tempfile.tempdir = sys.argv[3]
        record = netcdf.read(sys.argv[1], kind=kind_named)
        record.attributes["more"] = 1
        {KILLED_IN[moment]}
        netcdf.write(record, sys.argv[2])
    """
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for name in ("old.nc", "new.nc"):
        result = run_python(program, tmp_path / "old.nc", tmp_path / name, scratch)
        assert result.returncode == -signal.SIGKILL, result.stderr
    assert (tmp_path / "old.nc").read_bytes() == before
    assert not (tmp_path / "new.nc").exists()
    left = [path.name for path in tmp_path.iterdir() if path.name not in ("old.nc", "scratch")]
    assert all(name.startswith(".") and name.endswith(".partial") for name in left)


def test_a_reader_beside_a_writer_that_is_killed_sees_only_whole_files(make_trajectories, tmp_path):
    path = tmp_path / "file.nc"
    netcdf.write(make_trajectories(n_outcomes=50), path)
    program = """
        import sys
        from heatdeath.files import netcdf
        from heatdeath.study.catalogue import kind_named
        record = netcdf.read(sys.argv[1], kind=kind_named)
        print("ready", flush=True)
        while True:
            netcdf.write(record, sys.argv[1])
    """
    rng = np.random.default_rng(5)
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program), str(path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )
        with writer:
            writer.stdout.readline()
            until = time.monotonic() + rng.uniform(0.05, 0.2)
            while time.monotonic() < until:
                netcdf.read(path, kind=kind_named("trajectories"))
            writer.kill()
        netcdf.read(path, kind=kind_named("trajectories"))


def test_a_file_left_by_a_killed_netcdf_writer_is_refused(tmp_path):
    program = """
        import os, signal, sys
        import netCDF4
        dataset = netCDF4.Dataset(sys.argv[1], "w")
        dataset.createDimension("outcome", 1000)
        variable = dataset.createVariable("probability", "f8", ("outcome",))
        dataset.setncattr("kind", "target")
        dataset.sync()
        variable[:500] = 0.5
        os.kill(os.getpid(), signal.SIGKILL)
    """
    run_python(program, tmp_path / "half.nc")
    assert (tmp_path / "half.nc").stat().st_size > 0
    with pytest.raises(FileFormatError):
        netcdf.read(tmp_path / "half.nc", kind=kind_named)


@pytest.mark.parametrize("place", ["file.txt/new.nc", "file.txt/folder/new.nc"])
def test_a_place_below_a_file_is_refused_by_name(records, place, tmp_path):
    (tmp_path / "file.txt").write_text("kept")
    with pytest.raises(OutputError, match=r"new\.nc: cannot be written: part of its folder is a"):
        netcdf.write(records["target"], tmp_path / place)
    assert (tmp_path / "file.txt").read_text() == "kept"


def test_a_place_where_nobody_can_write_is_refused_by_name(records):
    with pytest.raises(OutputError, match=r"^/proc/new\.nc: cannot be written"):
        netcdf.write(records["target"], "/proc/new.nc")


@contextlib.contextmanager
def unprivileged():
    """Give up the rights of root for a while: permission bits do not hold root back."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_without_permission_is_refused_by_name(records, tmp_path):
    # Whatever is imported late is imported while everything can still be read.
    netcdf.write(records["target"], tmp_path / "other.nc")
    with tempfile.TemporaryDirectory() as name:  # pytest's folders are closed to other users
        folder = Path(name)
        folder.chmod(0o555)
        try:
            with unprivileged():
                with pytest.raises(PermissionError):
                    (folder / "file").touch()
                with pytest.raises(OutputError, match=r"new\.nc: cannot be written: Permission"):
                    netcdf.write(records["target"], folder / "new.nc")
            assert list(folder.iterdir()) == []
        finally:
            folder.chmod(0o700)


def test_a_folder_cannot_be_replaced_by_a_file(records, tmp_path):
    with pytest.raises(OutputError, match="is a folder"):
        netcdf.write(records["target"], tmp_path)


def test_missing_folders_are_made(records, tmp_path):
    netcdf.write(records["target"], tmp_path / "a" / "b" / "file.nc")
    assert_same(netcdf.read(tmp_path / "a" / "b" / "file.nc", kind=kind_named), records["target"])


@pytest.mark.parametrize("limit", [1000, 9000])
def test_a_full_scratch_folder_is_one_error_that_names_it_and_loses_nothing(
    records, limit, tmp_path
):
    netcdf.write(records["target"], tmp_path / "old.nc")
    before = (tmp_path / "old.nc").read_bytes()
    # A limit on the size of files fails writes at the same places as a full disk.
    program = """
        import resource, sys
        from heatdeath.errors import OutputError
        from heatdeath.files import netcdf
        from heatdeath.study.catalogue import kind_named
        record = netcdf.read(sys.argv[1], kind=kind_named)
        record.attributes["more"] = "changed"
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
        try:
            netcdf.write(record, sys.argv[1])
        except OutputError as error:
            print(error)
    """
    result = run_python(program, tmp_path / "old.nc", limit)
    assert "cannot be used for scratch files" in result.stdout, result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["old.nc"]
    assert (tmp_path / "old.nc").read_bytes() == before


def test_a_full_disk_is_one_error_that_names_the_file(records, tmp_path, monkeypatch):
    def half_a_copy(image, path):
        path.write_bytes(image.read_bytes()[:1000])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", half_a_copy)
    with pytest.raises(OutputError, match=r"new\.nc: cannot be written: No space left on device"):
        netcdf.write(records["target"], tmp_path / "new.nc")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_survives_whatever_fails(records, tmp_path, monkeypatch):
    path = tmp_path / "file.nc"
    netcdf.write(records["target"], path)
    before = path.read_bytes()
    records["target"].attributes["more"] = 1
    for module, name in ((netcdf, "_create"), (netcdf, "append_trailer"), (os, "replace")):
        for error in (OSError(28, "No space left on device"), KeyboardInterrupt()):
            with monkeypatch.context() as patch:

                def fail(*arguments, error=error):
                    raise error

                patch.setattr(module, name, fail)
                with pytest.raises((OutputError, KeyboardInterrupt)):
                    netcdf.write(records["target"], path)
            assert path.read_bytes() == before
            assert [each.name for each in tmp_path.iterdir()] == ["file.nc"]


def test_what_reads_back_differently_is_not_kept(records, tmp_path, monkeypatch):
    other = records["target"]
    monkeypatch.setattr(
        netcdf, "read", lambda path, kind: Record(kind_named("target"), *_changed(other))
    )
    with pytest.raises(FileFormatError, match="reads back differently"):
        netcdf.write(records["target"], tmp_path / "file.nc")
    assert list(tmp_path.iterdir()) == []


def _changed(record):
    return record.variables, {**record.attributes, "target": "another"}


def test_writing_and_reading_import_nothing_heavy():
    program = """
        import sys
        from heatdeath.files import netcdf, provenance
        provenance.provenance()
        heavy = {"xarray", "pandas", "scipy", "matplotlib", "seaborn", "wordfreq", "numba"}
        print(sorted(heavy & sys.modules.keys()))
    """
    assert run_python(program).stdout.strip() == "[]"


def test_other_netcdf_programs_open_the_files(records, tmp_path):
    import xarray

    netcdf.write(records["phase_diagram"], tmp_path / "file.nc")
    with xarray.open_dataset(tmp_path / "file.nc", engine="netcdf4") as dataset:
        assert list(dataset.initial.values) == list(records["phase_diagram"].values("initial"))
        assert dataset.entropy.dims == (
            "temperature",
            "fresh_fraction",
            "initial_index",
            "quantile",
        )
        assert dataset.attrs["Conventions"] == netcdf.CONVENTIONS
