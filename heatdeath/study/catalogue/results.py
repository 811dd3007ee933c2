"""Entries of what is made of several studies: verdicts, the paper, the explorer, the summary."""

from heatdeath.study import conditions
from heatdeath.study.catalogue.figures import FIGURES
from heatdeath.study.catalogue.measures import KINDS_OF_STUDY, OF_STUDIES
from heatdeath.study.catalogue.product import OF_NO_STUDY, Product
from heatdeath.study.catalogue.requests import (
    explored_with_theory,
    file_of,
    files_of,
    of_figure,
    once,
    origin_of,
    trajectories_of,
)
from heatdeath.study.paths import ROOT, beside_the_workflow
from heatdeath.study.roles import ROLES

# Of the paper, the parts that the studies of each figure play in the text, and the key of each.
_QUOTED = {
    "exactness": {"exactness": ("study", "exactness")},
    "regimes": {"regimes": ("study", "phase_diagram")},
    "rescue": {"growth": ("growth", "growth"), "recovery": ("recovery", "recovery")},
    "rates": {name: (name, name) for name in ("collapse_time", "relaxation", "flow_agreement")},
    "sizes": {"capture": ("capture", "capture")},
}
_QUOTED_OF_FAMILIES = {
    "agreement": "urn_agreement",
    "gate": "gate",
    "ensemble": "ensemble",
    "rate": "collapse_rate",
    "fraction": "least_fresh_fraction",
}


# What is made of several studies: verdicts, the paper, the explorer, the summary.


def read_for_claims(configuration) -> dict[str, list[str]]:
    """Return the files that the claims are judged on, by role."""
    files = {}
    for name, studies in configuration.claims.items():
        role = ROLES[name]
        if role.reads_trajectories:
            read = [trajectories_of(configuration, configuration.studies[each]) for each in studies]
            files[name] = [path for each in read for path in each["trajectory_paths"]]
            files[f"{name}_targets"] = [path for each in read for path in each["target_paths"]]
        else:
            files[name] = files_of(configuration, studies, role.kind)
        if role.of_families:
            files[f"{name}_gates"] = files_of(configuration, studies, "gate")
    return files


def _studies_of_claims(configuration, study):
    """Return for each role of the claims its studies, with what tells their files apart."""

    def described(role, name):
        layout = _layout if ROLES[role].reads_trajectories else _no_layout
        return {"name": name} | layout(configuration, configuration.studies[name])

    claims = configuration.claims.items()
    return {"studies": {role: [described(role, name) for name in names] for role, names in claims}}


def _no_layout(configuration, study):
    return {}


def _layout(configuration, study):
    return {
        "axes": study.labelled_axes,
        "tolerance": study.tolerance,
        "origin": origin_of(configuration, study),
        "trajectories": len(study.cells) * len(study.seed_blocks),
        "targets": len(study.targets),
    } | ({} if study.family is None else {"family": study.family})


def numbers_inputs(configuration, study=None) -> dict[str, str | list[str]]:
    """Return the files that the numbers of the text are collected of, by the part they play.

    What the configuration has no study for is left out.
    """
    figures, paper = configuration.figures, configuration.paper
    inputs = {}
    for part in ("plane", "real"):
        if part in paper:
            (target_path,) = configuration.studies[paper[part]].target_paths()
            inputs |= {
                f"{part}_diagram": file_of(configuration, paper[part], "phase_diagram"),
                f"{part}_ensemble": file_of(configuration, paper[part], "ensemble"),
                f"{part}_lines": file_of(configuration, paper[part], "theory_lines"),
                f"{part}_target": f"{configuration.results}/{paper[part]}/{target_path}",
            }
    if "tolerance" in paper:
        inputs["tolerance"] = file_of(configuration, paper["tolerance"], "tolerance_scan")
    for section, parts in _QUOTED.items():
        if section in figures:
            inputs |= of_figure(section, **parts)(configuration, study)
    if "rescue" in figures:
        inputs["agreement"] = file_of(configuration, OF_NO_STUDY, "fraction_agreement")
    if "sizes" in figures:
        inputs["sizes"] = file_of(configuration, OF_NO_STUDY, "sizes")
    inputs |= _quoted_of_families(configuration)
    if "cost" in figures:
        inputs["cost"] = beside_the_workflow(figures["cost"]["timings"])
    return inputs


