"""The manifest of a results folder: the SHA-256 of every file, as `sha256sum --check` reads it."""

import hashlib
import os
import re
from pathlib import Path

from heatdeath.errors import FileFormatError, shown
from heatdeath.files.atomic import write_bytes

MANIFEST_NAME = "MANIFEST.sha256"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def write_manifest(paths, *, folder) -> list[str]:
    """Hash files and write the manifest of the folder that they are in.

    Files are read in blocks, so that memory does not grow with their size.
    """
    folder = Path(folder)
    digests, missing = {}, []
    for path in paths:
        try:
            digests[os.path.relpath(path, folder)] = sha256_of(path)
        except FileNotFoundError:
            missing.append(str(path))
    lines = [f"{digests[name]}  {name}\n" for name in sorted(digests, key=os.fsencode)]
    write_bytes(os.fsencode("".join(lines)), folder / MANIFEST_NAME)
    return missing


def read_manifest(path) -> dict[str, str]:
    """Read a manifest."""
    path = Path(path)
    if os.path.isdir(path):
        path = path / MANIFEST_NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise FileFormatError(path, "does not exist; needed: a manifest") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileFormatError(path, f"cannot be read as a manifest: {error}") from error
    digests = {}
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None or ".." in Path(match[2]).parts or Path(match[2]).is_absolute():
            raise FileFormatError(
                path,
                f"line {number} is {shown(line)}; needed: a SHA-256, two spaces and a path below",
            )
        digests[match[2]] = match[1]
    return digests


def sha256_of(path) -> str:
    """Hash a file in blocks."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
