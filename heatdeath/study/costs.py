"""What jobs cost, from timings that were recorded once: seconds, memory and bytes on disk.

The seconds of a simulation are a sum over kinds of work: how often each is done follows from the
sampler, n, T, f, ℓ₀ and K, and what each costs stands in ``costs.json``, which `make benchmark`
rewrites. Nothing is timed here. What a family of generative models costs is counted in fits: one
for each generation of each seed, with the sampling after it. Their seconds on one core stand in
``training_costs.json``.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from heatdeath.files.netcdf import COMPRESS_FROM_BYTES
from heatdeath.models.arguments import check_loop
from heatdeath.process import DEFAULTS, check_arguments, checkpoints_of
from heatdeath.starts import DEFAULT_SIZE_PER_OUTCOME
from heatdeath.study.target_names import n_outcomes
from heatdeath.trajectories import TRAJECTORIES
from heatdeath.urn.choose import leap_pays_from

COSTS_PATH = Path(__file__).with_name("costs.json")

TRAINING_COSTS_PATH = Path(__file__).with_name("training_costs.json")

FACTOR_OF_A_STUDY, FACTOR_OF_ALL = 3, 1.5
"""Within these factors were the core-hours of each study, and of all together, on the machine
whose timings were recorded; a test holds a finished run against them."""

# Rules that are like others of which timings are recorded.
_LIKE = {"source": "target"}
_NUMBER = 8  # bytes
_PER_SEED = sum(
    variable.required and "checkpoint" in variable.dims and "seed" in variable.dims
    for variable in TRAJECTORIES.variables
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a job costs."""

    seconds: float  # on one core
    memory: float  # bytes
    disk: float  # bytes


@cache
def read_costs(path=None) -> dict:
    """Read the recorded costs."""
    return json.loads(Path(path or COSTS_PATH).read_text(encoding="utf-8"))


def cost_of_job(job, costs) -> Cost:
    """Estimate what a job costs."""
    if job.rule == "train":
        return _cost_of_training(job, costs)
    if job.cell is not None:
        return _cost_of_simulation(job, costs)
    rule = costs["rules"].get(_LIKE.get(job.rule, job.rule), costs["rules"]["figure"])
    n_files = sum("/trajectories/" in path for path in job.inputs)
    seconds = rule["seconds"] * job.size + n_files * costs["work"]["file read"]
    kept = job.n_numbers * _NUMBER
    files = costs["files"]
    return Cost(
        seconds, rule["memory"] + files["copies of an aggregate"] * kept, rule["disk"] + kept
    )


def _cost_of_simulation(job, costs):
    arguments = dict(job.cell.arguments)
    n = _n_outcomes(job.cell.target)
    moments, work = work_of_trajectory(n, **arguments)
    seconds = costs["rules"]["simulate"]["seconds"] + job.n_seeds * sum(
        amount * costs["work"][name] for name, amount in work.items()
    )
    recorded = arguments.get("record", DEFAULTS["record"]) == "distribution"
    sizes = [job.n_seeds * moments * _NUMBER] * _PER_SEED
    sizes += [job.n_seeds * moments * n * _NUMBER] * recorded
    files = costs["files"]
    disk = files["trajectories"] + sum(sizes[:_PER_SEED])
    if recorded:
        # Long integers that grow together have many equal bytes; observables have few.
        disk += sizes[-1] * (files["compression"] if sizes[-1] >= COMPRESS_FROM_BYTES else 1)
    memory = costs["rules"]["simulate"]["memory"] + files["copies"] * sum(sizes)
    return Cost(seconds, memory, disk)


