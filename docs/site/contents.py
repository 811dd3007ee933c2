"""The site's table of contents, from the lists of links on its index pages.

An index page is a Markdown page of headings and lists of links, which reads well on a forge. Here
each of its lists becomes a part of the table of contents too, under the heading that it stands
under: a page is added to the site by linking to it once.
"""

import posixpath
import re

_INDEX_PAGES = re.compile(r"(^|/)index$")
_LINK = re.compile(r"^- \[([^\]]+)\]\(([^)#\s]+\.md)\)", re.MULTILINE)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def setup(app):
    """Let index pages grow their tables of contents when they are read."""
    app.connect("source-read", _append_contents)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def contents_of(page) -> list[tuple[str, list[str]]]:
    """Find the parts of an index page.

    Parameters
    ----------
    page : str
        The page, in Markdown.

    Returns
    -------
    list of (str, list of str)
        For each heading above links: its text, empty above the first, and the paths that the
        items of its lists begin with, relative to the page.
    """
    pieces = _HEADING.split(page)
    headings, texts = ["", *pieces[1::2]], pieces[::2]
    parts = [
        (heading, [path for _, path in _LINK.findall(text)])
        for heading, text in zip(headings, texts, strict=True)
    ]
    return [(heading, paths) for heading, paths in parts if paths]


def _append_contents(app, document, source):
    if not _INDEX_PAGES.search(document):
        return
    folder = posixpath.dirname(document)
    for heading, paths in contents_of(source[0]):
        entries = [
            "/" + posixpath.normpath(posixpath.join(folder, path)).removesuffix(".md")
            for path in paths
        ]
        options = [":hidden:", *([f":caption: {heading}"] if heading else [])]
        source[0] += "\n".join(["", "```{toctree}", *options, "", *entries, "```", ""])
