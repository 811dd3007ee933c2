"""Files take their names only when their bytes are on the disk, and two writers never meet."""

import os

from heatdeath.files.atomic import replacing, write_bytes


def test_the_content_is_on_the_disk_before_it_takes_its_name_and_the_name_follows(
    tmp_path, monkeypatch
):
    steps = []

    def fsync(descriptor):
        path = os.readlink(f"/proc/self/fd/{descriptor}")
        steps.append(("folder" if os.path.isdir(path) else "content", os.path.exists(final)))

    final = tmp_path / "file"
    monkeypatch.setattr(os, "fsync", fsync)
    write_bytes(b"content", final)
    assert steps == [("content", False), ("folder", True)]


def test_two_writers_of_one_file_do_not_share_a_temporary_name(tmp_path):
    final = tmp_path / "file"
    with replacing(final) as first:
        first.write_bytes(b"first")
        with replacing(final) as second:
            second.write_bytes(b"second")
        assert final.read_bytes() == b"second"
    assert final.read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["file"]
