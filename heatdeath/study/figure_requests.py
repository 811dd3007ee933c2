"""Whether the figures that a configuration asks for can be drawn from its studies."""

import os.path

from heatdeath.errors import ParameterError
from heatdeath.starts import parse_start
from heatdeath.study.schema import SCHEMA_PATH

_ROOT = SCHEMA_PATH.parents[2]
_PLANE = ("temperature", "fresh_fraction")
# Of each figure that shows a study: its kind, and the axes that it must and may have.
_NEEDS = {
    "trajectories": ("phase_diagram", (), (*_PLANE, "initial")),
    "phase_diagram": ("phase_diagram", _PLANE, (*_PLANE, "initial")),
    "regimes": ("phase_diagram", ("variant", *_PLANE), ("variant", *_PLANE)),
    "exactness": ("exactness", (), ("sampler", *_PLANE)),
}
_CHOICES = {"temperatures": "temperature", "fresh_fractions": "fresh_fraction"}


def check_figure(name, figure, studies) -> None:
    """Check that a figure shows studies that exist and that it can draw.

    Parameters
    ----------
    name : str
        The figure.
    figure : dict
        What the configuration says about it, valid by the schema.
    studies : dict of str to Study
        The studies of the configuration.

    Raises
    ------
    ParameterError
        That names the key of the study, of the values that it does not have, or of a file that
        does not exist.
    """
    path = f"figures.{name}"
    shown = {f"{path}.study": figure["study"]} if "study" in figure else {}
    shown |= {f"{path}.studies[{i}]": study for i, study in enumerate(figure.get("studies", []))}
    for where, study in shown.items():
        if study not in studies:
            raise ParameterError(where, study, "one of " + ", ".join(studies))
        _check_study(where, studies[study], *_NEEDS[name])
    if name == "trajectories":
        _check_accumulates(f"{path}.study", studies[figure["study"]])
        _check_choices(path, figure, studies[figure["study"]])
    if name == "cost":
        _check_timings(f"{path}.timings", figure["timings"])


def _check_timings(where, timings):
    if not os.path.isfile(_ROOT / timings):
        raise ParameterError(
            where, timings, f"a file that exists, relative to {_ROOT}; `make benchmark` writes one"
        )


def _check_study(where, study, kind, needed, drawn):
    if study.kind != kind:
        raise ParameterError(where, study.name, f"a study of kind {kind}; this is {study.kind}")
    missing = [axis for axis in needed if axis not in study.axes]
    if missing:
        raise ParameterError(where, study.name, f"a study with the axis {missing[0]}")
    other = [axis for axis in study.axes if axis not in drawn and len(study.axes[axis]) > 1]
    if other:
        raise ParameterError(
            where, study.name, f"a study whose axes are among {', '.join(drawn)}; not {other[0]}"
        )


def _check_accumulates(where, study):
    for argument in ("regime", "top_k", "top_p", "min_p", "rule"):
        if argument in study.settings:
            raise ParameterError(
                where, study.name, f"a study without {argument}: its mean-field curve is not known"
            )


def _check_choices(path, figure, study):
    for key, axis in _CHOICES.items():
        values = study.axes.get(axis, [study.settings.get(axis)])
        for i, value in enumerate(figure.get(key, [])):
            if value not in values:
                raise ParameterError(
                    f"{path}.{key}[{i}]", value, f"a value of the axis {axis} of {study.name}"
                )
    if "initial" in figure:
        starts = study.axes.get("initial", [study.settings.get("initial", "target")])
        if str(parse_start(figure["initial"])) not in starts:
            raise ParameterError(
                f"{path}.initial", figure["initial"], f"a start of {study.name}: {starts}"
            )
