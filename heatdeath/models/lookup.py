"""Find families and sources by name in ``registry.toml``, or a user's own by dotted path."""

import importlib
import importlib.util
import re
import tomllib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from heatdeath.errors import ParameterError
from heatdeath.targets import Target

INSTALL = "pip install 'heatdeath[neural]'"
"""What installs the packages of the neural families; `make neural` does so in a clone."""

OUTCOME_GATE = "heatdeath.models.gates:check_outcomes"
"""The function that judges families on every source that names no other."""


@dataclass(frozen=True)
class FamilyRow:
    """What the registry says of a family."""

    home: str  # "package.module:Class"
    packages: tuple[str, ...] = ()  # modules of optional packages that it needs


@dataclass(frozen=True)
class SourceRow:
    """What the registry says of a source."""

    home: str  # "package.module:Class"
    form: str  # its name and what stands for its arguments, each after a colon
    packages: tuple[str, ...] = ()  # modules of optional packages that it needs
    extra_outcomes: int = 0  # outcomes beside those that the last argument counts
    gate: str = OUTCOME_GATE  # "package.module:function"

    @property
    def n_arguments(self):
        """Return the number of arguments of the class."""
        return self.form.count(":")


_REGISTRY = tomllib.loads(Path(__file__).with_name("registry.toml").read_text(encoding="utf-8"))
FAMILIES = {name: FamilyRow(**row) for name, row in _REGISTRY["families"].items()}
SOURCES = {name: SourceRow(**row) for name, row in _REGISTRY["sources"].items()}

SOURCE_FORMS = ", ".join(row.form for row in SOURCES.values()) + " or package.module:Class"

_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*")
_POSITIVE = re.compile("0*[1-9][0-9]{0,5}", re.ASCII)


def canonical_source(name) -> str:
    """Return one name for all ways to write a source: numbers without leading zeros."""
    kind, *numbers = name.split(":")
    if kind in SOURCES:
        if len(numbers) == SOURCES[kind].n_arguments and all(map(_POSITIVE.fullmatch, numbers)):
            return ":".join([kind, *(str(int(number)) for number in numbers)])
    elif _DOTTED.fullmatch(name):
        return name
    raise ParameterError("target", name, f"with a family, {SOURCE_FORMS}")


def outcomes_of_source(name) -> int:
    """Return the number of outcomes of a source, without opening one of the package's."""
    kind, *numbers = name.split(":")
    if kind not in SOURCES:
        return _target_of_own_source(name).n_outcomes
    return int(numbers[-1]) + SOURCES[kind].extra_outcomes


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
    """Return the dotted path of the class of a family."""
    if name in FAMILIES:
        return FAMILIES[name].home
    if isinstance(name, str) and _DOTTED.fullmatch(name):
        return name
    raise ParameterError("family", name, f"one of {', '.join(FAMILIES)}, or package.module:Class")


def home_of_source(name) -> str:
    """Return the dotted path of the class of a source."""
    row = _row_of_source(name)
    return name if row is None else row.home


def home_of_gate(source) -> str:
    """Return the dotted path of the function that judges families on a source, by its name."""
    row = _row_of_source(source)
    return OUTCOME_GATE if row is None else row.gate


def _row_of_source(name):
    """Return what the registry says of a source; None for one of the user's."""
    return SOURCES.get(name.partition(":")[0])


def package_versions(family, source) -> list[str]:
    """Return the optional packages that a family and a source need, such as ``"jax 0.10.2"``."""
    installed_as = _REGISTRY["installed_as"]
    names = [installed_as.get(module, module) for module in needed_packages(family, source)]
    return [f"{name} {version(name)}" for name in names]


def missing_packages(family, source) -> list[str]:
    """Return the modules that a family or a source needs and that are not installed."""
    return [
        name for name in needed_packages(family, source) if importlib.util.find_spec(name) is None
    ]


def needed_packages(family, source) -> list[str]:
    """Return the modules of optional packages that a family and a source need."""
    rows = (FAMILIES.get(family), _row_of_source(source))
    return list(dict.fromkeys(name for row in rows if row is not None for name in row.packages))


def check_packages(family, source) -> None:
    """Refuse a family or a source whose packages are not installed, and say what installs them."""
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
    """Make a family, a `heatdeath.models.protocol.Family`, of its own width or of that given."""
    options = {} if width is None else {"width": width}
    family = _make("family", name, home_of_family(name), options)
    for method in ("fit", "sample"):
        if not callable(getattr(family, method, None)):
            raise ParameterError("family", name, f"a class with the method {method}")
    return family


def open_source(name):
    """Open a source of data, a `heatdeath.models.protocol.Source`, by its name."""
    name = canonical_source(name)
    kind, *numbers = name.split(":")
    if kind not in SOURCES:
        return _make("target", name, name, {})
    check_packages("", name)
    return _attribute("target", name, SOURCES[kind].home)(*map(int, numbers))


def open_gate(source):
    """Return the function that judges families on a source, by the source's name."""
    return _attribute("target", source, home_of_gate(source))


def _make(argument, name, path, options):
    """Make an instance of a class, or refuse the argument that named it."""
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
    """Import what stands at a dotted path, or refuse the argument that named it."""
    module, _, attribute = path.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except Exception as error:  # whatever the import of a user's module runs into
        if name in FAMILIES:
            check_packages(name, "")
        raise ParameterError(
            argument, name, f"a class that can be imported ({type(error).__name__}: {error})"
        ) from error
