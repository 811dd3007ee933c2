"""Set the formulas that pages write in plain text: θ_i^β with a subscript and a superscript.

In a clone and on a forge the plain text is what is read, so that pages keep it. An indented block
without a language is a displayed formula.
"""

import re

# The end of a formula's letter; a longer word is a name of the code, such as fresh_fraction.
_BASE = r"(?<=[^\s_^])(?<![A-Za-z]{2})(?<![A-Za-z]\d)"
_LETTERS = "[A-Za-z0-9]+(?:,[a-z](?![a-z]))?"
_GREEK = "[α-ωΑ-Ω]"
_BRACES = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_MARKED = re.compile(
    rf"{_BASE}(?:_(?P<sub>{_BRACES}|{_LETTERS}|{_GREEK})"
    rf"|\^(?P<sup>{_BRACES}|\([^()]*\)|[−-]?(?:{_LETTERS}|{_GREEK})))"
)
_WORD = re.compile("[A-Za-z]{2,}")
_NUMBERED = re.compile(r"(.*?)(?:\s+(\(\d+\)))?")


def setup(app):
    """Set the formulas of every page when it has been read."""
    app.connect("doctree-read", _set_formulas)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def pieces(text):
    """Split a formula at its subscripts and superscripts.

    Parameters
    ----------
    text : str
        The formula, or any text.

    Yields
    ------
    kind : str
        ``""``, ``"sub"`` or ``"sup"``.
    piece : str
        Its text, without the marks and the braces around it.
    """
    place = 0
    for match in _MARKED.finditer(text):
        if match.start() > place:
            yield "", text[place : match.start()]
        kind = match.lastgroup
        piece = match[kind]
        yield kind, piece[1:-1] if piece.startswith("{") else piece
        place = match.end()
    if place < len(text):
        yield "", text[place:]


def _set_formulas(app, doctree):
    from docutils import nodes

    for block in list(doctree.findall(nodes.literal_block)):
        if block.get("language", "none") == "none":
            formula = nodes.line_block(classes=["formula"])
            for line in block.astext().splitlines():
                text, number = _NUMBERED.fullmatch(line).groups()
                # Gaps between parts of a formula would collapse.
                parts = _nodes(text.replace("  ", "\N{EM SPACE}"))
                if number:
                    parts.insert(0, nodes.inline("", number, classes=["eqno"]))
                formula += nodes.line("", "", *parts)
            block.replace_self(formula)
    # A page of reference is full of names, and of few words below a letter.
    is_reference = app.env.docname.startswith("docs/reference/")
    for text in list(doctree.findall(nodes.Text)):
        # Names in code are no formulas, nor are those of parameters.
        if not _is_code(text.parent):
            parts = list(pieces(str(text)))
            words = any(kind == "sub" and _WORD.fullmatch(piece) for kind, piece in parts)
            if any(kind for kind, _ in parts) and not (is_reference and words):
                text.parent.replace(text, _nodes(str(text)))


def _nodes(text):
    from docutils import nodes

    found = []
    for kind, piece in pieces(text):
        if kind:
            make = nodes.subscript if kind == "sub" else nodes.superscript
            found.append(make("", "", *_nodes(piece)))
        else:
            found.append(nodes.Text(piece))
    return found


def _is_code(node):
    from docutils import nodes
    from sphinx import addnodes

    code = (
        nodes.FixedTextElement,
        nodes.literal,
        nodes.math,
        nodes.raw,
        nodes.subscript,
        nodes.superscript,
        nodes.term,
        nodes.strong,
        nodes.title,
        addnodes.desc_signature,
        addnodes.pending_xref,
        nodes.reference,
    )
    while node is not None:
        if isinstance(node, code) and not _is_bold_formula(node):
            return True
        node = node.parent
    return False


def _is_bold_formula(node):
    """Whether bold text is a formula or prose, and not the name of a parameter."""
    from docutils import nodes

    return isinstance(node, nodes.strong) and not isinstance(node.parent, nodes.term)
