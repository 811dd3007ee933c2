"""From the trajectories of a study to its ensemble and its phase diagram."""

import json
from dataclasses import dataclass
from functools import partial
from math import prod

import numpy as np

from heatdeath import phases
from heatdeath.errors import FileFormatError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import (
    BOUND,
    CELL_AXES,
    Kind,
    Record,
    flag,
    integer,
    number,
    text,
    variables_of,
)
from heatdeath.measure.cells import (
    OF_ONE_FILE,
    common_attributes,
    coordinate,
    read_cell,
    read_targets,
    split_into_cells,
)
from heatdeath.measure.intervals import quantiles, wilson
from heatdeath.measure.progress import reported
from heatdeath.measure.summary_rows import place_of, row_name, share_row
from heatdeath.measure.table import table_text
from heatdeath.models.measures import MEASURES, MODEL_TRAJECTORIES
from heatdeath.observables import RECORDED, observe
from heatdeath.phases import CELL_PHASES, JOINT_PHASES

_QUANTILES = (CELL_AXES, "checkpoint", "quantile")

ENSEMBLE = Kind(
    name="ensemble",
    title="Quantiles over seeds of trajectories in closed loop",
    dimensions={
        **AXIS_DIMENSIONS,
        "checkpoint": "moments at which the model is recorded",
        "quantile": "quantiles over seeds",
    },
    variables=(
        *AXES,
        number("quantile", ("quantile",), "share of the seeds that lie below", coordinate=True),
        integer("outputs", (CELL_AXES, "checkpoint"), "outputs sampled so far", coordinate=True),
        number(
            "dataset_size",
            (CELL_AXES, "checkpoint"),
            "size of the data that the model is fitted to",
            coordinate=True,
        ),
        *variables_of(RECORDED, _QUANTILES, before="quantiles over seeds: "),
        *variables_of(MEASURES, _QUANTILES, before="quantiles over seeds: ", required=False),
    ),
    attributes={"n_seeds": "seeds per cell"},
)

_QUANTILES = (CELL_AXES, "quantile")

PHASE_DIAGRAM = Kind(
    name="phase_diagram",
    title="Phase diagram of a generative model trained in closed loop",
    dimensions={
        **AXIS_DIMENSIONS,
        "quantile": "quantiles over seeds",
        "trajectory_phase": "phases that a single trajectory can have",
        "bound": "ends of a confidence interval",
    },
    variables=(
        *AXES,
        number("quantile", ("quantile",), "share of the seeds that lie below", coordinate=True),
        text(
            "trajectory_phase",
            ("trajectory_phase",),
            "phase of a single trajectory",
            coordinate=True,
        ),
        BOUND,
        flag("phase", (CELL_AXES,), "phase of more than half of the seeds", meanings=CELL_PHASES),
        flag(
            "joint_phase",
            (CELL_AXES,),
            "phase of all starts together",
            required=False,
            meanings=JOINT_PHASES,
        ),
        number("phase_share", (CELL_AXES, "trajectory_phase"), "share of the seeds in each phase"),
        number(
            "phase_share_interval",
            (CELL_AXES, "trajectory_phase", "bound"),
            "Wilson confidence interval of the share of the seeds in each phase",
        ),
        number(
            "order_parameter",
            (CELL_AXES, "quantile"),
            "quantiles over seeds: logarithm of effective outcomes relative to the target",
            formula="H(theta) - H(p)",
        ),
        *variables_of(RECORDED, _QUANTILES, before="quantiles over seeds: "),
        *variables_of(MEASURES, _QUANTILES, before="quantiles over seeds: ", required=False),
    ),
    attributes={
        "n_seeds": "seeds per cell",
        "tolerance": "largest total variation distance from the target that counts as faithful",
        "confidence": "coverage of the intervals",
    },
)

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
CONFIDENCE = 0.95
_PLANE = ("temperature", "fresh_fraction")


def phase_diagram_files(
    trajectory_paths, *, axes, target_paths, tolerance, origin=None
) -> tuple[Record, Record, str]:
    """Return the ensemble of a study, its phase diagram, and this as comma-separated values."""
    ensemble, diagram = aggregate(
        trajectory_paths, axes=axes, target_paths=target_paths, tolerance=tolerance, origin=origin
    )
    return ensemble, diagram, table_text(diagram)


