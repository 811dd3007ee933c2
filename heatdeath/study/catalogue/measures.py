"""Entries of what is computed of studies: the kinds of study, theory, and families."""

from heatdeath.checks import check_finite_temperature
from heatdeath.errors import ParameterError
from heatdeath.files.axes import PLANE
from heatdeath.observables import RECORDED
from heatdeath.process import DEFAULTS
from heatdeath.study import conditions
from heatdeath.study.catalogue.product import Product
from heatdeath.study.catalogue.requests import (
    explored_with_theory,
    file_of,
    files_of,
    of_its_study,
    options_of_figure,
    options_of_trajectories,
    studies_that,
    trajectories_of,
    with_figure,
)
from heatdeath.study.kinds import StudyKind

_SCAN = {"temperature": 1, "fresh_fraction": 1}
_SCANNED = (*PLANE, "initial_size", "target")
_ONE_AT_A_TIME = {"regime": "accumulate", "batch_size": 1}
_SHARED = ("proportional", "uniform", "collapsed", "file")


# Kinds of study: what each makes of its trajectories.


def _check_cold(temperature):
    if not check_finite_temperature(temperature) < 1:
        raise ParameterError("temperature", temperature, "a number between 0 and 1")


def _kind_of_study(name, function, further=(), files=None, cost=None, **limits):
    return Product(
        name=name,
        home=f"heatdeath.measure.{name}:{function}",
        files=files or {"made": f"{{study}}/{name}.nc"},
        reads=trajectories_of,
        wanted=studies_that(lambda study: study.kind == name),
        options=options_of_trajectories(*further),
        study_kind=StudyKind(**limits),
        **({} if cost is None else {"cost": cost}),
    )


def _cost_of_phase_diagram(configuration, study):
    checkpoints = study.settings.get("checkpoints", DEFAULTS["checkpoints"])
    n_checkpoints = checkpoints if isinstance(checkpoints, int) else len(checkpoints)
    # An ensemble holds five quantiles of everything that is recorded of a model.
    return {"n_numbers": len(study.cells) * n_checkpoints * 5 * len(RECORDED)}


KINDS_OF_STUDY = (
    _kind_of_study(
        "phase_diagram",
        "phase_diagram_files",
        further=("tolerance",),
        files={
            "ensemble": "{study}/ensemble.nc",
            "phase_diagram": "{study}/phase_diagram.nc",
            "table": "{study}/phase_diagram.csv",
        },
        cost=_cost_of_phase_diagram,
        families=True,
    ),
    _kind_of_study(
        "exactness",
        "compare_with_exact_law",
        allows_axes=("sampler", *PLANE),
        settings={"regime": "accumulate", "record": "distribution"},
        rules=False,
        starts=_SHARED,
        least_outcomes=2,
        most_outcomes=2,
        reason="for an exact law",
    ),
    _kind_of_study(
        "growth",
        "measure_prevention",
        needs_axes=_SCAN,
        allows_axes=_SCANNED,
        least_seeds=2,
        settings={**_ONE_AT_A_TIME, "record": "distribution"},
        rules=False,
        check_temperature=check_finite_temperature,
        starts=("target",),
        least_outcomes=2,
        uniform_targets=True,
        reason="for a growth exponent",
    ),
    _kind_of_study(
        "recovery",
        "measure_recovery",
        needs_axes=_SCAN,
        allows_axes=_SCANNED,
        least_seeds=2,
        settings=_ONE_AT_A_TIME,
        rules=False,
        check_temperature=check_finite_temperature,
        starts=("collapsed",),
        least_outcomes=2,
        reason="for a passage from collapse",
    ),
    _kind_of_study(
        "tolerance_scan",
        "measure_tolerance",
        further=("tolerance",),
        needs_axes=_SCAN,
        allows_axes=_SCANNED,
        least_seeds=2,
        settings=_ONE_AT_A_TIME,
        rules=False,
        check_temperature=check_finite_temperature,
        starts=("target", "proportional"),
        least_outcomes=2,
        reason="for a tolerance fraction",
    ),
    _kind_of_study(
        "relaxation",
        "measure_relaxation",
        needs_axes={"temperature": 1},
        allows_axes=_SCANNED,
        least_seeds=2,
        settings={**_ONE_AT_A_TIME, "record": "distribution"},
        rules=False,
        check_temperature=check_finite_temperature,
        needs_fresh_data_at=(1.0,),
        starts=_SHARED,
        needs_motion=True,
        least_outcomes=2,
        reason="for a relaxation exponent",
    ),
    _kind_of_study(
        "collapse_time",
        "measure_collapse_time",
        needs_axes={"temperature": 1},
        allows_axes=("temperature", "initial_size", "target"),
        settings={**_ONE_AT_A_TIME, "fresh_fraction": 0, "record": "distribution"},
        rules=False,
        check_temperature=_check_cold,
        least_outcomes=2,
        reason="for a time to collapse",
    ),
    _kind_of_study(
        "flow_agreement",
        "compare_with_flow",
        needs_axes=_SCAN,
        allows_axes=(*PLANE, "initial_size"),
        least_cells=2,
        least_seeds=2,
        settings={**_ONE_AT_A_TIME, "record": "distribution"},
        rules=False,
        needs_fresh_data_at=(0.0,),
        least_outcomes=2,
        reason="for chance around the flow, and a range of it",
    ),
    _kind_of_study(
        "capture",
        "measure_capture",
        needs_axes={"fresh_fraction": 2, "initial_size": 1},
        allows_axes=_SCANNED,
        settings=_ONE_AT_A_TIME,
        rules=False,
        check_temperature=check_finite_temperature,
        starts=("target",),
        least_outcomes=2,
        reason="for a probability of capture",
    ),
)


