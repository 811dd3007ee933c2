"""f_recover, measured: the fresh fraction below which a collapsed model is held where it is."""

from typing import NamedTuple

import numpy as np

from heatdeath.errors import FileFormatError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import CELL_AXES, Kind, Record, flag, number
from heatdeath.measure.fraction_estimates import (
    JOINT_ATTRIBUTES,
    FractionEstimate,
    declare_fraction,
    joint_attributes,
    values_of_fraction,
)
from heatdeath.measure.intervals import seed_weights, standard_error
from heatdeath.measure.scans import read_scans
from heatdeath.measure.seeds import check_one_at_a_time
from heatdeath.measure.summary_rows import rows_of_fraction
from heatdeath.starts import collapsed_output, parse_start

HELD, FAST, SLOWED = 0, 1, 2
"""What became of a collapsed start, as the flags of ``passage`` in the file."""

# Logarithms of the top outcome's mass. Drift is averaged in bins to find the bottleneck, and a
# cubic is fitted to it in a window around; with the other window the error is judged.
_BIN = 0.08
_WINDOW, _OTHER_WINDOW = 0.4, 0.6
# A trajectory got away once the mass is lower than at the bottleneck by this factor's logarithm.
_BEYOND = 0.08
# Drift is not followed below this many times the share that the target itself gives the outcome.
_LEAST_EXCESS = 2.0
# Late increments are almost free of noise; the cubic is only good to this share of the drift.
_MODEL_ERROR = 0.05
# A minimum counts if drift is larger on both sides by this many standard errors of the bins.
_SIGNIFICANCE = 3.0
_RECENTRINGS = 3
_GRID, _KEPT = 201, 0.3
_LARGEST_CONDITION = 1e12
_LEAST_ERROR = 0.005  # share of the drift that no cell is trusted beyond
_NEAREST = 4  # cells of the extrapolation; with the first two of them alone its error is judged
_SEED = 20240403  # of the bootstrap

RECOVERY = Kind(
    name="recovery",
    title="Measured passage from collapse, and the fresh fraction at which it comes to a halt",
    dimensions={**AXIS_DIMENSIONS, "bound": "ends of a confidence interval"},
    variables=(
        *AXES,
        number(
            "least_drift",
            (CELL_AXES,),
            "least rate at which the mass of the top outcome falls on the way from "
            "collapse; 0 where the model does not get away, or is nowhere slowed down",
            formula="min -d ln(theta_h) / d ln(size)",
        ),
        number(
            "least_drift_error",
            (CELL_AXES,),
            "standard error of the least rate from the seeds; 0 where it is not measured",
        ),
        number(
            "bottleneck_mass",
            (CELL_AXES,),
            "mass of the top outcome where the rate is least; 0 where it is not measured",
        ),
        flag(
            "passage",
            (CELL_AXES,),
            "what became of the collapsed start within the horizon",
            meanings=(
                "some_seeds_did_not_get_away",
                "got_away_without_a_bottleneck",
                "got_away_through_a_bottleneck",
            ),
        ),
        *declare_fraction("recover", "fresh fraction above which the model recovers"),
    ),
    attributes=JOINT_ATTRIBUTES,
)


def measure_recovery(trajectory_paths, *, axes, target_paths, origin=None) -> Record:
    """Measure how slowly collapsed models get away, and the fraction at which they no longer do.

    Just above f_recover the locked-in equilibrium is gone, but where it vanished the flow is slow:
    the mass x of the top outcome falls through a bottleneck, where the rate −d ln x/d ln ℓ has a
    minimum u(f) > 0. At a saddle-node u is a smooth function of f that vanishes at f_recover with a
    finite slope, so that a parabola through u of the nearest cells that get away extrapolates to
    f_recover without waiting for passages that take 1/√(f − f_recover) e-folds of data.

    Strogatz, Nonlinear Dynamics and Chaos, 2nd ed., 2015, section 4.3 (the bottleneck).
    """
    from heatdeath.theory.critical import recovery_fraction

    study = read_scans(
        trajectory_paths,
        axes=axes,
        target_paths=target_paths,
        origin=origin,
        check=check_one_at_a_time,
        recorded=("top1_mass", "top_outcome"),
        reduce=_reduce,
    )
    n_seeds = study.attributes["n_seeds"]
    streams = np.random.SeedSequence(_SEED).spawn(len(study.scans))
    measured, estimates, theory = [], [], []
    for scan, stream in zip(study.scans, streams, strict=True):
        rng = np.random.default_rng(stream)
        bottlenecks = [_bottleneck(cell, n_seeds, rng) for cell in scan.cells]
        measured.append(bottlenecks)
        estimates.append(_extrapolated(scan.fractions, bottlenecks))
        theory.append(
            recovery_fraction(
                scan.p, temperature=scan.temperature, outcome=scan.cells[0]["outcome"]
            )
        )
    passage, drift, error, mass, _ = np.moveaxis(np.array(measured), -1, 0)
    variables = study.coordinates(axes) | {
        "least_drift": study.over_cells(drift),
        "least_drift_error": study.over_cells(error),
        "bottleneck_mass": study.over_cells(mass),
        "passage": study.over_cells(passage.astype(np.int8)),
        **values_of_fraction("recover", study, estimates, theory, n_seeds=n_seeds),
    }
    return Record(
        RECOVERY,
        variables,
        study.attributes | joint_attributes(estimates, theory, n_seeds=n_seeds),
    )


