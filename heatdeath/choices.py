"""The names that arguments of a process choose from."""

REGIMES = ("accumulate", "replace", "window", "subsample")
GROWING_REGIMES = ("accumulate", "subsample")
"""Regimes that keep all data, so that a model moves with the logarithm of their number."""

RECORDS = ("observables", "distribution")
SAMPLERS = ("auto", "sequential", "leap", "dense", "generations")
