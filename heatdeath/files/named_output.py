"""A file that a user names to be written: what stands there already is lost only if it is ours."""

import os
import stat
import zipfile
from pathlib import Path

from heatdeath.errors import FileFormatError, OutputError, ParameterError
from heatdeath.files.atomic import check_writable

PNG_SOFTWARE = "heatdeath show"
"""What stands as the software in a PNG file of `heatdeath show`, by which it is known again."""

_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_TEXT = b"tEXtSoftware\0" + PNG_SOFTWARE.encode()
_BEFORE_THE_PIXELS = 4096  # bytes in which a PNG file names its software
_IN_AN_ARCHIVE = {"heatdeath/__init__.py", "ro-crate-metadata.json"}


def output_path(path, *, key, suffix, force=False, reads=()) -> Path:
    """Return the path to write for the one that was named, or refuse it.

    A link is followed. Refused are names without the suffix, what is not a regular file, and,
    unless `force`, files that heatdeath did not write or that are among those the command `reads`.
    """
    path = Path(path)
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        mode = None
    except OSError as error:
        raise OutputError(
            path, f"cannot be written: {error.strerror}; needed: the name of a file"
        ) from error
    if mode is not None and not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "no regular file"
        raise OutputError(path, f"is {what}; allowed for {key}: the name of a regular file")
    if path.suffix.lower() != suffix:
        raise ParameterError(key, str(path), f"the name of a file that ends in {suffix}")
    if mode is not None and not force:
        if any(_is_same(path, other) for other in reads):
            raise OutputError(
                path, f"is read by this very command; allowed for {key}: another name, or --force"
            )
        if not _IS_OURS[suffix](path):
            raise OutputError(
                path,
                f"exists, and is no whole file that heatdeath wrote; allowed for {key}: a new "
                "name, a file of heatdeath, or --force to lose what it holds",
            )
    # The file that a link points to is replaced; the link stays.
    path = Path(os.path.realpath(path))
    check_writable(path)
    return path


def _is_same(path, other):
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False


def _is_our_netcdf(path):
    # Its library takes long to import.
    from heatdeath.files import netcdf

    try:
        return netcdf.is_ours(path)
    except FileFormatError:
        return False


def _is_our_png(path):
    try:
        with open(path, "rb") as file:
            beginning = file.read(_BEFORE_THE_PIXELS)
    except OSError:
        return False
    return beginning.startswith(_PNG_START) and _PNG_TEXT in beginning


def _is_our_archive(path):
    try:
        with zipfile.ZipFile(path) as archive:
            return set(archive.namelist()) >= _IN_AN_ARCHIVE
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return False


_IS_OURS = {".nc": _is_our_netcdf, ".png": _is_our_png, ".zip": _is_our_archive}