def _quoted_of_families(configuration):
    figures = configuration.figures
    # The figure shows those as well of which no rate or no least fresh fraction is measured.
    quoted = [
        name
        for name in figures.get("architectures", {}).get("studies", [])
        if conditions.has_collapse_rate(configuration.studies[name])
        and conditions.has_least_fresh_fraction(configuration.studies[name])
        and conditions.has_urn_agreement(configuration.studies[name])
    ]
    inputs = {}
    if "collapse_rates" in figures and quoted:
        inputs = {
            f"architectures_{part}": files_of(configuration, quoted, name)
            for part, name in _QUOTED_OF_FAMILIES.items()
        }
    if "model_sizes" in figures:
        shown = figures["model_sizes"]["studies"]
        inputs |= {
            f"model_sizes_{part}": files_of(configuration, shown, _QUOTED_OF_FAMILIES[part])
            for part in ("fraction", "gate")
        }
    return inputs


def _of_paper(configuration, study):
    """Return what the paper is compiled of: numbers, figures, verdicts, texts and references."""
    folder = ROOT / "workflow" / "paper"
    sources = [path for suffix in ("typ", "bib") for path in folder.rglob(f"*.{suffix}")]
    verdicts = _verdicts(configuration)
    figures = [
        product.paths(configuration, shown)["pdf"]
        for product in FIGURES
        for shown in product.wanted(configuration)
    ]
    return ({"claims_path": verdicts[0]} if verdicts else {}) | {
        "numbers_path": f"{configuration.results}/numbers.json",
        "figure_paths": figures,
        "sources": sorted(map(beside_the_workflow, sources)),
    }


def _verdicts(configuration):
    return [f"{configuration.results}/claims.json"] if configuration.claims else []


def _of_explorer(configuration, study):
    explored, with_theory = configuration.explorer["studies"], explored_with_theory(configuration)
    return {
        "phase_diagrams": files_of(configuration, explored, "phase_diagram"),
        "ensembles": files_of(configuration, explored, "ensemble"),
        "targets": files_of(configuration, explored, "target"),
        "theory_lines": files_of(configuration, with_theory, "theory_lines"),
        "equilibria": files_of(configuration, with_theory, "equilibria"),
        "parts": [
            beside_the_workflow(f"heatdeath/explorer/page.{part}") for part in ("html", "css", "js")
        ],
    }


SUMMARISED = (
    *KINDS_OF_STUDY,
    *(product for product in OF_STUDIES if product.name == "fraction_agreement"),
)
"""Products whose numbers stand in the summary."""


def _summarised(configuration):
    """Yield the files whose numbers stand in the summary, study by study: path, product, study."""
    for study in (*configuration.studies, OF_NO_STUDY):
        for product in SUMMARISED:
            if study in product.wanted(configuration):
                for path in product.paths(configuration, study).values():
                    if path.endswith(f"/{product.name}.nc"):
                        yield path, product, study


def _homes_of_summary(configuration, study):
    """Return the homes of what makes rows of each file of the summary."""
    modules = [product.home.partition(":")[0] for _, product, _ in _summarised(configuration)]
    return [f"{module}:summary_rows" for module in modules]


RESULTS = (
    Product(
        name="claims",
        home="heatdeath.claims.judgement:judge",
        files={"json": "claims.json", "table": "claims.csv", "page": "claims.html"},
        reads=lambda configuration, study: {
            **read_for_claims(configuration),
            "claims": beside_the_workflow("config/claims.yaml"),
        },
        wanted=once(lambda configuration: configuration.claims),
        options=_studies_of_claims,
        reported=("page", "Claims"),
    ),
    Product(
        name="numbers",
        home="heatdeath.paper.numbers:paper_numbers",
        files={"made": "numbers.json"},
        reads=numbers_inputs,
        wanted=once(lambda configuration: configuration.paper is not None),
        options=lambda configuration, study: {
            key: configuration.paper[key] for key in ("example_target", "example_temperature")
        },
        local=True,
    ),
    Product(
        name="paper",
        home="heatdeath.paper.build:build_paper",
        files={"made": "paper.pdf"},
        reads=_of_paper,
        wanted=once(lambda configuration: configuration.paper is not None),
        local=True,
    ),
    Product(
        name="explorer",
        home="heatdeath.explorer.page:explorer_page",
        files={"made": "explorer.html"},
        reads=_of_explorer,
        wanted=once(lambda configuration: configuration.explorer),
        options=lambda configuration, study: {
            "questions": {
                name: configuration.studies[name].description
                for name in configuration.explorer["studies"]
            }
        },
        local=True,
    ),
    Product(
        name="summary",
        home="heatdeath.measure.summary:summary_table",
        files={"made": "summary.csv"},
        reads=lambda configuration, study: {
            "aggregate_paths": [path for path, _, _ in _summarised(configuration)],
            "claims_paths": _verdicts(configuration),
        },
        wanted=once(lambda configuration: True),
        options=lambda configuration, study: {
            "homes": _homes_of_summary(configuration, study),
            # A number of several studies is named after what it is of.
            "prefixes": [name or product.name for _, product, name in _summarised(configuration)],
        },
        homes=_homes_of_summary,
        reported=("made", "Numbers"),
        local=True,
    ),
)
