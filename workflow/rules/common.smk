"""Functions that the rules share: what a study consists of, and which code a rule runs."""

import atexit
import gc
import os
import re
import tempfile
import time
from functools import cache
from inspect import signature

import heatdeath
from heatdeath.errors import HeatdeathError
from heatdeath.models.lookup import (
    check_packages,
    home_of_family,
    home_of_gate,
    home_of_source,
)
from heatdeath.study.code_digest import code_digest
from heatdeath.study.config import load
from heatdeath.study.damage import damaged_files, date, dated_ahead, not_made_again, set_aside
from heatdeath.study.folders import check_writable
from heatdeath.study.family_requests import (
    has_collapse_rate,
    has_least_fresh_fraction,
    has_urn_agreement,
    widths_to_judge,
)
from heatdeath.study.kinds import KINDS
from heatdeath.study.outputs import (
    SUMMARISED_KINDS,
    claims,
    figures,
    final_files,
    intermediate_files,
    manifest,
    published,
    read_for_claims,
    summarised_files,
)
from heatdeath.study.paper_requests import numbers_inputs
from heatdeath.study.paths import axis_part, seeds_part
from heatdeath.study.roles import SEEDS_OF
from heatdeath.study.theory_requests import (
    equilibria_arguments,
    has_theory_lines,
    theory_arguments,
    theory_at,
)
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

# A graph of thousands of jobs is made of objects that live to the end: looking for garbage among
# them so often would take an eighth of the time of a dry run.
gc.set_threshold(200_000, 50, 50)

if Path(heatdeath.__file__).resolve().parent != ROOT / "heatdeath":
    raise WorkflowError(
        f"heatdeath was imported from {heatdeath.__file__}, but the workflow runs the package "
        f"in {ROOT}. Start it in a fresh process, or remove the other copy from the path."
    )

# Scripts run in processes of their own, which take the path from the environment.
os.environ.update(
    PYTHONPATH=os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
)

try:
    CONFIGURATION = load(config)
    for study in CONFIGURATION.studies.values():
        if study.family is not None:
            check_packages(study.family, study.settings["target"])
    check_writable(CONFIGURATION.results)
except HeatdeathError as error:
    raise WorkflowError(str(error)) from None

RESULTS = CONFIGURATION.results
LOGS = f"{RESULTS}/logs"
BENCHMARKS = f"{RESULTS}/benchmarks"
SCRIPTS = ROOT / "workflow" / "scripts"
# As Snakemake sets it, but looked up once and not for every job that is planned.
TEMPORARY = tempfile.gettempdir()
STUDIES = CONFIGURATION.studies
FIGURES = CONFIGURATION.figures
EXPLORED = CONFIGURATION.explorer.get("studies", [])
SIZES = f"{RESULTS}/sizes.nc"


def prepare_results():
    """Rename damaged results, and date those from the future anew, before Snakemake looks.

    Returns
    -------
    list of str
        The files that are to be made again: Snakemake would not miss a file that was used already.
    """
    missing = []
    for study in STUDIES.values():
        folder = f"{RESULTS}/{study.name}"
        paths = [*study.target_paths(), *study.trajectory_paths()]
        sources = [f"{folder}/{path}" for path in paths]
        aggregates = [f"{folder}/{name}" for name in KINDS[study.kind].aggregates]
        report_damage(damaged_files(sources, aggregates=aggregates))
        bring_back_to_the_present([*sources, *aggregates])
        missing += not_made_again(sources)
    others = intermediate_files(CONFIGURATION) + published(CONFIGURATION)
    others.append(manifest(CONFIGURATION))
    report_damage(damaged_files(others))
    bring_back_to_the_present(others)
    return missing


def report_damage(problems):
    """Rename damaged files and say so; in a dry run only say so."""
    for path, problem in problems.items():
        if workflow.output_settings.dryrun:
            logger.warning(f"{path}: {problem}. A run will set it aside and make it again.")
        else:
            logger.warning(f"{path}: {problem}. It is now {set_aside(path)}; made again.")


def bring_back_to_the_present(paths):
    """Date files from the future as of now, so that what is made of them can be newer."""
    now = time.time_ns()
    for path in dated_ahead(paths, now=now):
        if workflow.output_settings.dryrun:
            logger.warning(f"{path}: is dated in the future. A run will date it as of now.")
        else:
            date(path, now=now)
            logger.warning(f"{path}: was dated in the future. It is now dated as of now.")


# Jobs read this file too, and find others at work.
try:
    MADE_AGAIN = prepare_results() if workflow.is_main_process else []
except HeatdeathError as error:
    raise WorkflowError(str(error)) from None


