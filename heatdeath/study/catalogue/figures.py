"""Entries of the figures."""

from heatdeath.files.axes import PLANE
from heatdeath.study import checks, conditions
from heatdeath.study.catalogue.product import OF_NO_STUDY, Option, Product, Section, Shown
from heatdeath.study.catalogue.requests import file_of, of_figure, with_figure
from heatdeath.study.paths import beside_the_workflow

_PLANE_AND_START = (*PLANE, "initial")
_TEMPERATURE = {"$ref": "#/$defs/temperature"}


def _figure(name, meaning, keys, reads, *, labelled=None, check=None, **entry):
    files = {suffix: f"figures/{name}.{suffix}" for suffix in ("pdf", "png")}
    return Product(
        **{
            "name": f"figure_{name}",
            "home": f"heatdeath.figures.{name}:draw",
            "files": files,
            "reads": reads,
            "wanted": with_figure(name),
            "section": Section(name, meaning, keys, labelled, check),
            "reported": ("png", "Figures"),
            "local": True,
        }
        | entry
    )


def _of_phase_diagram(configuration, study):
    lines = conditions.has_theory_lines(study)
    return {"phase_diagram_path": file_of(configuration, study.name, "phase_diagram")} | (
        {"theory_lines_path": file_of(configuration, study.name, "theory_lines")} if lines else {}
    )


def _choices(configuration, study):
    """Return what the configuration chooses to show of a study, as arguments of the figure."""
    shown = configuration.figures["trajectories"]
    choices = {
        key: [float(value) for value in shown[key]]
        for key in ("temperatures", "fresh_fractions")
        if key in shown
    }
    return choices | {key: shown[key] for key in ["initial"] if key in shown}


def _families(axes, draws, meaning):
    return {"studies": Shown("phase_diagram", axes, draws, meaning, several=(1, 8))}


