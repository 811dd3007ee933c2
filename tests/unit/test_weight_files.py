"""What is read as weights, and what is refused."""

import os
import socket

import pytest

from heatdeath import weight_files
from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf
from heatdeath.starts import initial_counts
from heatdeath.study.catalogue import kind_named
from heatdeath.targets import resolve, uniform
from heatdeath.weight_files import read_weights

READERS = {
    "target": lambda path: resolve(f"file:{path}"),
    "start": lambda path: initial_counts(f"file:{path}", uniform(3)),
    "result": lambda path: netcdf.read(path, kind=kind_named),
}


@pytest.fixture(params=READERS)
def reader(request):
    return READERS[request.param]


# What is opened


def test_a_pipe_is_refused_unopened_also_behind_a_link(tmp_path, reader):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        with pytest.raises(FileFormatError, match=rf"{name}: is a pipe.*needed: a file$"):
            reader(tmp_path / name)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused_unopened(device, reader):
    with pytest.raises(FileFormatError, match=f"{device}: is a device.*needed: a file$"):
        reader(device)


def test_a_socket_is_refused(tmp_path, monkeypatch, reader):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("here")
        with pytest.raises(FileFormatError, match="here: is a socket"):
            reader("here")


@pytest.mark.parametrize("path", ["a\0b", "\ud800", "x" * 300, "missing/file"])
def test_a_path_that_can_be_none_is_one_error(tmp_path, monkeypatch, path, reader):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileFormatError, match=r"is no path|does not exist|File name too long"):
        reader(path)


def test_a_link_to_a_file_is_read(tmp_path):
    (tmp_path / "counts.csv").write_text("1\n3\n")
    (tmp_path / "link").symlink_to("counts.csv")
    assert read_weights(tmp_path / "link")[0].tolist() == [1, 3]


def test_a_text_above_a_gigabyte_is_refused_by_its_size(tmp_path, monkeypatch):
    path = tmp_path / "counts.csv"
    path.touch()
    os.truncate(path, 10**9 + 1)
    with pytest.raises(FileFormatError, match="1000000001 bytes; allowed: at most 1000000000"):
        read_weights(path)
    path.write_text("1\n3\n")
    monkeypatch.setattr(weight_files, "MAX_TEXT_BYTES", 4)
    assert read_weights(path)[0].tolist() == [1, 3]