def aggregate(
    trajectory_paths, *, axes, target_paths, tolerance, origin=None
) -> tuple[Record, Record]:
    """Reduce the trajectories of a study to quantiles, phases and intervals over the seeds.

    Files are read one cell at a time, and cells are placed by their position in the list; what a
    file says about itself is compared with the place that it was given.
    """
    shape = tuple(len(values) for values in axes.values())
    cells = split_into_cells(trajectory_paths, prod(shape))
    target_entropy = _target_entropy(target_paths, axes, shape, origin)
    of_family = origin is not None and "family" in origin["settings"]
    read = partial(read_cell, kind=MODEL_TRAJECTORIES) if of_family else read_cell
    summaries, shared, variants, n_seeds = [], None, {}, None
    for index, paths in reported(zip(np.ndindex(shape), cells, strict=True), total=len(cells)):
        place = {name: values[i] for (name, values), i in zip(axes.items(), index, strict=True)}
        records = read(paths, place, origin=origin)
        for record in records:
            shared = common_attributes(shared, record.attributes)
            if "variant" in place:
                name = place["variant"]
                variants[name] = common_attributes(variants.get(name), record.attributes)
        n_seeds = _checked_number_of_seeds(n_seeds, paths, records)
        # What is kept of a cell does not depend on how many seeds it has: a study may hold more
        # trajectories than memory.
        summaries.append(_summary(paths, records, target_entropy[index], tolerance))
    attributes = {name: shared[name] for name in sorted(shared) if name not in OF_ONE_FILE}
    attributes["n_seeds"] = n_seeds
    if variants:
        attributes["variants"] = _variants_text(variants, shared)
    if np.ptp(target_entropy) == 0:
        attributes["target_entropy"] = float(target_entropy.flat[0])
    coordinates = {name: coordinate(name, values) for name, values in axes.items()}
    coordinates["quantile"] = (("quantile",), np.array(QUANTILES))
    diagram = Record(
        PHASE_DIAGRAM,
        coordinates | _phase_diagram(tuple(axes), shape, summaries),
        attributes | {"tolerance": float(tolerance), "confidence": CONFIDENCE},
    )
    # Last, since it takes the quantiles out of the summaries.
    ensemble = Record(
        ENSEMBLE, coordinates | _ensemble(tuple(axes), shape, summaries), dict(attributes)
    )
    return ensemble, diagram


def _target_entropy(paths, axes, shape, origin):
    """Return the entropy of the target of every cell, in nats."""
    entropies = []
    for record in read_targets(paths, axes=axes, origin=origin):
        p = record.values("probability")
        entropies.append(observe(p, p)["entropy"])
    along = [n if name == "target" else 1 for name, n in zip(axes, shape, strict=True)]
    return np.broadcast_to(np.reshape(entropies, along), shape)


def _variants_text(variants, shared):
    """Say as JSON what each variant sets that the study does not share."""
    own = {
        name: {
            key: value
            for key, value in sorted(common.items())
            if key not in shared and key not in OF_ONE_FILE
        }
        for name, common in variants.items()
    }
    return json.dumps(own)


@dataclass(slots=True)
class _Summary:
    """What is kept of a cell: quantiles over its seeds, and what its seeds were at the horizon."""

    outputs: np.ndarray  # (checkpoint,)
    dataset_size: np.ndarray  # (checkpoint,)
    quantiles: dict[str, np.ndarray]  # each (checkpoint, quantile)
    order_parameter: np.ndarray  # (quantile,)
    phases: np.ndarray  # (seed,)
    top_outcome: np.ndarray  # (seed,)


def _summary(paths, records, target_entropy, tolerance):
    """Reduce the blocks of seeds of a cell, put together in the order of the seeds."""
    seeds = np.concatenate([record.values("seed") for record in records])
    order = np.argsort(seeds)
    if len(np.unique(seeds)) != len(seeds):
        raise FileFormatError(paths[-1], "repeats seeds of another file of its cell")
    outputs = records[0].values("outputs")
    for path, record in zip(paths, records, strict=True):
        if not np.array_equal(record.values("outputs"), outputs):
            raise FileFormatError(path, "has other checkpoints than another file of its cell")

    def merged(name):
        return np.concatenate([record.values(name) for record in records])[order]

    order_parameter = merged("entropy")[:, -1] - target_entropy
    return _Summary(
        outputs=outputs,
        dataset_size=records[0].values("dataset_size"),
        quantiles={name: quantiles(merged(name), QUANTILES) for name in _observed(records[0])},
        order_parameter=quantiles(order_parameter, QUANTILES),
        phases=phases.classify(
            merged("total_variation")[:, -1], order_parameter, tolerance=tolerance
        ),
        # A copy, since a view would keep all checkpoints in memory.
        top_outcome=merged("top_outcome")[:, -1].copy(),
    )


def _observed(record):
    """Return what is measured of every model, with what the field of a family reports."""
    return [*RECORDED, *(name for name in MEASURES if name in record.variables)]


def _checked_number_of_seeds(of_first_cell, paths, records):
    number = sum(record.values("seed").size for record in records)
    if of_first_cell not in (None, number):
        raise FileFormatError(
            paths[0], f"its cell has {number} seeds; the first cell has {of_first_cell}"
        )
    return number


