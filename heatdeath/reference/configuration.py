"""The tables of keys in config/README.md, from the schema of the configuration."""

from heatdeath.study.catalogue import SECTIONS
from heatdeath.study.configuration_schema import read_schema
from heatdeath.study.paths import ROOT
from heatdeath.study.schema import allowed, resolve

README_PATH = ROOT / "config" / "README.md"
BEGIN = "<!-- The tables below are generated from workflow/schemas/config.schema.yaml. -->"
END = "<!-- End of the generated tables. -->"

_SECTIONS = (
    ("Top level", None),
    ("A study: `studies.<name>`", "study"),
    ("Axes: `studies.<name>.axes`", "axes"),
    ("Settings: `studies.<name>.settings`, and each variant", "settings"),
    *((f"Figure `figures.{name}`", f"{name}_figure") for name in SECTIONS),
    ("Claims: `claims`", "claims"),
    ("The paper: `paper`", "paper"),
    ("The explorer: `explorer`", "explorer"),
)


def tables() -> str:
    """Return the tables of all keys."""
    schema = read_schema()
    return "\n".join(
        _table(title, schema if name is None else schema["$defs"][name], schema)
        for title, name in _SECTIONS
    )


def readme(text) -> str:
    """Return the text of the README with its tables made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


def _table(title, part, schema):
    required = part.get("required", [])
    lines = [f"### {title}", ""]
    if "description" in part:
        lines += [part["description"], ""]
    lines += [
        "| key | unit | allowed | default | meaning |",
        "| --- | --- | --- | --- | --- |",
    ]
    for key, value in part["properties"].items():
        value = resolve(value, schema)
        default = "required" if key in required else _plain(value.get("default"))
        cells = [
            f"`{key}`",
            value.get("unit", ""),
            _allowed(value, schema),
            default,
            value.get("description", ""),
        ]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


def _allowed(value, schema):
    kinds = value["type"] if isinstance(value["type"], list) else [value["type"]]
    if kinds == ["array"]:
        item = resolve(value["items"], schema)
        return f"list of {value['minItems']} or more: {_allowed(item, schema)}"
    if kinds == ["object"]:
        return "keys below" if "properties" in value else "names, each with keys below"
    if kinds == ["string"] and "enum" not in value:
        return "text, see right" if "pattern" in value else "text"
    return allowed(value, schema)


def _plain(value):
    return "" if value is None else f"`{value}`" if value != {} else ""
