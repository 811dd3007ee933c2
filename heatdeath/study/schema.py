"""Check a configuration against a closed schema, with one message that names the key."""

import difflib
import math
from datetime import date

from heatdeath.canonical import decimal_text
from heatdeath.errors import ParameterError

MOST_VALUES, DEEPEST = 1_000_000, 20
"""What a configuration may hold at most, references to its own parts resolved."""


def resolve(schema, root) -> dict:
    """Follow a ``$ref`` of a part of a schema within the whole of it."""
    if "$ref" not in schema:
        return schema
    target = root
    for key in schema["$ref"].removeprefix("#/").split("/"):
        target = target[key]
    return {**resolve(target, root), **{k: v for k, v in schema.items() if k != "$ref"}}


def allowed(schema, root) -> str:
    """Say in words which values a part of a schema allows."""
    schema = resolve(schema, root)
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(_allowed_of_type(kind, schema, root) for kind in kinds)


def _allowed_of_type(kind, schema, root):
    if kind in ("integer", "number"):
        bounds = [
            f"{sign} {_number_text(schema[key])}"
            for key, sign in (
                ("minimum", ">="),
                ("exclusiveMinimum", ">"),
                ("maximum", "<="),
                ("exclusiveMaximum", "<"),
            )
            if key in schema
        ]
        noun = "an integer" if kind == "integer" else "a number"
        return " ".join([noun, " and ".join(bounds)]).strip()
    if kind == "array":
        least = schema.get("minItems", 0)
        return f"a list of {least} or more, each {allowed(schema['items'], root)}"
    if kind == "object":
        names = list(schema.get("properties", {}))
        if names:
            return "the keys " + ", ".join(names)
        if "patternProperties" in schema:
            return "one or more names of lower-case letters, digits, - and _, each with its keys"
        return "keys with values"
    if kind == "string" and "pattern" in schema:
        return schema.get("description", f"a text that matches {schema['pattern']}").rstrip(".")
    return {"string": "a text", "boolean": "true or false"}[kind]


def _number_text(value):
    # YAML would read 1e-06 as a text.
    return decimal_text(value) if isinstance(value, float) else str(value)


def check_schema(config, *, schema) -> None:
    """Check names, types and ranges of a configuration."""
    from jsonschema import Draft202012Validator

    _check_size(config)
    _check_keys_are_text(config, "")
    errors = sorted(
        Draft202012Validator(schema).iter_errors(config),
        key=lambda error: (len(error.absolute_path), [str(part) for part in error.absolute_path]),
    )
    if errors:
        raise _parameter_error(errors[0], schema)


def _check_size(config):
    # With references to its own parts, a page of YAML can stand for more values than there are
    # atoms, or for endlessly many.
    values, depths, seen = [config], [0], 0
    while values:
        value, depth = values.pop(), depths.pop()
        seen += 1
        if seen > MOST_VALUES or depth > DEEPEST:
            raise ParameterError(
                "configuration",
                f"more than {MOST_VALUES} values" if seen > MOST_VALUES else f"depth {depth}",
                f"at most {MOST_VALUES} values, references resolved, and depth {DEEPEST}",
            )
        inner = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict | list):
            values += inner
            depths += [depth + 1] * len(value)


def _check_keys_are_text(value, path):
    # The regular expressions of a schema fail on the integer keys that YAML allows.
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ParameterError(path or "configuration", key, "keys that are texts")
            _check_keys_are_text(item, join(path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_keys_are_text(item, join(path, index))


def join(path, part) -> str:
    """Extend the path of a key, as in ``studies.zipf`` or ``temperature[3]``."""
    if isinstance(part, int):
        return f"{path}[{part}]"
    text = part if isinstance(part, str) and part.isprintable() else repr(part)
    return f"{path}.{text}" if path else text


def _parameter_error(error, root):
    path = ""
    for part in error.absolute_path:
        path = join(path, part)
    schema = resolve(error.schema, root)
    if error.validator == "additionalProperties":
        return _unknown_key(path, error.instance, schema)
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        part = schema["properties"][missing]
        return ParameterError(
            join(path, missing), None, f"{allowed(part, root)}; the key is required"
        )
    if error.validator == "uniqueItems":
        return _repeated(path, error.instance)
    text = allowed(schema, root)
    if error.validator == "type":
        text += _hint_for_text(error.instance, schema)
        text += _hint_for_quotes(error.instance, schema, path)
    return ParameterError(path or "configuration", error.instance, text)


def _repeated(path, values):
    # A list of what is no plain value breaks the rule for its items as well.
    i = next(i for i in range(1, len(values)) if values[i] in values[:i])
    first = join(path, values.index(values[i]))
    return ParameterError(join(path, i), values[i], f"each value once; this one is {first} as well")


def _unknown_key(path, instance, schema):
    known = list(schema.get("properties", {}))
    pattern = next(iter(schema.get("patternProperties", {})), None)
    if pattern is not None:
        import re

        key = next(key for key in instance if not re.search(pattern, key))
        return ParameterError(
            join(path, key), key, "a name of lower-case letters, digits, - and _, a letter first"
        )
    key = next(key for key in instance if key not in known)
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"no such key; did you mean {close[0]}? " if close else "no such key; "
    return ParameterError(
        join(path, key), instance[key], f"{hint}the keys here are {', '.join(known)}"
    )


def _hint_for_quotes(value, schema, path):
    """Say how a text is written that YAML or the command line reads as another value."""
    if schema["type"] == "string" and isinstance(value, bool | int | float | date):
        hint = "; a text that can be read as a number, a date or true stands in quotes"
        if path == "results":  # Snakemake takes the quotes away before it reads a value
            hint += ", on the command line behind ./ instead: --config results=./..."
        return hint
    if schema["type"] == "boolean" and isinstance(value, str):
        return f"; on the command line --config {path}=True or {path}=False"
    return ""


def _hint_for_text(value, schema):
    """Say how a number that YAML reads as a text is written, if `value` is one."""
    kind = schema["type"]
    if not isinstance(value, str) or not {"integer", "number"} & set(
        kind if isinstance(kind, list) else [kind]
    ):
        return ""
    try:
        number = float(value)
    except ValueError:
        return ""
    if math.isfinite(number):
        return "; YAML reads this spelling as text: write it as 0.001, 1000 or 1.0e-3"
    if number == math.inf and kind == "number" and "maximum" not in schema:
        return "; YAML reads this spelling as text: write it as .inf"
    return ""
