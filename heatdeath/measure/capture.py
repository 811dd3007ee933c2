"""How often starts that are drawn from the target are captured by a locked-in equilibrium."""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import BOUND, CELL_AXES, Kind, Record, flag, number
from heatdeath.measure.intervals import ENDS, wilson
from heatdeath.measure.seeds import StudyCells, check_one_at_a_time
from heatdeath.measure.summary_rows import rows_of_cells, rows_of_shares
from heatdeath.measure.theory_lines import CRITICAL_KINDS, critical_kind
from heatdeath.starts import parse_start
from heatdeath.theory.critical import critical_fractions
from heatdeath.theory.equilibria import equilibria
from heatdeath.theory.frozen_noise import capture_probability, half_capture_fraction

CONFIDENCE = 0.95
"""Coverage of the intervals."""
_PREDICTED_SIZES = 61
# Curves that are fitted to captured shares: places of the half point, and widths of the fall. A
# fall within a hundredth of a step is a jump, and one over three times the range no fall at all.
_POSITIONS, _WIDTHS = 801, 48
_STEEPEST, _FLATTEST = 0.01, 3.0

_INTERVAL = (CELL_AXES, "bound")

CAPTURE = Kind(
    name="capture",
    title="Capture of drawn starts between the critical fresh fractions",
    dimensions={
        **AXIS_DIMENSIONS,
        "bound": "ends of a confidence interval",
        "predicted_size": "sizes of the start, finer than those of the study",
    },
    variables=(
        *AXES,
        BOUND,
        number(
            "predicted_size",
            ("predicted_size",),
            "size of the start for which capture is predicted",
            coordinate=True,
        ),
        number(
            "captured_share",
            (CELL_AXES,),
            "share of the seeds whose top outcome is, at the horizon, beyond the saddle "
            "that theory gives its locked-in branch; 1 where theory has no saddle below "
            "a stable equilibrium, 0 where it has no stable equilibrium",
            formula="mean_seeds [theta_h(K) > theta_h of the saddle], h = argmax theta(K)",
        ),
        number("captured_interval", _INTERVAL, "Wilson interval of the captured share"),
        number(
            "arrived_share",
            (CELL_AXES,),
            "share of the seeds whose top outcome is, at the horizon, nearer to the "
            "locked-in equilibrium than to the saddle",
        ),
        number("arrived_interval", _INTERVAL, "Wilson interval of the arrived share"),
        flag(
            "prediction_flag",
            (CELL_AXES,),
            "whether theory predicts the capture: it does for uniform targets with a fold",
            meanings=("not_predicted", "predicted"),
        ),
        number(
            "predicted_share",
            (CELL_AXES, "predicted_size"),
            "share of the starts that noise carries beyond the saddle, to leading order "
            "in 1 / l_0; 0 where it is not predicted",
            formula="1 - Phi((theta_h of the saddle - 1/n) / sigma)^n, sigma^2 = 2 (1 - 1/n) / "
            "(n l_0)",
        ),
        number(
            "predicted_half_fraction",
            (CELL_AXES, "predicted_size"),
            "fresh fraction at which the predicted share is one half; 0 where it is not predicted",
        ),
        flag(
            "half_flag",
            (CELL_AXES,),
            "whether the fresh fractions of the study hold the interval of the one of half capture",
            meanings=("not_bracketed", "bracketed"),
        ),
        number(
            "half_fraction",
            (CELL_AXES,),
            "fresh fraction at which half of the starts are captured, by maximum "
            "likelihood; the nearest end of the study's range where that does not hold it",
            formula="captured share = 1 / (1 + exp((f - half_fraction) / width))",
        ),
        number(
            "half_fraction_interval",
            _INTERVAL,
            "profile-likelihood interval of the fresh fraction of half capture, cut at "
            "the ends of the study's range",
        ),
        critical_kind((CELL_AXES,), source=", by theory"),
        number(
            "prevent",
            (CELL_AXES,),
            "fresh fraction below which the faithful branch is gone, by theory; 0 without a fold",
        ),
        number(
            "recover",
            (CELL_AXES,),
            "fresh fraction above which no locked-in branch is left, by theory",
        ),
    ),
    attributes={"n_seeds": "seeds per cell", "confidence": "coverage of the intervals"},
)


