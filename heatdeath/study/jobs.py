"""What the jobs of the workflow do, each a call with plain values and paths, and their logs."""

import importlib
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


def write_target(target, *, output) -> None:
    """Write the file of a target distribution."""
    from heatdeath.files.writing import write
    from heatdeath.target_files import target_record
    from heatdeath.targets import resolve

    found = resolve(target)
    write(target_record(found.name, found.probabilities, found.labels), output)


def simulate_cell(arguments, *, seeds, root_seed, target_path, output) -> None:
    """Simulate a block of seeds of a cell, and write its file."""
    from heatdeath.files.writing import write
    from heatdeath.simulation import record_trajectories
    from heatdeath.target_files import stored_target

    target = stored_target(target_path)
    write(record_trajectories(target, seeds=seeds, root_seed=root_seed, **arguments), output)


def make(home, *, inputs, outputs, options) -> None:
    """Make a product of the catalogue: call its home by name, and write what it returns.

    A figure draws to its files itself.
    """
    from heatdeath.files.writing import write

    module, _, name = home.partition(":")
    function = getattr(importlib.import_module(module), name)
    if set(outputs) == {"pdf", "png"}:
        function(**inputs, **options, **{f"output_{form}": path for form, path in outputs.items()})
        return
    made = function(**inputs, **options)
    for content, path in zip(
        made if isinstance(made, tuple) else (made,), outputs.values(), strict=True
    ):
        write(content, path)
