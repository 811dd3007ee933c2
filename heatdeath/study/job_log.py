"""Send everything that a job prints to its log."""

import os
import sys


def redirect_output(log) -> None:
    """Send what this process and its libraries print, and uncaught errors, to a file.

    Parameters
    ----------
    log : str or os.PathLike
        The file, which is emptied first.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    # The descriptors, so that what compiled libraries print is caught too.
    with open(log, "w", encoding="utf-8") as stream:
        os.dup2(stream.fileno(), sys.stdout.fileno())
        os.dup2(stream.fileno(), sys.stderr.fileno())
