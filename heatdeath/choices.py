"""The names that arguments of a process choose from."""

REGIMES = ("accumulate", "replace", "window", "subsample")
RECORDS = ("observables", "distribution")
SAMPLERS = ("auto", "sequential", "leap", "dense", "generations")
