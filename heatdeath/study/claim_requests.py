"""Whether the studies of a configuration can play the roles that the claims ask for."""

from heatdeath.errors import ParameterError
from heatdeath.process import DEFAULTS
from heatdeath.study.kinds import KINDS
from heatdeath.study.roles import ROLES


def check_claims(claims, studies) -> None:
    """Check that studies exist and can play their roles."""
    for name, names in claims.items():
        role = ROLES[name]
        for i, study in enumerate(names):
            where = f"claims.{name}[{i}]"
            if study not in studies:
                raise ParameterError(where, study, "one of " + ", ".join(studies))
            _check_kind(where, studies[study], role)
            _check_axes(where, studies[study], role)
            _check_settings(where, studies[study], role)


def _check_kind(where, study, role):
    if study.kind != role.kind:
        raise ParameterError(
            where, study.name, f"a study of kind {role.kind}; this is {study.kind}"
        )
    if (study.family is not None) != role.of_families:
        wanted = "with a setting" if role.of_families else "without a setting"
        raise ParameterError(where, study.name, f"a study {wanted} family")


def _check_axes(where, study, role):
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


def _check_settings(where, study, role):
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


def aggregate_of(role) -> str:
    """Return the file that is read of the studies of a role."""
    return KINDS[ROLES[role].kind].aggregates[0]
