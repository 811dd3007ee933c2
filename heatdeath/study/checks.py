"""Whether figures, explorer, paper and claims of a configuration can use its studies."""

import os.path

from heatdeath.choices import GROWING_REGIMES
from heatdeath.errors import ParameterError
from heatdeath.files.axes import AXES, PLANE
from heatdeath.process import DEFAULTS
from heatdeath.sampling_rules import RULE_ARGUMENTS
from heatdeath.starts import parse_start
from heatdeath.study.catalogue.product import Shown
from heatdeath.study.conditions import (
    has_collapse_rate,
    has_least_fresh_fraction,
    has_theory,
    has_theory_lines,
)
from heatdeath.study.paths import ROOT
from heatdeath.study.roles import ROLES
from heatdeath.study.target_names import canonical_name, check_family, n_outcomes

# The figure of sizes of models tells so many temperatures apart.
_MOST_TEMPERATURES = 6
# The axes over which the mean-field flow of a study is followed.
_FLOW_AXES = (*PLANE, "initial", "initial_size")
# A page has the target of a study in one place, for all of its cells.
_EXPLORED = Shown(
    "phase_diagram", PLANE, tuple(axis.name for axis in AXES if axis.name != "target")
)
# The figure of rescue tells so many targets of recovery apart.
_MOST_RECOVERY_TARGETS = 4
_CHOICES = {"temperatures": "temperature", "fresh_fractions": "fresh_fraction"}


def check_figure(section, figure, studies) -> None:
    """Check that a figure shows studies that exist and that it can draw."""
    path = f"figures.{section.name}"
    for key, name, shown in section.shown(figure):
        _check_shown(f"{path}.{key}", name, studies, shown)
    if section.check is not None:
        section.check(path, figure, studies)


def check_explorer(explorer, studies) -> None:
    """Check that the explorer shows studies that exist and that it can show."""
    for i, name in enumerate(explorer["studies"]):
        where = f"explorer.studies[{i}]"
        _check_shown(where, name, studies, _EXPLORED)
        _check_one_target(where, studies[name])


def check_trajectories(path, figure, studies) -> None:
    """Check that the mean-field curve of the study is known, and that it has what is chosen."""
    study = studies[figure["study"]]
    _check_accumulates(f"{path}.study", study)
    _check_flow(f"{path}.study", study)
    _check_choices(path, figure, study)


def check_architectures(path, figure, studies) -> None:
    """Check that the planes of families have lines of theory."""
    _check_of_families(
        path,
        figure,
        studies,
        has_theory_lines,
        "a study of a family whose axes are temperature, fresh fraction and perhaps the start, "
        "with a temperature that theory has",
    )


def check_collapse_rates(path, figure, studies) -> None:
    """Check that the families have rates, in one unit of time."""
    _check_of_families(
        path,
        figure,
        studies,
        has_collapse_rate,
        "a study of a family of two seeds or more, with cells without fresh data that start drawn "
        "from the target",
    )
    _check_one_clock(path, figure, studies)


def check_model_sizes(path, figure, studies) -> None:
    """Check that the families have least fresh fractions, at few temperatures."""
    _check_of_families(
        path,
        figure,
        studies,
        has_least_fresh_fraction,
        "a study of a family of two seeds or more, with two fresh fractions or more",
    )
    _check_few_temperatures(path, figure, studies)


def _check_of_families(path, figure, studies, is_shown, allowed):
    for i, name in enumerate(figure["studies"]):
        where, study = f"{path}.studies[{i}]", studies[name]
        if study.family is None or not is_shown(study):
            raise ParameterError(where, name, allowed)
        starts = study.values("initial", "target")
        kinds = [parse_start(str(start)).kind for start in starts]
        if len(set(kinds)) < len(kinds):
            raise ParameterError(
                where, name, f"a study of one start of each kind, target or collapsed; not {starts}"
            )


def _check_one_clock(path, figure, studies):
    regimes = {
        name: studies[name].settings.get("regime", DEFAULTS["regime"]) for name in figure["studies"]
    }
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


def check_rescue(path, figure, studies) -> None:
    """Check that branches can be drawn beside the hysteresis, and thresholds beside recoveries."""
    hysteresis = studies[figure["hysteresis"]]
    # Beside these stands theory of the study's only target.
    _check_one_target(f"{path}.hysteresis", hysteresis)
    for i, name in enumerate(figure["recovery"]):
        _check_one_target(f"{path}.recovery[{i}]", studies[name])
    _check_accumulates(f"{path}.hysteresis", hysteresis)
    _check_hysteresis(f"{path}.hysteresis", hysteresis)
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


def check_sizes(path, figure, studies) -> None:
    """Check that theory has the sizes and temperatures, and that targets name their sizes."""
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


