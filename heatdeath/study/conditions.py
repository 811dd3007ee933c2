"""What can be computed or measured of a study beside its own kind, and of what."""

from heatdeath.checks import check_finite_temperature
from heatdeath.errors import ParameterError
from heatdeath.files.axes import PLANE
from heatdeath.sampling_rules import RULE_ARGUMENTS

_AXES_OF_THEORY = (*PLANE, "initial")
_AXES_OF_FAMILIES = (*PLANE, "initial", "width")
_NOT_IN_THEORY = ("regime", *RULE_ARGUMENTS)


def has_theory(temperature) -> bool:
    """Return whether theory has equilibria and thresholds at a temperature."""
    try:
        check_finite_temperature(temperature)
    except ParameterError:
        return False
    return True


def theory_at(study) -> list[float]:
    """Return the temperatures of a study that theory has."""
    return list(filter(has_theory, study.axes["temperature"]))


def has_theory_lines(study) -> bool:
    """Return whether theory has lines for the phase diagram of a study.

    They are of the urn whose data accumulate one output at a time without sampling rules, and are
    drawn beside a family as well: its equilibria are those of every regime.
    """
    return (
        study.kind == "phase_diagram"
        and set(PLANE) <= set(study.axes) <= set(_AXES_OF_THEORY)
        and (study.family is not None or _is_the_urn_of_theory(study))
        and any(map(has_theory, study.axes["temperature"]))
    )


def _is_the_urn_of_theory(study):
    return (
        not any(name in study.settings for name in _NOT_IN_THEORY)
        and study.settings.get("batch_size", 1) == 1
    )


def theory_arguments(study) -> dict:
    """Return of what the lines of a study that has them are computed, beside its target."""
    return {
        "temperatures": theory_at(study),
        "starts": _starts(study),
        "tolerance": study.tolerance,
    }


def equilibria_arguments(study) -> dict:
    """Return of what the equilibria of its cells are computed, beside its target."""
    return {
        "temperatures": theory_at(study),
        "fresh_fractions": study.axes["fresh_fraction"],
        "starts": _starts(study),
    }


def _starts(study):
    return [str(start) for start in study.values("initial", "target")]


def has_collapse_rate(study) -> bool:
    """Return whether a rate of collapse is measured on a study."""
    return (
        _is_of_a_family(study, needed=("temperature",))
        and 0 in study.values("fresh_fraction", 0)
        and "target" in map(str, study.values("initial", "target"))
    )


def has_least_fresh_fraction(study) -> bool:
    """Return whether a least fresh fraction is measured on a study."""
    return _is_of_a_family(study, needed=PLANE) and len(study.axes["fresh_fraction"]) > 1


def has_urn_agreement(study) -> bool:
    """Return whether the phases of a study are compared with those of the urn."""
    return _is_of_a_family(study, needed=PLANE, least_seeds=1) and any(
        map(has_theory, study.axes["temperature"])
    )


def _is_of_a_family(study, *, needed, least_seeds=2):
    return (
        study.kind == "phase_diagram"
        and study.family is not None
        and set(needed) <= set(study.axes) <= set(_AXES_OF_FAMILIES)
        and study.seeds >= least_seeds
    )


def widths_to_judge(study) -> list[int] | None:
    """Return the widths of the models that the gate of a study judges."""
    if "width" in study.settings:
        return [study.settings["width"]]
    return study.axes.get("width")
