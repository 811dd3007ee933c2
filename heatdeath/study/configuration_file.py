"""Read the file of a configuration as data: nothing in it is run."""

from pathlib import Path

from heatdeath.errors import FileFormatError


def read_configuration(path) -> dict:
    """Read a YAML or JSON file of plain values."""
    import yaml

    try:
        # JSON is YAML as well.
        config = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise FileFormatError(path, f"cannot be read ({error.strerror})") from error
    except RecursionError:
        raise FileFormatError(path, "is not YAML that can be read: it is too deep") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        text = " ".join(str(error).split())
        raise FileFormatError(path, f"is not YAML of plain values ({text})") from error
    if not isinstance(config, dict):
        raise FileFormatError(path, "is empty or has no keys; needed: a configuration")
    return config
