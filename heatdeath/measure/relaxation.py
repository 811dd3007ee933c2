"""How fast the cells of a study approach their limits: exponents, beside those of theory."""

import numpy as np
from scipy import special

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import BOUND, CELL_AXES, Kind, Record, flag, number
from heatdeath.measure.intervals import ENDS, resampled_interval, seed_weights
from heatdeath.measure.seeds import StudyCells, check_one_at_a_time
from heatdeath.measure.summary_rows import mean_row, place_of, row_name, rows_of_cells
from heatdeath.theory.equilibria import equilibria
from heatdeath.theory.flow import mean_field
from heatdeath.theory.rates import noise_variance, observed_exponent, relaxation_modes

CONFIDENCE = 0.95
"""Coverage of the intervals."""
FIT_FROM = 100.0
"""Growth of the dataset from which exponents are fitted: the start's shape is forgotten by then."""

_SEED = 20240402  # of the bootstrap
# The mean deviation is fitted while the noise of the mean is predicted to be below this share.
_LARGEST_NOISE_SHARE = 0.1
_FEWEST_CHECKPOINTS = 4  # of a fit

DEVIATIONS = ("divergence_from_limit", "mass_outside_limit")
"""What the deviation of a cell is, in the order of the flags."""

_CURVE = (CELL_AXES, "checkpoint")
_CURVES = frozenset(
    {
        "growth",
        "deviation",
        "deviation_interval",
        "predicted_deviation",
        "mean_deviation",
        "predicted_mean_deviation",
    }
)
"""Variables that have a value at every checkpoint."""

RELAXATION = Kind(
    name="relaxation",
    title="Relaxation of closed loops towards their limits, measured and predicted",
    dimensions={
        **AXIS_DIMENSIONS,
        "checkpoint": "moments at which the model is recorded",
        "bound": "ends of a confidence interval",
    },
    variables=(
        *AXES,
        BOUND,
        number(
            "growth",
            _CURVE,
            "size of the data over that at the start",
            formula="l / l_0",
            coordinate=True,
        ),
        flag(
            "observable",
            (CELL_AXES,),
            "what the deviation of the cell is: the root of twice the mean divergence "
            "KL(theta || limit), or, where the limit is a single outcome, the mean mass "
            "outside it",
            meanings=DEVIATIONS,
        ),
        number(
            "deviation",
            _CURVE,
            "deviation from the limit, of all seeds together",
            formula="sqrt(2 mean_seeds KL(theta || theta_e)), or mean_seeds(1 - theta_h)",
        ),
        number("deviation_interval", (*_CURVE, "bound"), "confidence interval of the deviation"),
        number(
            "predicted_deviation",
            _CURVE,
            "deviation of the mean-field flow and of the linear noise around the limit",
        ),
        number(
            "exponent",
            (CELL_AXES,),
            "exponent with which the deviation falls",
            formula="-d ln(deviation) / d ln l, by least squares from fit_from on",
        ),
        number("exponent_interval", (CELL_AXES, "bound"), "confidence interval of the exponent"),
        number("predicted_exponent", (CELL_AXES,), "the same fit to the predicted deviation"),
        number(
            "relaxation_exponent",
            (CELL_AXES,),
            "exponent of the slowest mode around the limit",
            formula="kappa = 1 - (1 - f) lambda_max",
        ),
        number(
            "limiting_exponent",
            (CELL_AXES,),
            "exponent of the deviation in the limit of long horizons",
            formula="min(kappa, 1/2), and kappa where the limit is a single outcome",
        ),
        number(
            "mean_deviation",
            _CURVE,
            "mean over seeds of the model's deviation along that of the start, which is "
            "1; where the limit is a single outcome, the deviation itself",
            formula="mean_seeds sum_i x_i(l) x_i(l_0) / theta_e,i, over the same at l_0, with x "
            "= theta - theta_e",
        ),
        number("predicted_mean_deviation", _CURVE, "the same of the mean-field flow"),
        flag(
            "mean_exponent_flag",
            (CELL_AXES,),
            "whether the mean deviation stands out of the noise for long enough to fit",
            meanings=("lost_in_noise", "fitted"),
        ),
        number(
            "mean_exponent",
            (CELL_AXES,),
            "exponent with which the mean deviation falls; 0 where it is lost in noise",
        ),
        number(
            "mean_exponent_interval",
            (CELL_AXES, "bound"),
            "confidence interval of the exponent of the mean deviation; 0 where it is lost",
        ),
        number(
            "predicted_mean_exponent",
            (CELL_AXES,),
            "the same fit to the mean-field flow; 0 where the mean deviation is lost",
        ),
    ),
    attributes={
        "n_seeds": "seeds per cell",
        "confidence": "coverage of the intervals",
        "fit_from": "growth of the dataset from which exponents are fitted",
    },
)


