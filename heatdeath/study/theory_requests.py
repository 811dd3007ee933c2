"""Which studies have lines of theory in their phase diagrams, and what these are computed of."""

from heatdeath.checks import check_finite_temperature
from heatdeath.errors import ParameterError
from heatdeath.sampling_rules import RULE_ARGUMENTS

_PLANE = ("temperature", "fresh_fraction", "initial")
_NOT_IN_THEORY = ("regime", *RULE_ARGUMENTS)


def has_theory(temperature) -> bool:
    """Return whether theory has equilibria and thresholds at a temperature."""
    try:
        check_finite_temperature(temperature)
    except ParameterError:
        return False
    return True


def has_theory_lines(study) -> bool:
    """Return whether theory has lines for the phase diagram of a study."""
    return (
        study.kind == "phase_diagram"
        and {"temperature", "fresh_fraction"} <= set(study.axes) <= set(_PLANE)
        and (study.family is not None or _is_the_urn_of_theory(study))
        and any(map(has_theory, study.axes["temperature"]))
    )


def theory_at(study) -> list[float]:
    """Return the temperatures of a study that theory has."""
    return list(filter(has_theory, study.axes["temperature"]))


def _is_the_urn_of_theory(study):
    return (
        not any(name in study.settings for name in _NOT_IN_THEORY)
        and study.settings.get("batch_size", 1) == 1
    )


def theory_arguments(study) -> dict:
    """Return of what the lines of a study are computed."""
    return {
        "temperatures": theory_at(study),
        "starts": _starts(study),
        "tolerance": study.tolerance,
    }


def equilibria_arguments(study) -> dict:
    """Return of what the equilibria of the cells of a study are computed."""
    return {
        "temperatures": theory_at(study),
        "fresh_fractions": study.axes["fresh_fraction"],
        "starts": _starts(study),
    }


def _starts(study):
    starts = study.axes.get("initial", [study.settings.get("initial", "target")])
    return [str(start) for start in starts]
