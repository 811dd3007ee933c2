"""What is read as weights, and what is refused."""

import os
import random
import socket
import warnings

import netCDF4
import numpy as np
import pytest

from heatdeath import weight_files
from heatdeath.errors import FileFormatError, HeatdeathError
from heatdeath.files import netcdf
from heatdeath.starts import initial_counts
from heatdeath.study.catalogue import kind_named
from heatdeath.study.jobs import write_target
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


# NetCDF


@pytest.fixture
def dataset(tmp_path):
    """Return a function that makes a NetCDF file of three outcomes by what is done to it."""

    def make(fill, *, file_format="NETCDF4"):
        path = tmp_path / "target.nc"
        with netCDF4.Dataset(path, "w", format=file_format) as dataset:
            dataset.createDimension("word", 3)
            fill(dataset)
        return path

    return make


def put(dataset, name, values, dims=("word",), kind="f8"):
    variable = dataset.createVariable(name, kind, dims)
    variable[:] = np.array(values, dtype=object) if kind is str else values
    return variable


def huge(dataset):
    dataset.createDimension("huge", 2**50)
    dataset.createVariable("counts", "f8", ("huge",), chunksizes=(100,))


def huge_labels(dataset):
    put(dataset, "counts", [5, 3, 2])
    dataset.createDimension("huge", 2**50)
    dataset.createVariable("label", "S1", ("word", "huge"), chunksizes=(1, 100))


def variable_length(dataset):
    dataset.createVariable("counts", dataset.createVLType("i4", "ragged"), ("word",))


def names_for_numbers(dataset):
    dataset.createVariable("counts", dataset.createEnumType("u1", "e", {"a": 1}), ("word",))


def odd_names(dataset):
    for name in ("a\u2028b", "ä\x85", "\U0001f600"):
        put(dataset, name, [5, 3, 2])


def labels_of_no_alphabet(dataset):
    put(dataset, "counts", [5, 3, 2])
    dataset.createDimension("characters", 1)
    put(dataset, "label", [[b"\xff"], [b"\xfe"], [b"a"]], ("word", "characters"), "S1")


@pytest.mark.parametrize(
    ("fill", "says"),
    [
        (huge, "'counts' has 1125899906842624 entries; allowed: at most 100000000"),
        (huge_labels, "'label' has 3377699720527872 entries; allowed"),
        (variable_length, "found none of plain numbers"),
        (names_for_numbers, "found none of plain numbers"),
        (odd_names, r"found \['a\\u2028b'"),
        (labels_of_no_alphabet, "is damaged .UnicodeDecodeError"),
    ],
)
def test_a_netcdf_target_that_cannot_be_read_is_one_line_that_says_why(dataset, fill, says):
    with pytest.raises(FileFormatError, match=says) as caught:
        read_weights(dataset(fill))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("dims", [("word",), ("word", "characters")], ids=["text", "characters"])
def test_labels_on_the_dimension_coordinate_of_a_netcdf_target_are_kept(dataset, dims):
    def fill(dataset):
        put(dataset, "counts", [5, 3, 2])
        if len(dims) == 1:
            put(dataset, "word", ["the", "of", "é"], kind=str)
        else:
            dataset.createDimension("characters", 3)
            text = netCDF4.stringtochar(np.array([b"the", b"of", b"?"]))
            text[2, :3] = [b"\xc3", b"\xa9", b"\0"]
            put(dataset, "word", text, dims, "S1")

    assert resolve(dataset(fill)).labels == ("the", "of", "é")


def test_numbers_on_the_dimension_coordinate_are_neither_weights_nor_labels(dataset):
    def fill(dataset):
        put(dataset, "counts", [5, 3, 2])
        put(dataset, "word", [0, 1, 2])

    weights, labels = read_weights(dataset(fill))
    assert (weights.tolist(), labels) == ([5, 3, 2], None)