def _reduce(cell):
    """Keep ln x of the collapsed outcome, as long as it is on top and in excess of its share."""
    start = parse_start(str(cell.attributes["initial"]))
    if start.kind != "collapsed":
        raise FileFormatError(
            cell.paths[0], f"starts {str(start)!r}; needed: a start collapsed on one outcome"
        )
    outcome = collapsed_output(start, cell.target)
    mass = cell.values("top1_mass")
    on_top = cell.values("top_outcome") == outcome
    followed = on_top & (mass > _LEAST_EXCESS * cell.p[outcome])
    return {
        "outcome": outcome,
        "log_mass": np.log(mass),
        # Once it has lost its lead it counts as gone, even if chance brings it back for a while.
        "followed": np.logical_and.accumulate(followed, axis=1),
        "log_size": cell.log_size,
    }


class _Bottleneck(NamedTuple):
    """The rate −d ln x/d ln ℓ of a cell where it is least."""

    passage: int  # HELD, FAST or SLOWED; what follows is 0 but for SLOWED
    drift: float = 0.0  # the least rate
    error: float = 0.0  # its standard error from the seeds
    mass: float = 0.0  # x where the rate is least
    drift_in_other_window: float = 0.0


def _bottleneck(cell, n_seeds, rng):
    """Find the bottleneck of a cell as `_reduce` kept it."""
    steps = _steps(cell)
    crude = _crude_minimum(steps)
    gone = ~cell["followed"][:, -1]
    if crude is None:
        return _Bottleneck(FAST if gone.all() else HELD)
    place, drift = crude
    if not (gone | (cell["log_mass"][:, -1] < place - _BEYOND)).all():
        return _Bottleneck(HELD)
    weights = seed_weights(n_seeds, rng)
    for _ in range(_RECENTRINGS):
        centred = _fit(steps, place, drift, _WINDOW, weights[:1])
        if centred is None:
            return _Bottleneck(FAST)
        place = centred[0]
    fit = _fit(steps, place, drift, _WINDOW, weights)
    other = _fit(steps, place, drift, _OTHER_WINDOW, weights[:1])
    if fit is None or other is None:
        return _Bottleneck(FAST)
    return _Bottleneck(
        SLOWED,
        drift=float(fit[1][0]),
        error=float(standard_error(fit[1], n_seeds)),
        mass=float(np.exp(fit[0])),
        drift_in_other_window=float(other[1][0]),
    )


def _steps(cell):
    """Return seed, u = ln x, drift and its variance by chance for every step, each (step,)."""
    u, followed = cell["log_mass"], cell["followed"]
    time = np.diff(cell["log_size"])
    held = followed[:, :-1] & followed[:, 1:]
    # An output at size ℓ moves x by at most 1/ℓ: in a step, ln x has the variance
    # (1 − x)/x · (1/ℓ − 1/ℓ').
    inverse = np.exp(-cell["log_size"])
    variance = np.expm1(-u[:, :-1]) * (inverse[:-1] - inverse[1:]) / time**2
    return {
        "seed": np.nonzero(held)[0],
        "u": ((u[:, 1:] + u[:, :-1]) / 2)[held],
        "drift": (-np.diff(u, axis=1) / time)[held],
        "variance": np.maximum(variance, np.finfo(float).tiny)[held],
    }


