"""The catalogue: every product of the workflow, once.

Rules, the lists of outputs, the plan, the summary, the manifest, the enumerations of the schema and
the reference pages derive from it. To add a product, write the function that makes it, declare
beside it what its file holds, and add an entry here.

The catalogue is part of no digest, else one more figure would simulate everything again; the homes
are texts, so that planning imports none of them.
"""

import importlib
from functools import cache

from heatdeath.errors import FileFormatError
from heatdeath.files.variables import Kind
from heatdeath.study.catalogue.figures import FIGURES
from heatdeath.study.catalogue.measures import KINDS_OF_STUDY, OF_STUDIES
from heatdeath.study.catalogue.product import Product
from heatdeath.study.catalogue.results import RESULTS

PRODUCTS = (*KINDS_OF_STUDY, *OF_STUDIES, *FIGURES, *RESULTS)
"""All products; what reads another stands behind it."""

BY_NAME = {product.name: product for product in PRODUCTS}

KINDS = {product.name: product.study_kind for product in KINDS_OF_STUDY}
"""The kinds of study by name."""

SECTIONS = {product.section.name: product.section for product in FIGURES}
"""What a configuration can say below ``figures``, by name."""

SUMMARY_NAME = BY_NAME["summary"].files["made"]


def made(configuration) -> list[tuple[Product, str]]:
    """Return what a configuration asks for: each product with the study that it is of."""
    return [(product, study) for product in PRODUCTS for study in product.wanted(configuration)]


def files_made(configuration, *, wanted=lambda product: True) -> list[str]:
    """Return the files of the products that a configuration asks for, or of some of them."""
    return [
        path
        for product, study in made(configuration)
        if wanted(product)
        for path in product.paths(configuration, study).values()
    ]


# What a file may hold.

_KINDS_OF_FILES = {
    "trajectories": "heatdeath.trajectories",
    "model_trajectories": "heatdeath.models.measures",
    "target": "heatdeath.target_files",
}


@cache
def _homes_of_kinds():
    """Map the name of each kind of file to the module that declares it."""
    found = dict(_KINDS_OF_FILES)
    for product in PRODUCTS:
        for path in product.files.values():
            name, _, suffix = path.rpartition("/")[2].partition(".")
            if suffix == "nc":
                found[name] = product.home.partition(":")[0]
    return found


def kind_names() -> list[str]:
    """Return the names of all kinds of files."""
    return list(_homes_of_kinds())


def kind_named(name, *, path="record") -> Kind:
    """Return the declaration of a kind, for a file of which only its name is known."""
    if not isinstance(name, str) or name not in _homes_of_kinds():
        raise FileFormatError(path, f"its kind {name!r} is not one that this version knows")
    return getattr(importlib.import_module(_homes_of_kinds()[name]), name.upper())
