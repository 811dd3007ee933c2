"""Tolerance fraction, measured: the least fresh fraction that keeps the model near the target."""

import numpy as np

from heatdeath.errors import FileFormatError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import CELL_AXES, Kind, Record, number
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
from heatdeath.measure.summary_rows import rows_of_fraction, rows_with_errors

# The distance is extrapolated from three moments that this part of the log-time spans.
_LATE_SHARE = 0.5
_NEAREST = 4  # cells of the interpolation; with the two that enclose it alone its error is judged
_LARGEST_RATIO = 0.8  # of the later step to the earlier one, if the distance is extrapolated
_SEED = 20240404  # of the bootstrap

TOLERANCE_SCAN = Kind(
    name="tolerance_scan",
    title="Measured distance from the target, and the fresh fraction that keeps it tolerable",
    dimensions={**AXIS_DIMENSIONS, "bound": "ends of a confidence interval"},
    variables=(
        *AXES,
        number(
            "final_total_variation",
            (CELL_AXES,),
            "total variation distance from the target at the horizon, mean over the seeds",
        ),
        number(
            "limit_total_variation", (CELL_AXES,), "the same, extrapolated to an infinite horizon"
        ),
        number(
            "limit_total_variation_error",
            (CELL_AXES,),
            "standard error of the extrapolated distance from the seeds",
        ),
        *declare_fraction(
            "sufficient", "least fresh fraction that keeps the limit within the tolerance"
        ),
    ),
    attributes={
        **JOINT_ATTRIBUTES,
        "tolerance": "largest total variation distance from the target that is tolerated",
    },
)


def measure_tolerance(trajectory_paths, *, axes, target_paths, tolerance, origin=None) -> Record:
    """Measure the least fresh fraction that keeps the total variation within a tolerance.

    Seen from the target the total variation D approaches its limit like D_∞ + C·ℓ^{−κ}. Three
    moments at equal distances in ln ℓ give D_∞ = D₃ − (D₃ − D₂)²/((D₃ − D₂) − (D₂ − D₁)) (Aitken);
    where the steps do not shrink in one direction, D_∞ = D₃. The tolerance
    fraction is where a parabola in ln(1 − f) through ln D_∞ of the nearest four fresh fractions
    crosses the tolerance.

    Aitken, "On Bernoulli's numerical solution of algebraic equations", Proc. R. Soc. Edinburgh
    46, 1926.
    """
    from heatdeath.theory.critical import tolerance_fraction

    study = read_scans(
        trajectory_paths,
        axes=axes,
        target_paths=target_paths,
        origin=origin,
        check=check_one_at_a_time,
        recorded=("total_variation",),
        reduce=_reduce,
    )
    n_seeds = study.attributes["n_seeds"]
    streams = np.random.SeedSequence(_SEED).spawn(len(study.scans))
    final, limit, error, estimates, theory = [], [], [], [], []
    for scan, stream in zip(study.scans, streams, strict=True):
        rng = np.random.default_rng(stream)
        means = [seed_weights(n_seeds, rng) @ cell / n_seeds for cell in scan.cells]
        extrapolated = [_limit(mean) for mean in means]
        limits = np.stack([rows for rows, _ in extrapolated], axis=1)
        allowances = np.array([allowance for _, allowance in extrapolated])
        final.append([mean[0, -1] for mean in means])
        limit.append(limits[0])
        error.append(standard_error(limits, n_seeds))
        estimates.append(_crossing(scan.fractions, limits, allowances, tolerance, n_seeds))
        theory.append(tolerance_fraction(scan.p, temperature=scan.temperature, tolerance=tolerance))
    variables = study.coordinates(axes) | {
        "final_total_variation": study.over_cells(final),
        "limit_total_variation": study.over_cells(limit),
        "limit_total_variation_error": study.over_cells(error),
        **values_of_fraction("sufficient", study, estimates, theory, n_seeds=n_seeds),
    }
    attributes = study.attributes | {"tolerance": tolerance}
    return Record(
        TOLERANCE_SCAN,
        variables,
        attributes | joint_attributes(estimates, theory, n_seeds=n_seeds),
    )