def any_of(texts):
    """Return a pattern that matches each of the texts, and nothing if there is none."""
    return "|".join(re.escape(text) for text in dict.fromkeys(texts)) or r"(?!)"


def studies_of_kind(kind):
    return any_of(name for name, study in STUDIES.items() if study.kind == kind)


def studies_of_the_urn():
    return any_of(name for name, study in STUDIES.items() if study.family is None)


def studies_of_families():
    return any_of(name for name, study in STUDIES.items() if study.family is not None)


def any_cell():
    """Return a pattern for the cells: for each study, a value of each axis."""
    patterns = {
        "/".join(
            f"(?:{any_of(axis_part(axis, value) for value in values)})"
            for axis, values in study.axes.items()
        )
        for study in STUDIES.values()
    }
    return "|".join(sorted(patterns))


def any_seeds():
    return any_of(seeds_part(block) for study in STUDIES.values() for block in study.seed_blocks)


def any_target_file():
    return any_of(
        study.target_path(target).removesuffix(".nc")
        for study in STUDIES.values()
        for target in study.targets
    )


def digest(script, kinds=(), functions=()):
    """Return the digest of a script, with the kinds of file that its code finds by name."""
    return code_digest(SCRIPTS / script, functions=functions)


def files_named_by(text):
    """Return the file that a target or a start is read from, if there is one."""
    return [text.removeprefix("file:")] if text.startswith("file:") else []


def cell_of(wildcards):
    return STUDIES[wildcards.study].cells[wildcards.cell]


def target_of_file(wildcards):
    study = STUDIES[wildcards.study]
    by_path = {study.target_path(target): target for target in study.targets}
    return by_path[f"{wildcards.target}.nc"]


def source_of_target(wildcards):
    return files_named_by(target_of_file(wildcards))


def planned_often(function):
    """Let a function tell its arguments at once: Snakemake asks thirteen times for every job."""
    function.__signature__ = signature(function)
    return function


@planned_often
def inputs_of_cell(wildcards):
    """Return the file of the target and, if there is one, that of the start."""
    study = STUDIES[wildcards.study]
    cell = study.cells[wildcards.cell]
    target = f"{RESULTS}/{study.name}/{study.target_path(cell.target)}"
    return [target, *files_named_by(cell.arguments.get("initial", ""))]


@cache
def code_of_simulation(functions):
    try:
        return digest("simulate.py", ["target", "trajectories"], functions)
    except (LookupError, SyntaxError, ImportError) as error:
        if not functions:
            raise
        wrong = heatdeath.ParameterError(
            "rule", functions[0], f"a function whose code can be followed ({error})"
        )
        raise WorkflowError(str(wrong)) from None


@planned_often
def simulation_of_cell(wildcards):
    """Return what determines the numbers of a cell; one parameter is planned faster than three."""
    arguments = cell_of(wildcards).arguments
    return {
        "arguments": arguments,
        "root_seed": CONFIGURATION.root_seed,
        "code": code_of_simulation((arguments["rule"],) if "rule" in arguments else ()),
    }


@cache
def code_of_training(family, source):
    """Return the digest of the closed loop, with the code of a family and a source."""
    homes = [home_of_family(family), home_of_source(source)]
    try:
        return digest("train.py", ["target", "model_trajectories"], homes)
    except (LookupError, SyntaxError, ImportError) as error:
        wrong = heatdeath.ParameterError(
            "family", family, f"a class whose code can be followed ({error})"
        )
        raise WorkflowError(str(wrong)) from None


@planned_often
def training_of_cell(wildcards):
    """Return what determines the numbers of a cell of a family."""
    cell = cell_of(wildcards)
    return {
        "arguments": cell.arguments,
        "source": cell.target,
        "root_seed": CONFIGURATION.root_seed,
        "code": code_of_training(cell.arguments["family"], cell.target),
    }


@cache
def code_of_source(source):
    return digest("source.py", ["target"], [home_of_source(source)])


def source_of_study(wildcards):
    source = target_of_file(wildcards)
    return {"name": source, "code": code_of_source(source)}


def gate_of_study(wildcards):
    """Return what a family is judged on: as many data as its loops start with."""
    study = STUDIES[wildcards.study]
    settings = study.settings
    return {
        "family": study.family,
        "source": settings["target"],
        "size": int(settings["initial_size"]),
        "widths": widths_to_judge(study),
        "root_seed": CONFIGURATION.root_seed,
    }


def code_of_gate(wildcards):
    study = STUDIES[wildcards.study]
    source = study.settings["target"]
    homes = [home_of_family(study.family), home_of_source(source), home_of_gate(source)]
    return digest("gate.py", ["gate"], homes)


