"""The process that a trajectory follows: checked arguments, and the identity of its law."""

import inspect
import itertools
import math
from dataclasses import dataclass

import numpy as np

from heatdeath.canonical import decimal_text, identity_digest
from heatdeath.checks import check_fraction, check_integer, check_temperature, is_integer
from heatdeath.choices import GROWING_REGIMES, RECORDS, REGIMES
from heatdeath.errors import ParameterError
from heatdeath.sampling_rules import RULE_ARGUMENTS, SamplingRule
from heatdeath.starts import (
    DEFAULT_SIZE_PER_OUTCOME,
    MAX_INITIAL_SIZE,
    Start,
    check_initial_size,
    parse_start,
)
from heatdeath.urn.choose import choose_sampler

LARGEST_RECORD = 2**28
"""Bytes that recorded distributions may take, so that any job stays below a gigabyte."""

MOST_SEEDS = 10**6
"""Trajectories in one call; a study has its own limit."""

LONGEST_HORIZON = 10**15
"""Counts up to here are exact as doubles."""


@dataclass(frozen=True)
class Process:
    """A closed loop with checked arguments; made by `check_process`."""

    temperature: float
    fresh_fraction: float
    initial: Start
    initial_size: float | None
    regime: str
    batch_size: int
    window: int | None
    subsample: int | None
    rule: SamplingRule
    requested_sampler: str
    sampler: str

    def attributes(self) -> dict:
        """Return the arguments as text and integers, those that are not set left out."""
        size = self.initial_size
        described = {
            "temperature": decimal_text(self.temperature),
            "fresh_fraction": decimal_text(self.fresh_fraction),
            "initial": str(self.initial),
            "initial_size": None if size is None else decimal_text(size),
            "regime": self.regime,
            "batch_size": self.batch_size,
            "window": self.window,
            "subsample": self.subsample,
            "sampler": self.requested_sampler,
            **self.rule.attributes(),
        }
        return {key: value for key, value in described.items() if value is not None}

    def identity(self, target_name) -> str:
        """Return the digest that keys the random streams of this process.

        However the numbers are written and whether or not defaults are spelt out, a process has
        one digest. The horizon, the checkpoints and the seed are no part of it; a sampler that
        was asked for by name is, so that samplers can be compared on independent streams.
        """
        described = self.attributes() | {"initial": self.initial.identity(), "target": target_name}
        for rule in RULE_ARGUMENTS:  # one that keeps everything is none
            described.pop(rule, None)
        described |= self.rule.identity()
        if self.requested_sampler == "auto":
            del described["sampler"]
        return identity_digest(described)


def check_process(
    n_outcomes,
    *,
    temperature,
    fresh_fraction=0.0,
    initial="target",
    initial_size=None,
    regime="accumulate",
    batch_size=None,
    window=None,
    subsample=None,
    top_k=None,
    top_p=None,
    min_p=None,
    rule=None,
    sampler="auto",
) -> Process:
    """Check the arguments of a process over `n_outcomes` outcomes; see `heatdeath.simulate`."""
    check_integer("n_outcomes", n_outcomes, 1)
    if regime not in REGIMES:
        raise ParameterError("regime", regime, "one of " + ", ".join(REGIMES))
    if batch_size is None:
        if regime != "accumulate":
            raise ParameterError(
                "batch_size", None, f"an integer >= 1: regime {regime!r} needs one"
            )
        batch_size = 1
    batch_size = check_integer("batch_size", batch_size, 1, LONGEST_HORIZON)
    for name, value in (("window", window), ("subsample", subsample)):
        if value is None and regime == name:
            raise ParameterError(name, None, f"an integer >= 1: regime {regime!r} needs it")
        if value is not None:
            check_integer(name, value, 1, MAX_INITIAL_SIZE)
            if regime != name:
                raise ParameterError(name, value, f"nothing with regime {regime!r}")
    if window is not None and window * n_outcomes * 8 > LARGEST_RECORD:
        raise ParameterError(
            "window",
            window,
            f"an integer from 1 to {LARGEST_RECORD // (8 * n_outcomes)}: the batches of "
            f"{n_outcomes} outcomes are kept in memory",
        )
    sampling_rule = SamplingRule(top_k=top_k, top_p=top_p, min_p=min_p, function=rule)
    sampling_rule.check(n_outcomes)
    start = parse_start(initial)
    if initial_size is None and start.kind != "file":
        initial_size = DEFAULT_SIZE_PER_OUTCOME * n_outcomes
    if initial_size is not None:
        initial_size = check_initial_size(initial_size, integer=start.is_random)
    if start.kind == "collapsed" and isinstance(start.output, int) and start.output >= n_outcomes:
        raise ParameterError(
            "initial", str(start), f"an output from 0 to {n_outcomes - 1}, or most or least"
        )
    fresh_fraction = check_fraction(fresh_fraction)
    return Process(
        temperature=check_temperature(temperature),
        fresh_fraction=abs(fresh_fraction),
        initial=start,
        initial_size=initial_size,
        regime=regime,
        batch_size=batch_size,
        window=None if window is None else int(window),
        subsample=None if subsample is None else int(subsample),
        rule=sampling_rule,
        requested_sampler=sampler,
        sampler=choose_sampler(sampler, regime=regime, batch_size=batch_size, rule=sampling_rule),
    )


