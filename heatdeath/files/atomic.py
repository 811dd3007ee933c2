"""Put a file in place whole or not at all."""

import contextlib
import os
import secrets
from pathlib import Path

from heatdeath.errors import OutputError


@contextlib.contextmanager
def replacing(path):
    """Write a file so that its name never shows anything but a complete content.

    The body writes to a temporary name in the same folder. When it ends, the content is brought to
    the disk and takes the name in one step. If anything fails, what stood under the name before
    still does. A process that is killed in between leaves at most a hidden file that ends in
    ``.partial`` and may be deleted.
    """
    path = Path(path)
    if os.path.isdir(path):
        raise OutputError(path, "is a folder; allowed: the name of a file")
    # Two jobs may be writing the same file after a restart, so the name must be nobody else's.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _flush(temporary)
        os.replace(temporary, path)
    except OutputError:
        raise
    except OSError as error:
        a_file_in_the_way = isinstance(error, FileExistsError | NotADirectoryError)
        reason = "part of its folder is a file" if a_file_in_the_way else error.strerror or error
        raise OutputError(
            path, f"cannot be written: {reason}; needed: a writable folder with space"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    # Some network file systems refuse this for folders; the content is already safe there.
    with contextlib.suppress(OSError):
        _flush(path.parent)


def write_bytes(content, path) -> None:
    """Write a file as in `replacing`."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def check_writable(path) -> None:
    """Find out whether a file can be put in place, before the work of making it."""
    with contextlib.suppress(_Enough), replacing(path) as temporary:
        temporary.touch()
        raise _Enough


class _Enough(Exception):
    """Ends `replacing` before it replaces anything."""


def _flush(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