def mutated(content, seed):
    """Flip a few bits of a file, or cut it off, or repeat a part of it."""
    chance, content = random.Random(seed), bytearray(content)
    at = chance.randrange(len(content))
    if seed % 10 == 0:
        return bytes(content[:at])
    if seed % 10 == 1:
        return bytes(content[:at] + content[at // 2 :])
    for _ in range(chance.choice([1, 1, 3])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def readings(path, content, seeds):
    """Read mutations of a file; return the weights of those that were accepted."""
    accepted, messages = [], []
    for seed in seeds:
        path.write_bytes(mutated(content, seed))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                accepted.append(read_weights(path)[0].tolist())
        except HeatdeathError as error:
            messages.append(str(error))
    assert [text for text in messages if str(path) not in text or "\n" in text] == []
    return accepted


@pytest.mark.parametrize(
    ("file_format", "count"), [("NETCDF4", 150), ("NETCDF3_CLASSIC", 60)], ids=["4", "3"]
)
def test_a_mutated_netcdf_file_ends_in_no_error_but_ours_and_in_no_crash(
    dataset, tmp_path, monkeypatch, file_format, count
):
    monkeypatch.setattr(weight_files, "MAX_SECONDS", 1)
    path = dataset(lambda dataset: put(dataset, "counts", [5, 3, 2]), file_format=file_format)
    accepted = readings(tmp_path / "mutated.nc", path.read_bytes(), range(count))
    assert [5, 3, 2] in accepted


def test_no_altered_weight_is_accepted_where_the_file_is_ours_and_has_a_checksum(tmp_path):
    write_target("uniform:5", output=tmp_path / "target.nc")
    content = (tmp_path / "target.nc").read_bytes()
    accepted = readings(tmp_path / "mutated.nc", content, range(200))
    assert all(weights == [0.2] * 5 for weights in accepted)
    altered = content.replace(np.float64(0.2).tobytes(), np.float64(0.3).tobytes(), 1)
    assert altered != content
    (tmp_path / "mutated.nc").write_bytes(altered)
    with pytest.raises(FileFormatError, match="do not match their checksum"):
        read_weights(tmp_path / "mutated.nc")


def test_a_mutated_csv_file_ends_in_no_error_but_ours(tmp_path):
    content = 'word,count\n"a ""b""",500\né,30\nc,2\n'.encode()
    assert [500, 30, 2] in readings(tmp_path / "mutated.csv", content, range(500))


# Text


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "counts.csv"
        path.write_bytes(text.encode())
        weights, labels = read_weights(path)
        return weights.tolist(), labels

    return read


@pytest.mark.parametrize("mark", [",", "\t", ";"])
@pytest.mark.parametrize("header", ["", "word{}count\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_plain_numbers_between_commas_tabs_or_semicolons_are_read(read, mark, header, end):
    text = header.format(mark) + f"the{mark}500\nof{mark}2.5e2\n\nand{mark} .5 \n"
    assert read(text.replace("\n", end)) == ([500, 250, 0.5], ("the", "of", "and"))


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ('" the",500\n"the",300\n', (" the", "the")),
        (" the,500\nthe,300\n", (" the", "the")),
        (" ,500\nthe,300\n", (" ", "the")),
        ("a;b,5\nc;d,3\n", ("a;b", "c;d")),
        ("a,b\t5\nc\t3\n", ("a,b", "c")),
        ('"""",5\n"a ""b""",3\n', ('"', 'a "b"')),
        ('5" nail,5\nx,3\n', ('5" nail', "x")),
        (",count\nthe,500\nof,300\n", ("the", "of")),
        ("rank,count\n1,500\n2,300\n", ("1", "2")),
        ("a\u2028b,5\nc,3\n", ("a\u2028b", "c")),
        ('"a;1",5\n"b;2",3\n', ("a;1", "b;2")),
    ],
)
def test_labels_are_read_where_only_one_reading_is_possible(read, text, labels):
    assert read(text)[1] == labels


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "Wort;Anteil\nder;3,25\ndie;3,75\nund;2,50\n",
            "line 2: got '3,25', where a comma may be decimal or between .*0.25 .*semicolons",
        ),
        ("der;3,25\ndie;3,75\nund;2,50\n", r"line 3: .*'und;2' with '50' .*'und' with '2,50'"),
        ("w;x,y\nder;3,25\ndie;3,75\n", r"line 3: .*commas.*semicolons.*decimal point"),
        ("der\t3,25\ndie\t3,75\n", r"line 2: .*'die.t3' with '75' .*'die' with '3,75'"),
        ("Anteil\n3,25\n4,75\n", "line 2: 2 columns"),
        ("3,25\n4,75\n2,50\n", "line 1: .*label 3 with 25, or the number 3.25; write a header"),
        ("1,100\n950,200\n", "line 1: .*label 1 with 100, or the number 1.100"),
        *(
            (f"the,{count}\nof,950\nand,800\n", f"line 1: .*{says}.* count or a header; write")
            for count, says in [
                ('"1,100"', "1,100"),
                ("1_000", "1_000"),
                ("1 100", "1 100"),
                ("1\xa0100", "1.xa0100"),
                ("1\u202f100", "1.u202f100"),
                ("'500'", "'500'"),
                ("50%", "50%"),
                ("ca. 500", "ca. 500"),
                ("½", "½"),
                ("", "''"),
                ("-", "-"),
                ("n/a", "n/a"),
                ("#N/A", "#N/A"),
            ]
        ),
        (
            'of,950\nthe,"1,100"\n',
            "line 2: got '1,100', where a comma may be .*; expected a number, without",
        ),
        ('the,388\n",412\nof,160\n".,9\nand,7\n', "line 2: .*quote .*label.*next line; write"),
        ('a,3\n"b\nc",4\n', "line 2: .*quote .*next line"),
        ('a,3\n"b"c,4\n', "line 2: .*quote"),
        ('a,3\n "b",4\n', "line 2: .*space before a quote"),
        (",0\nthe,500\nof,300\n", "line 1: no label before '0': .* header of an index; write"),
        ("the,500\n,300\n", "line 2: no label before '300'"),
        ("you 22484400\ni 19975318\n", "line 1: .*count or a header"),
        ("a;5\nb;x\n", "line 2: got 'x'.*separated by semicolons"),
        ("a\t5\nb\tx\n", "line 2: got 'x'.*separated by tabs"),
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_refused_with_the_line_and_how_to_write_it(
    read, text, says
):
    with pytest.raises(FileFormatError, match=says) as caught:
        read(text)
    assert "\n" not in str(caught.value)
