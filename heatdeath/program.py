"""What a program of the package ends in: an exit code, and after an error one line."""

import contextlib
import io
import os
import sys

from heatdeath.errors import HeatdeathError, shortened

ERROR = 2
INTERRUPTED = 130

_LONGEST_LINE = 2000


def exit_code_of(run) -> int:
    """Run a program, a function that returns its exit code; errors become one line each."""
    _prepare_streams()
    try:
        if sys.stdout is None:
            return _fail("the standard output is closed; needed: one to write to")
        try:
            code = run()
        except SystemExit as end:
            # How argparse ends, after the help as after a wrong argument.
            code = end.code or 0
        sys.stdout.flush()
        return code
    except HeatdeathError as error:
        return _fail(error)
    except KeyboardInterrupt:
        _fail("interrupted; nothing was written", start="heatdeath:")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe, such as head, has seen enough.
        _let_go_of_stdout()
        return 0
    except MemoryError as error:
        reason = f" ({error})" if str(error) else ""
        return _fail(
            f"there is not enough memory{reason}; needed: more of it, or fewer outcomes, seeds or "
            "checkpoints"
        )
    except OSError as error:
        # What is named is a file; what is not is a stream, or a library that did not load.
        where = "the standard output or a library" if error.filename is None else error.filename
        return _fail(f"{where}: {error.strerror or error}")
    except (ImportError, SystemError) as error:
        return _fail(f"a library cannot be loaded: {error}; needed: it whole, and enough memory")


def print_error(message, *, start="heatdeath: error:") -> None:
    """Print one line on the standard error."""
    with contextlib.suppress(OSError):
        line = shortened(" ".join(str(message).split("\n")), most=_LONGEST_LINE)
        print(start, line, file=sys.stderr)


def _fail(message, **options):
    print_error(message, **options)
    _let_go_of_stdout()
    return ERROR


def _prepare_streams():
    if sys.stderr is None:
        # Else the next file to be opened would take its number, and the messages of libraries.
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        # What an encoding lacks is no reason to end.
        sys.stdout.reconfigure(errors="replace")


def _let_go_of_stdout():
    """Write what is left of the output, or drop it: Python would complain of it at the exit."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        # What stands in place of a stream may have no number.
        with contextlib.suppress(OSError):
            number = sys.stdout.fileno()
            descriptor = os.open(os.devnull, os.O_WRONLY)
            os.dup2(descriptor, number)
            os.close(descriptor)
