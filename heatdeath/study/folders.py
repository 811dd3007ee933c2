"""Whether a folder can receive results, found out without writing to it."""

import os
from pathlib import Path

from heatdeath.errors import OutputError


def check_writable(folder) -> None:
    """Refuse a folder that cannot be written, or cannot be made."""
    existing = Path(folder).absolute()
    while not os.path.lexists(existing):
        existing = existing.parent
    if not existing.is_dir():
        raise OutputError(folder, f"{existing} is not a folder; results need one")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise OutputError(folder, f"{existing} cannot be written; choose another `results`")
