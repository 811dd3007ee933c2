"""The captions of products, which stand in the docstrings of the modules that make them.

A docstring does not count in the digest of code, so that editing a caption makes nothing anew.
"""

import ast
import importlib.util
from pathlib import Path


def caption_of(home) -> str:
    """Return the caption of what "package.module:function" makes, as reStructuredText.

    It is what follows the first line of the module's docstring, read from the source: importing
    the module would import all that it draws with.
    """
    module, _, _ = home.partition(":")
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.has_location:
        raise LookupError(f"there is no source of the module {module}")
    docstring = ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))) or ""
    _, _, caption = docstring.partition("\n")
    if not caption.strip():
        raise LookupError(f"the docstring of the module {module} has no caption")
    return caption.strip()
