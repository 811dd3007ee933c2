"""The files that a configuration asks for, beside its targets and trajectories."""

from pathlib import PurePosixPath

from heatdeath.files.manifest import MANIFEST_NAME
from heatdeath.study.claim_requests import aggregate_of
from heatdeath.study.family_requests import family_files
from heatdeath.study.kinds import KINDS
from heatdeath.study.roles import FAMILIES, SEEDS_OF
from heatdeath.study.theory_requests import has_theory_lines

SUMMARY_NAME = "summary.csv"
SUMMARISED_KINDS = (*KINDS, "fraction_agreement")
"""The kinds of file whose numbers stand in the summary."""


def aggregates(configuration) -> list[str]:
    """Return what is made of the trajectories of all studies."""
    return [
        f"{configuration.results}/{study.name}/{name}"
        for study in configuration.studies.values()
        for name in KINDS[study.kind].aggregates
    ]


def intermediate_files(configuration) -> list[str]:
    """Return the files of theory, of families, and those made for a figure or the explorer."""
    results, shown = configuration.results, configuration.figures
    files = [
        f"{results}/{study.name}/theory_lines.nc"
        for study in configuration.studies.values()
        if has_theory_lines(study)
    ]
    files += [
        f"{results}/{study.name}/gate.nc"
        for study in configuration.studies.values()
        if study.family is not None
    ]
    files += [
        f"{results}/{study.name}/{name}"
        for study in configuration.studies.values()
        for name in family_files(study)
    ]
    if "trajectories" in shown:
        files.append(f"{results}/{shown['trajectories']['study']}/mean_field.nc")
    if "rescue" in shown:
        files.append(f"{results}/{shown['rescue']['hysteresis']}/branches.nc")
        files += [f"{results}/{study}/thresholds.nc" for study in shown["rescue"]["recovery"]]
        files.append(f"{results}/fraction_agreement.nc")
    if "sizes" in shown:
        files.append(f"{results}/sizes.nc")
    files += [
        f"{results}/{name}/equilibria.nc"
        for name in configuration.explorer.get("studies", [])
        if has_theory_lines(configuration.studies[name])
    ]
    return files


def claims(configuration) -> dict[str, str]:
    """Return the files of the verdicts on the claims."""
    if not configuration.claims:
        return {}
    suffixes = {"json": "json", "table": "csv", "page": "html"}
    return {name: f"{configuration.results}/claims.{suffix}" for name, suffix in suffixes.items()}


def read_for_claims(configuration) -> dict[str, list[str]]:
    """Return the files that the claims are judged on."""
    files = {}
    for role, names in configuration.claims.items():
        studies = [configuration.studies[name] for name in names]
        folders = [f"{configuration.results}/{name}" for name in names]
        both = list(zip(studies, folders, strict=True))
        if role in SEEDS_OF:
            files[role] = [
                f"{folder}/{path}" for study, folder in both for path in study.trajectory_paths()
            ]
            files[f"{role}_targets"] = [
                f"{folder}/{path}" for study, folder in both for path in study.target_paths()
            ]
        else:
            files[role] = [f"{folder}/{aggregate_of(role)}" for folder in folders]
        if role == FAMILIES:
            files[f"{role}_gates"] = [f"{folder}/gate.nc" for folder in folders]
    return files


def figures(configuration) -> dict[str, list[str]]:
    """Return the files of every figure."""
    names = [name for name in configuration.figures if name != "phase_diagram"]
    studies = configuration.figures.get("phase_diagram", {"studies": []})["studies"]
    names += [f"phase_diagram_{study}" for study in studies]
    folder = f"{configuration.results}/figures"
    return {name: [f"{folder}/{name}.{suffix}" for suffix in ("pdf", "png")] for name in names}


def paper(configuration) -> list[str]:
    """Return the files of the paper."""
    results = configuration.results
    return (
        [] if configuration.paper is None else [f"{results}/numbers.json", f"{results}/paper.pdf"]
    )


def explorer_pages(configuration) -> list[str]:
    """Return the page on which a person picks a cell, where the configuration asks for it."""
    return [f"{configuration.results}/explorer.html"] if configuration.explorer else []


def published(configuration) -> list[str]:
    """Return what people read: figures, verdicts, the paper, the explorer, the summary."""
    return [
        *(path for files in figures(configuration).values() for path in files),
        *claims(configuration).values(),
        *paper(configuration),
        *explorer_pages(configuration),
        f"{configuration.results}/{SUMMARY_NAME}",
    ]


def summarised_files(configuration) -> list[str]:
    """Return the aggregates whose numbers stand in the summary."""
    files = map(PurePosixPath, [*aggregates(configuration), *intermediate_files(configuration)])
    return [str(path) for path in files if path.suffix == ".nc" and path.stem in SUMMARISED_KINDS]


def final_files(configuration) -> list[str]:
    """Return all that is made for a reader of the results, the manifest left out."""
    return [
        *aggregates(configuration),
        *intermediate_files(configuration),
        *published(configuration),
    ]


def manifest(configuration) -> str:
    """Return the path of the manifest, which begins with the results folder."""
    return f"{configuration.results}/{MANIFEST_NAME}"


def target_files(configuration) -> list[str]:
    """Return the files of the targets of all studies."""
    return [
        f"{configuration.results}/{study.name}/{path}"
        for study in configuration.studies.values()
        for path in study.target_paths()
    ]


def files_of_manifest(configuration) -> list[str]:
    """Return every file that the manifest lists: targets, trajectories and what is made of them."""
    trajectories = [
        f"{configuration.results}/{study.name}/{path}"
        for study in configuration.studies.values()
        for path in study.trajectory_paths()
    ]
    return [*target_files(configuration), *trajectories, *final_files(configuration)]