def check_arguments(
    n_outcomes,
    *,
    horizon,
    seeds=1,
    root_seed=0,
    checkpoints=64,
    record="observables",
    **process_arguments,
):
    """Check every argument of `simulate` without simulating."""
    process = check_process(n_outcomes, **process_arguments)
    horizon = check_horizon(horizon, batch_size=process.batch_size)
    if record not in RECORDS:
        raise ParameterError("record", record, "one of " + ", ".join(RECORDS))
    indices = check_seeds(seeds)
    moments = checkpoints_of(
        process, checkpoints, horizon=horizon, initial_size=process.initial_size or 1.0
    )
    if record == "distribution":
        size = indices.size * moments.size * n_outcomes * 8
        if size > LARGEST_RECORD:
            raise ParameterError(
                "record",
                record,
                f'"observables", or fewer seeds, checkpoints or outcomes: {size} bytes of counts '
                f"are above {LARGEST_RECORD}",
            )
    return process, horizon, indices, check_integer("root_seed", root_seed, 0, 2**63 - 1)


DEFAULTS = {
    name: parameter.default
    for check in (check_process, check_arguments)
    for name, parameter in inspect.signature(check).parameters.items()
    if parameter.default is not inspect.Parameter.empty
}
"""The arguments of `heatdeath.simulate` that can be left out, with what they then are."""


def checkpoints_of(process, checkpoints, *, horizon, initial_size) -> np.ndarray:
    """Return the checkpoints of a process that starts with `initial_size` outputs."""
    return check_checkpoints(
        checkpoints,
        horizon=horizon,
        batch_size=process.batch_size,
        regime=process.regime,
        initial_size=initial_size,
    )


def check_horizon(horizon, *, batch_size) -> int:
    """Return the horizon K as an integer; refuse one that is no positive multiple of m."""
    allowed = f"an integer from 1 to {LONGEST_HORIZON}"
    horizon = check_integer("horizon", horizon, 1, LONGEST_HORIZON)
    if horizon % batch_size:
        raise ParameterError(
            "horizon", horizon, f"{allowed} that is a multiple of batch_size, {batch_size}"
        )
    return horizon


def check_checkpoints(checkpoints, *, horizon, batch_size, regime, initial_size) -> np.ndarray:
    """Return the checkpoints as numbers of outputs, int64, from 0 to the horizon.

    A count is spread evenly over the logarithm of the dataset size where data accumulate, since
    everything there happens in log-time, and over the logarithm of the number of iterations
    elsewhere. Rounding to whole batches can leave fewer.
    """
    allowed = (
        "an integer from 2 to 100000, or an increasing list of multiples of batch_size from 0 "
        f"to the horizon, {horizon}"
    )
    if is_integer(checkpoints):
        if not 2 <= checkpoints <= 100_000:
            raise ParameterError("checkpoints", checkpoints, allowed)
        iterations = horizon // batch_size
        offset = initial_size / batch_size if regime in GROWING_REGIMES else 0.0
        if offset > 0:
            share = np.arange(checkpoints) / (checkpoints - 1)
            grid = offset * np.expm1(share * math.log1p(iterations / offset))
        else:
            grid = np.concatenate([[0.0], np.geomspace(iterations, 1, checkpoints - 1)])
        # The end points are exact whatever the rounding of the logarithms.
        grid = np.clip(np.rint(grid), 0, iterations).astype(np.int64)
        return np.unique(np.concatenate([[0], grid, [iterations]])) * batch_size
    try:
        values = [check_integer("checkpoints", value, 0, horizon) for value in checkpoints]
    except (TypeError, ParameterError) as error:
        raise ParameterError("checkpoints", checkpoints, allowed) from error
    increasing = all(a < b for a, b in itertools.pairwise(values))
    if len(values) < 2 or values[0] != 0 or values[-1] != horizon or not increasing:
        raise ParameterError("checkpoints", checkpoints, allowed)
    if any(value % batch_size for value in values):
        raise ParameterError("checkpoints", checkpoints, allowed)
    return np.array(values, dtype=np.int64)


def check_seeds(seeds) -> np.ndarray:
    """Return the indices of the replicates, int64, from a count or a list of them."""
    allowed = (
        f"a number of seeds from 1 to {MOST_SEEDS}, or a list of so many different indices from 0 "
        "to 2**32 - 1"
    )
    if is_integer(seeds):
        if not 1 <= seeds <= MOST_SEEDS:
            raise ParameterError("seeds", seeds, allowed)
        return np.arange(seeds, dtype=np.int64)
    try:
        indices = [check_integer("seeds", value, 0, 2**32 - 1) for value in seeds]
    except (TypeError, ParameterError) as error:
        raise ParameterError("seeds", seeds, allowed) from error
    if not 1 <= len(indices) <= MOST_SEEDS or len(set(indices)) != len(indices):
        raise ParameterError("seeds", seeds, allowed)
    return np.array(indices, dtype=np.int64)
