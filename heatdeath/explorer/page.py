"""The explorer as one file of HTML: template, style, script, libraries and data in one piece."""

import json
import re
from pathlib import Path

import vl_convert

import heatdeath
from heatdeath.explorer.chart import specification
from heatdeath.explorer.data import gradient, observables, study_data
from heatdeath.explorer.digits import ALPHABET, FIRST
from heatdeath.files import netcdf
from heatdeath.measure.equilibria import EQUILIBRIA
from heatdeath.measure.phase_diagram import ENSEMBLE, PHASE_DIAGRAM
from heatdeath.measure.theory_lines import THEORY_LINES
from heatdeath.phases import CELL_PHASES, DISAGREE, JOINT_PHASES
from heatdeath.target_files import TARGET

_PARTS = tuple(Path(__file__).with_name(name) for name in ("page.html", "page.css", "page.js"))


def explorer_page(
    *,
    phase_diagrams,
    ensembles,
    targets,
    questions,
    theory_lines=(),
    equilibria=(),
    parts=None,
) -> str:
    """Return the page of some studies; the same files and libraries give the same text.

    Each file stands in the folder of its study, and theory is that of the studies that have some.
    The questions are what the studies ask, by their names and in the order of the page; the parts
    are template, style and script, those of this package if not given.
    """
    diagrams, ensembles, targets, lines, equilibria = (
        {Path(path).parent.name: path for path in given}
        for given in (phase_diagrams, ensembles, targets, theory_lines, equilibria)
    )
    studies = [
        study_data(
            netcdf.read(diagrams[name], kind=PHASE_DIAGRAM),
            netcdf.read(ensembles[name], kind=ENSEMBLE),
            netcdf.read(targets[name], kind=TARGET),
            name=name,
            question=question,
            lines=netcdf.read(lines[name], kind=THEORY_LINES) if name in lines else None,
            equilibria=netcdf.read(equilibria[name], kind=EQUILIBRIA)
            if name in equilibria
            else None,
        )
        for name, question in questions.items()
    ]
    return page(studies, parts=_PARTS if parts is None else parts)


def page(studies, *, parts=_PARTS) -> str:
    """Put the page of what `study_data` gives together, HTML that loads nothing."""
    data = {
        "version": heatdeath.__version__,
        "alphabet": ALPHABET,
        "first_code": FIRST,
        "phases": JOINT_PHASES,
        "trajectory_phases": CELL_PHASES[:-1],
        "disagree": DISAGREE,
        "gradient": gradient(),
        "observables": observables(),
        "chart": {theme: specification(theme) for theme in ("light", "dark")},
        "studies": list(studies),
    }
    files = {Path(path).suffix: Path(path).read_text(encoding="utf-8") for path in parts}
    pieces = {
        "style": files[".css"],
        "data": _json(data),
        "script": _in_script(files[".js"]),
        "libraries": _in_script(vl_convert.javascript_bundle()),
    }
    return re.sub(r"/\* ([a-z]+) \*/", lambda mark: pieces[mark[1]], files[".html"])


def _json(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _in_script(code):
    # The end of a script within a string of one would end it.
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")