def _reduce(cell):
    """Keep the total variation of every seed at three moments, shape (seed, 3)."""
    if cell.attributes["initial"] not in ("proportional", "target"):
        raise FileFormatError(
            cell.paths[0],
            f"starts {cell.attributes['initial']!r}; needed: proportional, or drawn from the "
            "target",
        )
    time = cell.log_size
    span = _LATE_SHARE * (time[-1] - time[0])
    moments = time[-1] - span * np.array([1, 0.5, 0])
    distances = cell.values("total_variation")
    return np.stack([np.interp(moments, time, each) for each in distances])


def _limit(means):
    """Extrapolate means at three moments, shape (1 + resample, 3), to an infinite horizon.

    Returns the limits, shape (1 + resample,), and how far that of the sample, the first, may be off
    because of the extrapolation.
    """
    first, second = means[:, 1] - means[:, 0], means[:, 2] - means[:, 1]
    ratio = np.divide(second, first, out=np.full_like(first, np.inf), where=first != 0)
    # Steps that hardly shrink, or turn back, are not seen to approach anything. All rows do as the
    # sample itself, so that resamples do not mix two estimators.
    if not 0 < ratio[0] < _LARGEST_RATIO:
        return means[:, 2], abs(second[0])
    ratio = np.clip(ratio, 0, _LARGEST_RATIO)
    change = second * ratio / (1 - ratio)
    return np.maximum(means[:, 2] + change, np.finfo(float).tiny), abs(change[0]) / 2


def _crossing(fractions, limits, allowances, tolerance, n_seeds):
    """Return the largest fraction at which the distance crosses the tolerance, None if none."""
    order = [i for i in np.argsort(fractions) if fractions[i] < 1]
    # The distance vanishes in proportion to 1 − f: its logarithm is almost a line in ln(1 − f).
    x = -np.log1p(-fractions[order])
    heights = np.log(limits[:, order] / tolerance)
    farther = np.log((limits[:1] + allowances)[:, order] / tolerance)
    above = np.flatnonzero(heights[0] > 0)
    if not above.size or above[-1] == len(x) - 1:
        return None
    k = int(above[-1])
    bracket = x[k : k + 2]
    first = min(max(k - 1, 0), max(len(x) - _NEAREST, 0))
    near = slice(first, first + _NEAREST)
    degree = min(2, len(x[near]) - 1)
    crossings = _interpolated(x[near], heights[:, near], degree, bracket)
    line = _interpolated(bracket, heights[:1, k : k + 2], 1, bracket)[0]
    allowed = _interpolated(x[near], farther[:, near], degree, bracket)[0]
    value = crossings[0]
    return FractionEstimate(
        value=float(value),
        statistical=float(standard_error(crossings, n_seeds)),
        systematic=float(max(abs(line - value), abs(allowed - value))),
    )


def _interpolated(x, rows, degree, bracket):
    """Fit polynomials in x = −ln(1 − f) to rows and return f where they vanish, near a bracket."""
    middle, half = np.mean(bracket), np.ptp(bracket) / 2
    coefficients = np.zeros((3, len(rows)))
    coefficients[: degree + 1] = np.polynomial.polynomial.polyfit(
        (x - middle) / half, np.transpose(rows), degree
    )
    a, b, c = coefficients
    # The zero at which the distance falls; the stable form, which a vanishing c leaves finite.
    zero = -2 * a / (b - np.sqrt(np.maximum(b**2 - 4 * a * c, 0)))
    return -np.expm1(-(middle + half * np.clip(zero, -1.5, 1.5)))


def summary_rows(record, prefix):
    """Yield the rows of the summary: distances and tolerance fractions, each with its interval."""
    yield from rows_with_errors(record, prefix, "limit_total_variation")
    yield from rows_of_fraction(record, prefix, "sufficient")
