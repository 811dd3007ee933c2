"""The kinds of study: what each makes of its trajectories, and what it needs of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from math import prod

from heatdeath.checks import check_finite_temperature
from heatdeath.errors import ParameterError
from heatdeath.process import DEFAULTS
from heatdeath.sampling_rules import RULE_ARGUMENTS
from heatdeath.starts import parse_start
from heatdeath.study.target_names import is_uniform, n_outcomes

_PLANE = ("temperature", "fresh_fraction")
_SCAN = {"temperature": 1, "fresh_fraction": 1}
_ONE_AT_A_TIME = {"regime": "accumulate", "batch_size": 1}
_DRAWN = ("target",)
_SHARED = ("proportional", "uniform", "collapsed", "file")


@dataclass(frozen=True)
class StudyKind:
    """What a kind of study ends in, and which studies can be of that kind."""

    aggregates: tuple[str, ...]
    needs_axes: dict = field(default_factory=dict)
    allows_axes: tuple[str, ...] | None = None
    least_cells: int = 1
    least_seeds: int = 1
    settings: dict = field(default_factory=dict)
    rules: bool = True
    families: bool = False
    check_temperature: Callable[[float], object] | None = None
    needs_fresh_data_at: tuple[float, ...] = ()
    starts: tuple[str, ...] | None = None
    needs_motion: bool = False
    least_outcomes: int = 1
    most_outcomes: int | None = None
    uniform_targets: bool = False
    reason: str = ""


def _check_cold(temperature):
    if not check_finite_temperature(temperature) < 1:
        raise ParameterError("temperature", temperature, "a number between 0 and 1")


KINDS = {
    "phase_diagram": StudyKind(
        aggregates=("ensemble.nc", "phase_diagram.nc", "phase_diagram.csv"),
        families=True,
    ),
    "exactness": StudyKind(
        aggregates=("exactness.nc",),
        allows_axes=("sampler", *_PLANE),
        settings={"regime": "accumulate", "record": "distribution"},
        rules=False,
        starts=_SHARED,
        least_outcomes=2,
        most_outcomes=2,
        reason="for an exact law",
    ),
    "growth": StudyKind(
        aggregates=("growth.nc",),
        needs_axes=_SCAN,
        allows_axes=(*_PLANE, "initial_size", "target"),
        least_seeds=2,
        settings={**_ONE_AT_A_TIME, "record": "distribution"},
        rules=False,
        check_temperature=check_finite_temperature,
        starts=_DRAWN,
        least_outcomes=2,
        uniform_targets=True,
        reason="for a growth exponent",
    ),
    "recovery": StudyKind(
        aggregates=("recovery.nc",),
        needs_axes=_SCAN,
        allows_axes=(*_PLANE, "initial_size", "target"),
        least_seeds=2,
        settings=_ONE_AT_A_TIME,
        rules=False,
        check_temperature=check_finite_temperature,
        starts=("collapsed",),
        least_outcomes=2,
        reason="for a passage from collapse",
    ),
    "tolerance_scan": StudyKind(
        aggregates=("tolerance_scan.nc",),
        needs_axes=_SCAN,
        allows_axes=(*_PLANE, "initial_size", "target"),
        least_seeds=2,
        settings=_ONE_AT_A_TIME,
        rules=False,
        check_temperature=check_finite_temperature,
        starts=("target", "proportional"),
        least_outcomes=2,
        reason="for a tolerance fraction",
    ),
    "relaxation": StudyKind(
        aggregates=("relaxation.nc",),
        needs_axes={"temperature": 1},
        allows_axes=(*_PLANE, "initial_size", "target"),
        least_seeds=2,
        settings={**_ONE_AT_A_TIME, "record": "distribution"},
        rules=False,
        check_temperature=check_finite_temperature,
        needs_fresh_data_at=(1.0,),
        starts=_SHARED,
        needs_motion=True,
        least_outcomes=2,
        reason="for a relaxation exponent",
    ),
    "collapse_time": StudyKind(
        aggregates=("collapse_time.nc",),
        needs_axes={"temperature": 1},
        allows_axes=("temperature", "initial_size", "target"),
        settings={**_ONE_AT_A_TIME, "fresh_fraction": 0, "record": "distribution"},
        rules=False,
        check_temperature=_check_cold,
        least_outcomes=2,
        reason="for a time to collapse",
    ),
    "flow_agreement": StudyKind(
        aggregates=("flow_agreement.nc",),
        needs_axes=_SCAN,
        allows_axes=(*_PLANE, "initial_size"),
        least_cells=2,
        least_seeds=2,
        settings={**_ONE_AT_A_TIME, "record": "distribution"},
        rules=False,
        needs_fresh_data_at=(0.0,),
        least_outcomes=2,
        reason="for chance around the flow, and a range of it",
    ),
    "capture": StudyKind(
        aggregates=("capture.nc",),
        needs_axes={"fresh_fraction": 2, "initial_size": 1},
        allows_axes=(*_PLANE, "initial_size", "target"),
        settings=_ONE_AT_A_TIME,
        rules=False,
        check_temperature=check_finite_temperature,
        starts=_DRAWN,
        least_outcomes=2,
        reason="for a probability of capture",
    ),
}
"""The kinds by name."""


def check_kind(study, path, written) -> None:
    """Check that a study can be of its kind."""
    kind = KINDS[study.kind]
    if study.family is not None and not kind.families:
        raise ParameterError(
            f"{path}.settings.family", study.family, f"nothing in a study of {study.kind}"
        )
    given = partial(_given, study, path, written)
    _check_axes(study, kind, path)
    _check_numbers(study, kind, path)
    _check_settings(kind, given)
    _check_temperatures(kind, given)
    _check_targets(study, kind, given)
    _check_starts(kind, given)


def _check_axes(study, kind, path):
    for axis, least in kind.needs_axes.items():
        if axis not in study.axes:
            raise ParameterError(
                f"{path}.axes", sorted(study.axes), f"the axis {axis} in a study of {study.kind}"
            )
        if len(study.axes[axis]) < least:
            raise ParameterError(
                f"{path}.axes.{axis}",
                study.axes[axis],
                f"{least} or more values in a study of {study.kind}",
            )
    if kind.allows_axes is not None:
        other = sorted(set(study.axes) - set(kind.allows_axes))
        if other:
            raise ParameterError(
                f"{path}.axes",
                other[0],
                f"{', '.join(kind.allows_axes)} in a study of {study.kind}",
            )


def _check_numbers(study, kind, path):
    if study.seeds < kind.least_seeds:
        raise ParameterError(
            f"{path}.seeds", study.seeds, f"{kind.least_seeds} or more, {kind.reason}"
        )
    if prod(study.shape) < kind.least_cells:
        raise ParameterError(
            f"{path}.axes",
            f"{prod(study.shape)} cell",
            f"{kind.least_cells} or more cells, {kind.reason}",
        )


def _check_settings(kind, given):
    for name, allowed in kind.settings.items():
        for value, where in given(name):
            # A batch size that is not set is that of the regime: 1 where data accumulate.
            if value is not None and value != allowed:
                raise ParameterError(where, value, f"{allowed}, {kind.reason}")
    if not kind.rules:
        for name in RULE_ARGUMENTS:
            for value, where in given(name):
                if value is not None:
                    raise ParameterError(where, value, f"nothing, {kind.reason}")


def _check_temperatures(kind, given):
    for temperature, where in given("temperature"):
        if kind.check_temperature is not None:
            try:
                kind.check_temperature(temperature)
            except ParameterError as error:
                allowed = f"{error.allowed}, {kind.reason}"
                raise ParameterError(where, temperature, allowed) from error
        if temperature in kind.needs_fresh_data_at:
            for fraction, of_fraction in given("fresh_fraction"):
                if fraction == 0:
                    raise ParameterError(
                        where,
                        temperature,
                        f"another temperature where {of_fraction} is 0, {kind.reason}",
                    )


def _check_targets(study, kind, given):
    for target, where in given("target"):
        n = n_outcomes(target, family=study.family)
        if n < kind.least_outcomes or (kind.most_outcomes or n) < n:
            number = "two outcomes" if kind.most_outcomes else "two outcomes or more"
            raise ParameterError(where, target, f"a target of {number}, {kind.reason}")
        if kind.uniform_targets and not is_uniform(target):
            raise ParameterError(where, target, f"a uniform target, {kind.reason}")


def _check_starts(kind, given):
    for start, where in given("initial"):
        form = parse_start(start).kind
        if kind.starts is not None and form not in kind.starts:
            *others, last = kind.starts
            forms = f"{', '.join(others)} or {last}" if others else last
            raise ParameterError(where, start, f"a start of the form {forms}, {kind.reason}")
        if kind.needs_motion:
            _check_motion(start, where, kind, given)


def _check_motion(start, where, kind, given):
    """Refuse a start that is an equilibrium by symmetry, or because T = 1 keeps the target."""
    form = parse_start(start).kind
    if form not in ("uniform", "proportional"):
        return
    for target, _ in given("target"):
        symmetric = is_uniform(target)
        for (temperature, _), (f, _) in product(given("temperature"), given("fresh_fraction")):
            if symmetric or (f == 0 if form == "uniform" else temperature == 1):
                raise ParameterError(
                    where,
                    start,
                    f"a start that the flow moves, which this is not where the target is {target}, "
                    f"T = {temperature:g} and f = {f:g}, {kind.reason}",
                )


def _given(study, path, written, name):
    """Yield the values that an argument has in the study's cells, and the paths of their keys."""
    if name in study.axes:
        yield from written[name].items()
        return
    shared = study.settings.get(name, DEFAULTS.get(name))
    if not study.variants:
        yield shared, f"{path}.settings.{name}"
    for variant, bundle in study.variants.items():
        inside = name in bundle
        where = f"axes.variant.{variant}" if inside else "settings"
        yield bundle[name] if inside else shared, f"{path}.{where}.{name}"