def measure_relaxation(
    trajectory_paths, *, axes, target_paths, origin=None, fit_from=FIT_FROM
) -> Record:
    """Measure with which exponents the cells of a study approach their limits.

    The limit of a cell is that of the process: without fresh data the uniform distribution over
    the outcomes of the start above T = 1, and the outcome that leads at the horizon below; with
    fresh data the stable equilibrium that is nearest to the mean of the last models. The exponent
    is minus the slope, by least squares, of the logarithm of the deviation against that of the
    dataset size, from a growth of `fit_from` on. The same fit is made to the prediction, flow and
    linear noise, so that what the finite window does to the exponent is the same in both.
    """
    study = StudyCells(
        trajectory_paths,
        axes,
        target_paths,
        origin=origin,
        recorded=("counts",),
        check=check_one_at_a_time,
        least_seeds=2,
    )
    cells = [_measure(cell, fit_from) for cell in study]
    names, shape = tuple(study.axes), study.shape
    dimensions = {
        name: (
            *names,
            *(("checkpoint",) if name in _CURVES else ()),
            *(("bound",) if name.endswith("_interval") else ()),
        )
        for name in cells[0]
    }
    if len({cell["growth"].size for cell in cells}) > 1:
        raise ParameterError("checkpoints", "numbers that differ", "as many in every cell")
    variables = study.coordinates | {"bound": ENDS}
    for name, dims in dimensions.items():
        values = np.stack([cell[name] for cell in cells])
        variables[name] = (dims, values.reshape(*shape, *values.shape[1:]))
    attributes = study.attributes | {"confidence": CONFIDENCE, "fit_from": float(fit_from)}
    return Record(RELAXATION, variables, attributes)


def _measure(cell, fit_from):
    """Return the values of one cell by their variables."""
    _check(cell, fit_from)
    start, n_seeds = cell.shared_start, cell.n_seeds
    window = cell.log_growth >= np.log(fit_from)
    flow = mean_field(
        start,
        cell.p,
        temperature=cell.temperature,
        fresh_fraction=cell.fresh_fraction,
        log_growth=cell.log_growth,
    )
    flow = np.maximum(flow, 0) / np.maximum(flow, 0).sum(-1, keepdims=True)
    if cell.fresh_fraction == 0 and cell.temperature < 1:
        samples, power = _corner(cell), 1
        predicted = 1 - flow[:, np.argmax(start)]
        noise = np.zeros(cell.log_growth.size)
        exponents, along, flow_along = np.ones(1), samples, predicted
    else:
        limit, power = _interior_limit(cell), 0.5
        _check_deviates(start, limit)
        samples = 2 * _divergence(cell.theta, limit)
        exponents, directions = relaxation_modes(
            limit, temperature=cell.temperature, fresh_fraction=cell.fresh_fraction
        )
        modes = noise_variance(
            exponents, initial_size=cell.initial_size, log_growth=cell.log_growth[:, None]
        )
        predicted = np.sqrt(2 * _divergence(flow, limit) + modes.sum(-1))
        along, flow_along, share = _along_the_start(cell.theta, flow, limit, directions)
        noise = np.sqrt(modes @ share**2 / n_seeds)
    deviations = _means(samples) ** power
    deviation = deviations[0]
    measured = {
        "growth": np.exp(cell.log_growth),
        "observable": np.int8(power == 1),
        "deviation": deviation,
        "deviation_interval": resampled_interval(deviations, n_seeds, confidence=CONFIDENCE),
        "predicted_deviation": predicted,
        "exponent": _exponent(deviation, cell, window),
        "exponent_interval": resampled_interval(
            _exponent(deviations, cell, window), n_seeds, confidence=CONFIDENCE
        ),
        "predicted_exponent": _exponent(predicted, cell, window),
        "relaxation_exponent": exponents[0],
        "limiting_exponent": exponents[0] if power == 1 else observed_exponent(exponents[0]),
    }
    clear = window & (noise <= _LARGEST_NOISE_SHARE * abs(flow_along))
    return measured | _mean_exponent(along, flow_along, clear, cell)


