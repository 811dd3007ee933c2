"""Read a configuration: every value checked, and each study turned into its grid."""

import math
import os
from dataclasses import dataclass
from itertools import product
from numbers import Real
from pathlib import Path

from heatdeath.arguments import ARGUMENTS, REQUIRED
from heatdeath.errors import HeatdeathError, ParameterError
from heatdeath.models.arguments import check_loop
from heatdeath.process import DEFAULTS, check_arguments
from heatdeath.starts import parse_start
from heatdeath.study.catalogue import KINDS, SECTIONS
from heatdeath.study.checks import check_claims, check_explorer, check_figure, check_paper
from heatdeath.study.configuration_schema import read_schema
from heatdeath.study.grid import AXIS_ORDER, Study
from heatdeath.study.kinds import check_kind
from heatdeath.study.path_lengths import (
    check_axis_value,
    check_path_lengths,
    check_results_name,
    check_study_name,
)
from heatdeath.study.paths import ROOT, slug
from heatdeath.study.schema import check_schema, join, resolve
from heatdeath.study.target_names import canonical_name, n_outcomes

_ARGUMENTS = {argument.name for argument in ARGUMENTS}
# Folders of the workflow beside those of the studies.
_RESERVED_NAMES = ("benchmarks", "figures", "logs")
# Where no results can be, by the name of a folder anywhere, and by that of one beside the workflow.
_FOLDERS_OF_TOOLS = {".git": "Git", ".snakemake": "Snakemake"}
_FOLDERS_OF_CODE = {"heatdeath": "the package", "workflow": "the rules of the workflow"}
# What all cells of a family share, so that one gate judges them.
_OF_ALL_CELLS = ("target", "initial_size")
# What no variant may change, with advice; below, what the gate of a family judges.
_NOT_OF_VARIANTS = {
    "target": "make the target an axis",
    "family": "make a study of each family",
}
_JUDGED = {
    "width": "make the width an axis",
    "initial_size": "the gate judges all cells on as many data as they start with",
}
# Whether one of their values is allowed does not depend on the others.
_INDEPENDENT_AXES = ("temperature", "fresh_fraction")


@dataclass(frozen=True)
class Configuration:
    """A checked configuration."""

    results: str
    root_seed: int
    studies: dict[str, Study]
    figures: dict[str, dict]
    claims: dict[str, list[str]]
    paper: dict | None
    explorer: dict


def load(config) -> Configuration:
    """Check a configuration beyond its schema, and lay out its studies."""
    check_schema(config, schema=read_schema())
    config = without_architectures(config)
    studies = {name: _study(name, entry) for name, entry in config["studies"].items()}
    results = _results_folder(config.get("results", "results"))
    for study in studies.values():
        check_path_lengths(results, study)
    figures = config.get("figures", {})
    for name, figure in figures.items():
        check_figure(SECTIONS[name], figure, studies)
    claims = config.get("claims", {})
    check_claims(claims, studies)
    paper = config.get("paper")
    if paper is not None:
        check_paper(paper, studies=studies, figures=figures)
    explorer = config.get("explorer", {})
    if explorer:
        check_explorer(explorer, studies)
    return Configuration(
        results=results,
        root_seed=int(config["root_seed"]),
        studies=studies,
        figures=figures,
        claims=claims,
        paper=paper,
        explorer=explorer,
    )


def without_architectures(config) -> dict:
    """Return a configuration without its studies of families, and what shows nothing else."""
    if config.get("architectures", True):
        return config
    studies = config["studies"]
    dropped = {name for name, entry in studies.items() if "family" in entry["settings"]}
    kept = config | {"studies": {name: studies[name] for name in studies if name not in dropped}}
    for section in ("figures", "claims"):
        if section in config:
            entries = {name: _without(entry, dropped) for name, entry in config[section].items()}
            kept[section] = {name: entry for name, entry in entries.items() if entry}
    if "explorer" in config:
        kept["explorer"] = _without(config["explorer"], dropped)
    return {name: entry for name, entry in kept.items() if entry != {} or name == "studies"}