def targets_of_study(wildcards):
    study = STUDIES[wildcards.study]
    return [f"{RESULTS}/{study.name}/{path}" for path in study.target_paths()]


def trajectories_of_study(wildcards):
    study = STUDIES[wildcards.study]
    return [f"{RESULTS}/{study.name}/{path}" for path in study.trajectory_paths()]


def axes_of_study(wildcards):
    return STUDIES[wildcards.study].labelled_axes


def origin_of_study(wildcards):
    return origin(STUDIES[wildcards.study])


def origin(study):
    """Return what all trajectories of a study must have been made from."""
    return {
        "root_seed": CONFIGURATION.root_seed,
        "seeds": study.seeds,
        "settings": study.labelled_settings,
        "variants": study.variants,
    }


def tolerance_of_study(wildcards):
    return STUDIES[wildcards.study].tolerance


def studies_with_theory_lines():
    return any_of(name for name, study in STUDIES.items() if has_theory_lines(study))


def theory_arguments_of_study(wildcards):
    return theory_arguments(STUDIES[wildcards.study])


def equilibria_arguments_of_study(wildcards):
    return equilibria_arguments(STUDIES[wildcards.study])


def studies_with_collapse_rate():
    return any_of(name for name, study in STUDIES.items() if has_collapse_rate(study))


def studies_with_least_fresh_fraction():
    return any_of(name for name, study in STUDIES.items() if has_least_fresh_fraction(study))


def studies_with_urn_agreement():
    return any_of(name for name, study in STUDIES.items() if has_urn_agreement(study))


def theory_at_of_study(wildcards):
    return theory_at(STUDIES[wildcards.study])


def files_of_shown(figure, name):
    """Return a file of each study that a figure shows, in their order."""
    return [f"{RESULTS}/{study}/{name}" for study in FIGURES[figure]["studies"]]


def explored_with_theory():
    return [name for name in EXPLORED if has_theory_lines(STUDIES[name])]


def inputs_of_phase_diagram(wildcards):
    folder = f"{RESULTS}/{wildcards.study}"
    lines = has_theory_lines(STUDIES[wildcards.study])
    return {"diagram": f"{folder}/phase_diagram.nc"} | (
        {"lines": f"{folder}/theory_lines.nc"} if lines else {}
    )


def choices_of_trajectories():
    """Return what the configuration chooses to show of a study, as arguments of the figure."""
    shown = FIGURES["trajectories"]
    choices = {
        key: [float(value) for value in shown[key]]
        for key in ("temperatures", "fresh_fractions")
        if key in shown
    }
    return choices | {key: shown[key] for key in ["initial"] if key in shown}


def studies_of_claims():
    """Return for each role of the claims its studies, with what tells their files apart."""
    return {
        role: [
            {"name": name} | (layout_of_study(STUDIES[name]) if role in SEEDS_OF else {})
            for name in names
        ]
        for role, names in CONFIGURATION.claims.items()
    }


def layout_of_study(study):
    return {
        "axes": study.labelled_axes,
        "tolerance": study.tolerance,
        "origin": origin(study),
        "trajectories": len(study.cells) * len(study.seed_blocks),
        "targets": len(study.targets),
    } | ({} if study.family is None else {"family": study.family})


def inputs_of_numbers(wildcards):
    """Return what the paper quotes, the timings from the root of the repository."""
    files = numbers_inputs(CONFIGURATION)
    return files | ({"cost": beside_the_workflow(files["cost"])} if "cost" in files else {})


def verdicts():
    """Return the file of the verdicts by its name in the paper; nothing where there is none."""
    files = claims(CONFIGURATION)
    return {"claims": files["json"]} if files else {}


def inputs_of_paper(wildcards):
    """Return what the paper is compiled of: numbers, figures, verdicts, texts and references."""
    folder = ROOT / "workflow" / "paper"
    sources = [path for suffix in ("typ", "bib") for path in folder.rglob(f"*.{suffix}")]
    return verdicts() | {
        "numbers": f"{RESULTS}/numbers.json",
        "figures": [pdf for pdf, _ in figures(CONFIGURATION).values()],
        "sources": sorted(map(beside_the_workflow, sources)),
    }


def inputs_of_summary(wildcards):
    verdict_files = list(verdicts().values())
    return {"aggregates": summarised_files(CONFIGURATION)} | (
        {"claims": verdict_files} if verdict_files else {}
    )


def beside_the_workflow(path):
    """Return a path from the root of the repository as one from here.

    It stands in the report, which is to be the same wherever the clone stands.
    """
    return os.path.relpath(ROOT / path)


def announce_results():
    """Say where the results are once Snakemake has said everything else."""
    atexit.register(print, f"The results are in {os.path.abspath(RESULTS)}", file=sys.stderr)
