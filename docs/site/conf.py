"""The documentation site: ``make docs``.

The source folder is the whole repository, so that a page may stand where a reader of the code
looks for it, and its relative links hold in a clone, on a forge and in the site alike.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import heatdeath  # noqa: E402

project = "heatdeath"
author = "The heatdeath developers"
copyright = "the heatdeath developers"
version = release = heatdeath.__version__

extensions = [
    "architecture",
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "contents",
    "formulas",
    "mathml",
    "offline",
]

root_doc = "docs/index"
include_patterns = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSES/*.md",
    "config/*.md",
    "docs/**.md",
]
# Not pages, and large: they are not even walked through.
exclude_patterns = [".*", "build", "results", "tests", "heatdeath"]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
# A block without a language is an equation in plain text, not Python.
highlight_language = "none"
default_role = "code"
# Curly quotes, but no dashes: options begin with two hyphens.
smartquotes_action = "qe"
suppress_warnings = ["autosummary.import_cycle"]

nitpicky = True
# Words of the types in docstrings; only links to Python objects are checked.
nitpick_ignore_regex = [("py:.*", r"(?!heatdeath\.).*")]

autosummary_generate = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
numpydoc_show_class_members = False
# That every documented object has a docstring, and that it lists the parameters that there are.
numpydoc_validation_checks = {"GL08", "PR01", "PR02"}
numpydoc_validation_exclude = {
    # Looked at as well where a documented module imports it: of the standard library, and of ours
    # what no page shows.
    r"\.(NamedTuple|Path|dataclass|update_wrapper)$",
    r"\.(theory\.\w+|targets)\.((check|is)_\w+|group_outcomes|log_probabilities|decimal_text)$",
    # Protocols, whose constructor is that of typing.
    r"\.models\.protocol\.\w+$",
}

html_theme = "furo"
html_title = f"heatdeath {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_additional_pages = {"index": "redirect.html"}
templates_path = ["templates"]


def setup(app):
    """Let docstrings write absolute values, and tell the fields of a named tuple once."""
    app.connect("autodoc-process-docstring", _escape_bars)
    app.connect("autodoc-skip-member", _skip_aliases)


def _escape_bars(app, what, name, documented, options, lines):
    """Escape the bars of |x|, which reStructuredText takes for a substitution, outside of code."""
    for i, line in enumerate(lines):
        pieces = re.split(r"(`+.*?`+)", line)
        pieces[::2] = [piece.replace("|", r"\|") for piece in pieces[::2]]
        lines[i] = "".join(pieces)


def _skip_aliases(app, what, name, member, skip, options):
    """Skip what Python writes into the fields of named tuples; the class describes them."""
    return skip or (member.__doc__ or "").startswith("Alias for field number")
