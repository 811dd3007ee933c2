"""What a kind of study needs of its studies, and whether a study has it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from math import prod

from heatdeath.errors import ParameterError
from heatdeath.process import DEFAULTS
from heatdeath.sampling_rules import RULE_ARGUMENTS
from heatdeath.starts import parse_start
from heatdeath.study.target_names import is_uniform, n_outcomes


@dataclass(frozen=True)
class StudyKind:
    """Which studies can be of a kind."""

    needs_axes: dict = field(default_factory=dict)  # name -> the least number of its values
    allows_axes: tuple[str, ...] | None = None  # any where it is None
    least_cells: int = 1
    least_seeds: int = 1
    settings: dict = field(default_factory=dict)  # that some arguments must have in every cell
    rules: bool = True  # sampling rules beside the temperature
    families: bool = False  # families of generative models in place of the urn
    check_temperature: Callable[[float], object] | None = None  # raises a ParameterError
    needs_fresh_data_at: tuple[float, ...] = ()  # temperatures
    starts: tuple[str, ...] | None = None  # forms; any where it is None
    needs_motion: bool = False  # no start that the flow leaves as it is
    least_outcomes: int = 1
    most_outcomes: int | None = None
    uniform_targets: bool = False
    reason: str = ""  # why other values are refused, as the end of a message


def check_kind(kind, study, path, written) -> None:
    """Check that a study can be of its kind.

    `path` is that of its key, and `written` maps the values of each axis to the paths of theirs.
    """
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
