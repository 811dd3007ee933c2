"""Read the file of a configuration as data: nothing in it is run."""

import json
import math
import re
from pathlib import Path

from heatdeath.errors import FileFormatError
from heatdeath.study.schema import join

# What a tag that was written by hand, as in `!!int "x"`, can make PyYAML raise.
_ERRORS_OF_TAGS = (AttributeError, IndexError, KeyError, TypeError, ValueError)

# The spellings that mean what YAML makes of them: not 01000, which is octal, or 16:40, which is
# a time in seconds. Underscores may part thousands, and nothing else.
_DIGITS = r"[0-9]{1,3}(?:_[0-9]{3})+"
_PLAIN = {
    "bool": re.compile(r"true|True|TRUE|false|False|FALSE"),
    "int": re.compile(rf"[-+]?(?:0|[1-9][0-9]*|(?!0){_DIGITS})"),
    "float": re.compile(
        rf"[-+]?(?:[0-9]*|{_DIGITS})(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
    ),
    "timestamp": re.compile(r"(?!)"),
}
_JSON_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+")
_TO_WRITE = {
    "bool": "true or false",
    "int": "the number in decimal digits alone",
    "float": "the number in decimal digits alone, as 0.001 or 1.0e-3",
}


def read_configuration(path) -> dict:
    """Read a YAML or JSON file of plain values, each key once."""
    import yaml

    try:
        text = Path(path).read_text(encoding="utf-8")
        config = _read_json(text, path) if _is_json(text) else _read_yaml(text, path)
    except FileFormatError:
        raise
    except OSError as error:
        raise FileFormatError(path, f"cannot be read ({error.strerror})") from error
    except RecursionError:
        raise FileFormatError(path, "is not YAML that can be read: it is too deep") from None
    except (yaml.YAMLError, *_ERRORS_OF_TAGS) as error:
        problem = " ".join(str(error).split())
        raise FileFormatError(path, f"is not YAML of plain values ({problem})") from error
    if not isinstance(config, dict):
        raise FileFormatError(path, "is empty or has no keys; needed: a configuration")
    return config


def _is_json(text):
    # Snakemake reads what is JSON as JSON, where 1e3 is a number and in YAML a text.
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _read_json(text, path):
    import yaml

    # Outside of strings, and JSON has none within them, YAML would stumble over tabs.
    _check(yaml.compose(text.replace("\t", " "), Loader=yaml.SafeLoader), path)
    return json.loads(text)


def _read_yaml(text, path):
    import yaml

    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return None
        _check(root, path)
        return loader.construct_document(root)
    finally:
        loader.dispose()


def _check(root, path):
    """Refuse what is read as something else than it says, in the order of the file."""
    import yaml

    for node, where in _nodes(root):
        problem = None
        if isinstance(node, yaml.MappingNode):
            problem = _problem_of_keys(node, where)
        elif isinstance(node, yaml.ScalarNode) and node.style is None:
            problem = _problem_of_scalar(node, where)
        if problem is not None:
            raise FileFormatError(path, problem)


def _problem_of_keys(mapping, where):
    """Find a key that stands twice, all but the last of which would be lost, or is no text."""
    lines = {}
    for key, _ in mapping.value:
        if not isinstance(key.value, str):
            continue  # a list or a mapping, which the constructor refuses
        line, name = key.start_mark.line + 1, (key.tag, key.value)
        if name in lines:
            return (
                f"line {line}: {join(where, key.value)} stands on line {lines[name]} already; "
                "allowed: each key once"
            )
        lines[name] = line
        kind = key.tag.rpartition(":")[2]
        if key.style is None and (kind in _PLAIN or kind == "null"):
            value = _constructed(key)
            return (
                f"line {line}: the key {join(where, key.value)} is read as {value}, which is no "
                f'text; allowed: keys that are texts, here "{key.value}" in quotes'
            )
    return None


def _problem_of_scalar(node, where):
    """Find a text without quotes that YAML 1.1 reads as what few people mean by it."""
    kind, text = node.tag.rpartition(":")[2], node.value
    if kind in _PLAIN:
        is_plain = _PLAIN[kind].fullmatch(text)
        if is_plain and not (kind == "float" and _leaves_doubles(text)):
            return None
        numbers = "a number that fits a double, or .inf" if is_plain else _TO_WRITE.get(kind)
        ways = [f'"{text}" in quotes if it is a text', numbers]
        value, allowed = _constructed(node), ", or ".join(filter(None, ways))
    elif _JSON_NUMBER.fullmatch(text) and _leaves_doubles(text):
        value, allowed = "a text by YAML, and beyond doubles by JSON", "a number that fits a double"
    else:
        return None
    return (
        f"line {node.start_mark.line + 1}: {where or 'the configuration'}: {text} is read as "
        f"{value}; allowed: {allowed}"
    )


def _leaves_doubles(text):
    """Return whether the number of a text became infinite or zero because it fits no double."""
    digits = text.replace("_", "").lower()
    if not re.match(r"[-+]?\.?[0-9]", digits):
        return False
    number, has_digits = float(digits), re.search("[1-9]", digits.partition("e")[0])
    return math.isinf(number) or (number == 0 and has_digits is not None)


def _constructed(node):
    """Return what YAML makes of a scalar, as it is written in YAML again."""
    import yaml

    try:
        value = yaml.constructor.SafeConstructor().construct_object(node)
    except _ERRORS_OF_TAGS:
        return "a " + node.tag.rpartition(":")[2]
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return str(value)
    return f"the date {value}"


def _nodes(root):
    """Yield the values of a document in their order, each with the path of its key."""
    import yaml

    # What is referred to is looked at once: references can be as many as atoms, or circular.
    waiting, seen = [(root, "")], set()
    while waiting:
        node, where = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node, where
        inner = []
        if isinstance(node, yaml.MappingNode):
            inner = [(value, join(where, str(key.value))) for key, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            inner = [(value, join(where, i)) for i, value in enumerate(node.value)]
        waiting += reversed(inner)
