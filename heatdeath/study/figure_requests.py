"""Whether the figures and the explorer that a configuration asks for can show its studies."""

import os.path

from heatdeath.errors import ParameterError
from heatdeath.files.axes import AXES
from heatdeath.sampling_rules import RULE_ARGUMENTS
from heatdeath.starts import parse_start
from heatdeath.study.family_requests import (
    GROWING_REGIMES,
    has_collapse_rate,
    has_least_fresh_fraction,
)
from heatdeath.study.schema import SCHEMA_PATH
from heatdeath.study.target_names import check_family
from heatdeath.study.theory_requests import has_theory, has_theory_lines

_ROOT = SCHEMA_PATH.parents[2]
_PLANE = ("temperature", "fresh_fraction")
# Of each figure that shows a study: its kind, and the axes that it must and may have.
_NEEDS = {
    "trajectories": ("phase_diagram", (), (*_PLANE, "initial")),
    "phase_diagram": ("phase_diagram", _PLANE, (*_PLANE, "initial")),
    "regimes": ("phase_diagram", ("variant", *_PLANE), ("variant", *_PLANE)),
    "exactness": ("exactness", (), ("sampler", *_PLANE)),
    "architectures": ("phase_diagram", _PLANE, (*_PLANE, "initial")),
    "collapse_rates": ("phase_diagram", ("temperature",), (*_PLANE, "initial")),
    "model_sizes": ("phase_diagram", (*_PLANE, "width"), (*_PLANE, "initial", "width")),
}
# Of each figure of families: what its studies must have, and in words.
_OF_FAMILIES = {
    "architectures": (
        has_theory_lines,
        "a study of a family whose axes are temperature, fresh fraction and perhaps the start, "
        "with a temperature that theory has",
    ),
    "collapse_rates": (
        has_collapse_rate,
        "a study of a family of two seeds or more, with cells without fresh data that start drawn "
        "from the target",
    ),
    "model_sizes": (
        has_least_fresh_fraction,
        "a study of a family of two seeds or more, with two fresh fractions or more",
    ),
}
# The figure of sizes of models tells so many temperatures apart.
_MOST_TEMPERATURES = 6
# Of each kind of study in the figure of rescue: the axes that it must and may have.
_RESCUE = {
    "phase_diagram": ((*_PLANE, "initial"), (*_PLANE, "initial")),
    "growth": (_PLANE, _PLANE),
    "recovery": (_PLANE, _PLANE),
}
# Of each kind of study in the figure of rates: the axes that it must and may have.
_RATES = {
    "collapse_time": (("temperature",), ("temperature", "target")),
    "relaxation": (("temperature",), ("temperature", "initial_size")),
    "flow_agreement": (_PLANE, _PLANE),
}
# Of each kind of study in the figure of sizes: the axes that it must and may have.
_FRACTION_AXES = (*_PLANE, "target", "initial_size")
_SIZES = {
    "growth": (_PLANE, _FRACTION_AXES),
    "recovery": (_PLANE, _FRACTION_AXES),
    "capture": (("fresh_fraction", "initial_size"), _FRACTION_AXES),
}
# The axes over which the mean-field flow of a study is followed.
_FLOW_AXES = (*_PLANE, "initial", "initial_size")
# A page has the target of a study in one place, for all of its cells.
_EXPLORED_AXES = tuple(axis.name for axis in AXES if axis.name != "target")
# The figure of rescue tells so many targets of recovery apart.
_MOST_RECOVERY_TARGETS = 4
_CHOICES = {"temperatures": "temperature", "fresh_fractions": "fresh_fraction"}


def check_figure(name, figure, studies) -> None:
    """Check that a figure shows studies that exist and that it can draw."""
    path = f"figures.{name}"
    shown = {f"{path}.study": figure["study"]} if "study" in figure else {}
    shown |= {f"{path}.studies[{i}]": study for i, study in enumerate(figure.get("studies", []))}
    for where, study in shown.items():
        _check_shown(where, study, studies, *_NEEDS[name])
    if name == "trajectories":
        _check_accumulates(f"{path}.study", studies[figure["study"]])
        _check_flow(f"{path}.study", studies[figure["study"]])
        _check_choices(path, figure, studies[figure["study"]])
    if name in _OF_FAMILIES:
        _check_of_families(path, figure, studies, *_OF_FAMILIES[name])
    if name == "collapse_rates":
        _check_one_clock(path, figure, studies)
    if name == "model_sizes":
        _check_few_temperatures(path, figure, studies)
    if name == "rescue":
        _check_rescue(path, figure, studies)
    if name == "rates":
        _check_rates(path, figure, studies)
    if name == "sizes":
        _check_sizes(path, figure, studies)
    if name == "cost":
        _check_timings(f"{path}.timings", figure["timings"])


def check_explorer(explorer, studies) -> None:
    """Check that the explorer shows studies that exist and that it can show."""
    for i, name in enumerate(explorer["studies"]):
        where = f"explorer.studies[{i}]"
        _check_shown(where, name, studies, "phase_diagram", _PLANE, _EXPLORED_AXES)
        _check_one_target(where, studies[name])


