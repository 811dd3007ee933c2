"""The mean-field flow of every cell of a study, beside which its ensemble is drawn."""

import numpy as np

from heatdeath.errors import ParameterError
from heatdeath.files import netcdf
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import CELL_AXES, Kind, Record, integer, variables_of
from heatdeath.measure.phase_diagram import ENSEMBLE
from heatdeath.observables import OBSERVABLES, observe
from heatdeath.sampling_rules import RULE_ARGUMENTS
from heatdeath.starts import initial_counts, parse_start
from heatdeath.target_files import stored_target
from heatdeath.theory.flow import mean_field

# The arguments on which the flow depends, each an axis of the study or the same in all of it.
_ARGUMENTS = ("temperature", "fresh_fraction", "initial", "initial_size")

MEAN_FIELD = Kind(
    name="mean_field",
    title="Mean-field flow of a generative model trained in closed loop",
    dimensions={**AXIS_DIMENSIONS, "checkpoint": "moments at which the model is recorded"},
    variables=(
        *AXES,
        integer("outputs", (CELL_AXES, "checkpoint"), "outputs sampled so far", coordinate=True),
        *variables_of(
            OBSERVABLES, (CELL_AXES, "checkpoint"), before="mean-field flow: ", sources=False
        ),
    ),
    attributes={"n_outcomes": "number of possible outputs, n"},
)


def follow(ensemble, target) -> Record:
    """Follow the mean-field flow of every cell of an ensemble, at the ensemble's checkpoints."""
    ensemble, target = netcdf.opened(ensemble, kind=ENSEMBLE), stored_target(target)
    axes = ensemble.dimensions("entropy")[:-2]
    _check(axes, ensemble.attributes)
    p = target.probabilities
    shape = tuple(len(ensemble.values(name)) for name in axes)
    sizes = np.broadcast_to(ensemble.values("dataset_size"), (*shape, ensemble.sizes["checkpoint"]))
    cells = []
    for index in np.ndindex(shape):
        cell = {name: ensemble.attributes.get(name) for name in _ARGUMENTS} | {
            name: ensemble.values(name)[i] for name, i in zip(axes, index, strict=True)
        }
        thetas = mean_field(
            _start(cell["initial"], target),
            p,
            temperature=float(cell["temperature"]),
            fresh_fraction=float(cell["fresh_fraction"]),
            log_growth=np.log(sizes[index] / sizes[index][0]),
        )
        # An integrator keeps the sum and the sign of θ only to its own accuracy.
        thetas = np.maximum(thetas, 0)
        cells.append(observe(thetas / thetas.sum(-1, keepdims=True), p))
    variables = {name: ((name,), ensemble.values(name)) for name in axes}
    variables["outputs"] = ensemble.variables["outputs"]
    for name in OBSERVABLES:
        values = np.stack([cell[name] for cell in cells])
        variables[name] = ((*axes, "checkpoint"), values.reshape(*shape, -1))
    attributes = {k: v for k, v in ensemble.attributes.items() if k != "n_seeds"}
    attributes |= {f"target_{name}": float(value) for name, value in observe(p, p).items()}
    return Record(MEAN_FIELD, variables, attributes)


def _check(axes, attributes):
    for name in axes:
        if name not in _ARGUMENTS:
            raise ParameterError("axis", name, " or ".join(_ARGUMENTS))
    if attributes["regime"] != "accumulate":
        raise ParameterError("regime", attributes["regime"], "accumulate")
    for name in RULE_ARGUMENTS:
        if name in attributes:
            raise ParameterError(
                name, attributes[name], "none: the flow is that of temperature alone"
            )


def _start(initial, target):
    """Return the model at the start, shape (outcome,): of a drawn start its mean."""
    start = parse_start(str(initial))
    if start.is_random:
        return np.array(target.probabilities)
    counts = initial_counts(start, target)
    return counts / counts.sum()
