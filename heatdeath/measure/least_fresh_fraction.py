"""The least fresh fraction that keeps the models of a family within a tolerance of the target."""

from math import isfinite
from typing import NamedTuple

import numpy as np

from heatdeath.errors import ParameterError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import BOUND, CELL_AXES, Kind, Record, flag, number
from heatdeath.measure.intervals import ENDS, resampled_interval, seed_weights
from heatdeath.measure.resting_model import fold_from, sufficient_fraction
from heatdeath.measure.scans import read_scans
from heatdeath.models.measures import MODEL_TRAJECTORIES
from heatdeath.theory.critical import tolerance_fraction

CONFIDENCE = 0.95
"""Coverage of the intervals."""
CENSORING = ("crossed", "within_at_the_least", "never_within")
"""What a scan of the fresh fraction says of the tolerance, in the order of the flags."""
CROSSED, WITHIN, BEYOND = range(len(CENSORING))
_SEED = 20240406  # of the bootstrap

_AXES = (CELL_AXES,)

LEAST_FRESH_FRACTION = Kind(
    name="least_fresh_fraction",
    title="Least fresh fraction that keeps a family of generative models within a tolerance",
    dimensions={**AXIS_DIMENSIONS, "bound": "ends of an interval"},
    variables=(
        *AXES,
        BOUND,
        flag(
            "censoring",
            _AXES,
            "whether the mean over seeds of the total variation at the horizon crosses "
            "the tolerance on the scan, is within it from the least fresh fraction on, "
            "or is beyond it at the largest",
            meanings=CENSORING,
        ),
        number(
            "least_fresh_fraction",
            _AXES,
            "fresh fraction from which on the mean total variation is within the "
            "tolerance, linear between those of the study; where it does not cross, the "
            "least or the largest of the study",
        ),
        number(
            "least_fresh_fraction_interval",
            (CELL_AXES, "bound"),
            "confidence interval by resampled seeds; from 0 or to 1 where it does not cross",
        ),
        number(
            "bracket",
            (CELL_AXES, "bound"),
            "fresh fractions of the study next to the crossing; 0 and the least, or the "
            "largest and 1, where it does not cross",
        ),
        flag("urn_exists", _AXES, "whether theory has equilibria of the urn at the temperature"),
        number(
            "urn_least_fresh_fraction",
            _AXES,
            "fresh fraction from which on the urn of the same distribution rests within "
            "the tolerance from the same start; 0 without theory",
        ),
        number(
            "urn_tolerance_fraction",
            _AXES,
            "least fresh fraction from which on the faithful equilibrium of the urn is "
            "within the tolerance; 0 without theory",
        ),
        flag(
            "urn_fold_exists",
            _AXES,
            "whether a fold of the urn is met from the start: the end of the faithful "
            "branch, or from collapse that of the branch locked in to its outcome",
        ),
        number("urn_fold", _AXES, "fresh fraction of that fold; 0 without one"),
    ),
    attributes={
        "target": "name of the source of fresh data",
        "n_outcomes": "number of possible outputs, n",
        "family": "family of generative models, by name or dotted path",
        "n_seeds": "seeds per cell",
        "confidence": "coverage of the intervals",
        "tolerance": "total variation distance from the target that is tolerated",
    },
)