def measure_capture(trajectory_paths, *, axes, target_paths, origin=None) -> Record:
    """Measure how often a start that is drawn from the target is captured.

    A trajectory counts as captured when its top outcome h holds more, at the horizon, than in the
    saddle of the branch that is locked in to h: from there the mean-field flow leads to the
    locked-in equilibrium. It has arrived when θ_h is past the middle between the two. Where the
    branch of h has no stable equilibrium (f above its f_recover, or an outcome that lock-in and
    the faithful branch share), none is captured. Where it has one but no saddle with h alone on
    the high root (f below f_prevent, or a faithful branch that has another outcome there), all
    are whose top outcome is h.
    """
    for name in ("fresh_fraction", "initial_size"):
        if name not in axes:
            raise ParameterError("axes", sorted(axes), f"axes with {name}")
    if len(axes["fresh_fraction"]) < 2:
        raise ParameterError("fresh_fraction", axes["fresh_fraction"], "two values at least")
    cells = StudyCells(
        trajectory_paths,
        axes,
        target_paths,
        origin=origin,
        recorded=("top_outcome", "top1_mass"),
        check=check_one_at_a_time,
    )
    names = tuple(axes)
    shares = {name: np.empty(cells.shape, np.int64) for name in ("captured", "arrived")}
    families, separations = {}, {}
    for cell in cells:
        _check_start(cell)
        tops, masses = (cell.values(name)[:, -1] for name in ("top_outcome", "top1_mass"))
        target, index = cell.target, cell.index
        place = _place_of(cell.place, "initial_size", "fresh_fraction")
        families[place] = target, cell.temperature
        limits = np.empty((tops.size, 2))
        for outcome in np.unique(tops).tolist():
            # Outcomes of one probability have one separation.
            key = target.name, cell.temperature, cell.fresh_fraction, cell.p[outcome]
            if key not in separations:
                separations[key] = _separation(
                    target, cell.temperature, cell.fresh_fraction, outcome
                )
            limits[tops == outcome] = separations[key]
        shares["captured"][index] = np.count_nonzero(masses > limits[:, 0])
        shares["arrived"][index] = np.count_nonzero(masses > limits[:, 1])
    n_seeds = cells.n_seeds
    variables = cells.coordinates
    variables["bound"] = ENDS
    for name, counts in shares.items():
        interval = np.stack(wilson(counts, n_seeds, confidence=CONFIDENCE), axis=-1)
        variables[f"{name}_share"] = names, counts / n_seeds
        variables[f"{name}_interval"] = (*names, "bound"), interval
    variables |= _half_points(axes, shares["captured"], n_seeds)
    variables |= _theory(axes, families)
    return Record(CAPTURE, variables, cells.attributes | {"confidence": CONFIDENCE})


def _check_start(cell):
    start = cell.attributes["initial"]
    if not parse_start(start).is_random:
        raise FileFormatError(
            cell.paths[0], f"has the start {start!r}; needed: one drawn from the target"
        )


def _separation(target, temperature, fresh_fraction, outcome):
    """Return the masses above which a top outcome counts as captured, and as arrived."""
    branch = [
        (float(each.theta[outcome]), each.stable)
        for each in equilibria(
            target,
            temperature=temperature,
            fresh_fraction=fresh_fraction,
            branches=[outcome],
        )
        if each.branch == "locked_in" and each.outcome == outcome
    ]
    locked_in = max((mass for mass, stable in branch if stable), default=None)
    if locked_in is None:
        return math.inf, math.inf
    saddle = max((mass for mass, stable in branch if not stable and mass < locked_in), default=0.0)
    return saddle, (saddle + locked_in) / 2


def _is_predicted(target, temperature):
    p = target.probabilities
    return p.size > 2 and temperature < 1 and bool(np.all(p == p[0]))


def _without(axes, *names):
    kept = tuple(name for name in axes if name not in names)
    return kept, tuple(len(axes[name]) for name in kept)


def _half_points(axes, captured, n_seeds):
    """Return the variables that say where half is captured, for every initial size."""
    names = tuple(axes)
    per_size, size_shape = _without(axes, "fresh_fraction")
    order = np.argsort(axes["fresh_fraction"])
    fractions = np.asarray(axes["fresh_fraction"], float)[order]
    counts = np.moveaxis(captured, names.index("fresh_fraction"), -1)[..., order]
    points = [
        half_point(fractions, counts[index], n_seeds, confidence=CONFIDENCE)
        for index in np.ndindex(size_shape)
    ]
    flags, estimates, lower, upper = (
        np.reshape(column, size_shape) for column in zip(*points, strict=True)
    )
    return {
        "half_flag": (per_size, flags.astype(np.int8)),
        "half_fraction": (per_size, estimates),
        "half_fraction_interval": ((*per_size, "bound"), np.stack([lower, upper], axis=-1)),
    }


class HalfPoint(NamedTuple):
    """Where the share crosses one half."""

    bracketed: bool  # whether the whole interval lies inside the range of the places
    estimate: float  # the middle of the most likely places
    lower: float  # the ends of the interval, cut at those of the range
    upper: float


