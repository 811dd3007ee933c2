"""One row for each argument of a closed loop: what it may be, and what is said of it where.

The settings and axes of the configuration with their reference, the axes of files, the names in
paths and the options of ``heatdeath simulate`` are made from these rows. What a simulation does
with an argument is not among them: `heatdeath.process` and `heatdeath.sampling_rules` check it.
No simulation, training or gate may import this module: its rows count as one in a digest of code,
so that a better sentence would run all of them anew, and not only what is made of their files.
"""

from dataclasses import dataclass

from heatdeath.choices import RECORDS, REGIMES, SAMPLERS


@dataclass(frozen=True)
class Argument:
    """An argument of `heatdeath.simulate` or of a loop of a family, and what is said of it."""

    name: str
    type: str  # number, integer, string or "integer or list", a count or the values themselves
    setting: str | None = None  # what it means as a setting of a study; {families} of the registry
    axis: str | None = None  # what its values mean as an axis of a study, where it can be one
    option: str | None = None  # help of its option, with {long_name}, {choices} and {default}
    long_name: str | None = None  # of its axis as a variable of files
    required: bool = False
    default: int | str | None = None  # where it does not depend on other arguments
    choices: tuple[str, ...] = ()
    pattern: str | None = None  # of the whole text; {sources} are those of the registry
    least: float | None = None
    above: float | None = None  # like `least`, and itself not allowed
    most: float | None = None
    unit: str | None = None
    may_be_infinite: bool = False
    axis_types: tuple[str, ...] = ()  # of the variable, where not the one that `type` has
    in_paths: str | None = None  # its name there, where shorter
    symbol: str | None = None  # before its value in the title of a variant


_DOTTED_PATH = "[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*"

