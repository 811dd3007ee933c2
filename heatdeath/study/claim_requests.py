"""Whether the studies of a configuration can play the roles that the claims ask for."""

from heatdeath.errors import ParameterError
from heatdeath.sampling_rules import RULE_ARGUMENTS
from heatdeath.study.roles import FAMILIES

_PLANE = ("temperature", "fresh_fraction")
# Of the kind of each role; the other roles have the name of theirs.
_KINDS = dict.fromkeys(("plane", "neutral", FAMILIES), "phase_diagram")


def check_claims(claims, studies) -> None:
    """Check that studies exist and can play their roles."""
    for role, names in claims.items():
        for i, name in enumerate(names):
            where = f"claims.{role}[{i}]"
            if name not in studies:
                raise ParameterError(where, name, "one of " + ", ".join(studies))
            study, kind = studies[name], _KINDS.get(role, role)
            if study.kind != kind:
                raise ParameterError(where, name, f"a study of kind {kind}; this is {study.kind}")
            if (study.family is None) == (role == FAMILIES):
                wanted = "with a setting" if role == FAMILIES else "without a setting"
                raise ParameterError(where, name, f"a study {wanted} family")
            if role in ("plane", FAMILIES):
                _check_plane(where, study)
            if role == "plane":
                _check_without(where, study, ("regime", *RULE_ARGUMENTS))
            if role == "neutral":
                _check_neutral(where, study)


def _check_plane(where, study):
    for axis in _PLANE:
        if axis not in study.axes:
            raise ParameterError(where, study.name, f"a study with the axis {axis}")
    allowed = (*_PLANE, "initial")
    other = [axis for axis in study.axes if axis not in allowed and len(study.axes[axis]) > 1]
    if other:
        raise ParameterError(
            where, study.name, f"a study whose axes are among {', '.join(allowed)}; not {other[0]}"
        )


def _check_neutral(where, study):
    for argument, value in (("temperature", 1), ("fresh_fraction", 0)):
        default = 0 if argument == "fresh_fraction" else None
        values = study.axes.get(argument, [study.settings.get(argument, default)])
        values = [*values, *(v[argument] for v in study.variants.values() if argument in v)]
        if any(each != value for each in values):
            raise ParameterError(where, study.name, f"a study whose {argument} is {value}")
    _check_without(where, study, RULE_ARGUMENTS)


def _check_without(where, study, arguments):
    for argument in arguments:
        given = [study.settings, study.axes, *study.variants.values()]
        if any(argument in each for each in given):
            raise ParameterError(where, study.name, f"a study without {argument}")