# Theory beside studies, and what is made of studies of families.


def _made_of_a_study(name, function, **entry):
    return Product(
        name=name,
        home=f"heatdeath.measure.{name}:{function}",
        files={"made": f"{{study}}/{name}.nc"},
        **entry,
    )


def _judged(configuration, study):
    """Return what a family is judged on: as many data as its loops start with."""
    return {
        "family": study.family,
        "source": study.settings["target"],
        "size": int(study.settings["initial_size"]),
        "widths": conditions.widths_to_judge(study),
        "root_seed": configuration.root_seed,
    }


def _homes_of_judgement(configuration, study):
    from heatdeath.models.lookup import home_of_family, home_of_gate, home_of_source

    source = study.settings["target"]
    return (home_of_family(study.family), home_of_source(source), home_of_gate(source))


OF_STUDIES = (
    _made_of_a_study(
        "theory_lines",
        "theory_lines",
        reads=of_its_study(target="target"),
        wanted=studies_that(conditions.has_theory_lines),
        options=lambda configuration, study: conditions.theory_arguments(study),
        cost=lambda configuration, study: {"size": len(study.axes["temperature"])},
    ),
    Product(
        name="gate",
        home="heatdeath.models.gates:record_gates",
        files={"made": "{study}/gate.nc"},
        wanted=studies_that(lambda study: study.family is not None),
        options=_judged,
        homes=_homes_of_judgement,
    ),
    _made_of_a_study(
        "collapse_rate",
        "measure_collapse_rate",
        reads=trajectories_of,
        wanted=studies_that(conditions.has_collapse_rate),
        options=options_of_trajectories(),
    ),
    _made_of_a_study(
        "least_fresh_fraction",
        "measure_least_fresh_fraction",
        reads=trajectories_of,
        wanted=studies_that(conditions.has_least_fresh_fraction),
        options=options_of_trajectories("tolerance", "theory_at"),
    ),
    _made_of_a_study(
        "urn_agreement",
        "compare_with_the_urn",
        reads=of_its_study(diagram="phase_diagram", target="target"),
        wanted=studies_that(conditions.has_urn_agreement),
        options=lambda configuration, study: {"theory_at": conditions.theory_at(study)},
    ),
    _made_of_a_study(
        "mean_field",
        "follow",
        reads=of_its_study(ensemble="ensemble", target="target"),
        wanted=with_figure("trajectories", "study"),
    ),
    _made_of_a_study(
        "branches",
        "follow_branches",
        reads=of_its_study(diagram="phase_diagram", target="target"),
        wanted=with_figure("rescue", "hysteresis"),
    ),
    _made_of_a_study(
        "thresholds",
        "thresholds",
        reads=of_its_study(target="target"),
        wanted=with_figure("rescue", "recovery"),
    ),
    Product(
        name="fraction_agreement",
        home="heatdeath.measure.fraction_agreement:compare_fractions",
        files={"made": "fraction_agreement.nc"},
        reads=lambda configuration, study: {
            "growth_paths": [
                file_of(configuration, configuration.figures["rescue"]["growth"], "growth")
            ],
            "recovery_paths": files_of(
                configuration, configuration.figures["rescue"]["recovery"], "recovery"
            ),
        },
        wanted=with_figure("rescue"),
    ),
    Product(
        name="sizes",
        home="heatdeath.measure.sizes:sizes",
        files={"made": "sizes.nc"},
        wanted=with_figure("sizes"),
        options=options_of_figure("sizes", ("families", "n_outcomes", "temperatures", "tolerance")),
    ),
    _made_of_a_study(
        "equilibria",
        "find_equilibria",
        reads=of_its_study(target="target"),
        wanted=explored_with_theory,
        options=lambda configuration, study: conditions.equilibria_arguments(study),
        cost=lambda configuration, study: {
            "size": len(study.axes["temperature"]) * len(study.axes["fresh_fraction"])
        },
    ),
)