# In the order of the reference of the configuration and of the options of the command line.
ARGUMENTS = (
    Argument(
        "target",
        "string",
        setting="Distribution of the fresh outputs: `uniform:<n>`, `zipf:<exponent>:<n>`, "
        "`words:<n>` (the n most frequent English words, at most 321180) or `file:<path>` (CSV or "
        "NetCDF, counts or probabilities); with a family the source of its data: "
        "`normal:<dimensions>:<n>`, `gaussians:<n>`, `spelling:<words>`, `digits:<n>` or one of "
        "your own, `package.module:Class`.",
        axis="Targets.",
        option="target distribution: uniform:N, zipf:EXPONENT:N, words:N or file:PATH",
        long_name="target distribution p",
        required=True,
        pattern="(uniform:[0-9]+|zipf:[0-9.]+:[0-9]+|words:[0-9]+|file:.+|{sources}|"
        f"{_DOTTED_PATH})",
    ),
    Argument(
        "temperature",
        "number",
        setting="Sampling temperature T; `.inf` samples uniformly over the support.",
        axis="Sampling temperatures.",
        option="{long_name}, 0 to inf",
        long_name="sampling temperature T",
        required=True,
        least=0,
        may_be_infinite=True,
        in_paths="T",
    ),
    Argument(
        "fresh_fraction",
        "number",
        setting="Probability f that a new output is drawn from the target and not from the model.",
        axis="Fresh fractions.",
        option="{long_name} (default {default})",
        long_name="probability f that a new output is fresh",
        default=0,
        least=0,
        most=1,
        in_paths="f",
    ),
    Argument(
        "horizon",
        "integer",
        setting="Outputs K sampled in a trajectory; a multiple of the batch size.",
        axis="Horizons.",
        option="outputs sampled, K, such as 1e6",
        long_name="outputs sampled in a trajectory, K",
        required=True,
        least=1,
        unit="outputs",
    ),
    Argument(
        "seeds",
        "integer or list",
        option="how many seeds, or a list such as 0,5,8-11 (default {default})",
        default=1,
    ),
    Argument(
        "initial",
        "string",
        setting="Start: `target` (drawn from it), `proportional`, `uniform`, "
        "`collapsed:<output, most or least>:<share of the others>` or `file:<path>` (counts).",
        axis="Starts.",
        option="target, proportional, uniform, collapsed:OUTPUT:SHARE or file:PATH",
        long_name="start of the trajectories",
        default="target",
        pattern="(target|proportional|uniform|collapsed:[^:]+:[^:]+|file:.+)",
    ),
    Argument(
        "initial_size",
        "number",
        setting="Size of the start; ten for each outcome by default.",
        axis="Sizes of the start.",
        option="{long_name} (default 10 n)",
        long_name="outputs in the initial dataset",
        least=1e-6,
        most=2**53,
        unit="outputs",
        axis_types=("float64", "int64"),
    ),
    Argument(
        "regime",
        "string",
        setting="What the model is fitted to: everything, the newest batch, the newest batches, or "
        "a subsample of everything.",
        axis="Data regimes.",
        option="{choices} (default {default})",
        long_name="data regime",
        default="accumulate",
        choices=REGIMES,
    ),
    Argument(
        "batch_size",
        "integer",
        setting="Outputs added at an iteration; 1 for `accumulate`, required for the other "
        "regimes.",
        axis="Batch sizes.",
        option="{long_name} (default 1 for accumulate)",
        long_name="outputs added per iteration, m",
        least=1,
        unit="outputs",
        symbol="$m$",
    ),
    Argument(
        "window",
        "integer",
        setting="Batches that the regime `window` keeps.",
        axis="Windows.",
        option="{long_name}, for regime window",
        long_name="batches that the model is fitted to",
        least=1,
        most=2**53,
        unit="batches",
    ),
    Argument(
        "subsample",
        "integer",
        setting="Outputs to which the regime `subsample` fits each model.",
        axis="Sizes of the subsample.",
        option="{long_name}, for regime subsample",
        long_name="outputs that the model is fitted to",
        least=1,
        most=2**53,
        unit="outputs",
    ),
    Argument(
        "top_k",
        "integer",
        setting="Sample from the most probable outcomes alone; at most their number.",
        axis="Numbers of outcomes that are sampled.",
        option="sample from the k most probable outcomes",
        long_name="most probable outcomes that are sampled from",
        least=1,
        unit="outcomes",
        symbol="top-$k$",
    ),
    Argument(
        "top_p",
        "number",
        setting="Sample from the smallest set of outcomes that holds this probability.",
        axis="Probabilities that are sampled.",
        option="sample from the smallest set of outcomes that holds this mass",
        long_name="probability mass that is sampled from",
        above=0,
        most=1,
        symbol="top-$p$",
    ),
    Argument(
        "min_p",
        "number",
        setting="Sample from the outcomes with at least this share of the largest probability.",
        axis="Least shares of the largest probability.",
        option="sample from outcomes at least this probable, relative to the largest",
        long_name="least probability relative to the largest that is sampled",
        least=0,
        most=1,
        symbol="min-$p$",
    ),
    Argument(
        "rule",
        "string",
        setting="Sampling rule of one's own, `package.module:function`.",
        axis="Sampling rules of one's own.",
        option="sampling rule of your own, package.module:function",
        long_name="sampling rule of the user",
        pattern=_DOTTED_PATH,
    ),
    Argument(
        "root_seed",
        "integer",
        option="seed from which all random streams are derived (default {default})",
        default=0,
    ),
    Argument(
        "checkpoints",
        "integer or list",
        setting="When to record: a count (spread evenly in the logarithm, always with the start "
        "and the horizon) or the list of outputs sampled, from 0 to the horizon.",
        option="how many, or a list from 0 to the horizon (default {default})",
        default=64,
        least=2,
    ),
    Argument(
        "record",
        "string",
        setting="Whether the counts of every outcome are recorded beside the observables.",
        option="{choices} (default {default})",
        default="observables",
        choices=RECORDS,
    ),
    Argument(
        "sampler",
        "string",
        setting="Algorithm; `auto` chooses the fastest that is valid.",
        axis="Samplers.",
        option="{choices} (default {default})",
        long_name="sampler of the urn",
        default="auto",
        choices=SAMPLERS,
    ),
    Argument(
        "family",
        "string",
        setting="Family of generative models to train in place of the urn: {families}, or one of "
        "your own, `package.module:Class`.",
        pattern="[A-Za-z_][A-Za-z0-9_.]*(:[A-Za-z_][A-Za-z0-9_]*)?",
    ),
    Argument(
        "width",
        "integer",
        setting="Size of the models of a family: the width of a network, the order of an n-gram, "
        "the components of a mixture; by default the family's own.",
        axis="Sizes of the models of a family.",
        long_name="size of the models of a family",
        least=1,
        most=2**16,
    ),
)

REQUIRED = tuple(argument.name for argument in ARGUMENTS if argument.required)
