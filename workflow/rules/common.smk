"""Functions that the rules share: what a study consists of, and which code a rule runs."""

import atexit
import gc
import os
import re
import tempfile
import time
from functools import cache, partial
from inspect import signature

import heatdeath
from heatdeath.errors import HeatdeathError
from heatdeath.models.lookup import (
    check_packages,
    home_of_family,
    home_of_source,
    needed_packages,
)
from heatdeath.study.captions import caption_of
from heatdeath.study.catalogue import BY_NAME, files_made, made
from heatdeath.study.code_digest import code_digest
from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.damage import (
    check_writable,
    damaged_files,
    date,
    dated_ahead,
    not_made_again,
    set_aside,
)
from heatdeath.study.paths import axis_part, seeds_part
from heatdeath.study.plan import manifest_path, source_files
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
    # Snakemake's own reader keeps the last of two keys of one name, and says nothing.
    for path in workflow.configfiles if workflow.is_main_process else ():
        read_configuration(path)
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
# Products in the order of the catalogue, each with the studies that want it.
MADE = {}
for product, study in made(CONFIGURATION):
    MADE.setdefault(product.name, []).append(study)
# The template of captions finds them here: Snakemake takes a caption from a file alone.
config["captions"] = {
    name: caption_of(BY_NAME[name].home) for name in MADE if BY_NAME[name].reported
}


def prepare_results():
    """Rename damaged results, and date those from the future anew, before Snakemake looks.

    Return the files that are to be made again: Snakemake would not miss a file that was used
    already.
    """
    missing = []
    for study in STUDIES.values():
        folder = f"{RESULTS}/{study.name}"
        paths = [*study.target_paths(), *study.trajectory_paths()]
        sources = [f"{folder}/{path}" for path in paths]
        aggregates = list(BY_NAME[study.kind].paths(CONFIGURATION, study.name).values())
        report_damage(damaged_files(sources, aggregates=aggregates))
        bring_back_to_the_present([*sources, *aggregates])
        missing += not_made_again(sources)
    others = files_made(CONFIGURATION, wanted=lambda product: product.study_kind is None)
    others.append(manifest_path(CONFIGURATION))
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
        return code_digest(SCRIPTS / "simulate.py", functions=functions)
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
        return code_digest(SCRIPTS / "train.py", functions=homes)
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
        "packages": needed_packages(cell.arguments["family"], cell.target),  # named in the file
        "root_seed": CONFIGURATION.root_seed,
        "code": code_of_training(cell.arguments["family"], cell.target),
    }


@cache
def code_of_source(source):
    return code_digest(SCRIPTS / "source.py", functions=[home_of_source(source)])


def source_of_study(wildcards):
    source = target_of_file(wildcards)
    return {"name": source, "code": code_of_source(source)}


def inputs_of(product, wildcards):
    """Return what a product reads, by name."""
    return product.reads(CONFIGURATION, study_of(wildcards))


def options_of(product, wildcards):
    return product.options(CONFIGURATION, study_of(wildcards))


def study_of(wildcards):
    """Return the study that a product is made of, None where it is of several."""
    return STUDIES.get(wildcards.get("study"))


def outputs_of(product):
    """Return the files of a product by name, those that the report shows marked for it."""
    files = {name: f"{RESULTS}/{path}" for name, path in product.files.items()}
    if product.reported is not None:
        shown, category = product.reported
        files[shown] = report(
            files[shown],
            caption="../report/caption.rst",
            category=category,
            labels=labels_of(product),
        )
    return files


def labels_of(product):
    section = product.section
    if section is None:
        return {"table": product.name}
    figure = {"figure": section.name.replace("_", " ")}
    if product.is_of_studies:
        return figure | {"study": "{study}"}
    shown = CONFIGURATION.figures[section.name].get(section.labelled, "benchmarks")
    return figure | {"study": ", ".join(shown) if isinstance(shown, list) else shown}


@cache
def code_of(homes):
    return code_digest(functions=homes)


def code_of_product(product, wildcards):
    """Return the digest of what makes a product, with what is found by a text for a study."""
    homes = dict.fromkeys(product.homes(CONFIGURATION, study_of(wildcards)))
    written = () if product.section else ("heatdeath.files.writing:write",)
    return code_of((product.home, *homes, *written))


def announce_results():
    """Say where the results are once Snakemake has said everything else."""
    atexit.register(print, f"The results are in {os.path.abspath(RESULTS)}", file=sys.stderr)