def check_cost(path, figure, studies) -> None:
    """Check that the recorded timings are there."""
    timings = figure["timings"]
    if not os.path.isfile(ROOT / timings):
        raise ParameterError(
            f"{path}.timings",
            timings,
            f"a file that exists, relative to {ROOT}; `make benchmark` writes one",
        )


def _check_shown(where, name, studies, shown):
    if name not in studies:
        raise ParameterError(where, name, "one of " + ", ".join(studies))
    study = studies[name]
    if study.kind != shown.kind:
        raise ParameterError(
            where, study.name, f"a study of kind {shown.kind}; this is {study.kind}"
        )
    missing = [axis for axis in shown.needs if axis not in study.axes]
    if missing:
        raise ParameterError(where, study.name, f"a study with the axis {missing[0]}")
    other = [axis for axis in study.axes if axis not in shown.draws and len(study.axes[axis]) > 1]
    if other:
        raise ParameterError(
            where,
            study.name,
            f"a study whose axes are among {', '.join(shown.draws)}; not {other[0]}",
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
        values = study.values(axis)
        for i, value in enumerate(figure.get(key, [])):
            if value not in values:
                raise ParameterError(
                    f"{path}.{key}[{i}]", value, f"a value of the axis {axis} of {study.name}"
                )
    if "initial" in figure:
        starts = study.values("initial", "target")
        if str(parse_start(figure["initial"])) not in starts:
            raise ParameterError(
                f"{path}.initial", figure["initial"], f"a start of {study.name}: {starts}"
            )


def check_paper(paper, *, studies, figures) -> None:
    """Check that the studies that the paper speaks of exist and can play their parts."""
    shown = figures.get("phase_diagram", {"studies": []})["studies"]
    for key in ("plane", "real"):
        if key not in paper:
            continue
        name, path = paper[key], f"paper.{key}"
        if name not in shown:
            raise ParameterError(
                path, name, f"a study of figures.phase_diagram: {', '.join(shown) or 'none'}"
            )
        if studies[name].family is not None or not has_theory_lines(studies[name]):
            raise ParameterError(
                path,
                name,
                "a study of the urn whose data accumulate one output at a time without sampling "
                "rules, at one or more temperatures that theory has",
            )
    if "tolerance" in paper:
        study = studies.get(paper["tolerance"])
        if study is None or study.kind != "tolerance_scan":
            raise ParameterError(
                "paper.tolerance", paper["tolerance"], "a study of kind tolerance_scan"
            )
    target = paper["example_target"]
    try:
        n = n_outcomes(canonical_name(target))
    except ParameterError as error:
        raise ParameterError("paper.example_target", target, error.allowed) from error
    if n < 2:
        raise ParameterError("paper.example_target", target, "a target of two outcomes or more")
    if not has_theory(paper["example_temperature"]):
        raise ParameterError(
            "paper.example_temperature",
            paper["example_temperature"],
            "a number neither next to 0 nor to 1",
        )


def check_claims(claims, studies) -> None:
    """Check that studies exist and can play their roles."""
    for name, names in claims.items():
        role = ROLES[name]
        for i, study in enumerate(names):
            where = f"claims.{name}[{i}]"
            if study not in studies:
                raise ParameterError(where, study, "one of " + ", ".join(studies))
            _check_role(where, studies[study], role)
            _check_axes_of_role(where, studies[study], role)
            _check_settings_of_role(where, studies[study], role)


def _check_role(where, study, role):
    if study.kind != role.kind:
        raise ParameterError(
            where, study.name, f"a study of kind {role.kind}; this is {study.kind}"
        )
    if (study.family is not None) != role.of_families:
        wanted = "with a setting" if role.of_families else "without a setting"
        raise ParameterError(where, study.name, f"a study {wanted} family")


def _check_axes_of_role(where, study, role):
    for axis in role.needs_axes:
        if axis not in study.axes:
            raise ParameterError(where, study.name, f"a study with the axis {axis}")
    if role.allows_axes is None:
        return
    for axis, values in study.axes.items():
        if axis not in role.allows_axes and len(values) > 1:
            allowed = ", ".join(role.allows_axes)
            raise ParameterError(
                where, study.name, f"a study whose axes are among {allowed}; not {axis}"
            )


def _check_settings_of_role(where, study, role):
    for argument, value in role.settings.items():
        default = study.settings.get(argument, DEFAULTS.get(argument))
        values = study.axes.get(argument, [default])
        values = [*values, *(v[argument] for v in study.variants.values() if argument in v)]
        if any(each != value for each in values):
            raise ParameterError(where, study.name, f"a study whose {argument} is {value}")
    for argument in role.without:
        given = [study.settings, study.axes, *study.variants.values()]
        if any(argument in each for each in given):
            raise ParameterError(where, study.name, f"a study without {argument}")
