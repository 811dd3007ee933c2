"""Leave the studies of families of generative models out of a configuration."""


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
