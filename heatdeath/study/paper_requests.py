"""What the paper of a configuration is made of, and whether its studies can play their parts."""

from heatdeath.errors import ParameterError
from heatdeath.study.family_requests import family_files
from heatdeath.study.target_names import canonical_name, n_outcomes
from heatdeath.study.theory_requests import has_theory, has_theory_lines

# Of each figure that shows studies, the parts that they play in the text.
_PARTS_OF_FIGURES = {
    "exactness": {"exactness": "study"},
    "regimes": {"regimes": "study"},
    "rescue": {"growth": "growth", "recovery": "recovery"},
    "rates": {
        "collapse_time": "collapse_time",
        "relaxation": "relaxation",
        "flow_agreement": "flow_agreement",
    },
    "sizes": {"capture": "capture"},
}
_FILES = {
    "exactness": "exactness.nc",
    "regimes": "phase_diagram.nc",
    "growth": "growth.nc",
    "recovery": "recovery.nc",
    "collapse_time": "collapse_time.nc",
    "relaxation": "relaxation.nc",
    "flow_agreement": "flow_agreement.nc",
    "capture": "capture.nc",
}
_FILES_OF_FAMILIES = {
    "agreement": "urn_agreement.nc",
    "gate": "gate.nc",
    "ensemble": "ensemble.nc",
    "rate": "collapse_rate.nc",
    "fraction": "least_fresh_fraction.nc",
}
_MEASURED_ON_FAMILIES = {_FILES_OF_FAMILIES[part] for part in ("agreement", "rate", "fraction")}


def check_paper(paper, *, studies, figures) -> None:
    """Check that the studies that the paper speaks of exist and can play their parts."""
    shown = figures.get("phase_diagram", {"studies": []})["studies"]
    for key in ("plane", "real"):
        if key not in paper:
            continue
        name, path = paper[key], f"paper.{key}"
        if name not in shown:
            raise ParameterError(
                path, name, f"a study of figures.phase_diagram: {', '.join(shown) or 'none'}"
            )
        if studies[name].family is not None or not has_theory_lines(studies[name]):
            raise ParameterError(
                path,
                name,
                "a study of the urn whose data accumulate one output at a time without sampling "
                "rules, at one or more temperatures that theory has",
            )
    if "tolerance" in paper:
        study = studies.get(paper["tolerance"])
        if study is None or study.kind != "tolerance_scan":
            raise ParameterError(
                "paper.tolerance", paper["tolerance"], "a study of kind tolerance_scan"
            )
    target = paper["example_target"]
    try:
        n = n_outcomes(canonical_name(target))
    except ParameterError as error:
        raise ParameterError("paper.example_target", target, error.allowed) from error
    if n < 2:
        raise ParameterError("paper.example_target", target, "a target of two outcomes or more")
    if not has_theory(paper["example_temperature"]):
        raise ParameterError(
            "paper.example_temperature",
            paper["example_temperature"],
            "a number neither next to 0 nor to 1",
        )


def numbers_inputs(configuration) -> dict[str, str | list[str]]:
    """Return the files that the numbers of the text are collected of."""
    results, figures, paper = configuration.results, configuration.figures, configuration.paper
    inputs = {}
    for part in ("plane", "real"):
        if part in paper:
            folder = f"{results}/{paper[part]}"
            (target_path,) = configuration.studies[paper[part]].target_paths()
            inputs |= {
                f"{part}_diagram": f"{folder}/phase_diagram.nc",
                f"{part}_ensemble": f"{folder}/ensemble.nc",
                f"{part}_lines": f"{folder}/theory_lines.nc",
                f"{part}_target": f"{folder}/{target_path}",
            }
    if "tolerance" in paper:
        inputs["tolerance"] = f"{results}/{paper['tolerance']}/tolerance_scan.nc"
    for figure, parts in _PARTS_OF_FIGURES.items():
        for part, key in parts.items() if figure in figures else ():
            shown = figures[figure][key]
            paths = [
                f"{results}/{study}/{_FILES[part]}"
                for study in (shown if isinstance(shown, list) else [shown])
            ]
            inputs[part] = paths if isinstance(shown, list) else paths[0]
    if "rescue" in figures:
        inputs["agreement"] = f"{results}/fraction_agreement.nc"
    if "sizes" in figures:
        inputs["sizes"] = f"{results}/sizes.nc"
    inputs |= _of_families(results, figures, configuration.studies)
    if "cost" in figures:
        inputs["cost"] = figures["cost"]["timings"]
    return inputs


def _of_families(results, figures, studies):
    # The figure shows those as well of which no rate or no least fresh fraction is measured.
    quoted = [
        name
        for name in figures.get("architectures", {}).get("studies", [])
        if set(family_files(studies[name])) >= _MEASURED_ON_FAMILIES
    ]
    inputs = {}
    if "collapse_rates" in figures and quoted:
        inputs = {
            f"architectures_{part}": [f"{results}/{study}/{name}" for study in quoted]
            for part, name in _FILES_OF_FAMILIES.items()
        }
    if "model_sizes" in figures:
        inputs |= {
            f"model_sizes_{part}": [
                f"{results}/{study}/{_FILES_OF_FAMILIES[part]}"
                for study in figures["model_sizes"]["studies"]
            ]
            for part in ("fraction", "gate")
        }
    return inputs
