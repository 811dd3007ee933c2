"""The jobs that a configuration leads to, in an order in which they can run."""

import os.path
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from heatdeath.observables import RECORDED
from heatdeath.process import DEFAULTS
from heatdeath.study.grid import Cell
from heatdeath.study.kinds import KINDS
from heatdeath.study.outputs import (
    SUMMARY_NAME,
    claims,
    explorer_pages,
    figures,
    final_files,
    intermediate_files,
    manifest,
    paper,
    read_for_claims,
    summarised_files,
)
from heatdeath.study.paper_requests import numbers_inputs
from heatdeath.study.paths import seeds_part

# What the jobs between the aggregates and the figures read: files of their own study's folder.
_READ = {
    "theory_lines": ("target.nc",),
    "thresholds": ("target.nc",),
    "mean_field": ("target.nc", "ensemble.nc"),
    "branches": ("target.nc", "phase_diagram.nc"),
    "equilibria": ("target.nc",),
    "gate": (),
    "urn_agreement": ("target.nc", "phase_diagram.nc"),
}
# Those that read the trajectories of their study instead.
_READ_TRAJECTORIES = ("collapse_rate", "least_fresh_fraction")
# What the explorer reads of its studies.
_EXPLORED = ("target", "ensemble", "phase_diagram", "theory_lines", "equilibria")
# An ensemble holds five quantiles of everything that is recorded of a model.
_QUANTILES_OF_A_CELL = 5 * len(RECORDED)


MADE_FOR_OTHERS = ("target", "source", "simulate", "train")
"""Rules whose files are not missed once what is made of them exists."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the workflow."""

    rule: str
    study: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    cell: Cell | None = None
    n_seeds: int = 0
    size: int = 1
    n_numbers: int = 0


def all_jobs(configuration) -> list[Job]:
    """List every job of a configuration as if nothing existed."""
    results = configuration.results
    jobs = []
    for study in configuration.studies.values():
        jobs += _of_study(study, f"{results}/{study.name}")
    for path in intermediate_files(configuration):
        jobs.append(_intermediate(PurePosixPath(path), configuration))
    for name, files in figures(configuration).items():
        shown = _studies_shown(name, configuration)
        reads = [
            path for job in jobs if job.study in shown and not job.cell for path in job.outputs
        ]
        reads += [f"{results}/{extra}.nc" for extra in _of_several(name)]
        study = shown[0] if name.startswith("phase_diagram_") else ""
        jobs.append(Job("figure", study, tuple(files), tuple(reads)))
    if configuration.claims:
        reads = [path for files in read_for_claims(configuration).values() for path in files]
        jobs.append(Job("claims", "", tuple(claims(configuration).values()), tuple(reads)))
    jobs += _of_paper(configuration)
    for path in explorer_pages(configuration):
        names = [
            f"{results}/{study}/{kind}.nc"
            for study in configuration.explorer["studies"]
            for kind in _EXPLORED
        ]
        made = {output for job in jobs for output in job.outputs}
        jobs.append(Job("explorer", "", (path,), tuple(name for name in names if name in made)))
    summary, everything = f"{results}/{SUMMARY_NAME}", final_files(configuration)
    reads = summarised_files(configuration) + _verdicts(configuration)
    jobs.append(Job("summary", "", (summary,), tuple(reads)))
    jobs.append(Job("manifest", "", (manifest(configuration),), tuple(everything)))
    return jobs


