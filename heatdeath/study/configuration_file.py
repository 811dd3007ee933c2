"""Read the file of a configuration as data: nothing in it is run."""

import json
from pathlib import Path

from heatdeath.errors import FileFormatError
from heatdeath.study.schema import join

# What a tag that was written by hand, as in `!!int "x"`, can make PyYAML raise.
_ERRORS_OF_TAGS = (AttributeError, IndexError, KeyError, TypeError, ValueError)


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
    _check_keys(yaml.compose(text.replace("\t", " "), Loader=yaml.SafeLoader), path)
    return json.loads(text)


def _read_yaml(text, path):
    import yaml

    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return None
        _check_keys(root, path)
        return loader.construct_document(root)
    finally:
        loader.dispose()


def _check_keys(root, path):
    """Refuse a key that stands twice in one mapping: all but the last would be lost."""
    for mapping, where in _mappings(root):
        lines = {}
        for key, _ in mapping.value:
            if not isinstance(key.value, str):
                continue  # a list or a mapping, which the constructor refuses
            line, name = key.start_mark.line + 1, (key.tag, key.value)
            if name in lines:
                raise FileFormatError(
                    path,
                    f"line {line}: {join(where, key.value)} stands on line {lines[name]} already; "
                    "allowed: each key once",
                )
            lines[name] = line


def _mappings(root):
    """Yield the mappings of a document in their order, each with the path of its key."""
    import yaml

    # What is referred to is looked at once: references can be as many as atoms, or circular.
    waiting, seen = [(root, "")], set()
    while waiting:
        node, where = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        inner = []
        if isinstance(node, yaml.MappingNode):
            yield node, where
            inner = [(value, join(where, str(key.value))) for key, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            inner = [(value, join(where, i)) for i, value in enumerate(node.value)]
        waiting += reversed(inner)
