"""The kinds of study: what each makes of its trajectories, and what it needs of them."""

from dataclasses import dataclass, field

from heatdeath.errors import ParameterError
from heatdeath.process import DEFAULTS
from heatdeath.starts import parse_start

_RULES = ("top_k", "top_p", "min_p", "rule")
_PLANE = ("temperature", "fresh_fraction")


@dataclass(frozen=True)
class StudyKind:
    """What a kind of study ends in, and which studies can be of that kind.

    Parameters
    ----------
    aggregates : tuple of str
        The files that are made of its trajectories, below the study's folder.
    needs_axes : tuple of str
        Axes that the study must have.
    allows_axes : tuple of str, optional
        The axes that it may have; by default any.
    settings : dict
        The values that some arguments must have in every cell.
    rules : bool
        Whether sampling rules beside the temperature are allowed.
    drawn_start : bool, optional
        Whether the start must be drawn anew for each seed (True) or the same for all (False).
    reason : str
        Why other values are refused, as the end of a message.
    """

    aggregates: tuple[str, ...]
    needs_axes: tuple[str, ...] = ()
    allows_axes: tuple[str, ...] | None = None
    settings: dict = field(default_factory=dict)
    rules: bool = True
    drawn_start: bool | None = None
    reason: str = ""


KINDS = {
    "phase_diagram": StudyKind(
        aggregates=("ensemble.nc", "phase_diagram.nc", "phase_diagram.csv"),
    ),
    "exactness": StudyKind(
        aggregates=("exactness.nc",),
        allows_axes=("sampler", *_PLANE),
        settings={"regime": "accumulate", "record": "distribution"},
        rules=False,
        drawn_start=False,
        reason="for an exact law",
    ),
}
"""The kinds by name."""


def check_kind(study, path) -> None:
    """Check that a study can be of its kind.

    Parameters
    ----------
    study : heatdeath.study.grid.Study
        The study.
    path : str
        Path of its key, for messages.

    Raises
    ------
    ParameterError
        That names the axis or setting, its value and what the kind allows.
    """
    kind = KINDS[study.kind]
    _check_axes(study, kind, path)
    reason = f", {kind.reason}"
    for name, value in kind.settings.items():
        for given, where in _given(study, name, path):
            if given != value:
                raise ParameterError(where, given, f"{value}{reason}")
    if not kind.rules:
        for name in _RULES:
            for given, where in _given(study, name, path):
                if given is not None:
                    raise ParameterError(where, given, f"nothing{reason}")
    if kind.drawn_start is not None:
        for given, where in _given(study, "initial", path):
            if parse_start(given).is_random != kind.drawn_start:
                drawn = "drawn" if kind.drawn_start else "not drawn"
                allowed = f"a start that is {drawn} anew for each seed{reason}"
                raise ParameterError(where, given, allowed)


def _check_axes(study, kind, path):
    for axis in kind.needs_axes:
        if axis not in study.axes:
            raise ParameterError(
                f"{path}.axes", sorted(study.axes), f"the axis {axis} in a study of {study.kind}"
            )
    if kind.allows_axes is not None:
        other = sorted(set(study.axes) - set(kind.allows_axes))
        if other:
            raise ParameterError(
                f"{path}.axes",
                other[0],
                f"{', '.join(kind.allows_axes)} in a study of {study.kind}",
            )


def _given(study, name, path):
    """Yield the values that an argument has in the study's cells, and the paths of their keys."""
    if name in study.axes:
        for i, value in enumerate(study.axes[name]):
            yield value, f"{path}.axes.{name}[{i}]"
        return
    shared = study.settings.get(name, DEFAULTS.get(name))
    if not study.variants:
        yield shared, f"{path}.settings.{name}"
    for variant, bundle in study.variants.items():
        inside = name in bundle
        where = f"axes.variant.{variant}" if inside else "settings"
        yield bundle[name] if inside else shared, f"{path}.{where}.{name}"
