"""f_prevent, measured: the fresh fraction above which deviations from a uniform target decay."""

import numpy as np

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import CELL_AXES, Kind, Record, flag, number
from heatdeath.measure.fraction_estimates import (
    JOINT_ATTRIBUTES,
    FractionEstimate,
    declare_fraction,
    joint_attributes,
    values_of_fraction,
)
from heatdeath.measure.intervals import RESAMPLES, seed_weights, standard_error
from heatdeath.measure.scans import read_scans
from heatdeath.measure.seeds import check_one_at_a_time
from heatdeath.measure.summary_rows import rows_of_fraction, rows_with_errors

LARGEST_DEVIATION = 0.2
"""Root mean square of θ_i/p_i − 1 at the horizon up to which a cell counts as linear."""

# A slope that is not this many standard errors above zero has no logarithm to speak of.
_LEAST_SIGNIFICANCE = 4.0
_NEAREST = 3  # cells of the second fit, whose distance from the first is part of the error
_SEED = 20240402  # of the bootstrap

GROWTH = Kind(
    name="growth",
    title="Measured growth of deviations from a uniform target, and where it ends",
    dimensions={**AXIS_DIMENSIONS, "bound": "ends of a confidence interval"},
    variables=(
        *AXES,
        number(
            "growth_exponent",
            (CELL_AXES,),
            "exponent with which deviations from the target grow; 0 where it is not measured",
            formula="ln(sum delta(K) delta(0) / sum delta(0)^2) / ln(size(K) / size(0))",
        ),
        number(
            "growth_exponent_error",
            (CELL_AXES,),
            "standard error of the exponent from the seeds; 0 where it is not measured",
        ),
        number(
            "relative_deviation",
            (CELL_AXES,),
            "root mean square of the relative deviations at the horizon",
            formula="sqrt(mean (theta_i / p_i - 1)^2)",
        ),
        flag(
            "used",
            (CELL_AXES,),
            "whether the exponent is measured and the deviations are small enough to be linear",
        ),
        *declare_fraction(
            "prevent", "fresh fraction above which deviations decay, that prevents collapse"
        ),
    ),
    attributes={
        **JOINT_ATTRIBUTES,
        "largest_deviation": "relative deviation up to which a cell counts as linear",
    },
)


def measure_prevention(trajectory_paths, *, axes, target_paths, origin=None) -> Record:
    """Measure how fast small deviations from a uniform target grow, and where they stop growing.

    A start of ℓ₀ outputs drawn from p differs from it by small deviations δ(0). Chance adds noise
    that does not depend on them, so that E[δ(K) | δ(0)] = δ(0)·(ℓ_K/ℓ₀)^λ as long as δ is small.
    The regression of δ(K) on δ(0) over outcomes and seeds has the slope
    b = Σδ(K)δ(0)/Σδ(0)², from which λ = ln b/ln(ℓ_K/ℓ₀). The fresh fraction at which λ changes its
    sign, by a weighted line through λ(f), is f_prevent. Nothing of the mean-field theory enters.
    """
    from heatdeath.theory.critical import critical_fractions

    study = read_scans(
        trajectory_paths,
        axes=axes,
        target_paths=target_paths,
        origin=origin,
        check=check_one_at_a_time,
        recorded=("counts",),
        reduce=_reduce,
    )
    n_seeds = study.attributes["n_seeds"]
    streams = np.random.SeedSequence(_SEED).spawn(len(study.scans))
    exponents, errors, deviations, used, estimates, theory = [], [], [], [], [], []
    for scan, stream in zip(study.scans, streams, strict=True):
        rng = np.random.default_rng(stream)
        samples, errors_of_cells, usable = _exponents(scan, n_seeds, rng)
        exponents.append(samples[0])
        errors.append(errors_of_cells)
        deviations.append([cell["deviation"] for cell in scan.cells])
        used.append(usable)
        estimates.append(
            _zero(scan.fractions[usable], samples[:, usable], errors_of_cells[usable], n_seeds)
        )
        theory.append(critical_fractions(scan.p, temperature=scan.temperature).prevent)
    variables = study.coordinates(axes) | {
        "growth_exponent": study.over_cells(exponents),
        "growth_exponent_error": study.over_cells(errors),
        "relative_deviation": study.over_cells(deviations),
        "used": study.over_cells(np.array(used, np.int8)),
        **values_of_fraction("prevent", study, estimates, theory, n_seeds=n_seeds),
    }
    attributes = study.attributes | {"largest_deviation": LARGEST_DEVIATION}
    return Record(
        GROWTH, variables, attributes | joint_attributes(estimates, theory, n_seeds=n_seeds)
    )


def _reduce(cell):
    """Keep the sums over outcomes of each seed that the slope is made of."""
    if np.ptp(cell.p) > 1e-12:
        raise ParameterError(
            "target", cell.attributes["target"], "a uniform target, around which all deviations "
            "grow alike"
        )  # fmt: skip
    counts = cell.values("counts")
    first, last = (counts[:, k] / counts[:, k].sum(-1, keepdims=True) - cell.p for k in (0, -1))
    if not (first != 0).any(-1).all():
        raise FileFormatError(cell.paths[0], "starts at the target; needed: a start drawn from it")
    return {
        "products": (first * last).sum(-1),
        "squares": (first**2).sum(-1),
        "deviation": float(np.sqrt(np.mean((last / cell.p) ** 2))),
        "log_growth": float(cell.log_size[-1] - cell.log_size[0]),
    }


def _exponents(scan, n_seeds, rng):
    """Return λ of the cells, shape (1 + resample, cell), their errors, and which can be used."""
    samples = np.zeros((1 + RESAMPLES, len(scan.cells)))
    errors, usable = np.zeros(len(scan.cells)), np.zeros(len(scan.cells), bool)
    for i, cell in enumerate(scan.cells):
        weights = seed_weights(n_seeds, rng)
        slopes = weights @ cell["products"] / (weights @ cell["squares"])
        significant = slopes[0] > _LEAST_SIGNIFICANCE * standard_error(slopes, n_seeds)
        if significant and slopes.min() > 0:
            samples[:, i] = np.log(slopes) / cell["log_growth"]
            errors[i] = standard_error(samples[:, i], n_seeds)
            usable[i] = cell["deviation"] <= LARGEST_DEVIATION
    return samples, errors, usable


def _zero(fractions, samples, errors, n_seeds):
    """Return the fraction where λ(f) changes its sign, None where the cells do not show it."""
    exponents = samples[0]
    if not ((exponents > 0).any() and (exponents < 0).any()):
        return None
    zeros = _zeros_of_line(fractions, samples, errors)
    nearest = np.argsort(abs(fractions - zeros[0]), kind="stable")[:_NEAREST]
    again = _zeros_of_line(fractions[nearest], samples[:1, nearest], errors[nearest])[0]
    return FractionEstimate(
        value=float(zeros[0]),
        statistical=float(standard_error(zeros, n_seeds)),
        systematic=float(abs(again - zeros[0])),
    )


def _zeros_of_line(fractions, samples, errors):
    """Fit a weighted line to each row of samples, shape (row, cell), and return the zeros."""
    weights = errors**-2 / np.sum(errors**-2)
    middle = weights @ fractions
    heights = samples @ weights
    slopes = samples @ (weights * (fractions - middle)) / (weights @ (fractions - middle) ** 2)
    return middle - heights / slopes


def summary_rows(record, prefix):
    """Yield the rows of the summary: exponents and f_prevent, each with its interval."""
    yield from rows_with_errors(record, prefix, "growth_exponent")
    yield from rows_of_fraction(record, prefix, "prevent")