def measure_least_fresh_fraction(
    trajectory_paths, *, axes, target_paths, tolerance, theory_at, origin=None
) -> Record:
    """Measure from which fresh fraction on a family stays within a tolerance.

    It is the largest fresh fraction at which the mean over seeds of the total variation at the
    horizon crosses the tolerance, linear between the fresh fractions of the study.
    """
    for name, least in (("fresh_fraction", 2), ("temperature", 1)):
        if len(axes.get(name, ())) < least:
            raise ParameterError(f"axes.{name}", axes.get(name), f"{least} or more values")
    study = read_scans(
        trajectory_paths,
        axes=axes,
        target_paths=target_paths,
        origin=origin,
        kind=MODEL_TRAJECTORIES,
        reduce=_last_distance,
    )
    rng, known = np.random.default_rng(_SEED), set(map(float, theory_at))
    rows, theory = [], []
    for scan in study.scans:
        rows.append(_least(scan.fractions, np.stack(scan.cells, axis=1), tolerance, rng))
        start = str(scan.place.get("initial", study.attributes.get("initial")))
        has_theory = scan.temperature in known
        theory.append(_of_the_urn(scan, start, tolerance) if has_theory else _NO_THEORY)

    def laid_out(values, dtype=float):
        axes, values = study.over_scans(np.array(values, dtype))
        return (axes if values.ndim == len(axes) else (*axes, "bound")), values

    variables = study.coordinates(study.other_axes) | {
        "bound": ENDS,
        "censoring": laid_out([row.censoring for row in rows], np.int8),
        "least_fresh_fraction": laid_out([row.value for row in rows]),
        "least_fresh_fraction_interval": laid_out([row.interval for row in rows]),
        "bracket": laid_out([row.bracket for row in rows]),
        "urn_exists": laid_out([each.exists for each in theory], np.int8),
        "urn_least_fresh_fraction": laid_out([each.least for each in theory]),
        "urn_tolerance_fraction": laid_out([each.tolerance_fraction for each in theory]),
        "urn_fold_exists": laid_out([isfinite(each.fold) for each in theory], np.int8),
        "urn_fold": laid_out(np.nan_to_num([each.fold for each in theory])),
    }
    attributes = study.attributes | {"confidence": CONFIDENCE, "tolerance": float(tolerance)}
    return Record(LEAST_FRESH_FRACTION, variables, attributes)


def _last_distance(cell):
    """Keep the total variation of every seed at the horizon, shape (seed,)."""
    # A copy, since a view would keep all checkpoints in memory.
    return cell.values("total_variation")[:, -1].copy()


class _Least(NamedTuple):
    """The least fresh fraction of a scan."""

    censoring: int  # index in CENSORING
    value: float
    interval: tuple[float, float]
    bracket: tuple[float, float]  # fresh fractions of the study next to it


def _least(fractions, distances, tolerance, rng):
    """Return the least fresh fraction of a scan, distances of shape (seed, fraction)."""
    order = np.argsort(fractions)
    f, n_seeds = fractions[order], len(distances)
    means = seed_weights(n_seeds, rng) @ distances[:, order] / n_seeds
    last = _last_beyond(means[0], tolerance)
    if last == -1:
        return _Least(WITHIN, f[0], (0.0, f[0]), (0.0, f[0]))
    if last == f.size - 1:
        return _Least(BEYOND, f[-1], (f[-1], 1.0), (f[-1], 1.0))
    crossings = np.array([_crossing(f, mean, tolerance) for mean in means])
    ends = np.clip(resampled_interval(crossings, n_seeds, confidence=CONFIDENCE), 0, 1)
    return _Least(CROSSED, crossings[0], tuple(ends), (f[last], f[last + 1]))


def _last_beyond(mean, tolerance):
    """Return the index of the largest fraction beyond the tolerance, -1 if none is."""
    beyond = np.flatnonzero(mean > tolerance)
    return int(beyond[-1]) if beyond.size else -1


def _crossing(f, mean, tolerance):
    """Return where the last crossing is; of a resample without one, the end of the scan."""
    k = _last_beyond(mean, tolerance)
    if k in (-1, f.size - 1):
        return f[k if k > 0 else 0]
    return f[k] + (f[k + 1] - f[k]) * (mean[k] - tolerance) / (mean[k] - mean[k + 1])


class _Urn(NamedTuple):
    """What the urn of the same distribution does on a scan."""

    exists: int  # whether theory has it
    least: float  # fresh fraction from which on it rests within the tolerance
    tolerance_fraction: float
    fold: float  # nan without one


_NO_THEORY = _Urn(0, 0.0, 0.0, float("nan"))


def _of_the_urn(scan, start, tolerance):
    target, temperature = scan.target, scan.temperature
    return _Urn(
        exists=1,
        least=sufficient_fraction(
            target, temperature=temperature, start=start, tolerance=tolerance
        ),
        tolerance_fraction=tolerance_fraction(target, temperature=temperature, tolerance=tolerance),
        fold=fold_from(target, temperature=temperature, start=start),
    )
