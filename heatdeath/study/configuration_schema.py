"""The schema of the configuration: its file, completed by arguments, catalogue and roles."""

from functools import cache

from heatdeath.arguments import ARGUMENTS
from heatdeath.errors import FileFormatError
from heatdeath.models.lookup import FAMILIES, SOURCES
from heatdeath.study.catalogue import KINDS, SECTIONS
from heatdeath.study.paths import ROOT
from heatdeath.study.roles import ROLES

SCHEMA_PATH = ROOT / "workflow" / "schemas" / "config.schema.yaml"

# The first keys of `axes`, those that most studies have before the others.
_FIRST_AXES = (
    "temperature",
    "fresh_fraction",
    "initial",
    "initial_size",
    "target",
    "regime",
    "width",
    "variant",
    "sampler",
    "batch_size",
)


@cache
def read_schema() -> dict:
    """Read the schema that stands beside the workflow's rules, and complete it."""
    import yaml

    try:
        schema = yaml.safe_load(SCHEMA_PATH.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileFormatError(
            SCHEMA_PATH, "the schema of the configuration is read from a copy of the repository"
        ) from error
    return _with_catalogue(_with_arguments(schema))


def _with_arguments(schema):
    """Return the schema with the arguments of a loop as definitions, axes and settings."""
    parts = schema["$defs"]
    settings = [argument for argument in ARGUMENTS if argument.setting is not None]
    axes = parts["axes"]["properties"] | {
        argument.name: {
            "type": "array",
            "minItems": 1,
            "items": _reference(argument),
            "description": argument.axis,
        }
        for argument in settings
        if argument.axis is not None
    }
    properties = {
        "axes": {name: axes[name] for name in dict.fromkeys([*_FIRST_AXES, *axes])},
        "settings": {argument.name: _reference(argument) for argument in settings},
        "variant": {argument.name: _reference(argument) for argument in settings},
    }
    of_arguments = {argument.name: _definition(argument) for argument in settings}
    completed = {name: parts[name] | {"properties": keys} for name, keys in properties.items()}
    return schema | {"$defs": parts | of_arguments | completed}


def _reference(argument):
    return {"$ref": f"#/$defs/{argument.name}"}


def _definition(argument):
    """Return the part of the schema that describes the value of an argument."""
    is_list_too = argument.type == "integer or list"
    keywords = {
        "type": ["integer", "array"] if is_list_too else argument.type,
        "enum": list(argument.choices) or None,
        "pattern": None if argument.pattern is None else rf"^{_filled(argument.pattern)}$(?!\n)",
        "minimum": argument.least,
        "exclusiveMinimum": argument.above,
        "maximum": argument.most,
        "minItems": argument.least if is_list_too else None,
        "items": {"type": "integer", "minimum": 0} if is_list_too else None,
        "default": argument.default,
        "unit": argument.unit,
        "description": _filled(argument.setting),
    }
    return {keyword: value for keyword, value in keywords.items() if value is not None}


def _filled(text):
    """Return a text with the families and sources of the registry in their places."""
    numbers = {name: ":[0-9]+" * row.n_arguments for name, row in SOURCES.items()}
    sources = "|".join(name + pattern for name, pattern in numbers.items())
    families = ", ".join(f"`{name}`" for name in FAMILIES)
    return text.replace("{sources}", sources).replace("{families}", families)


def _with_catalogue(schema):
    """Return the schema with the kinds of study, the figures and the roles in the claims."""
    parts = schema["$defs"]
    study, claims = parts["study"], parts["claims"]
    kind = study["properties"]["kind"] | {"enum": list(KINDS)}
    figures = {name: {"$ref": f"#/$defs/{_definition_of_figure(name)}"} for name in SECTIONS}
    roles = {
        name: {"$ref": "#/$defs/serving_studies", "description": role.meaning}
        for name, role in ROLES.items()
    }
    completed = {
        "study": study | {"properties": study["properties"] | {"kind": kind}},
        "claims": claims | {"properties": roles},
        **{_definition_of_figure(name): section.schema() for name, section in SECTIONS.items()},
    }
    properties = schema["properties"]
    shown = properties["figures"] | {"properties": figures}
    return schema | {
        "$defs": parts | completed,
        "properties": properties | {"figures": shown},
    }


def _definition_of_figure(name):
    return f"{name}_figure"
