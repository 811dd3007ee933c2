"""The pages of the project and the fenced blocks in them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = (".", "config", "docs", "docs/*", "LICENSES")
PAGES = sorted(page for folder in FOLDERS for page in ROOT.glob(f"{folder}/*.md"))

_FENCE = re.compile(r"^( *)```(.*)$")
# The text above a block that is a file ends with the file's name: "Write this to `mine.yaml`:"
_FILE_NAME = re.compile(r"`([\w./-]+\.(?:csv|py|yaml))`:$")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Parameters
    ----------
    page : str
        Name of its page, for messages.
    line : int
        The line of its first fence, from 1.
    language : str
        What stands behind the fence.
    text : str
        What it holds, without the indentation of the fence.
    file_name : str, optional
        The file that a reader is told to write it to.
    """

    page: str
    line: int
    language: str
    text: str
    file_name: str | None = None

    @property
    def place(self):
        return f"{self.page}, line {self.line}"


def blocks_of(text, *, page):
    """Return the fenced blocks of a page, from top to bottom."""
    found, opened, above = [], None, ""
    for number, line in enumerate(text.splitlines(), start=1):
        fence = _FENCE.match(line)
        if opened is None:
            if fence:
                opened, indentation, language, lines = number, fence[1], fence[2].strip(), []
            elif line.strip():
                above = line.strip()
        elif fence and not fence[2].strip() and fence[1] == indentation:
            name = _FILE_NAME.search(above)
            content = "".join(f"{each.removeprefix(indentation)}\n" for each in lines)
            found.append(Block(page, opened, language, content, name and name[1]))
            opened, above = None, ""
        else:
            lines.append(line)
    assert opened is None, f"{page}, line {opened}: the block does not end"
    return found
