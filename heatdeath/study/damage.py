"""What is wrong with the results, found before a run is planned: damage, dates, the folder."""

import os
from pathlib import Path

from heatdeath.errors import FileFormatError, OutputError
from heatdeath.integrity import check_trailer
from heatdeath.regular_files import check_regular_file

_SUFFIX = ".damaged"
# How files without a checksum begin and end, which tells those that are empty or cut off.
_ENDS = {
    ".csv": (b"", b"\n"),
    ".html": (b"<!DOCTYPE html>\n", b"</html>\n"),
    ".json": (b"{", b"}\n"),
    ".pdf": (b"%PDF-", b"%%EOF\n"),
    ".png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
    ".sha256": (b"", b"\n"),
}


def damaged_files(sources, *, aggregates=()) -> dict[str, str]:
    """Find the files that are truncated, half-written, altered or not ours.

    Aggregates and all files that may have changed since they were made are read whole. Of the
    others, which the aggregation has verified, only the beginning and the end are looked at, so
    that a large study starts without reading itself. Of tables and figures, which have no
    checksum, the two ends are all that can be looked at.
    """
    aggregates = list(aggregates)
    made = min((_time(path) for path in aggregates), default=-1)
    problems = {}
    for path in [*sources, *aggregates]:
        time = _time(path)
        if time < 0:
            continue
        try:
            check_regular_file(path)
            if path.endswith(".nc"):
                check_trailer(path, whole=time >= made)
            else:
                _check_ends(path, *_ENDS[os.path.splitext(path)[1]])
        except FileFormatError as error:
            problems[path] = error.problem
    return problems


def set_aside(path) -> str:
    """Rename a damaged file so that nothing takes it for a result, and nothing is lost."""
    new, number = path + _SUFFIX, 1
    while os.path.lexists(new):
        number += 1
        new = f"{path}{_SUFFIX}-{number}"
    try:
        Path(path).rename(new)
    except OSError as error:
        raise OutputError(path, f"is damaged and cannot be renamed: {error.strerror}") from error
    return new


def date(path, *, now) -> None:
    """Date a file as of now."""
    try:
        os.utime(path, ns=(now, now))
    except OSError as error:
        problem = f"is dated in the future, which cannot be changed: {error.strerror}"
        raise OutputError(path, problem) from error


def dated_ahead(paths, *, now) -> list[str]:
    """Find the files that are dated in the future, as after a copy between clocks that disagree.

    Snakemake fails when it has made a file of one that is newer than the present.
    """
    return [path for path in paths if _time(path) > now]


def not_made_again(paths) -> list[str]:
    """Return the files that were set aside and of which there is no new one yet."""
    return [path for path in paths if not _exists(path) and _exists(path + _SUFFIX)]


def _exists(path):
    return _time(path) >= 0


def _time(path):
    """Return when a file was last written, -1 if there is none."""
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return -1
    except NotADirectoryError:
        raise OutputError(path, "cannot be made: part of its folder is a file") from None
    except OSError as error:
        raise OutputError(path, f"cannot be looked at: {error.strerror}") from error


def _check_ends(path, start, end):
    try:
        with open(path, "rb") as file:
            beginning = file.read(len(start))
            file.seek(-min(len(end), file.seek(0, os.SEEK_END)), os.SEEK_END)
            if beginning != start or file.read() != end:
                raise FileFormatError(path, "is empty, truncated or of another format")
    except OSError as error:
        raise FileFormatError(path, f"cannot be read: {error.strerror}") from error


def check_writable(folder) -> None:
    """Refuse a folder that cannot be written, or cannot be made."""
    existing = Path(folder).absolute()
    while not os.path.lexists(existing):
        existing = existing.parent
    if not existing.is_dir():
        raise OutputError(folder, f"{existing} is not a folder; results need one")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise OutputError(folder, f"{existing} cannot be written; choose another `results`")