def jobs_to_run(jobs, *, exists=os.path.exists) -> list[Job]:
    """Keep the jobs that a run of the workflow would start.

    As for Snakemake, a target or a trajectory whose aggregates exist is not missed; what is made
    anew makes anew what reads it. Whether a file that exists is out of date, because the code or a
    setting was edited, is for Snakemake to say.
    """
    makers = {path: i for i, job in enumerate(jobs) for path in job.outputs}
    lacking = {i for i, job in enumerate(jobs) if not all(map(exists, job.outputs))}
    running, grown = None, {i for i in lacking if jobs[i].rule not in MADE_FOR_OTHERS}
    while grown != running:
        running = set(grown)
        for i in running:
            grown |= lacking.intersection(makers[path] for path in jobs[i].inputs if path in makers)
        made = {path for i in grown for path in jobs[i].outputs}
        grown |= {i for i, job in enumerate(jobs) if not made.isdisjoint(job.inputs)}
    return [jobs[i] for i in sorted(running)]


def _of_study(study, folder):
    paths = {target: f"{folder}/{study.target_path(target)}" for target in study.targets}
    makes_target, makes_cell = (
        ("target", "simulate") if study.family is None else ("source", "train")
    )
    yield from (Job(makes_target, study.name, (path,)) for path in paths.values())
    trajectories = []
    for cell in study.cells.values():
        for block in study.seed_blocks:
            path = f"{folder}/trajectories/{cell.path}/seeds={seeds_part(block)}.nc"
            trajectories.append(path)
            yield Job(
                makes_cell, study.name, (path,), (paths[cell.target],), cell, n_seeds=len(block)
            )
    aggregates = tuple(f"{folder}/{name}" for name in KINDS[study.kind].aggregates)
    job = Job(study.kind, study.name, aggregates, (*trajectories, *paths.values()))
    if study.kind == "phase_diagram":
        checkpoints = study.settings.get("checkpoints", DEFAULTS["checkpoints"])
        n_checkpoints = checkpoints if isinstance(checkpoints, int) else len(checkpoints)
        job = replace(job, n_numbers=len(study.cells) * n_checkpoints * _QUANTILES_OF_A_CELL)
    yield job


def _intermediate(path, configuration):
    rule, folder = path.stem, path.parent
    if rule == "sizes":
        return Job(rule, "", (str(path),))
    if rule == "fraction_agreement":
        rescue = configuration.figures["rescue"]
        reads = [folder / rescue["growth"] / "growth.nc"]
        reads += [folder / study / "recovery.nc" for study in rescue["recovery"]]
        return Job(rule, "", (str(path),), tuple(map(str, reads)))
    study = configuration.studies[folder.name]
    if rule in _READ_TRAJECTORIES:
        read = [*study.trajectory_paths(), *study.target_paths()]
    else:
        read = _READ[rule]
    job = Job(rule, folder.name, (str(path),), tuple(f"{folder}/{name}" for name in read))
    axes = study.axes
    if rule == "theory_lines":
        return replace(job, size=len(axes["temperature"]))
    if rule == "equilibria":
        return replace(job, size=len(axes["temperature"]) * len(axes["fresh_fraction"]))
    return job


def _verdicts(configuration):
    return [path for name, path in claims(configuration).items() if name == "json"]


def _of_paper(configuration):
    if configuration.paper is None:
        return []
    numbers, pdf = paper(configuration)
    reads = [
        path
        for paths in numbers_inputs(configuration).values()
        for path in (paths if isinstance(paths, list) else [paths])
    ]
    drawn = [file for file, _ in figures(configuration).values()]
    return [
        Job("numbers", "", (numbers,), tuple(reads)),
        Job("paper", "", (pdf,), (numbers, *drawn, *_verdicts(configuration))),
    ]


def _studies_shown(name, configuration):
    """Return the names of studies anywhere in what the configuration says about a figure."""
    if name.startswith("phase_diagram_"):
        return [name.removeprefix("phase_diagram_")]
    # A family of targets may be called like a study.
    values = [value for key, value in configuration.figures[name].items() if key != "families"]
    names = [each for value in values for each in (value if isinstance(value, list) else [value])]
    return [name for name in names if name in configuration.studies]


def _of_several(name):
    return {"rescue": ("fraction_agreement",), "sizes": ("sizes",)}.get(name, ())
