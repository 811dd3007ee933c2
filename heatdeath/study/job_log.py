"""Send everything that a job prints to its log."""

import os
import shutil
import sys

# With less than this left a disk counts as full: the log may then not hold the error either.
_LEAST_FREE = 1_000_000


def redirect_output(log) -> None:
    """Send what this process and its libraries print, and uncaught errors, to a file.

    On a disk that is full, an uncaught error goes to the terminal as well.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    terminal = os.dup(sys.stderr.fileno())
    # The descriptors, so that what compiled libraries print is caught too.
    with open(log, "w", encoding="utf-8") as stream:
        os.dup2(stream.fileno(), sys.stdout.fileno())
        os.dup2(stream.fileno(), sys.stderr.fileno())

    def report(kind, error, traceback):
        sys.__excepthook__(kind, error, traceback)
        free = shutil.disk_usage(os.path.dirname(os.path.abspath(log))).free
        if free < _LEAST_FREE:
            message = f"No space left on device: {free} bytes are free for {log}. "
            os.write(terminal, f"{message}{kind.__name__}: {error}\n".encode())

    sys.excepthook = report
