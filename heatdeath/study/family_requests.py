"""What is made of the studies of families beside their phase diagrams, and of what."""

from heatdeath.study.theory_requests import has_theory

GROWING_REGIMES = ("accumulate", "subsample", None)
"""Regimes that keep all data, None for the default; a model moves with the logarithm of them."""

_AXES = ("temperature", "fresh_fraction", "initial", "width")


def has_collapse_rate(study) -> bool:
    """Return whether a rate of collapse is measured on a study."""
    return (
        _is_of_a_family(study, needed=("temperature",))
        and 0 in _values(study, "fresh_fraction", 0)
        and "target" in map(str, _values(study, "initial", "target"))
    )


def has_least_fresh_fraction(study) -> bool:
    """Return whether a least fresh fraction is measured on a study."""
    return (
        _is_of_a_family(study, needed=("temperature", "fresh_fraction"))
        and len(study.axes["fresh_fraction"]) > 1
    )


def has_urn_agreement(study) -> bool:
    """Return whether the phases of a study are compared with those of the urn."""
    return _is_of_a_family(study, needed=("temperature", "fresh_fraction"), least_seeds=1) and any(
        map(has_theory, study.axes["temperature"])
    )


def widths_to_judge(study) -> list[int] | None:
    """Return the widths of the models that the gate of a study judges."""
    if "width" in study.settings:
        return [study.settings["width"]]
    return study.axes.get("width")


def family_files(study) -> list[str]:
    """Return what is made of a study of a family beside its aggregates."""
    made = {
        "collapse_rate.nc": has_collapse_rate,
        "least_fresh_fraction.nc": has_least_fresh_fraction,
        "urn_agreement.nc": has_urn_agreement,
    }
    return [name for name, is_made in made.items() if is_made(study)]


def _is_of_a_family(study, *, needed, least_seeds=2):
    return (
        study.kind == "phase_diagram"
        and study.family is not None
        and set(needed) <= set(study.axes) <= set(_AXES)
        and study.seeds >= least_seeds
    )


def _values(study, name, default):
    return study.axes.get(name, [study.settings.get(name, default)])
