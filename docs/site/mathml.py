"""Equations as MathML, which browsers draw by themselves: nothing is fetched, no script runs."""

from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.errors import ExtensionError


def setup(app):
    """Register the renderer and choose it."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(writer, node):
    writer.body.append(_mathml(node, as_block=False))
    _skip()


def _block(writer, node):
    number = f'<span class="eqno">({node["number"]})</span>' if node["number"] else ""
    writer.body.append(f'<div class="math">{number}{_mathml(node, as_block=True)}</div>\n')
    _skip()


def _skip():
    from docutils import nodes

    raise nodes.SkipNode


def _mathml(node, *, as_block):
    try:
        return str(tex2mathml(node.astext(), as_block=as_block))
    except (MathError, SyntaxError) as error:
        raise ExtensionError(f"An equation is no LaTeX that is known: {node.astext()}") from error