FIGURES = (
    _figure(
        "trajectories",
        "Observables against outputs sampled, of a study whose data accumulate and whose axes are "
        "among temperature, fresh fraction and start.",
        {
            "study": Shown("phase_diagram", (), _PLANE_AND_START),
            "temperatures": Option(
                {
                    "type": "array",
                    "minItems": 1,
                    "uniqueItems": True,
                    "items": _TEMPERATURE,
                    "description": "The columns; by default one temperature below, one at and one "
                    "above 1.",
                },
                required=False,
            ),
            "fresh_fractions": Option(
                {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 4,
                    "uniqueItems": True,
                    "items": {"$ref": "#/$defs/fresh_fraction"},
                    "description": "The curves, at most four; by default without and with fresh "
                    "data.",
                },
                required=False,
            ),
            "initial": Option(
                {
                    "$ref": "#/$defs/initial",
                    "default": None,
                    "description": "The start; by default the first of the study.",
                },
                required=False,
            ),
        },
        of_figure(
            "trajectories",
            ensemble_path=("study", "ensemble"),
            mean_field_path=("study", "mean_field"),
        ),
        labelled="study",
        check=checks.check_trajectories,
        options=_choices,
    ),
    _figure(
        "phase_diagram",
        "The plane of temperature and fresh fraction, a panel for each start and a figure for each "
        "study.",
        {
            "studies": Shown(
                "phase_diagram",
                PLANE,
                _PLANE_AND_START,
                "Studies whose axes are temperature, fresh fraction and perhaps the start.",
                several=(1, None),
            )
        },
        _of_phase_diagram,
        labelled="studies",
        files={suffix: f"figures/phase_diagram_{{study}}.{suffix}" for suffix in ("pdf", "png")},
        wanted=with_figure("phase_diagram", "studies"),
    ),
    _figure(
        "exactness",
        "The samplers against exact laws, of a study of kind `exactness`.",
        {"study": Shown("exactness", (), ("sampler", *PLANE))},
        of_figure("exactness", exactness_path=("study", "exactness")),
        labelled="study",
    ),
    _figure(
        "regimes",
        "A small plane for each variant, of a study whose axes are variant, temperature and fresh "
        "fraction.",
        {"study": Shown("phase_diagram", ("variant", *PLANE), ("variant", *PLANE))},
        of_figure("regimes", phase_diagram_path=("study", "phase_diagram")),
        labelled="study",
    ),
    _figure(
        "rescue",
        "Branches of equilibria with what either start ends in, and the measured fresh fractions "
        "that prevent and undo collapse.",
        {
            "hysteresis": Shown(
                "phase_diagram",
                _PLANE_AND_START,
                _PLANE_AND_START,
                "Study of kind `phase_diagram` whose axes are temperature, fresh fraction and "
                "start, one start collapsed and temperatures above 0 and finite; its target is a "
                "setting.",
            ),
            "growth": Shown(
                "growth",
                PLANE,
                PLANE,
                "Study of kind `growth` whose axes are temperature and fresh fraction.",
            ),
            "recovery": Shown(
                "recovery",
                PLANE,
                PLANE,
                "Studies of kind `recovery` whose axes are temperature and fresh fraction; their "
                "targets are settings, at most four different ones.",
                several=(1, None),
            ),
        },
        lambda configuration, study: (
            of_figure(
                "rescue",
                hysteresis_path=("hysteresis", "phase_diagram"),
                branches_path=("hysteresis", "branches"),
                growth_path=("growth", "growth"),
                recovery_paths=("recovery", "recovery"),
                thresholds_paths=("recovery", "thresholds"),
            )(configuration, study)
            | {"agreement": file_of(configuration, OF_NO_STUDY, "fraction_agreement")}
        ),
        labelled="hysteresis",
        check=checks.check_rescue,
    ),
    _figure(
        "rates",
        "Times to collapse and exponents of relaxation against the temperature, and simulations "
        "against the mean-field flow.",
        {
            "collapse_time": Shown(
                "collapse_time",
                ("temperature",),
                ("temperature", "target"),
                "Study of kind `collapse_time` whose axes are among temperature and target.",
            ),
            "relaxation": Shown(
                "relaxation",
                ("temperature",),
                ("temperature", "initial_size"),
                "One or two studies of kind `relaxation` whose axes are among temperature and "
                "initial size; the first gives the panel of decays.",
                several=(1, 2),
            ),
            "flow_agreement": Shown(
                "flow_agreement",
                PLANE,
                PLANE,
                "Study of kind `flow_agreement` whose axes are temperature and fresh fraction.",
            ),
        },
        of_figure(
            "rates",
            collapse_time_path=("collapse_time", "collapse_time"),
            relaxation_paths=("relaxation", "relaxation"),
            flow_agreement_path=("flow_agreement", "flow_agreement"),
        ),
        labelled="collapse_time",
    ),
    _figure(
        "sizes",
        "Critical fractions against the number of outcomes, by theory and where they were "
        "measured, and the capture of drawn starts against their size.",
        {
            "families": Option(
                {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 3,
                    "uniqueItems": True,
                    "items": {"$ref": "#/$defs/target_family"},
                    "description": "Targets without their number of outcomes, a panel each; there "
                    "must be one of the least and one of the largest of `n_outcomes`.",
                }
            ),
            "n_outcomes": Option(
                {
                    "type": "array",
                    "minItems": 2,
                    "uniqueItems": True,
                    "items": {"type": "integer", "minimum": 2, "maximum": 1000000},
                    "description": "Numbers of outcomes at which theory is computed.",
                }
            ),
            "temperatures": Option(
                {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 5,
                    "uniqueItems": True,
                    "items": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
                    "description": "The curves; temperatures below 1.",
                }
            ),
            "tolerance": Option(
                {
                    "type": "number",
                    "exclusiveMinimum": 0,
                    "exclusiveMaximum": 1,
                    "description": "Total variation that is to be kept where no fold says what "
                    "prevents collapse.",
                }
            ),
            "growth": Shown(
                "growth",
                PLANE,
                (*PLANE, "target", "initial_size"),
                "Studies of kind `growth`, for measured fractions that prevent collapse.",
                several=(0, None),
                required=False,
            ),
            "recovery": Shown(
                "recovery",
                PLANE,
                (*PLANE, "target", "initial_size"),
                "Studies of kind `recovery`, for measured fractions that undo it.",
                several=(0, None),
                required=False,
            ),
            "capture": Shown(
                "capture",
                ("fresh_fraction", "initial_size"),
                (*PLANE, "target", "initial_size"),
                "Study of kind `capture`, none of whose targets is a file.",
            ),
        },
        lambda configuration, study: (
            {"sizes_path": file_of(configuration, OF_NO_STUDY, "sizes")}
            | of_figure(
                "sizes",
                growth_paths=("growth", "growth"),
                recovery_paths=("recovery", "recovery"),
                capture_path=("capture", "capture"),
            )(configuration, study)
        ),
        labelled="capture",
        check=checks.check_sizes,
    ),
    _figure(
        "architectures",
        "The measured plane of each family of generative models, a column each, from the target "
        "and from collapse.",
        _families(
            PLANE,
            _PLANE_AND_START,
            "Studies of families whose axes are temperature, fresh fraction and perhaps the start: "
            "one of each kind, with a temperature that theory has.",
        ),
        of_figure(
            "architectures",
            phase_diagram_paths=("studies", "phase_diagram"),
            theory_lines_paths=("studies", "theory_lines"),
            gate_paths=("studies", "gate"),
        ),
        labelled="studies",
        check=checks.check_architectures,
    ),
    _figure(
        "collapse_rates",
        "The rate at which each family collapses or spreads at first without fresh data, against "
        "the temperature.",
        _families(
            ("temperature",),
            _PLANE_AND_START,
            "Studies of families over the temperature, with cells without fresh data that start "
            "drawn from the target and two seeds or more; all keep all data or none does.",
        ),
        of_figure(
            "collapse_rates",
            collapse_rate_paths=("studies", "collapse_rate"),
            gate_paths=("studies", "gate"),
        ),
        labelled="studies",
        check=checks.check_collapse_rates,
    ),
    _figure(
        "model_sizes",
        "The least fresh fraction that keeps each family within the tolerance, against the size of "
        "its models.",
        _families(
            (*PLANE, "width"),
            (*_PLANE_AND_START, "width"),
            "Studies of families whose axes are temperature, two fresh fractions or more, width "
            "and perhaps the start: one of each kind; two seeds or more, at most six temperatures.",
        ),
        of_figure(
            "model_sizes",
            least_fresh_fraction_paths=("studies", "least_fresh_fraction"),
            gate_paths=("studies", "gate"),
        ),
        labelled="studies",
        check=checks.check_model_sizes,
    ),
    _figure(
        "cost",
        "Time of a trajectory against its horizon, from recorded timings.",
        {
            "timings": Option(
                {
                    "type": "string",
                    "minLength": 1,
                    "description": "CSV file that `make benchmark` writes, relative to the root of "
                    "the repository.",
                }
            )
        },
        lambda configuration, study: {
            "timings_path": beside_the_workflow(configuration.figures["cost"]["timings"])
        },
        check=checks.check_cost,
    ),
)
