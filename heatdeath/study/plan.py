"""The jobs that a configuration leads to, in an order in which they can run."""

import os.path
from dataclasses import dataclass

from heatdeath.files.manifest import MANIFEST_NAME
from heatdeath.study.catalogue import files_made, made
from heatdeath.study.grid import Cell
from heatdeath.study.paths import seeds_part

MADE_FOR_OTHERS = ("target", "source", "simulate", "train")
"""Rules whose files are not missed once what is made of them exists."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the workflow."""

    rule: str  # or ``figure`` for the rule of any figure
    study: str  # name, empty for what is made of several
    outputs: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    cell: Cell | None = None  # of a simulation or a training
    n_seeds: int = 0
    size: int = 1  # by which the seconds of its rule are multiplied
    n_numbers: int = 0  # that it keeps


def all_jobs(configuration) -> list[Job]:
    """List every job of a configuration as if nothing existed."""
    jobs = [
        job for study in configuration.studies.values() for job in _sources(configuration, study)
    ]
    for product, name in made(configuration):
        study = configuration.studies.get(name)
        read = [
            path
            for paths in product.reads(configuration, study).values()
            for path in (paths if isinstance(paths, list) else [paths])
            # Others stand beside the workflow, and no job makes them.
            if path.startswith(f"{configuration.results}/")
        ]
        outputs = tuple(product.paths(configuration, name).values())
        cost = product.cost(configuration, study)
        jobs.append(Job(product.group, name, outputs, tuple(read), **cost))
    everything = tuple(files_made(configuration))
    jobs.append(Job("manifest", "", (manifest_path(configuration),), everything))
    return jobs


def manifest_path(configuration) -> str:
    """Return the path of the manifest, which begins with the results folder."""
    return f"{configuration.results}/{MANIFEST_NAME}"


def source_files(configuration) -> list[str]:
    """Return the files that all others are made of: targets and trajectories of all studies."""
    return [
        path
        for study in configuration.studies.values()
        for job in _sources(configuration, study)
        for path in job.outputs
    ]


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


def _sources(configuration, study):
    """Yield the jobs that make the targets and the trajectories of a study."""
    folder = f"{configuration.results}/{study.name}"
    of_urn = study.family is None
    paths = {target: f"{folder}/{study.target_path(target)}" for target in study.targets}
    for path in paths.values():
        yield Job("target" if of_urn else "source", study.name, (path,))
    for cell in study.cells.values():
        for block in study.seed_blocks:
            path = f"{folder}/trajectories/{cell.path}/seeds={seeds_part(block)}.nc"
            yield Job(
                "simulate" if of_urn else "train",
                study.name,
                (path,),
                (paths[cell.target],),
                cell,
                n_seeds=len(block),
            )
