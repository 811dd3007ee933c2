"""Closed-loop learning of generative models: exact simulation, theory and study.

Public names are imported when they are first used, so that ``import heatdeath`` costs nothing.
"""

import importlib

__version__ = "0.1.0"

_HOMES = {
    "simulate": "heatdeath.simulation",
    "retrain": "heatdeath.models.loop",
    "temper": "heatdeath.tempering",
    "equilibria": "heatdeath.theory.equilibria",
    "critical_fractions": "heatdeath.theory.critical",
    "tolerance_fraction": "heatdeath.theory.critical",
    "open_trajectories": "heatdeath.results",
    "HeatdeathError": "heatdeath.errors",
    "ParameterError": "heatdeath.errors",
    "FileFormatError": "heatdeath.errors",
    "OutputError": "heatdeath.errors",
}
_MODULES = ("observables", "targets")

__all__ = ["__version__", *_HOMES, *_MODULES]


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f"heatdeath.{name}")
    if name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'heatdeath' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
