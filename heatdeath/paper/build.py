"""Compile the paper: Typst sources, numbers, figures and claims into one PDF."""

import json
import re
import shutil
import tempfile
import warnings
from pathlib import Path

from heatdeath.errors import FileFormatError
from heatdeath.files.atomic import write_bytes
from heatdeath.paper.claims_table import claims_table

MAIN = "paper.typ"
"""The source that includes all others."""


def build_paper(sources, *, numbers_path, figure_paths, output, claims_path=None) -> None:
    """Compile the paper and write it."""
    content = compile_paper(
        sources,
        numbers_path=numbers_path,
        figure_paths=figure_paths,
        claims_path=claims_path,
    )
    # With the last line ended, as in the figures, a file that was cut off is told apart.
    write_bytes(content.rstrip() + b"\n", output)


def compile_paper(sources, *, numbers_path, figure_paths, claims_path=None, **options):
    """Compile the paper in a folder of its own, with nothing but what it is given.

    The compiler sees neither the fonts of the system nor any other file, and is given no time, so
    that the same content has the same bytes everywhere.

    UserWarning
        What the compiler warns of.
    """
    import typst

    (main,) = (Path(source) for source in sources if Path(source).name == MAIN)
    with tempfile.TemporaryDirectory(prefix="heatdeath-") as scratch:
        root = Path(scratch)
        for source in map(Path, sources):
            _place(source, root / source.relative_to(main.parent))
        _place(numbers_path, root / "numbers.json")
        for figure in map(Path, figure_paths):
            _place(figure, root / "figures" / figure.name)
        if claims_path:
            table = json.dumps(claims_table(claims_path))
            (root / "claims.json").write_text(table, encoding="utf-8")
        contents = {
            "figures": sorted(Path(figure).stem for figure in figure_paths),
            "claims": bool(claims_path),
        }
        (root / "contents.json").write_text(json.dumps(contents), encoding="utf-8")
        try:
            content, found = typst.compile_with_warnings(
                str(root / MAIN), root=str(root), ignore_system_fonts=True, **options
            )
        except typst.TypstError as error:
            # The diagnostic shows the line, under the name of a folder that will be gone.
            text = re.sub(rf"[^\s]*{root.name}/", "", error.diagnostic)
            raise FileFormatError(main, f"does not compile: {text}") from error
    for each in found:
        warnings.warn(f"{main}: {each.message}", stacklevel=2)
    return content


def _place(source, place):
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, place)
