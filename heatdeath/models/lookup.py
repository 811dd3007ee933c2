"""Find families and sources by name, or a user's own by dotted path."""

import importlib
import importlib.util
import re
from importlib.metadata import version

from heatdeath.errors import ParameterError
from heatdeath.targets import Target

INSTALL = "pip install 'heatdeath[neural]'"
"""What installs the packages of the neural families; `make neural` does so in a clone."""

_JAX = ("jax", "equinox", "optax")
FAMILIES = {
    "gaussian": ("heatdeath.models.gaussian:Gaussian", ()),
    "mixture": ("heatdeath.models.mixture:Mixture", ("sklearn",)),
    "ngram": ("heatdeath.models.ngram:Ngram", ()),
    "transformer": ("heatdeath.models.transformer:Transformer", _JAX),
    "vae": ("heatdeath.models.vae:Vae", _JAX),
    "gan": ("heatdeath.models.gan:Gan", _JAX),
    "diffusion": ("heatdeath.models.diffusion:Diffusion", _JAX),
}
"""For each family its dotted path, and the optional packages that it needs."""

SOURCES = {
    "normal": ("heatdeath.models.normal:Normal", ()),
    "gaussians": ("heatdeath.models.gaussians:Gaussians", ()),
    "spelling": ("heatdeath.models.spelling:Spelling", ()),
    "digits": ("heatdeath.models.digits:Digits", ("sklearn",)),
}
"""The same for sources; the numbers after the first colon of a name are the arguments."""

_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*")
_FORMS = {
    "normal": ("normal:<dimensions>:<outcomes>", 2),
    "gaussians": ("gaussians:<outcomes>", 1),
    "spelling": ("spelling:<words>", 1),
    "digits": ("digits:<outcomes>", 1),
}
SOURCE_FORMS = ", ".join(form for form, _ in _FORMS.values()) + " or package.module:Class"


def canonical_source(name) -> str:
    """Return one name for all ways to write a source."""
    kind, *numbers = name.split(":")
    if kind in _FORMS and len(numbers) == _FORMS[kind][1]:
        if all(re.fullmatch("0*[1-9][0-9]{0,5}", number, re.ASCII) for number in numbers):
            return ":".join([kind, *(str(int(number)) for number in numbers)])
    elif kind not in _FORMS and _DOTTED.fullmatch(name):
        return name
    raise ParameterError("target", name, f"with a family, {SOURCE_FORMS}")


def outcomes_of_source(name) -> int:
    """Return the number of outcomes of a source, without opening one of the package's."""
    kind, *numbers = name.split(":")
    if kind not in SOURCES:
        return _target_of_own_source(name).n_outcomes
    return int(numbers[-1]) + (kind == "spelling")


def _target_of_own_source(name):
    """Open a user's source and look at all that a loop and its files need of it."""
    source = open_source(name)
    for attribute in ("name", "probabilities", "labels", "outcomes"):
        if not hasattr(source, attribute):
            raise ParameterError("target", name, f"a class with the attribute {attribute}")
    for method in ("draw", "draw_outcome", "assign", "measures"):
        if not callable(getattr(source, method, None)):
            raise ParameterError("target", name, f"a class with the method {method}")
    if source.name != name:
        raise ParameterError(
            "target", name, f"a class whose name is its dotted path; not {source.name!r}"
        )
    try:
        return Target(name, source.probabilities, source.labels)
    except ParameterError as error:
        raise ParameterError("target", name, f"a class with another {error}") from error


def home_of_family(name) -> str:
    """Return the dotted path of a family."""
    if name in FAMILIES:
        return FAMILIES[name][0]
    if isinstance(name, str) and _DOTTED.fullmatch(name):
        return name
    raise ParameterError("family", name, f"one of {', '.join(FAMILIES)}, or package.module:Class")


def home_of_source(name) -> str:
    """Return the dotted path of the class of a source."""
    kind = name.split(":")[0]
    return SOURCES[kind][0] if kind in SOURCES else name


def package_versions(family, source) -> list[str]:
    """Return the versions of the optional packages that a family and a source need."""
    names = {"sklearn": "scikit-learn"}
    needed = (names.get(name, name) for name in _needed(family, source))
    return [f"{name} {version(name)}" for name in needed]


def missing_packages(family, source) -> list[str]:
    """Return the optional packages that a family or a source needs and that are not installed."""
    return [name for name in _needed(family, source) if importlib.util.find_spec(name) is None]


def _needed(family, source):
    of_family = FAMILIES.get(family, ("", ()))[1]
    of_source = SOURCES.get(source.split(":")[0], ("", ()))[1]
    return list(dict.fromkeys([*of_family, *of_source]))


def check_packages(family, source) -> None:
    """Refuse a family or a source whose packages are not installed."""
    missing = missing_packages(family, source)
    if missing:
        beside = f"with the target {source} only " if family and source else "only "
        raise ParameterError(
            "family" if family else "target",
            family or source,
            f"{beside}where {', '.join(missing)} can be imported; install "
            f"what is missing with `{INSTALL}`, in a clone with `make neural`, or leave studies of "
            "families out with `architectures: false`",
        )


def make_family(name, *, width=None):
    """Make a family."""
    options = {} if width is None else {"width": width}
    family = _make("family", name, home_of_family(name), options)
    for method in ("fit", "sample"):
        if not callable(getattr(family, method, None)):
            raise ParameterError("family", name, f"a class with the method {method}")
    return family


def open_source(name):
    """Open a source of data."""
    name = canonical_source(name)
    kind, *numbers = name.split(":")
    if kind not in SOURCES:
        return _make("target", name, name, {})
    check_packages("", name)
    return _attribute("target", name, SOURCES[kind][0])(*map(int, numbers))


def _make(argument, name, path, options):
    maker = _attribute(argument, name, path)
    try:
        return maker(**options)
    except ParameterError:
        raise
    except Exception as error:  # of the user's class
        with_options = f" with {options}" if options else ""
        raise ParameterError(
            argument,
            name,
            f"a class that can be made{with_options} ({type(error).__name__}: {error})",
        ) from error


def _attribute(argument, name, path):
    module, _, attribute = path.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except Exception as error:  # whatever the import of a user's module runs into
        if name in FAMILIES:
            check_packages(name, "")
        raise ParameterError(
            argument, name, f"a class that can be imported ({type(error).__name__}: {error})"
        ) from error
