"""Where every kind of file is declared."""

import importlib

from heatdeath.errors import FileFormatError
from heatdeath.files.variables import Kind

_HOMES = {
    "trajectories": "heatdeath.trajectories",
    "model_trajectories": "heatdeath.models.measures",
    "target": "heatdeath.target_files",
    "gate": "heatdeath.models.gates",
    "ensemble": "heatdeath.measure.phase_diagram",
    "phase_diagram": "heatdeath.measure.phase_diagram",
} | {
    name: f"heatdeath.measure.{name}"
    for name in (
        "branches",
        "capture",
        "collapse_rate",
        "collapse_time",
        "equilibria",
        "exactness",
        "flow_agreement",
        "fraction_agreement",
        "growth",
        "least_fresh_fraction",
        "mean_field",
        "recovery",
        "relaxation",
        "sizes",
        "theory_lines",
        "thresholds",
        "tolerance_scan",
        "urn_agreement",
    )
}


def kind_names() -> list[str]:
    """Return the names of all kinds of files."""
    return list(_HOMES)


def kind_named(name, *, path="record") -> Kind:
    """Return the declaration of a kind, for a file of which only its name is known."""
    if not isinstance(name, str) or name not in _HOMES:
        raise FileFormatError(path, f"its kind {name!r} is not one that this version knows")
    return getattr(importlib.import_module(_HOMES[name]), name.upper())
