"""Which studies have lines of theory in their phase diagrams, and what these are computed of."""

from heatdeath.errors import ParameterError
from heatdeath.sampling_rules import RULE_ARGUMENTS
from heatdeath.theory.arguments import check_finite_temperature

_PLANE = ("temperature", "fresh_fraction", "initial")
_NOT_IN_THEORY = ("regime", *RULE_ARGUMENTS)


def has_theory(temperature) -> bool:
    """Return whether theory has equilibria and thresholds at a temperature.

    Parameters
    ----------
    temperature : float
        T.

    Returns
    -------
    bool
        What `heatdeath.theory.arguments.check_finite_temperature` says.
    """
    try:
        check_finite_temperature(temperature)
    except ParameterError:
        return False
    return True


def has_theory_lines(study) -> bool:
    """Return whether theory has lines for the phase diagram of a study.

    Parameters
    ----------
    study : heatdeath.study.grid.Study
        The study.

    Returns
    -------
    bool
        Whether it is a phase diagram of temperature and fresh fraction, with or without starts,
        at one or more temperatures that theory has, of an urn whose data accumulate one output at
        a time without sampling rules, or of a family, beside which the lines of that urn are
        drawn: its equilibria are those of every regime.
    """
    return (
        study.kind == "phase_diagram"
        and {"temperature", "fresh_fraction"} <= set(study.axes) <= set(_PLANE)
        and (study.family is not None or _is_the_urn_of_theory(study))
        and any(map(has_theory, study.axes["temperature"]))
    )


def theory_at(study) -> list[float]:
    """Return the temperatures of a study that theory has.

    Parameters
    ----------
    study : heatdeath.study.grid.Study
        A study with an axis of temperatures.

    Returns
    -------
    list of float
        In its order.
    """
    return list(filter(has_theory, study.axes["temperature"]))


def _is_the_urn_of_theory(study):
    return (
        not any(name in study.settings for name in _NOT_IN_THEORY)
        and study.settings.get("batch_size", 1) == 1
    )


def theory_arguments(study) -> dict:
    """Return of what the lines of a study are computed.

    Parameters
    ----------
    study : heatdeath.study.grid.Study
        A study that `has_theory_lines`.

    Returns
    -------
    dict
        Its ``temperatures`` that theory has, its ``starts`` and its ``tolerance``.
    """
    return {
        "temperatures": theory_at(study),
        "starts": _starts(study),
        "tolerance": study.tolerance,
    }


def equilibria_arguments(study) -> dict:
    """Return of what the equilibria of the cells of a study are computed.

    Parameters
    ----------
    study : heatdeath.study.grid.Study
        A study that `has_theory_lines`.

    Returns
    -------
    dict
        Its ``temperatures`` that theory has, its ``fresh_fractions`` and its ``starts``.
    """
    return {
        "temperatures": theory_at(study),
        "fresh_fractions": study.axes["fresh_fraction"],
        "starts": _starts(study),
    }


def _starts(study):
    starts = study.axes.get("initial", [study.settings.get("initial", "target")])
    return [str(start) for start in starts]
