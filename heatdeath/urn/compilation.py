"""Compile the samplers with Numba and keep the machine code between processes.

Numba decides whether cached code is stale by the time stamp of one file, so an edit of a helper
in another file would go unnoticed, and it raises where the package's own folder is read-only.
Here the cache folder is named by a digest of every source file of the samplers, and it falls
back from the user's cache to the temporary folder to compiling anew.
"""

import contextlib
import functools
import hashlib
import os
import tempfile
from pathlib import Path

import numba

_SOURCES = (Path(__file__).parent, Path(__file__).parent.parent / "sampling_rules.py")


def _candidate_roots():
    for variable, inside in (("HEATDEATH_CACHE_DIR", ""), ("NUMBA_CACHE_DIR", "heatdeath")):
        if os.environ.get(variable):
            yield Path(os.environ[variable], inside)
    user_cache = os.environ.get("XDG_CACHE_HOME")
    if user_cache:
        yield Path(user_cache, "heatdeath")
    with contextlib.suppress(RuntimeError):  # of a user without a home folder
        yield Path.home() / ".cache" / "heatdeath"
    yield Path(tempfile.gettempdir()) / f"heatdeath-{os.getuid() if hasattr(os, 'getuid') else 0}"


def _is_writable(folder):
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if hasattr(os, "getuid"):
            # Never run machine code that somebody else may have put there.
            in_temporary = folder.parent.parent == Path(tempfile.gettempdir())
            mine = [folder, folder.parent] if in_temporary else [folder]
            if any(place.stat().st_uid != os.getuid() for place in mine):
                return False
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@functools.cache
def cache_folder() -> Path | None:
    """Return the folder that compiled code is kept in, or None where no folder can be written.

    It lies in the first of ``$HEATDEATH_CACHE_DIR``, ``$NUMBA_CACHE_DIR``, ``$XDG_CACHE_HOME``,
    ``~/.cache`` and the temporary folder that can be written.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    for source in _SOURCES:
        for file in sorted(source.glob("*.py")) if source.is_dir() else [source]:
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    for root in _candidate_roots():
        folder = root / digest.hexdigest()[:16]
        if _is_writable(folder):
            return folder
    return None


def compiled(function):
    """Compile `function` in nopython mode, with its machine code kept in `cache_folder`."""
    folder = cache_folder()
    configured = numba.config.CACHE_DIR
    if folder is not None:
        numba.config.CACHE_DIR = str(folder)
    try:
        return numba.njit(function, cache=folder is not None, error_model="numpy", nogil=True)
    finally:
        numba.config.CACHE_DIR = configured
