"""Captions of what the report shows, from the docstrings of the modules that make it."""

import ast
import importlib.util
from pathlib import Path


def caption_of(home) -> str:
    """Return the paragraphs after the first line of the docstring of a home's module.

    The module is read and not imported. Docstrings are in no digest: editing a caption redraws
    nothing.
    """
    origin = importlib.util.find_spec(home.partition(":")[0]).origin
    text = ast.get_docstring(ast.parse(Path(origin).read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[2].strip()
