"""No page of the site may load anything from another host: no script, style, font or picture."""

import re
from html.parser import HTMLParser
from pathlib import Path

_LOADING = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "object": ("data",),
}
# A link element with one of these tells a reader something and loads nothing.
_NOT_LOADED = {"canonical", "author", "license", "next", "prev", "search", "index"}


def setup(app):
    """Look at every page and style once the site is built."""
    app.connect("build-finished", _check_site)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def foreign_resources(page) -> list[str]:
    """Find what a page would load from another host.

    Parameters
    ----------
    page : str
        The page, in HTML.

    Returns
    -------
    list of str
        The addresses.
    """
    parser = _Resources()
    parser.feed(page)
    return parser.found


def loads_from_elsewhere(style) -> bool:
    """Return whether a style sheet loads anything from another host, or another sheet.

    Parameters
    ----------
    style : str
        The sheet, in CSS.
    """
    return "@import" in style or re.search(r"url\(\s*['\"]?(https?:)?//", style) is not None


class _Resources(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "link" and attributes.get("rel") in _NOT_LOADED:
            return
        addresses = [attributes.get(name) or "" for name in _LOADING.get(tag, ())]
        self.found += [text for text in addresses if "//" in text and not text.startswith("data:")]


def _check_site(app, exception):
    if exception is not None or app.builder.format != "html":
        return
    from sphinx.util import logging

    logger = logging.getLogger(__name__)
    for path in sorted(Path(app.outdir).rglob("*.html")):
        for address in foreign_resources(path.read_text(encoding="utf-8")):
            logger.warning(f"{path.relative_to(app.outdir)} loads {address} from another host")
    for path in sorted(Path(app.outdir).rglob("*.css")):
        if loads_from_elsewhere(path.read_text(encoding="utf-8")):
            logger.warning(f"{path.relative_to(app.outdir)} loads something from another host")
