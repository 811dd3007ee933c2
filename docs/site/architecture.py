"""Draw the house: which part of the package imports which, from the code's own imports.

``python docs/site/architecture.py`` writes docs/images/architecture.svg, as the documentation's
build does; a test compares the picture with the code.
"""

import ast
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "heatdeath"
PICTURE = ROOT / "docs" / "images" / "architecture.svg"

MODEL, SIMULATION, RESULTS = "model", "simulation", "results"
"""The modules at the top of the package: what samplers, theory and files are written with, what the
families are written with, and the others."""
_ON_THE_MODEL = (["urn"], ["theory"], ["files"])

MEANINGS = {
    MODEL: "arguments, targets, observables",
    "urn": "the samplers",
    "theory": "exact laws, equilibria, rates",
    "files": "records, NetCDF, manifest",
    SIMULATION: "one loop: start, law, record",
    RESULTS: "files as datasets",
    "models": "families in the closed loop",
    "measure": "aggregates, one file each",
    "study": "configuration, grid, catalogue",
    "figures": "one file each",
    "claims": "rules and verdicts",
    "paper": "numbers and text",
    "explorer": "a page of cells",
    "archive": "a zip for a referee",
    "cli": "the command line",
    "reference": "generated pages",
}
_WIDTH, _HEIGHT, _BETWEEN, _ABOVE, _MARGIN = 196, 50, 26, 46, 14
_STYLE = """
text { font-family: 'DejaVu Sans', Verdana, sans-serif; fill: #222222; text-anchor: middle; }
.name { font-size: 15px; font-weight: bold; }
.meaning { font-size: 10.5px; }
rect { fill: #f4f8fb; stroke: #0072b2; stroke-width: 1.2; }
path { fill: none; stroke: #767676; stroke-width: 1; marker-end: url(#head); }
"""


@cache
def imports() -> dict[str, set[str]]:
    """Return for every module of the package the modules of it that it imports."""
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted((ROOT / PACKAGE).rglob("*.py"))
    }
    found = {}
    for name, path in names.items():
        imported = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                inside = {f"{node.module}.{alias.name}" for alias in node.names}
                imported |= {each if each in names else node.module for each in inside}
        found[name] = {each for each in imported if each in names and each != PACKAGE} - {name}
    return found


@cache
def parts() -> dict[str, str]:
    """Return the part of the house that every module belongs to."""
    found = imports()
    packages = {name.split(".")[1] for name in found if name.count(".") > 1}
    model = _reached(name for name in found if name.split(".")[1:2] in _ON_THE_MODEL)
    simulation = _reached(name for name in found if name.split(".")[1:2] == ["models"])
    result = {}
    for name in found:
        if name == PACKAGE:
            continue
        top = name.split(".")[1]
        if top in packages:
            result[name] = top
        elif name in model:
            result[name] = MODEL
        else:
            result[name] = SIMULATION if name in simulation else RESULTS
    return result


def _reached(names):
    reached, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += imports()[name]
    return reached


def arrows() -> set[tuple[str, str]]:
    """Return which part imports which other."""
    of = parts()
    return {
        (of[name], of[each])
        for name, imported in imports().items()
        for each in imported
        if name in of and each in of and of[name] != of[each]
    }


def floors() -> list[list[str]]:
    """Return the parts floor by floor: each stands on those below and imports none above.

    Raises a ValueError that names the parts if some import each other in a circle.
    """
    wanted = {part: {b for a, b in arrows() if a == part} for part in sorted(set(parts().values()))}
    built = []
    while wanted:
        done = {part for floor in built for part in floor}
        floor = [part for part, below in wanted.items() if below <= done]
        if not floor:
            raise ValueError(f"these parts import each other in a circle: {sorted(wanted)}")
        built.append(floor)
        wanted = {part: below for part, below in wanted.items() if part not in floor}
    return built


def needed_arrows() -> set[tuple[str, str]]:
    """Return the arrows that no way over other parts says already."""
    found = arrows()

    def leads(start, end):
        steps = [b for a, b in found if a == start and b != end]
        return any((step, end) in found or leads(step, end) for step in steps)

    return {(a, b) for a, b in found if not leads(a, b)}


def _ways():
    """Return the places that each arrow leads over: its parts, and one on each floor between."""
    heights = {part: height for height, floor in enumerate(floors()) for part in floor}
    return [
        [start, *((start, end, height) for height in between), end]
        for start, end in sorted(needed_arrows())
        for between in [range(heights[start] - 1, heights[end], -1)]
    ]


def _middles(rows, ways):
    """Return the horizontal middle of each place, those that arrows join near each other."""
    rows = [sorted(row, key=str) for row in rows]
    joined = {place: set() for row in rows for place in row}
    for way in ways:
        for above, below in pairwise(way):
            joined[above].add(below)
            joined[below].add(above)
    middles = {}
    for _ in range(8):  # few arrows cross after some sweeps
        for row in rows:
            left = -sum(_width(place) + _BETWEEN for place in row) / 2
            for place in row:
                middles[place] = left + (_width(place) + _BETWEEN) / 2
                left += _width(place) + _BETWEEN
        for row in rows:
            row.sort(key=lambda place: fmean(middles[other] for other in joined[place]))
    return middles


def _width(place):
    return _WIDTH if isinstance(place, str) else 0


def picture() -> str:
    """Return the picture as SVG."""
    house, ways = floors()[::-1], _ways()
    rows = [
        [*floor, *(place for way in ways for place in way[1:-1] if place[2] == height)]
        for height, floor in zip(range(len(house))[::-1], house, strict=True)
    ]
    middles = _middles(rows, ways)
    left = min(middle - _width(place) / 2 for place, middle in middles.items()) - _MARGIN
    width = max(middle + _width(place) / 2 for place, middle in middles.items()) + _MARGIN - left
    height = len(house) * (_HEIGHT + _ABOVE) - _ABOVE + 2 * _MARGIN
    places = {
        place: (middles[place] - left, _MARGIN + number * (_HEIGHT + _ABOVE))
        for number, row in enumerate(rows)
        for place in row
    }
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">',
        "<title>Parts of the package; an arrow leads from one to what it imports</title>",
        f"<style>{_STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" style="fill: #767676; '
        'stroke: none; marker-end: none"/></marker></defs>',
    ]
    for way in ways:
        x, y = places[way[0]]
        steps = [f"M{x:g} {y + _HEIGHT:g}"]
        for above, below in pairwise(way):
            (x, y), (u, v) = places[above], places[below]
            y += _HEIGHT
            steps.append(f"C{x:g} {(y + v) / 2:g} {u:g} {(y + v) / 2:g} {u:g} {v:g}")
            if below != way[-1]:
                steps.append(f"V{v + _HEIGHT:g}")
        lines.append(f'<path d="{" ".join(steps)}"/>')
    for part in filter(MEANINGS.get, (place for row in rows for place in row)):
        middle, y = places[part]
        x = middle - _WIDTH / 2
        lines += [
            f'<rect x="{x:g}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="5"/>',
            f'<text class="name" x="{middle:g}" y="{y + 21:g}">{part}</text>',
            f'<text class="meaning" x="{middle:g}" y="{y + 38:g}">{MEANINGS[part]}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


def setup(app):
    """Draw the picture before the pages are read."""
    app.connect("builder-inited", lambda app: _draw())
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _draw():
    if not PICTURE.exists() or PICTURE.read_text(encoding="utf-8") != picture():
        PICTURE.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    _draw()