def half_point(places, successes, trials, *, confidence=0.95) -> HalfPoint:
    """Find where a share that falls along increasing places, shape (place,), crosses one half.

    A logistic curve 1/(1 + exp((x − h)/w)) is fitted to binomial counts by maximum likelihood; the
    interval of h holds all values whose likelihood, at their best w, is not below the largest one
    by more than Wilks's limit. Where the share jumps between two places, every h between them is as
    likely, and the interval holds all of them.
    """
    places = np.asarray(places, float)
    successes = np.asarray(successes, float)
    first, last = places[0], places[-1]
    centres = np.linspace(first, last, _POSITIONS)
    steep = _STEEPEST * np.diff(places).min()
    widths = np.geomspace(steep, _FLATTEST * (last - first), _WIDTHS)
    likelihood = np.full(_POSITIONS, -np.inf)
    for width in widths:
        slope = (places - centres[:, None]) / width
        # ln(1/(1 + e^x)) without overflow.
        success, failure = -np.logaddexp(0, slope), -np.logaddexp(0, -slope)
        value = success @ successes + failure @ (trials - successes)
        np.maximum(likelihood, value, out=likelihood)
    best = likelihood.max()
    likeliest = centres[likelihood >= best - 1e-3]
    drop = NormalDist().inv_cdf(0.5 + confidence / 2) ** 2 / 2
    inside = centres[likelihood >= best - drop]
    bracketed = bool(inside[0] > first and inside[-1] < last)
    return HalfPoint(
        bracketed,
        float(likeliest[[0, -1]].mean()),
        float(inside[0]),
        float(inside[-1]),
    )


def _place_of(place, *left_out):
    return tuple(str(value) for name, value in place.items() if name not in left_out)


def _theory(axes, families):
    """Return the variables of theory: critical fractions, and captures that are predicted.

    `families` holds target and temperature by their place on the other axes.
    """
    per_family, shape = _without(axes, "fresh_fraction", "initial_size")
    per_fraction, fraction_shape = _without(axes, "initial_size")
    sizes = np.asarray(axes["initial_size"], float)
    fine = np.geomspace(sizes.min(), sizes.max(), _PREDICTED_SIZES)
    kinds, flags = np.empty(shape, np.int8), np.empty(shape, np.int8)
    prevent, recover = np.empty(shape), np.empty(shape)
    halves = np.zeros((*shape, fine.size))
    shares = np.zeros((*fraction_shape, fine.size))
    for index in np.ndindex(shape):
        values = {name: axes[name][i] for name, i in zip(per_family, index, strict=True)}
        target, temperature = families[_place_of(values)]
        critical = critical_fractions(target, temperature=temperature)
        kinds[index] = CRITICAL_KINDS.index(critical.kind)
        prevent[index] = np.nan_to_num(critical.prevent)
        recover[index] = np.nan_to_num(critical.recover)
        flags[index] = _is_predicted(target, temperature)
        if not flags[index]:
            continue
        n = target.n_outcomes
        halves[index] = [
            half_capture_fraction(n_outcomes=n, temperature=temperature, initial_size=size)
            for size in fine
        ]
        for k, fresh in enumerate(axes["fresh_fraction"]):
            saddle, _ = _separation(target, temperature, float(fresh), 0)
            place = list(index)
            place.insert(per_fraction.index("fresh_fraction"), k)
            shares[tuple(place)] = _predicted_shares(saddle, n, fine)
    return {
        "predicted_size": (("predicted_size",), fine),
        "prediction_flag": (per_family, flags),
        "predicted_share": ((*per_fraction, "predicted_size"), shares),
        "predicted_half_fraction": ((*per_family, "predicted_size"), halves),
        "critical_kind": (per_family, kinds),
        "prevent": (per_family, prevent),
        "recover": (per_family, recover),
    }


def _predicted_shares(saddle, n, sizes):
    """Return the shares that noise carries beyond the saddle: all without one, none at infinity."""
    if math.isinf(saddle):
        return np.zeros(sizes.size)
    if saddle <= 1 / n:
        return np.ones(sizes.size)
    return np.array(
        [float(capture_probability(saddle, n_outcomes=n, initial_size=size)) for size in sizes]
    )


def summary_rows(record, prefix):
    """Yield the rows of the summary: captured shares, then the critical fractions of theory."""
    yield from rows_of_shares(record, prefix, "captured_share")
    yield from rows_of_cells(record, prefix, "prevent", test="exact")
    yield from rows_of_cells(record, prefix, "recover", test="exact")
