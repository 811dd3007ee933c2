"""Only regular files are read: a pipe would be waited for, and a device may never end."""

import errno
import os
import stat

from heatdeath.errors import FileFormatError

_NAMES = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def check_regular_file(path) -> int:
    """Return the size of a file in bytes, without opening it; refuse what is no regular file."""
    try:
        # Follows links.
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise FileFormatError(path, "does not exist") from None
    except OSError as error:
        raise FileFormatError(path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        # A NUL in the path, or a character that no path of this system can hold.
        raise FileFormatError(ascii(str(path)), f"is no path of a file ({error})") from error
    if stat.S_ISDIR(status.st_mode):
        raise FileFormatError(path, f"cannot be read: {os.strerror(errno.EISDIR)}")
    if not stat.S_ISREG(status.st_mode):
        what = next((name for test, name in _NAMES if test(status.st_mode)), "of another kind")
        raise FileFormatError(path, f"is {what}, neither a file nor a folder; needed: a file")
    return status.st_size
