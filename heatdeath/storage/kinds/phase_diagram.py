"""Phase diagram: what became of every cell of a study at the horizon."""

from heatdeath.models.measures import MEASURES
from heatdeath.observables import OBSERVABLES
from heatdeath.phases import CELL_PHASES, JOINT_PHASES
from heatdeath.storage.axes import AXES, AXIS_DIMENSIONS
from heatdeath.storage.shared_variables import BOUND
from heatdeath.storage.variables import CELL_AXES, Kind, Variable

_QUANTILES = (CELL_AXES, "quantile")

KIND = Kind(
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
        Variable(
            "quantile",
            ("quantile",),
            ("float64",),
            "1",
            "share of the seeds that lie below",
            coordinate=True,
        ),
        Variable(
            "trajectory_phase",
            ("trajectory_phase",),
            ("string",),
            None,
            "phase of a single trajectory",
            coordinate=True,
        ),
        BOUND,
        Variable(
            "phase",
            (CELL_AXES,),
            ("int8",),
            None,
            "phase of more than half of the seeds",
            flags=tuple(enumerate(CELL_PHASES)),
        ),
        Variable(
            "joint_phase",
            (CELL_AXES,),
            ("int8",),
            None,
            "phase of all starts together",
            required=False,
            flags=tuple(enumerate(JOINT_PHASES)),
        ),
        Variable(
            "phase_share",
            (CELL_AXES, "trajectory_phase"),
            ("float64",),
            "1",
            "share of the seeds in each phase",
        ),
        Variable(
            "phase_share_interval",
            (CELL_AXES, "trajectory_phase", "bound"),
            ("float64",),
            "1",
            "Wilson confidence interval of the share of the seeds in each phase",
        ),
        Variable(
            "order_parameter",
            (CELL_AXES, "quantile"),
            ("float64",),
            "1",
            "quantiles over seeds: logarithm of effective outcomes relative to the target",
            formula="H(theta) - H(p)",
        ),
        *(
            Variable(
                observable.name,
                _QUANTILES,
                ("float64",),
                observable.units,
                f"quantiles over seeds: {observable.long_name}",
                formula=observable.formula,
                references=observable.source,
                may_be_infinite=observable.may_be_infinite,
            )
            for observable in OBSERVABLES.values()
        ),
        Variable(
            "total_variation_from_start",
            _QUANTILES,
            ("float64",),
            "1",
            "quantiles over seeds: total variation distance between the model and the one at the "
            "start",
            formula="sum_i |theta_i - theta_i(0)| / 2",
        ),
        *(
            Variable(
                name,
                _QUANTILES,
                ("float64",),
                measure.units,
                f"quantiles over seeds: {measure.long_name}",
                formula=measure.formula,
                required=False,
                may_be_infinite=measure.may_be_infinite,
            )
            for name, measure in MEASURES.items()
        ),
    ),
    attributes={
        "n_seeds": "seeds per cell",
        "tolerance": "largest total variation distance from the target that counts as faithful",
        "confidence": "coverage of the intervals",
    },
)