def _check_of_families(path, figure, studies, is_shown, allowed):
    for i, name in enumerate(figure["studies"]):
        where, study = f"{path}.studies[{i}]", studies[name]
        if study.family is None or not is_shown(study):
            raise ParameterError(where, name, allowed)
        starts = study.axes.get("initial", [study.settings.get("initial", "target")])
        kinds = [parse_start(str(start)).kind for start in starts]
        if len(set(kinds)) < len(kinds):
            raise ParameterError(
                where, name, f"a study of one start of each kind, target or collapsed; not {starts}"
            )


def _check_one_clock(path, figure, studies):
    regimes = {name: studies[name].settings.get("regime") for name in figure["studies"]}
    growing = [name for name, regime in regimes.items() if regime in GROWING_REGIMES]
    if growing and len(growing) < len(regimes):
        raise ParameterError(
            f"{path}.studies",
            ", ".join(growing),
            "studies that all keep all data, or none: time is counted in other units there",
        )


def _check_few_temperatures(path, figure, studies):
    temperatures = {t for name in figure["studies"] for t in studies[name].axes["temperature"]}
    if len(temperatures) > _MOST_TEMPERATURES:
        raise ParameterError(
            f"{path}.studies",
            f"{len(temperatures)} temperatures",
            f"studies of at most {_MOST_TEMPERATURES} temperatures together",
        )


def _check_rescue(path, figure, studies):
    wanted = [
        (f"{path}.hysteresis", figure["hysteresis"], "phase_diagram"),
        (f"{path}.growth", figure["growth"], "growth"),
    ]
    wanted += [
        (f"{path}.recovery[{i}]", study, "recovery") for i, study in enumerate(figure["recovery"])
    ]
    for where, study, kind in wanted:
        _check_shown(where, study, studies, kind, *_RESCUE[kind])
        if kind != "growth":  # beside these stands theory of the study's only target
            _check_one_target(where, studies[study])
    _check_accumulates(f"{path}.hysteresis", studies[figure["hysteresis"]])
    _check_hysteresis(f"{path}.hysteresis", studies[figure["hysteresis"]])
    targets = sorted({studies[study].settings["target"] for study in figure["recovery"]})
    if len(targets) > _MOST_RECOVERY_TARGETS:
        raise ParameterError(
            f"{path}.recovery",
            ", ".join(targets),
            f"studies of at most {_MOST_RECOVERY_TARGETS} different targets",
        )


def _check_hysteresis(where, study):
    if not any(parse_start(start).kind == "collapsed" for start in study.axes["initial"]):
        raise ParameterError(where, study.name, "a study with a collapsed start")
    for temperature in study.axes["temperature"]:
        if not has_theory(temperature):
            raise ParameterError(
                where,
                study.name,
                "a study whose temperatures are above 0 and finite, none extreme or next to 1; "
                f"not {temperature!r}",
            )


def _check_one_target(where, study):
    if "target" in study.axes:
        raise ParameterError(
            where, study.name, "a study whose target is a setting; not an axis, even of one value"
        )


def _check_rates(path, figure, studies):
    wanted = [(f"{path}.{key}", figure[key], key) for key in _RATES if key != "relaxation"]
    wanted += [
        (f"{path}.relaxation[{i}]", study, "relaxation")
        for i, study in enumerate(figure["relaxation"])
    ]
    for where, study, kind in wanted:
        _check_shown(where, study, studies, kind, *_RATES[kind])


def _check_sizes(path, figure, studies):
    wanted = [(f"{path}.capture", figure["capture"], "capture")]
    wanted += [
        (f"{path}.{kind}[{i}]", study, kind)
        for kind in ("growth", "recovery")
        for i, study in enumerate(figure.get(kind, []))
    ]
    for where, study, kind in wanted:
        _check_shown(where, study, studies, kind, *_SIZES[kind])
    _check_families(path, figure)
    for i, temperature in enumerate(figure["temperatures"]):
        if not has_theory(temperature):
            raise ParameterError(
                f"{path}.temperatures[{i}]", temperature, "a number neither next to 0 nor to 1"
            )
    for target in studies[figure["capture"]].targets:
        if target.startswith("file:"):
            raise ParameterError(
                f"{path}.capture",
                figure["capture"],
                f"a study whose targets are named by their number of outcomes; not {target}",
            )


def _check_families(path, figure):
    for i, family in enumerate(figure["families"]):
        try:
            check_family(family, figure["n_outcomes"])
        except ParameterError as error:
            raise ParameterError(
                f"{path}.families[{i}]",
                family,
                f"{error.allowed}; n_outcomes are from {min(figure['n_outcomes'])} to "
                f"{max(figure['n_outcomes'])}",
            ) from error


def _check_timings(where, timings):
    if not os.path.isfile(_ROOT / timings):
        raise ParameterError(
            where, timings, f"a file that exists, relative to {_ROOT}; `make benchmark` writes one"
        )


def _check_shown(where, name, studies, kind, needed, drawn):
    if name not in studies:
        raise ParameterError(where, name, "one of " + ", ".join(studies))
    study = studies[name]
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
    for argument in ("family", "regime", *RULE_ARGUMENTS):
        if argument in study.settings or argument in study.axes:
            raise ParameterError(
                where, study.name, f"a study without {argument}: its mean-field curve is not known"
            )


def _check_flow(where, study):
    other = [axis for axis in study.axes if axis not in _FLOW_AXES]
    if other:
        raise ParameterError(
            where,
            study.name,
            f"a study whose axes, even of one value, are among {', '.join(_FLOW_AXES)}; not "
            f"{other[0]}",
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