def _without(entry, dropped):
    """Return a list without the dropped names, or an entry without; empty where nothing is left."""
    if isinstance(entry, list):
        return [each for each in entry if each not in dropped]
    if entry.get("study") in dropped:
        return {}
    shorter = {
        key: _without(value, dropped) if key == "studies" else value for key, value in entry.items()
    }
    return {} if shorter.get("studies") == [] else shorter


def _results_folder(given):
    check_results_name(given)
    here = Path.cwd()
    folder = Path(os.path.realpath(given))  # links in a circle are for `check_writable` to refuse
    if folder in {here, *here.parents}:
        raise ParameterError(
            "results",
            given,
            "a folder of its own: a study in the working directory could be named like its files",
        )
    owner = _owner(folder, here)
    if owner is not None:
        raise ParameterError("results", given, f"a folder that is not within {owner}")
    return os.path.normpath(given)


def _owner(folder, here):
    """Return what a folder is part of that results could damage; None where it is free."""
    below = folder.relative_to(here) if folder.is_relative_to(here) else folder
    for part in below.parts:
        # Some file systems ignore the case.
        if part.lower() in _FOLDERS_OF_TOOLS:
            return f"{part}, which belongs to {_FOLDERS_OF_TOOLS[part.lower()]}"
    for name, meaning in _FOLDERS_OF_CODE.items():
        # Not by name: these are common ones, and a link leads here as well.
        if any(_is_same(each, ROOT / name) for each in (folder, *folder.parents)):
            return f"{ROOT / name}, which holds {meaning}"
    return None


def _is_same(one, other):
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _study(name, entry):
    path = f"studies.{name}"
    if name in _RESERVED_NAMES:
        raise ParameterError(
            path, name, f"names other than {', '.join(_RESERVED_NAMES)}: the workflow's folders"
        )
    check_study_name(path, name)
    family = entry["settings"].get("family")
    settings = _arguments(entry["settings"], f"{path}.settings", family=family)
    variants = {
        variant: _arguments(
            bundle, f"{path}.axes.variant.{variant}", beneath=settings, family=family
        )
        for variant, bundle in entry["axes"].get("variant", {}).items()
    }
    written = {axis: _axis(axis, entry["axes"][axis], path, family) for axis in entry["axes"]}
    axes = {axis: list(written[axis]) for axis in AXIS_ORDER if axis in written}
    for axis in axes:
        for given, where in [
            (settings, "settings"),
            *((bundle, f"axes.variant.{variant}") for variant, bundle in variants.items()),
        ]:
            if axis in given:
                raise ParameterError(
                    f"{path}.{where}.{axis}", given[axis], f"nothing: {axis} is an axis"
                )
    for needed in _OF_ALL_CELLS if family is not None else ():
        if needed not in settings:
            raise ParameterError(
                f"{path}.settings.{needed}", None, f"a value here: the gate of {family} needs one"
            )
    for variant, bundle in variants.items():
        refused = _NOT_OF_VARIANTS | (_JUDGED if family is not None else {})
        for argument, advice in refused.items():
            if argument in bundle:
                raise ParameterError(
                    f"{path}.axes.variant.{variant}.{argument}",
                    bundle[argument],
                    f"other settings: {advice}",
                )
    study = Study(
        name=name,
        description=entry["description"],
        kind=entry["kind"],
        axes=axes,
        settings=settings,
        variants=variants,
        seeds=int(entry["seeds"]),
        seeds_per_job=int(entry.get("seeds_per_job", _default("study", "seeds_per_job"))),
        tolerance=float(entry.get("tolerance", _default("study", "tolerance"))),
    )
    _check_cells(study, written, path)
    check_kind(KINDS[study.kind], study, path, written)
    return study


def _default(definition, key):
    return read_schema()["$defs"][definition]["properties"][key]["default"]


def _arguments(given, path, *, beneath=(), family=None):
    """Bring settings into their canonical form; leave out those that repeat a default.

    A default that replaces one of the settings `beneath` is kept.
    """
    arguments = {
        name: _canonical(name, value, join(path, name), family) for name, value in given.items()
    }
    return {
        name: value
        for name, value in arguments.items()
        if name in beneath or name not in DEFAULTS or value != DEFAULTS[name]
    }


