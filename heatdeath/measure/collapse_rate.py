"""How fast the models of a family collapse or spread at first, without fresh data."""

import numpy as np

from heatdeath.choices import GROWING_REGIMES
from heatdeath.errors import FileFormatError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import BOUND, CELL_AXES, Kind, Record, number
from heatdeath.measure.intervals import ENDS, resampled_interval, seed_weights
from heatdeath.measure.seeds import StudyCells, coordinate
from heatdeath.models.measures import MODEL_TRAJECTORIES
from heatdeath.observables import observe
from heatdeath.theory.generations import mean_generations

CONFIDENCE = 0.95
"""Coverage of the intervals."""
MOVED = 1.0
"""Nats of the order parameter after which a rate is no longer one of the beginning."""

_SEED = 20240405  # of the bootstrap
_NO_FRESH_DATA = {"fresh_fraction": 0, "initial": "target"}

_BY_THE_URN = "of the urn of the same distribution, whose model is its data, without chance"

COLLAPSE_RATE = Kind(
    name="collapse_rate",
    title="Rate of collapse of a family of generative models without fresh data",
    dimensions={**AXIS_DIMENSIONS, "bound": "ends of a confidence interval"},
    variables=(
        *AXES,
        BOUND,
        number(
            "rate",
            (CELL_AXES,),
            "mean over seeds of the first slope of the order parameter, in nats per unit "
            "of the clock: negative where outcomes are lost, positive where the model "
            "spreads",
            formula="sum_k (t_k - t_0)(x_k - x_0) / sum_k (t_k - t_0)^2, x = H(theta) - H(p)",
        ),
        number(
            "rate_interval", (CELL_AXES, "bound"), "bootstrap confidence interval of the mean rate"
        ),
        number("span", (CELL_AXES,), "mean over seeds of the time over which the slope is fitted"),
        number("urn_rate", (CELL_AXES,), f"first slope of the order parameter {_BY_THE_URN}"),
        number("urn_span", (CELL_AXES,), f"time over which the slope is fitted {_BY_THE_URN}"),
    ),
    attributes={
        "target": "name of the source of fresh data",
        "n_outcomes": "number of possible outputs, n",
        "family": "family of generative models, by name or dotted path",
        "regime": "data regime",
        "n_seeds": "seeds per cell",
        "confidence": "coverage of the intervals",
        "clock": "unit of time: generation, or e_fold of the data where all are kept",
        "moved": "change of the order parameter at which the fit of a slope ends, in nats",
    },
)


def measure_collapse_rate(trajectory_paths, *, axes, target_paths, origin=None) -> Record:
    """Measure how fast a family loses or gains effective outcomes without fresh data.

    The rate of a seed is the slope of its order parameter from the first model on, as
    `early_rate` fits it: negative where outcomes are lost, positive where the model spreads.
    Time is counted in generations; where all data are kept, in the logarithm of their number, in
    which a model then moves.
    """
    study = StudyCells(
        trajectory_paths,
        axes,
        target_paths,
        origin=origin,
        kind=MODEL_TRAJECTORIES,
        check=_check_no_fresh_data,
        least_seeds=2,
        only={name: value for name, value in _NO_FRESH_DATA.items() if name in axes},
    )
    kept = {name: values for name, values in axes.items() if name not in _NO_FRESH_DATA}
    shape = tuple(len(values) for values in kept.values())
    rate, span, urn_rate, urn_span = (np.zeros(shape) for _ in range(4))
    interval = np.zeros((*shape, 2))
    rng = np.random.default_rng(_SEED)
    for cell in study:
        place = tuple(kept[name].index(cell.place[name]) for name in kept)
        time = _clock(cell)
        slopes, spans = early_rate(time, cell.values("entropy"))
        means = seed_weights(cell.n_seeds, rng) @ slopes / cell.n_seeds
        rate[place], span[place] = means[0], spans.mean()
        interval[place] = resampled_interval(means, cell.n_seeds, confidence=CONFIDENCE)
        slope, length = early_rate(time, _entropy_of_the_urn(cell)[None])
        urn_rate[place], urn_span[place] = slope[0], length[0]
    over = tuple(kept)
    variables = {name: coordinate(name, values) for name, values in kept.items()} | {
        "bound": ENDS,
        "rate": (over, rate),
        "rate_interval": ((*over, "bound"), interval),
        "span": (over, span),
        "urn_rate": (over, urn_rate),
        "urn_span": (over, urn_span),
    }
    attributes = study.attributes
    attributes |= {
        "confidence": CONFIDENCE,
        "clock": "e_fold" if attributes["regime"] in GROWING_REGIMES else "generation",
        "moved": MOVED,
    }
    return Record(COLLAPSE_RATE, variables, attributes)


def early_rate(time, order) -> tuple[np.ndarray, np.ndarray]:
    """Return slope and length of the beginning of curves, shape (curve, moment): (curve,) each.

    Least squares of a line through the first point, over the points up to and including the first
    at which the curve has moved by `MOVED`, or all where none has:
    Σ (t − t₀)(x − x₀) / Σ (t − t₀)².
    """
    t = np.asarray(time, float) - time[0]
    moved = np.asarray(order, float) - np.asarray(order, float)[:, :1]
    far = abs(moved) >= MOVED
    last = np.where(far.any(axis=1), far.argmax(axis=1), t.size - 1)
    used = np.arange(t.size) <= last[:, None]
    slopes = (used * t * moved).sum(axis=1) / (used * t**2).sum(axis=1)
    return slopes, t[last]


def _check_no_fresh_data(path, attributes):
    found = {name: attributes[name] for name in _NO_FRESH_DATA}
    if float(found["fresh_fraction"]) != 0 or found["initial"] != "target":
        raise FileFormatError(
            path,
            f"has a fresh fraction of {found['fresh_fraction']} and starts {found['initial']!r}; "
            "needed: no fresh data, and a start drawn from the target",
        )


def _clock(cell):
    """Return the time at every checkpoint, in generations or e-folds, shape (checkpoint,)."""
    if cell.attributes["regime"] in GROWING_REGIMES:
        return np.log1p(cell.outputs / float(cell.attributes["initial_size"]))
    return cell.outputs / int(cell.attributes["batch_size"])


def _entropy_of_the_urn(cell):
    """Return the entropy of the urn without chance at a cell's checkpoints, shape (checkpoint,)."""
    attributes = cell.attributes
    batch_size = int(attributes["batch_size"])
    generations = cell.outputs // batch_size
    window = attributes.get("window")
    models = mean_generations(
        cell.p,
        cell.p,
        temperature=float(attributes["temperature"]),
        fresh_fraction=0.0,
        regime=attributes["regime"],
        batch_size=batch_size,
        initial_size=float(attributes["initial_size"]),
        n_generations=int(generations[-1]),
        window=None if window is None else int(window),
    )
    return observe(models[generations], cell.p)["entropy"]