def _crude_minimum(steps):
    """Return u and drift where bins have the least drift between faster ones; None without one."""
    if not steps["u"].size:
        return None
    bins = np.floor(steps["u"] / _BIN).astype(int)
    first = bins.min()
    total = np.bincount(bins - first, 1 / steps["variance"])
    visited = np.flatnonzero(total)
    sums = np.bincount(bins - first, steps["drift"] / steps["variance"])
    mean, error = sums[visited] / total[visited], total[visited] ** -0.5
    # How clearly the drift is larger somewhere on either side.
    clear = _SIGNIFICANCE * error
    low = np.maximum.accumulate(mean - clear)
    high = np.maximum.accumulate((mean - clear)[::-1])[::-1]
    between = (mean + clear < low) & (mean + clear < high)
    if not between.any():
        return None
    least = np.flatnonzero(between)[np.argmin(mean[between])]
    return (visited[least] + first + 0.5) * _BIN, float(mean[least])


def _fit(steps, place, drift, window, weights):
    """Fit cubics to the drift around a place in u, with weights of shape (fit, seed).

    Returns the place where the first is least, and the least drift of each, shape (fit,); None if
    the first has no minimum inside the window.
    """
    near = abs(steps["u"] - place) < window
    t = (steps["u"][near] - place) / window
    precision = 1 / (steps["variance"][near] + (_MODEL_ERROR * drift) ** 2)
    powers = t[:, None] ** np.arange(4)
    n_seeds = weights.shape[1]
    normal, right = np.zeros((n_seeds, 4, 4)), np.zeros((n_seeds, 4))
    seeds = steps["seed"][near]
    np.add.at(normal, seeds, precision[:, None, None] * powers[:, :, None] * powers[:, None, :])
    np.add.at(right, seeds, (precision * steps["drift"][near])[:, None] * powers)
    normal, right = np.tensordot(weights, normal, axes=1), weights @ right
    if np.linalg.cond(normal).max() > _LARGEST_CONDITION:
        return None
    cubics = np.linalg.solve(normal, right[..., None])[..., 0]
    # Where there are no data the cubic says nothing.
    grid = np.linspace(t.min(), t.max(), _GRID)
    drifts = cubics @ grid ** np.arange(4)[:, None]
    inside = drifts[0, 1:-1]
    minima = np.flatnonzero((inside < drifts[0, :-2]) & (inside <= drifts[0, 2:])) + 1
    if not minima.size:
        return None
    lowest = grid[minima[0]]
    # Resamples keep to the same minimum: a cubic falls without end on one side.
    return place + window * lowest, drifts[:, abs(grid - lowest) < _KEPT].min(-1)


def _extrapolated(fractions, bottlenecks):
    """Return the fraction at which the least drift vanishes; None with fewer than three cells."""
    slowed = [i for i in np.argsort(fractions) if bottlenecks[i].passage == SLOWED]
    nearest = slowed[:_NEAREST]
    if len(nearest) < 3:
        return None
    f = fractions[nearest]
    drift = np.array([bottlenecks[i].drift for i in nearest])
    error = np.array([bottlenecks[i].error for i in nearest])
    other = np.array([bottlenecks[i].drift_in_other_window for i in nearest])
    weights = 1 / np.hypot(error, _LEAST_ERROR * drift)
    # The sample itself, then each drift changed by its error, then the fit in the other window.
    rows = [drift, *(drift + np.diag(error)), other]
    value, *changed, wider = _zeros_below(f, rows, weights, degree=2)
    (line,) = _zeros_below(f[:2], [drift[:2]], weights[:2], degree=1)
    if not np.isfinite([value, *changed, wider, line]).all():
        return None
    return FractionEstimate(
        value=float(value),
        statistical=float(np.linalg.norm(np.array(changed) - value)),
        systematic=float(max(abs(line - value), abs(wider - value))),
    )


def _zeros_below(fractions, rows, weights, *, degree):
    """Fit polynomials in f to rows, (row, fraction), and return the zeros next below: (row,)."""
    scale = fractions[-1] - fractions[0]
    t = (fractions - fractions[0]) / scale
    coefficients = np.zeros((3, len(rows)))
    coefficients[: degree + 1] = np.polynomial.polynomial.polyfit(
        t, np.transpose(rows), degree, w=weights
    )
    a, b, c = coefficients
    with np.errstate(invalid="ignore"):
        # The zero at which u rises; the stable form, which a vanishing c leaves finite.
        zero = -2 * a / (b + np.sqrt(b**2 - 4 * a * c))
    return fractions[0] + scale * zero


def summary_rows(record, prefix):
    """Return the rows of the summary: f_recover with its interval."""
    return rows_of_fraction(record, prefix, "recover")
