"""The code as it is committed."""

import io
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from heatdeath.errors import OutputError

_SHOWN = 5


@dataclass(frozen=True)
class Checkout:
    """A commit."""

    commit: str  # its hash
    date: str  # when it was committed, as ISO 8601
    files: dict[str, bytes]  # contents by path
    executable: frozenset[str]  # the paths of programs


def read_checkout(root) -> Checkout:
    """Read the newest commit of a working tree in which nothing else stands."""
    top = _git(root, "rev-parse", "--show-toplevel").decode().strip()
    if Path(top).resolve() != Path(root).resolve():
        raise OutputError(root, "is not the top folder of a git clone; needed: that of the project")
    changed = _git(root, "status", "--porcelain", "--untracked-files=all").decode().splitlines()
    if changed:
        shown = ", ".join(line[3:] for line in changed[:_SHOWN])
        more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        raise OutputError(
            root, f"has files that are not committed: {shown}{more}; needed: a commit with them"
        )
    commit, date = _git(root, "show", "--no-patch", "--format=%H%n%cI", "HEAD").decode().split()
    files, executable = {}, set()
    tree = _git(root, "-c", "core.autocrlf=false", "archive", "--format=tar", commit)
    with tarfile.open(fileobj=io.BytesIO(tree)) as tar:
        for member in tar:
            if member.isfile():
                files[member.name] = tar.extractfile(member).read()
                if member.mode & 0o100:
                    executable.add(member.name)
    return Checkout(commit, date, files, frozenset(executable))


def _git(root, *arguments):
    try:
        outcome = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, check=False
        )
    except FileNotFoundError:
        raise OutputError(root, "cannot be read without the program git") from None
    if outcome.returncode != 0:
        problem = " ".join(outcome.stderr.decode(errors="replace").split())
        raise OutputError(root, f"is not a git clone with a commit ({problem})")
    return outcome.stdout