def _ensemble(axes, shape, summaries):
    kept = _shared_checkpoints([summary.outputs for summary in summaries])
    variables = {}
    for name in ("outputs", "dataset_size"):
        rows = np.stack(
            [getattr(summary, name)[keep] for summary, keep in zip(summaries, kept, strict=True)]
        )
        if (rows == rows[0]).all():
            variables[name] = (("checkpoint",), rows[0])
        else:
            variables[name] = ((*axes, "checkpoint"), rows.reshape(*shape, -1))
    for name in list(summaries[0].quantiles):
        # Taken out, so that never more than one of them is held twice.
        cells = [
            summary.quantiles.pop(name)[keep] for summary, keep in zip(summaries, kept, strict=True)
        ]
        values = np.stack(cells).reshape(*shape, *cells[0].shape)
        variables[name] = ((*axes, "checkpoint", "quantile"), values)
    return variables


def _shared_checkpoints(outputs):
    """Return for each cell which checkpoints to keep, so that all keep equally many.

    Cells with as many checkpoints each keep all of them, even where they differ (cells of other
    horizons); otherwise only those that all cells share are comparable, and each keeps its last.
    """
    if len({len(each) for each in outputs}) == 1:
        return [slice(None)] * len(outputs)
    shared = set(outputs[0].tolist()).intersection(*(each.tolist() for each in outputs[1:]))
    # The horizon of one cell may be on the way of another, which then would keep one more.
    shared -= {int(each[-1]) for each in outputs}
    return [np.isin(each, [*sorted(shared), each[-1]]) for each in outputs]


def _phase_diagram(axes, shape, summaries):
    variables = {
        "trajectory_phase": (("trajectory_phase",), np.array(phases.TRAJECTORY_PHASES)),
        "bound": (("bound",), np.array(("lower", "upper"))),
    }
    trajectory_phases = np.stack([summary.phases for summary in summaries])
    counts = phases.count(trajectory_phases).reshape(*shape, -1)
    n_seeds = counts.sum(-1, keepdims=True)
    lower, upper = wilson(counts, n_seeds, confidence=CONFIDENCE)
    variables["phase"] = (axes, phases.majority(counts))
    variables["phase_share"] = ((*axes, "trajectory_phase"), counts / n_seeds)
    variables["phase_share_interval"] = (
        (*axes, "trajectory_phase", "bound"),
        np.stack([lower, upper], axis=-1),
    )
    final = {"order_parameter": [summary.order_parameter for summary in summaries]}
    final |= {
        name: [summary.quantiles[name][-1] for summary in summaries]
        for name in summaries[0].quantiles
    }
    for name, values in final.items():
        variables[name] = ((*axes, "quantile"), np.stack(values).reshape(*shape, -1))
    if "initial" in axes:
        top_outcomes = np.stack([summary.top_outcome for summary in summaries])
        others = tuple(name for name in axes if name != "initial")
        joint = _join(trajectory_phases, top_outcomes, shape, axes.index("initial"))
        variables["joint_phase"] = (others, joint)
    return variables


def _join(trajectory_phases, top_outcomes, shape, start_axis):
    """Return the phase of all starts together, for arrays of shape (cell, seed)."""
    starts_last = [
        np.moveaxis(each.reshape(*shape, -1), start_axis, -2)
        for each in (trajectory_phases, top_outcomes)
    ]
    places = starts_last[0].shape[:-2]
    counts = np.stack(
        [
            phases.count_outcomes(*(each[index] for each in starts_last))
            for index in np.ndindex(places)
        ]
    )
    lower, upper = wilson(counts, counts.sum(-1, keepdims=True), confidence=CONFIDENCE)
    return phases.join(counts, lower, upper).reshape(places)


def summary_rows(record, prefix):
    """Yield the rows of the summary: the share of all trajectories in each phase, start by start.

    Cells have shares of their own, so that the pooled count varies less than a binomial one.
    """
    dims, shares = record.variables["phase_share"]
    axes = dims[:-1]
    n_seeds = int(record.attributes["n_seeds"])
    plane = tuple(i for i, axis in enumerate(axes) if axis in _PLANE)
    others = [axis for axis in axes if axis not in _PLANE]
    trials = n_seeds * prod(shares.shape[i] for i in plane)
    counts = np.rint(shares * n_seeds).sum(axis=plane)
    level = float(record.attributes["confidence"])
    for index in np.ndindex(counts.shape[:-1]):
        place = place_of(record, others, index)
        for phase, count in zip(record.values("trajectory_phase"), counts[index], strict=True):
            name = row_name(prefix, "phase_share", {**place, "phase": str(phase)})
            yield share_row(name, float(count), trials, level)