def _check(cell, fit_from):
    temperature, f = cell.temperature, cell.fresh_fraction
    if not 0 < temperature < np.inf or (temperature == 1 and f == 0):
        raise ParameterError(
            "temperature", temperature, "positive, finite, and not 1 without fresh data"
        )
    if np.count_nonzero(cell.log_growth >= np.log(fit_from)) < _FEWEST_CHECKPOINTS:
        raise ParameterError(
            "fit_from",
            fit_from,
            f"a growth of the dataset beyond which {_FEWEST_CHECKPOINTS} checkpoints lie",
        )


def _corner(cell):
    """Return, of a cold cell without fresh data, the mass outside each seed's last leading outcome.

    Its shape is (seed, checkpoint).
    """
    winners = cell.theta[:, -1].argmax(-1)
    outside = np.arange(cell.theta.shape[-1]) != winners[:, None, None]
    others = np.where(outside, cell.theta, 0).sum(-1)
    if not (others > 0).all():
        raise FileFormatError(
            cell.paths[0], "has a seed that is a single outcome; needed: a mass outside it"
        )
    return others


def _interior_limit(cell):
    """Return the limit of every other cell, shape (outcome,)."""
    if cell.fresh_fraction == 0:
        present = cell.shared_start > 0
        return present / present.sum()
    stable = [
        equilibrium.theta
        for equilibrium in equilibria(
            cell.p, temperature=cell.temperature, fresh_fraction=cell.fresh_fraction
        )
        if equilibrium.stable
    ]
    last = cell.theta[:, -1].mean(0)
    return min(stable, key=lambda theta: abs(theta - last).sum())


def _check_deviates(start, limit):
    if np.array_equal(start, limit):
        raise ParameterError("initial", "the limit itself", "a start that deviates from the limit")
    if (start[limit == 0] > 0).any():
        raise ParameterError(
            "initial", "a start on outcomes of no limit", "a start on those of the target"
        )


def _divergence(theta, limit):
    """Return KL(θ‖limit) over the last axis, in nats.

    In x = θ/limit − 1 it is Σ limit·((1 + x)·ln(1 + x) − x), which is exact to small deviations.
    """
    present = limit > 0
    x = (theta[..., present] - limit[present]) / limit[present]
    return (limit[present] * (special.xlog1py(1 + x, x) - x)).sum(-1)


def _along_the_start(theta, flow, limit, directions):
    """Return deviations along that of the start, over its length, and its share in every mode.

    The deviations are of the seeds, shape (seed, checkpoint), and of the flow, (checkpoint,).
    """
    weight = np.where(limit > 0, limit, 1)
    initial = theta[0, 0] - limit
    length = (initial**2 / weight).sum()
    along = ((theta - limit) * initial / weight).sum(-1) / length
    flow_along = ((flow - limit) * initial / weight).sum(-1) / length
    return along, flow_along, directions.T @ (initial / np.sqrt(weight)) / length


def _exponent(deviation, cell, window):
    """Return minus the slope of ln(deviation), along the last axis, against ln ℓ in a window."""
    x = cell.log_growth[window] - cell.log_growth[window].mean()
    return -(np.log(deviation[..., window]) @ x) / (x @ x)


def _mean_exponent(along, flow_along, clear, cell):
    """Return what is measured of the mean deviation, fitted where it is clear of the noise."""
    means = _means(along)
    result = {
        "mean_deviation": means[0],
        "predicted_mean_deviation": flow_along,
        "mean_exponent_flag": np.int8(0),
        "mean_exponent": 0.0,
        "mean_exponent_interval": np.zeros(2),
        "predicted_mean_exponent": 0.0,
    }
    if np.count_nonzero(clear) < _FEWEST_CHECKPOINTS or (means[:, clear] <= 0).any():
        return result
    exponents = _exponent(means, cell, clear)
    return result | {
        "mean_exponent_flag": np.int8(1),
        "mean_exponent": exponents[0],
        "mean_exponent_interval": resampled_interval(exponents, len(along), confidence=CONFIDENCE),
        "predicted_mean_exponent": _exponent(flow_along, cell, clear),
    }


def _means(samples):
    """Return means over the seeds, of all and then of resamples: (1 + resample, checkpoint)."""
    n_seeds = len(samples)
    weights = seed_weights(n_seeds, np.random.default_rng(_SEED))
    return weights @ samples / n_seeds


def summary_rows(record, prefix):
    """Yield the rows of the summary: exponents with their intervals, then those of theory."""
    axes, values = record.variables["exponent"]
    interval = record.values("exponent_interval")
    for index in np.ndindex(values.shape):
        name = row_name(prefix, "exponent", place_of(record, axes, index))
        yield mean_row(record, name, values[index], interval[index])
    yield from rows_of_cells(record, prefix, "limiting_exponent", test="exact")