def _cost_of_training(job, costs):
    arguments = dict(job.cell.arguments)
    n = n_outcomes(job.cell.target, family=arguments["family"])
    loop, horizon, _, _ = check_loop(n, **arguments)
    known = read_costs(TRAINING_COSTS_PATH)
    # Nothing is known of a family of the user; the dearest of the package's is a bound for most.
    dearest = max(known.values(), key=lambda cost: cost["seconds_per_fit"])
    cost = known.get(loop.family, dearest)
    fits = job.n_seeds * (horizon // loop.process.batch_size + 1)
    moments = checkpoints_of(
        loop.process,
        arguments.get("checkpoints", DEFAULTS["checkpoints"]),
        horizon=horizon,
        initial_size=loop.process.initial_size,
    ).size
    kept = job.n_seeds * moments * (_PER_SEED + n) * _NUMBER
    return Cost(
        cost["start"] + fits * cost["seconds_per_fit"],
        cost["memory"],
        costs["files"]["trajectories"] + kept,
    )


@cache
def _n_outcomes(target):
    return n_outcomes(target)


def work_of_trajectory(n, **arguments) -> tuple[int, dict[str, float]]:
    """Count the work of one trajectory.

    Leap draws blocks of about √(ℓ/((1 − f)β)) outputs at a dataset of ℓ where the model is uniform
    or a single outcome, so that from ℓ₀ to ℓ there are about 2·√((1 − f)β)·(√ℓ − √ℓ₀) of them.
    Elsewhere blocks are shorter, the more so the more fresh data there are and the colder it is:
    the powers of 1 − f and β here are those that describe the recorded timings best.
    """
    process, horizon, _, _ = check_arguments(n, **arguments)
    size = process.initial_size or DEFAULT_SIZE_PER_OUTCOME * n
    moments = checkpoints_of(
        process,
        arguments.get("checkpoints", DEFAULTS["checkpoints"]),
        horizon=horizon,
        initial_size=size,
    ).size
    work = {"trajectory": 1, "checkpoint": moments, "number measured": moments * n}
    iterations = horizon / process.batch_size
    if process.rule.function is not None:
        work["call of a rule"] = iterations
    elif process.sampler == "generations":
        work["iteration"] = iterations
        work["iteration: outcome"] = iterations * n
        work["iteration: draw"] = iterations * min(n, process.batch_size)
        if not process.rule.is_identity:
            work |= {"truncation": iterations, "truncation: outcome": iterations * n}
        if process.regime == "subsample":
            work["subsample: outcome"] = iterations * n
    elif process.sampler == "dense":
        work["dense: output"] = horizon
        work["dense: outcome"] = horizon * n
        if not process.rule.is_identity:
            work |= {"truncation": horizon, "truncation: outcome": horizon * n}
    else:
        work |= _one_by_one_or_leap(process, n, size, horizon, moments)
    return moments, work


def _one_by_one_or_leap(process, n, size, horizon, moments):
    fixed = process.temperature in (0, math.inf) or process.fresh_fraction == 1
    one_by_one = horizon
    if process.sampler != "sequential":
        switch = leap_pays_from(n) if process.sampler == "hybrid" else 0
        one_by_one = min(horizon, max(0, switch - size))
    if fixed:
        # Laws that do not depend on the counts are drawn whole, at every checkpoint.
        blocks = moments
    else:
        slope = (1 - process.fresh_fraction) ** 0.2 * process.temperature**-0.4
        blocks = 2 * slope * (math.sqrt(size + horizon) - math.sqrt(size + one_by_one))
    # Without fresh data a cold model is soon one outcome, and the others need no draw.
    drawn = n / 2 if process.temperature < 1 and process.fresh_fraction == 0 else n
    return {
        "sequential: output": one_by_one,
        "leap: block": blocks,
        "leap: outcome": blocks * drawn,
    }


def hours_on(cores, priced, costs) -> float:
    """Estimate how long jobs take that share cores."""
    by_rule = {}
    for job, cost in priced:
        seconds = cost.seconds + costs["workflow"]["seconds_per_job"]
        by_rule.setdefault(job.rule, []).append(seconds)
    return sum(max(sum(each) / cores, max(each)) for each in by_rule.values()) / 3600
