"""From the trajectories of a study to its ensemble and its phase diagram."""

import csv
import io
import json
from dataclasses import dataclass
from math import prod

import numpy as np

from heatdeath import phases
from heatdeath.canonical import decimal_text
from heatdeath.errors import FileFormatError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS, PLANE
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
from heatdeath.measure.intervals import ENDS, quantiles, wilson
from heatdeath.measure.seeds import StudyCells
from heatdeath.measure.summary_rows import place_of, row_name, share_row
from heatdeath.models.measures import MEASURES, MODEL_TRAJECTORIES
from heatdeath.observables import RECORDED, observe
from heatdeath.phases import CELL_PHASES, JOINT_PHASES
from heatdeath.trajectories import TRAJECTORIES

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
CONFIDENCE = 0.95
"""Coverage of the intervals."""

_CURVES = (CELL_AXES, "checkpoint", "quantile")
_QUANTILES = (CELL_AXES, "quantile")
_QUANTILE = number("quantile", ("quantile",), "share of the seeds that lie below", coordinate=True)

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
        _QUANTILE,
        integer("outputs", (CELL_AXES, "checkpoint"), "outputs sampled so far", coordinate=True),
        number(
            "dataset_size",
            (CELL_AXES, "checkpoint"),
            "size of the data that the model is fitted to",
            coordinate=True,
        ),
        *variables_of(RECORDED, _CURVES, before="quantiles over seeds: "),
        *variables_of(MEASURES, _CURVES, before="quantiles over seeds: ", required=False),
    ),
    attributes={"n_seeds": "seeds per cell"},
)

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
        _QUANTILE,
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
    of_family = origin is not None and "family" in origin["settings"]
    study = StudyCells(
        trajectory_paths,
        axes,
        target_paths,
        origin=origin,
        kind=MODEL_TRAJECTORIES if of_family else TRAJECTORIES,
        unequal=_unequal_cell,
    )
    target_entropy = {
        target.name: observe(target.probabilities, target.probabilities)["entropy"]
        for target in study.targets
    }
    # What is kept of a cell does not depend on how many seeds it has: a study may hold more
    # trajectories than memory.
    summaries = [_summary(cell, target_entropy[cell.target.name], tolerance) for cell in study]
    attributes = study.attributes
    if study.variants:
        attributes["variants"] = json.dumps(study.variants)
    if len(set(map(float, target_entropy.values()))) == 1:
        attributes["target_entropy"] = float(next(iter(target_entropy.values())))
    coordinates = study.coordinates | {"quantile": (("quantile",), np.array(QUANTILES))}
    diagram = Record(
        PHASE_DIAGRAM,
        coordinates | _phase_diagram(tuple(axes), study.shape, summaries),
        attributes | {"tolerance": float(tolerance), "confidence": CONFIDENCE},
    )
    # Last, since it takes the quantiles out of the summaries.
    ensemble = Record(
        ENSEMBLE, coordinates | _ensemble(tuple(axes), study.shape, summaries), dict(attributes)
    )
    return ensemble, diagram


def _unequal_cell(paths, n_seeds, n_before):
    return FileFormatError(paths[0], f"its cell has {n_seeds} seeds; the first cell has {n_before}")


@dataclass(slots=True)
class _Summary:
    """What is kept of a cell: quantiles over its seeds, and what its seeds were at the horizon."""

    outputs: np.ndarray  # (checkpoint,)
    dataset_size: np.ndarray  # (checkpoint,)
    quantiles: dict[str, np.ndarray]  # each (checkpoint, quantile)
    order_parameter: np.ndarray  # (quantile,)
    phases: np.ndarray  # (seed,)
    top_outcome: np.ndarray  # (seed,)


def _summary(cell, target_entropy, tolerance):
    order_parameter = cell.values("entropy")[:, -1] - target_entropy
    measured = [*RECORDED, *(name for name in MEASURES if cell.has(name))]
    return _Summary(
        outputs=cell.outputs,
        dataset_size=cell.dataset_size,
        quantiles={name: quantiles(cell.values(name), QUANTILES) for name in measured},
        order_parameter=quantiles(order_parameter, QUANTILES),
        phases=phases.classify(
            cell.values("total_variation")[:, -1], order_parameter, tolerance=tolerance
        ),
        # A copy, since a view would keep all checkpoints in memory.
        top_outcome=cell.values("top_outcome")[:, -1].copy(),
    )


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
        "bound": ENDS,
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


def table_text(record) -> str:
    """Return the variables of a record that belong to cells as CSV.

    The first columns are the axes. A variable with a further dimension has one column for each
    of its coordinates, ``entropy[0.5]``; flags are written as their meanings. Numbers are the
    shortest decimals that read back as the same doubles.
    """
    axes = record.dimensions("phase")
    columns = [(name, values) for name, values in zip(axes, _grid(record, axes), strict=True)]
    for name, (dims, values) in record.variables.items():
        if dims[: len(axes)] == axes and name not in axes:
            columns.extend(_columns(record, name, values, dims[len(axes) :]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([name for name, _ in columns])
    writer.writerows(zip(*(_texts(values) for _, values in columns), strict=True))
    return text.getvalue()


def _grid(record, axes):
    coordinates = [record.values(name) for name in axes]
    return [grid.ravel() for grid in np.meshgrid(*coordinates, indexing="ij")] if axes else []


def _columns(record, name, values, further):
    flags = dict(record.declaration.variable(name).flags)
    if flags:
        values = np.vectorize(flags.get, otypes=[object])(values)
    labels = [[_text(label) for label in record.values(dim)] for dim in further]
    cells = values.reshape(-1, *(len(label) for label in labels))
    for index in np.ndindex(cells.shape[1:]):
        place = ",".join(label[i] for label, i in zip(labels, index, strict=True))
        yield f"{name}[{place}]" if place else name, cells[(slice(None), *index)]


def _texts(values):
    return [_text(value) for value in values.tolist()]


def _text(value):
    return str(value) if isinstance(value, str) else decimal_text(value)


def summary_rows(record, prefix):
    """Yield the rows of the summary: the share of all trajectories in each phase, start by start.

    Cells have shares of their own, so that the pooled count varies less than a binomial one.
    """
    dims, shares = record.variables["phase_share"]
    axes = dims[:-1]
    n_seeds = int(record.attributes["n_seeds"])
    plane = tuple(i for i, axis in enumerate(axes) if axis in PLANE)
    others = [axis for axis in axes if axis not in PLANE]
    trials = n_seeds * prod(shares.shape[i] for i in plane)
    counts = np.rint(shares * n_seeds).sum(axis=plane)
    level = float(record.attributes["confidence"])
    for index in np.ndindex(counts.shape[:-1]):
        place = place_of(record, others, index)
        for phase, count in zip(record.values("trajectory_phase"), counts[index], strict=True):
            name = row_name(prefix, "phase_share", {**place, "phase": str(phase)})
            yield share_row(name, float(count), trials, level)
