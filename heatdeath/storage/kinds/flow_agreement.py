"""Flow agreement: simulated models against the mean-field flow from the same starts."""

from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.variables import CELL_AXES, Kind, Variable


def _number(name, long_name, *, formula=""):
    return Variable(name, (CELL_AXES,), ("float64",), "1", long_name, formula=formula)


KIND = Kind(
    name="flow_agreement",
    title="Simulated models against the mean-field flow from the same starts to the same size",
    dimensions=dict(AXIS_DIMENSIONS),
    variables=(
        *AXES,
        _number(
            "simulated",
            "mean over seeds of the mass, at the horizon, of the target's most probable outcome",
            formula="mean_seeds theta_h, with h = argmax_i p_i",
        ),
        _number("flow", "the same of the flow from every seed's own start"),
        _number(
            "standard_error",
            "standard error of the mean difference of simulation and flow",
            formula="standard deviation over seeds of the difference, over sqrt(seeds)",
        ),
        _number(
            "pull",
            "difference of simulation and flow over its standard error",
            formula="(simulated - flow) / standard_error",
        ),
        _number(
            "z_score",
            "normal deviate with the probability that Student's distribution gives the pull",
            formula="Phi^-1(F_(seeds - 1)(pull))",
        ),
        _number("shifted_z_score", "the same, with the flow shifted by a share of its range"),
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
