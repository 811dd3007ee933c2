"""How figures write numbers, and name targets, starts, families and settings."""

from heatdeath.arguments import ARGUMENTS
from heatdeath.figures.selection import axis_values
from heatdeath.starts import parse_start

_SHORT = {argument.name: argument.symbol for argument in ARGUMENTS if argument.symbol is not None}
_KEPT = {
    "accumulate": "all data kept",
    "replace": "newest batch kept",
    "window": "newest batches kept",
    "subsample": "subsamples of all data",
}


def power_text(value) -> str:
    r"""Write a number for a label: a power of ten as such, others with separated thousands."""
    mantissa, exponent = f"{value:.2e}".split("e")
    power = int(exponent)
    if abs(power) < 4:
        return f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"
    factor = f"{float(mantissa):g}"
    return f"$10^{{{power}}}$" if factor == "1" else f"${factor}\\times10^{{{power}}}$"


def rounded_text(value) -> str:
    """Write a positive number for a label with two digits."""
    return power_text(float(f"{value:.2g}"))


def p_value_text(p_value) -> str:
    r"""Write what a probability of error is, for example ``"p = 0.37"`` or ``"p < $10^{-99}$"``."""
    if p_value < 1e-99:
        return "p < $10^{-99}$"
    return f"p = {rounded_text(p_value)}"


def target_text(name) -> str:
    """Name a target: ``"zipf:1:100"`` becomes ``"Zipf's law, exponent 1"``."""
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
    return _on_outcome(start, where.get(start.output, f"outcome {start.output} (from 0)"))


def starts_text(names) -> str:
    """Name several starts; those that differ only in their outcome, in one go."""
    names = list(dict.fromkeys(map(str, names)))
    starts = [parse_start(name) for name in names]
    outcomes = [str(start.output) for start in starts]
    alike = {(start.kind, start.share) for start in starts}
    if len(names) == 1 or len(alike) > 1 or not all(map(str.isdigit, outcomes)):
        return " or ".join(map(start_text, names))
    return _on_outcome(starts[0], f"outcome {' or '.join(outcomes)} (from 0)")


def _on_outcome(start, outcome):
    held = 1 - start.share
    return f"{'collapsed, ' if held >= 0.5 else ''}{100 * held:.4g} % on {outcome}"


def variant_text(settings) -> str:
    """Say in a few signs what a variant sets, for example ``"10 batches, $m$ = 1,000"``."""
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

    What is an axis of the study is left out, and left to the figure.
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


def runs_text(records, *, target=True) -> str:
    """State what runs were made with: target and n if all share them, ℓ₀, K/ℓ₀, start and seeds.

    Where they differ, or the size of the start is an axis, the range is stated.
    """
    attributes = [record.attributes for record in records]
    parts = []
    if target:
        targets = {target_text(each["target"]) for each in attributes if "target" in each}
        outcomes = {each["n_outcomes"] for each in attributes if "n_outcomes" in each}
        parts += targets if len(targets) == 1 else ()
        parts += [f"$n$ = {number:,}" for number in outcomes if len(outcomes) == 1]
    sizes, growths = [], []
    for record in records:
        its_sizes = axis_values(record, "initial_size").astype(float).tolist()
        sizes += its_sizes
        growths += [float(f"{record.attributes['horizon'] / size:.2g}") for size in its_sizes]
    parts += [f"$\\ell_0$ = {_range_text(sizes)}", f"$K/\\ell_0$ = {_range_text(growths)}"]
    starts = [each["initial"] for each in attributes if "initial" in each]
    if starts:
        parts.append(f"start: {starts_text(starts)}")
    seeds = _range_text(each["n_seeds"] for each in attributes)
    parts.append(f"{seeds} seeds per cell")
    return "; ".join(parts)


def _range_text(values):
    values = sorted(set(values))
    if len(values) > 2:
        return f"{power_text(values[0])} to {power_text(values[-1])}"
    return " and ".join(map(power_text, values))


def family_text(name) -> str:
    """Name a family of generative models; one of the user's own by its class."""
    return str(name).rpartition(":")[2].replace("_", " ")


def source_text(name) -> str:
    """Name the source of a family's data in few words, for example ``"200 English words"``."""
    kind, _, rest = str(name).partition(":")
    parts = rest.split(":")
    if kind == "spelling":
        return f"{int(rest):,} English words"
    if kind == "digits":
        return f"digits, {int(rest):,} cells"
    if kind == "gaussians":
        return f"{int(rest):,} Gaussians"
    if kind == "normal":
        return f"{parts[0]}-D normal, {int(parts[1]):,} cells"
    return parts[-1].replace("_", " ")


def loops_text(records) -> str:
    """State what closed loops of families were made with: regime, sizes, generations and seeds.

    Where they differ, the range is stated.
    """
    attributes = [record.attributes for record in records]
    kept = dict.fromkeys(_KEPT[each["regime"]] for each in attributes if "regime" in each)
    parts = [" or ".join(kept)] if kept else []
    sized = [each for each in attributes if {"initial_size", "batch_size", "horizon"} <= {*each}]
    if sized:
        sizes = _range_text(float(each["initial_size"]) for each in sized)
        batches = _range_text(int(each["batch_size"]) for each in sized)
        generations = _range_text(each["horizon"] // int(each["batch_size"]) for each in sized)
        parts += [f"$\\ell_0$ = {sizes}", f"$m$ = {batches}", f"{generations} generations"]
    seeds = _range_text(each["n_seeds"] for each in attributes)
    parts.append(f"{seeds} seeds per cell")
    return "; ".join(parts)


def tolerances_text(records) -> str:
    """Name the tolerances of studies, for example ``"0.1 or 0.2"``."""
    tolerances = sorted({record.attributes["tolerance"] for record in records})
    return " or ".join(f"{tolerance:g}" for tolerance in tolerances)
