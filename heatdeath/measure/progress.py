"""How far a job has come that reads many files, for its log."""

import logging
import sys

_LOGGER = logging.getLogger("heatdeath.progress")
_STEPS = 20


def log_progress() -> None:
    """Let this process say on its standard error how far it has come; a job's is its log."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    _LOGGER.addHandler(handler)
    _LOGGER.setLevel(logging.INFO)


def reported(cells, *, total):
    """Yield cells, and say after every twentieth of them how many were read."""
    told = 0
    for done, cell in enumerate(cells, start=1):
        yield cell
        if done * _STEPS // total > told:
            told = done * _STEPS // total
            _LOGGER.info("%d of %d cells", done, total)