def _axis(axis, values, path, family):
    """Map the canonical values of an axis, numbers in order, to the paths of their keys."""
    path = f"{path}.axes.{axis}"
    written, slugs = {}, {}
    for key in values if axis == "variant" else range(len(values)):
        where = join(path, key)
        value = key if axis == "variant" else _canonical(axis, values[key], where, family)
        if value in written:
            raise ParameterError(
                where, values[key], f"each value once; this one is {written[value]} as well"
            )
        text = slug(value)
        if text in slugs:
            raise ParameterError(
                where, value, f"a text whose file name, {text}, is not that of {slugs[text]}"
            )
        check_axis_value(where, value, axis)
        written[value], slugs[text] = where, where
    if all(isinstance(value, Real) for value in written):
        return dict(sorted(written.items()))
    return written


def _canonical(name, value, path, family):
    """Return one plain value for all ways to write the same argument."""
    try:
        if name == "target":
            return canonical_name(value, family=family)
        if name == "initial":
            return str(parse_start(value))
    except HeatdeathError as error:
        raise _with_path(error, path, value) from error
    kind = resolve(read_schema()["$defs"][name], read_schema())["type"]
    if isinstance(value, list):
        return [int(item) for item in value]
    if kind == "number":
        _check_is_double(value, path)
        return abs(float(value)) if value == 0 else float(value)
    return int(value) if isinstance(value, Real) else value


def _check_is_double(value, path):
    try:
        is_number = not math.isnan(value)
    except OverflowError as error:
        raise ParameterError(path, value, "a number that fits a double") from error
    if not is_number:
        raise ParameterError(path, value, "a number")


def _check_cells(study, written, path):
    """Check the arguments of the cells, and translate errors into paths of keys."""
    for name in REQUIRED:
        given = [study.settings, *study.variants.values()] if study.variants else [study.settings]
        everywhere = name in study.settings or all(name in bundle for bundle in given[1:])
        if name not in study.axes and not (everywhere and (name in study.settings or given[1:])):
            raise ParameterError(
                f"{path}.settings.{name}", None, f"a value here, or an axis {name}"
            )
    sizes = {}
    for index in _indices_to_check(study):
        arguments = study.arguments_at(index)
        target = arguments.pop("target")
        place = dict(zip(study.axes, index, strict=True))
        try:
            if target not in sizes:
                sizes[target] = n_outcomes(target, family=study.family)
            if study.family is None and "width" in arguments:
                raise ParameterError("width", arguments["width"], "nothing without a family")
            check = check_arguments if study.family is None else check_loop
            check(sizes[target], seeds=len(study.seed_blocks[0]), **arguments)
        except ParameterError as error:
            origin = _origin(error.name, study, place, written, path)
            raise _with_path(error, origin, None if error.name in _ARGUMENTS else target) from error
        except HeatdeathError as error:
            origin = _origin(_named_by(error, target), study, place, written, path)
            raise _with_path(error, origin, target) from error


def _indices_to_check(study):
    """Yield the product of the axes, those that depend on no other only one by one."""
    lengths = dict(zip(study.axes, study.shape, strict=True))
    yield from product(
        *(range(1 if axis in _INDEPENDENT_AXES else n) for axis, n in lengths.items())
    )
    for axis in _INDEPENDENT_AXES:
        for i in range(1, lengths.get(axis, 1)):
            yield tuple(i if other == axis else 0 for other in lengths)


def _origin(argument, study, place, written, path):
    """Return the path of the key from which an argument of a cell came."""
    if argument not in _ARGUMENTS:  # an error in a number within the target's name
        argument = "target"
    if argument in study.axes:
        return written[argument][study.axes[argument][place[argument]]]
    if "variant" in place:
        variant = study.axes["variant"][place["variant"]]
        if argument in study.variants[variant] or argument not in study.settings:
            return f"{path}.axes.variant.{variant}.{argument}"
    return f"{path}.settings.{argument}"


def _named_by(error, target):
    return "target" if target.endswith(getattr(error, "path", "\0")) else "initial"


def _with_path(error, path, value=None):
    if isinstance(error, ParameterError):
        return ParameterError(path, error.value if value is None else value, error.allowed)
    return ParameterError(path, value, str(error))
