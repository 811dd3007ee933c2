"""How figures name targets, starts and settings."""

from heatdeath.figures.style import power_text
from heatdeath.starts import parse_start


def target_text(name) -> str:
    """Name a target: ``"zipf:1:100"`` becomes ``"Zipf, exponent 1"``."""
    kind, _, rest = str(name).partition(":")
    if kind == "words":
        return f"the {int(rest):,} most frequent English words"
    if kind == "zipf":
        return f"Zipf's law, exponent {rest.split(':')[0]}"
    return {"uniform": "uniform target", "sha256": "target from a file"}.get(kind, str(name))


def start_text(name) -> str:
    """Name a start, for example ``"collapsed:most:0.01"``."""
    start = parse_start(str(name))
    if start.kind != "collapsed":
        return {
            "target": "drawn from the target",
            "proportional": "equal to the target",
            "uniform": "uniform",
            "file": "from a file",
        }[start.kind]
    where = {"most": "the top outcome", "least": "the rarest outcome"}
    outcome = where.get(start.output, f"outcome {start.output} (from 0)")
    return f"collapsed, {100 * (1 - start.share):.4g} % on {outcome}"


_SHORT = {
    "batch_size": "$m$",
    "top_k": "top-$k$",
    "top_p": "top-$p$",
    "min_p": "min-$p$",
}


def variant_text(settings) -> str:
    """Say what distinguishes a variant, in a few signs.

    Parameters
    ----------
    settings : dict
        What it sets that its study does not share, for example
        ``{"regime": "window", "window": 10, "batch_size": 1000}``.

    Returns
    -------
    str
        For example ``"10 batches, m = 1,000"``.
    """
    parts = []
    if "window" in settings:
        parts.append(f"{settings['window']} batches")
    if "subsample" in settings:
        parts.append(f"{settings['subsample']:,} outputs")
    if "rule" in settings:
        parts.append(str(settings["rule"]))
    for name, short in _SHORT.items():
        if name in settings:
            value = settings[name]
            parts.append(f"{short} = {value:,}" if isinstance(value, int) else f"{short} = {value}")
    return ", ".join(parts)


def settings_text(attributes) -> str:
    """State what a figure was made with: target, n, ℓ₀, K/ℓ₀ and seeds.

    Parameters
    ----------
    attributes : dict
        Of an aggregate. What is an axis of its study is left out, and left to the figure.

    Returns
    -------
    str
        The parts, separated by semicolons.
    """
    parts = []
    if "target" in attributes:
        parts.append(target_text(attributes["target"]))
    if "n_outcomes" in attributes:
        parts.append(f"$n$ = {attributes['n_outcomes']:,}")
    if "initial_size" in attributes:
        size = float(attributes["initial_size"])
        parts.append(f"$\\ell_0$ = {power_text(size)}")
        if "horizon" in attributes:
            parts.append(f"$K/\\ell_0$ = {power_text(attributes['horizon'] / size)}")
    parts.append(f"{attributes['n_seeds']:,} seeds per cell")
    return "; ".join(parts)
