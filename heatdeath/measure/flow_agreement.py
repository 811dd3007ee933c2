"""Do simulations of large datasets follow the mean-field flow? Pulls over the cells of a study."""

from math import prod

import numpy as np
from scipy import special

from heatdeath.errors import ParameterError
from heatdeath.files.axes import AXES, AXIS_DIMENSIONS
from heatdeath.files.variables import CELL_AXES, Kind, Record, number
from heatdeath.measure.intervals import normal_deviate
from heatdeath.measure.seeds import StudyCells, check_one_at_a_time
from heatdeath.measure.summary_rows import row_of_joint_test
from heatdeath.theory.flow import mean_field

SHIFT = 0.02
"""Share of its range by which the flow is shifted for the negative control."""

# Below, the seeds differ by the rounding of their models alone.
_LEAST_ERROR = 1e-15

FLOW_AGREEMENT = Kind(
    name="flow_agreement",
    title="Simulated models against the mean-field flow from the same starts to the same size",
    dimensions=dict(AXIS_DIMENSIONS),
    variables=(
        *AXES,
        number(
            "simulated",
            (CELL_AXES,),
            "mean over seeds of the mass, at the horizon, of the target's most probable outcome",
            formula="mean_seeds theta_h, with h = argmax_i p_i",
        ),
        number("flow", (CELL_AXES,), "the same of the flow from every seed's own start"),
        number(
            "standard_error",
            (CELL_AXES,),
            "standard error of the mean difference of simulation and flow",
            formula="standard deviation over seeds of the difference, over sqrt(seeds)",
        ),
        number(
            "pull",
            (CELL_AXES,),
            "difference of simulation and flow over its standard error",
            formula="(simulated - flow) / standard_error",
        ),
        number(
            "z_score",
            (CELL_AXES,),
            "normal deviate with the probability that Student's distribution gives the pull",
            formula="Phi^-1(F_(seeds - 1)(pull))",
        ),
        number(
            "shifted_z_score",
            (CELL_AXES,),
            "the same, with the flow shifted by a share of its range",
        ),
    ),
    attributes={
        "n_seeds": "seeds per cell",
        "chi_square": "sum of the squares of all z scores",
        "degrees_of_freedom": "number of cells",
        "p_value": "probability of a chi_square at least as large if the flow is right",
        "shift": "share of the range of the flow over the cells by which it is shifted",
        "shifted_chi_square": "chi_square with the flow shifted",
        "shifted_p_value": "p_value with the flow shifted, which has to be small",
    },
)


def compare_with_flow(trajectory_paths, *, axes, target_paths, origin=None) -> Record:
    """Compare the models at the horizon with the flow from the same starts to the same size.

    The observable is the mass of the target's most probable outcome. It is linear in θ, so that
    fluctuations alone do not shift its mean, as they shift that of an entropy or of a distance
    near its least value; it has no kink, as the mass of the leading outcome has where the lead
    changes; and it ranges from 1/n, heat death, to 1, collapse. What is left of the difference
    between mean and flow is of the order 1/ℓ₀, against a standard error of the order
    1/√(ℓ₀·seeds): for an initial size of 10⁵ and more nothing of it is seen.
    """
    study = StudyCells(
        trajectory_paths,
        axes,
        target_paths,
        origin=origin,
        recorded=("counts",),
        check=check_one_at_a_time,
    )
    if prod(study.shape) < 2:
        raise ParameterError(
            "axes", dict(axes), "two cells at least: the control shifts by a share of their range"
        )
    compared = [_compare(cell) for cell in study]
    simulated, flow, error = (np.array(column) for column in zip(*compared, strict=True))
    freedom = study.n_seeds - 1
    pull = (simulated - flow) / error
    shifted = (simulated - flow - SHIFT * np.ptp(flow)) / error
    z_score, shifted_z_score = normal_deviate(pull, freedom), normal_deviate(shifted, freedom)
    values = {
        "simulated": simulated,
        "flow": flow,
        "standard_error": error,
        "pull": pull,
        "z_score": z_score,
        "shifted_z_score": shifted_z_score,
    }
    variables = study.coordinates | {
        name: (tuple(study.axes), value.reshape(study.shape)) for name, value in values.items()
    }
    chi_square, shifted_chi_square = (float(z @ z) for z in (z_score, shifted_z_score))
    attributes = study.attributes | {
        "chi_square": chi_square,
        "degrees_of_freedom": z_score.size,
        "p_value": float(special.chdtrc(z_score.size, chi_square)),
        "shift": SHIFT,
        "shifted_chi_square": shifted_chi_square,
        "shifted_p_value": float(special.chdtrc(z_score.size, shifted_chi_square)),
    }
    return Record(FLOW_AGREEMENT, variables, attributes)


def _compare(cell):
    """Return the means over seeds of simulation and flow, and the error of their difference."""
    if cell.n_seeds < 2:
        raise ParameterError("seeds", cell.n_seeds, "at least 2, for a standard error")
    outcome = int(np.argmax(cell.p))
    flow = mean_field(
        cell.theta[:, 0],
        cell.p,
        temperature=cell.temperature,
        fresh_fraction=cell.fresh_fraction,
        log_growth=cell.log_growth[[0, -1]],
    )[-1, :, outcome]
    simulated = cell.theta[:, -1, outcome]
    error = np.std(simulated - flow, ddof=1) / np.sqrt(flow.size)
    if error < _LEAST_ERROR:
        raise ParameterError(
            "temperature",
            cell.temperature,
            "one at which the seeds differ: nothing is left to chance at "
            f"a fresh fraction of {cell.fresh_fraction}",
        )
    return simulated.mean(), flow.mean(), error


def summary_rows(record, prefix):
    """Return the row of the summary: the p-value of all together."""
    return row_of_joint_test(record, prefix)
