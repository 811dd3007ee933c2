"""Compile the paper: Typst sources, numbers, figures and claims into one PDF."""

import json
import re
import shutil
import tempfile
import warnings
from pathlib import Path

from heatdeath.errors import FileFormatError
from heatdeath.paper.entries import exact, measured

MAIN = "paper.typ"
"""The source that includes all others."""

CLAIMS_VERSION = 1
"""Version of the verdicts that `claims_table` reads."""

_OF_FAMILY = ("study", "family", "source", "verdict", "condition")


def build_paper(sources, *, numbers_path, figure_paths, claims_path=None) -> bytes:
    """Compile the paper as a PDF, from the arguments of `compile_paper`."""
    content = compile_paper(
        sources, numbers_path=numbers_path, figure_paths=figure_paths, claims_path=claims_path
    )
    # With the last line ended, as in the figures, a file that was cut off is told apart.
    return content.rstrip() + b"\n"


def compile_paper(sources, *, numbers_path, figure_paths, claims_path=None, **options):
    """Compile the paper in a folder of its own, with nothing but what it is given.

    The compiler sees neither the fonts of the system nor any other file, and is given no time, so
    that the same content has the same bytes everywhere. A figure is known by the stem of its name,
    and one that is not there leaves out its section.
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


def claims_table(path) -> list[dict]:
    """Read the verdicts on the claims, and round their effects as all numbers of the text."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    if content.get("format_version") != CLAIMS_VERSION:
        raise FileFormatError(
            path, f"has format_version {content.get('format_version')}; needed: {CLAIMS_VERSION}"
        )
    try:
        return [_row(claim) for claim in content["claims"]]
    except KeyError as error:
        raise FileFormatError(path, f"has a claim without the key {error}") from error


def _row(claim):
    kept = ("id", "claim", "sources", "verdict", "condition", "summary")
    control = claim["control"]
    return {name: claim[name] for name in kept} | {
        "effect": {"name": claim["effect"]["name"], "entry": _entry(claim["effect"])},
        "control": control["verdict"],
        "flipped": control["flipped"],
        "families": [
            {name: judged[name] for name in _OF_FAMILY} for judged in claim.get("families", ())
        ],
    }


def _entry(effect):
    value, low, high = effect["value"], effect["low"], effect["high"]
    if value is None:
        return None
    # What is infinite is written as a text, and has no width to round by.
    ends = isinstance(low, int | float) and isinstance(high, int | float)
    # A value at an end of its interval, the step of a grid or a share of all, is no median of it:
    # the width of the interval is not what it is uncertain by.
    if ends and value in (low, high) and low < high:
        texts = [exact(each)["text"] for each in (low, high)]
        entry = exact(value) | {"low": low, "high": high, "range": " to ".join(texts)}
    else:
        entry = measured(value, low, high) if ends else exact(float(value))
    if effect["units"] != "1":
        entry["text"] += f" {effect['units']}"
    return entry
