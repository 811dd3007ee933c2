"""When cold cells of a study collapse onto one outcome, beside what the flow says."""

import math

import numpy as np
from scipy import special

from heatdeath.errors import ParameterError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import BOUND, CELL_AXES, Kind, Record, number
from heatdeath.measure.intervals import ENDS, quantiles
from heatdeath.measure.seeds import StudyCells, check_one_at_a_time
from heatdeath.measure.summary_rows import SummaryRow, place_of, row_name, share_row
from heatdeath.theory.free_flow import collapse_time
from heatdeath.theory.rates import noise_concentration

CONFIDENCE = 0.95
"""Least coverage of the intervals."""
MASS = 0.5
"""Mass of the top outcome that counts as collapse."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_DRAWS = 4096  # starts that the flow is taken from for the prediction
_SEED = 20240403  # of these draws

_QUANTILES = (CELL_AXES, "quantile")
_GROWTH = {"formula": "ln(l* / l_0)", "may_be_infinite": True}

COLLAPSE_TIME = Kind(
    name="collapse_time",
    title="Growth of the data until one outcome holds a fixed mass, measured and predicted",
    dimensions={
        **AXIS_DIMENSIONS,
        "quantile": "quantiles over seeds",
        "bound": "ends of a confidence interval",
    },
    variables=(
        *AXES,
        number(
            "quantile", ("quantile",), "share of the seeds that collapse earlier", coordinate=True
        ),
        BOUND,
        number(
            "log_growth",
            _QUANTILES,
            "quantiles over seeds: logarithm of the growth of the data until the top "
            "outcome holds the mass; infinite where the quantile lies beyond the horizon",
            **_GROWTH,
        ),
        number(
            "median_interval",
            (CELL_AXES, "bound"),
            "confidence interval of the median, from order statistics",
            **_GROWTH,
        ),
        number(
            "collapsed_share", (CELL_AXES,), "share of the seeds that collapse before the horizon"
        ),
        number(
            "flow_median",
            (CELL_AXES,),
            "median over seeds of what the mean-field flow takes from each seed's start; "
            "infinite where equal top outcomes keep the flow from collapse",
            **_GROWTH,
        ),
        number(
            "predicted_log_growth",
            _QUANTILES,
            "quantiles of what the flow takes from Dirichlet draws around the starts, "
            "which hold as much chance as the run",
            **_GROWTH,
        ),
        number(
            "prediction_p_value",
            (CELL_AXES,),
            "two-sided binomial test: seeds that collapse before the predicted median, "
            "or before the horizon if that is earlier",
        ),
        number(
            "flow_p_value", (CELL_AXES,), "the same test of the median of the flow without chance"
        ),
    ),
    attributes={
        "n_seeds": "seeds per cell",
        "confidence": "least coverage of the intervals",
        "mass": "mass of the top outcome that counts as collapse",
    },
)


def measure_collapse_time(trajectory_paths, *, axes, target_paths, origin=None) -> Record:
    """Measure how much the data grow until one outcome holds half of the mass.

    The moment is interpolated in ln ℓ between checkpoints. Seeds that have not collapsed at the
    horizon count as later than all others: medians and their intervals, by order statistics, need
    no more. Beside them stands the flow from each seed's own start, and the flow from Dirichlet
    draws around these starts that hold as much chance as the run brings
    (`heatdeath.theory.rates.noise_concentration`).
    """
    study = StudyCells(
        trajectory_paths,
        axes,
        target_paths,
        origin=origin,
        recorded=("counts",),
        check=check_one_at_a_time,
    )
    cells = [_measure(cell) for cell in study]
    variables = study.coordinates | {
        "quantile": (("quantile",), np.array(QUANTILES)),
        "bound": ENDS,
    }
    further = {"log_growth": "quantile", "predicted_log_growth": "quantile"}
    further["median_interval"] = "bound"
    for name in cells[0]:
        values = np.stack([cell[name] for cell in cells])
        dims = (*study.axes, *([further[name]] if name in further else []))
        variables[name] = (dims, values.reshape(*study.shape, *values.shape[1:]))
    attributes = study.attributes | {"confidence": CONFIDENCE, "mass": MASS}
    return Record(COLLAPSE_TIME, variables, attributes)


def median_interval(samples, *, confidence=CONFIDENCE) -> np.ndarray:
    """Return a distribution-free confidence interval of a median, shape (2,), of the samples.

    The r-th smallest of N samples lies above the median with the probability
    P(Binomial(N, 1/2) < r).
    """
    ordered = np.sort(np.asarray(samples, float))
    below = special.bdtr(np.arange(ordered.size), ordered.size, 0.5)
    # The largest r for which P(Binomial < r) = below[r − 1] leaves at most half of the rest.
    r = max(1, np.count_nonzero(below <= (1 - confidence) / 2))
    return np.array([ordered[r - 1], ordered[ordered.size - r]])


def _measure(cell):
    """Return the values of one cell by their variables."""
    if cell.fresh_fraction != 0:
        raise ParameterError("fresh_fraction", cell.fresh_fraction, "0, for a time to collapse")
    if not 0 < cell.temperature < 1:
        raise ParameterError("temperature", cell.temperature, "a number between 0 and 1")
    times = _crossing_times(cell.theta.max(-1), cell.log_growth)
    starts = cell.theta[:, 0]
    flow = np.median(collapse_time(starts, temperature=cell.temperature, mass=MASS))
    drawn = collapse_time(_draws(cell, starts), temperature=cell.temperature, mass=MASS)
    predicted = quantiles(drawn, QUANTILES)
    horizon = cell.log_growth[-1]
    threshold = min(np.median(drawn), horizon)
    return {
        "log_growth": quantiles(times, QUANTILES),
        "median_interval": median_interval(times),
        "collapsed_share": np.isfinite(times).mean(),
        "flow_median": flow,
        "predicted_log_growth": predicted,
        "prediction_p_value": _binomial_p_value(times, threshold, np.mean(drawn <= threshold)),
        "flow_p_value": _binomial_p_value(times, flow, 0.5) if flow <= horizon else 1.0,
    }


def _draws(cell, starts):
    """Draw starts that hold the chance of the run around that of every seed, (draw, outcome)."""
    rng = np.random.default_rng(_SEED)
    weights = noise_concentration(cell.temperature) * cell.initial_size * starts
    each = -(-_DRAWS // len(starts))
    drawn = rng.standard_gamma(np.repeat(weights, each, axis=0))
    return drawn / drawn.sum(-1, keepdims=True)


def _crossing_times(mass, log_growth):
    """Return ln(ℓ*/ℓ₀) at which each seed reaches the mass, shape (seed,), infinite if never."""
    reached = mass >= MASS
    first = reached.argmax(-1)
    before = np.maximum(first - 1, 0)
    rows = np.arange(len(mass))
    high, low = mass[rows, first], mass[rows, before]
    share = np.where(first > 0, (MASS - low) / np.where(high > low, high - low, 1), 0)
    times = log_growth[before] + share * (log_growth[first] - log_growth[before])
    return np.where(reached.any(-1), times, np.inf)


def _binomial_p_value(times, threshold, share):
    """Test two-sided how many are earlier than a threshold: twice the smaller tail, at most 1."""
    earlier, n = np.count_nonzero(times <= threshold), times.size
    lower = special.bdtr(earlier, n, share)
    upper = special.bdtrc(earlier - 1, n, share) if earlier > 0 else 1.0
    return min(1.0, 2 * min(lower, upper))


def summary_rows(record, prefix):
    """Yield the rows of the summary, for every cell the median of ln(ℓ*/ℓ₀) and the share.

    The median has no value where less than half of the seeds collapse before the horizon.
    """
    axes, shares = record.variables["collapsed_share"]
    growth = record.values("log_growth")[..., record.values("quantile") == 0.5][..., 0]
    interval = record.values("median_interval")
    n_seeds, level = int(record.attributes["n_seeds"]), float(record.attributes["confidence"])
    for index in np.ndindex(shares.shape):
        place = place_of(record, axes, index)
        name = row_name(prefix, "log_growth", {**place, "quantile": "0.5"})
        low, high = map(float, interval[index])
        if math.isfinite(high):
            yield SummaryRow(name, "median", float(growth[index]), low, high, level, n_seeds)
        else:
            yield SummaryRow(name, "median", None)
        collapsed = float(np.rint(shares[index] * n_seeds))
        yield share_row(row_name(prefix, "collapsed_share", place), collapsed, n_seeds, level)
