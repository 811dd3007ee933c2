"""Starts: the counts in the dataset before the first output is sampled."""

import hashlib
import math
from dataclasses import dataclass

import numpy as np

from heatdeath.canonical import decimal_text
from heatdeath.checks import is_number
from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.weight_files import read_weights

_ALLOWED = (
    '"target", "proportional", "uniform", "collapsed:OUTPUT:SHARE" with OUTPUT an index from 0 '
    'to n-1, "most" or "least" and SHARE from 0 to below 1, or "file:PATH"'
)
_PLAIN_KINDS = ("target", "proportional", "uniform")
DEFAULT_SIZE_PER_OUTCOME = 10
"""Outputs in the initial dataset for each possible outcome, where no size is given."""

# Above 2**53 a double no longer holds every integer, and counts are kept as doubles.
MAX_INITIAL_SIZE = 2**53
MIN_INITIAL_SIZE = 1e-6


@dataclass(frozen=True)
class Start:
    """A start, parsed; ``str(start)`` is its canonical text."""

    kind: str  # target, proportional, uniform, collapsed or file
    output: int | str | None = None  # that holds the mass if collapsed: index, most or least
    share: float | None = None  # of the mass on all other outputs if collapsed
    path: str | None = None

    def __str__(self):
        """Return the canonical text, which `parse_start` reads back."""
        if self.kind == "collapsed":
            return f"collapsed:{self.output}:{decimal_text(self.share)}"
        if self.kind == "file":
            return f"file:{self.path}"
        return self.kind

    @property
    def is_random(self) -> bool:
        """Whether the counts are drawn, so that they differ between seeds."""
        return self.kind == "target"

    def identity(self) -> str:
        """Return the text that keys random streams: a file counts by its content, not its path."""
        if self.kind != "file":
            return str(self)
        counts, _ = read_weights(self.path)
        return f"file:sha256:{hashlib.sha256(counts.astype('<f8').tobytes()).hexdigest()[:16]}"


def parse_start(text) -> Start:
    """Read the text of a start; one that is parsed already is returned as it is."""
    if isinstance(text, Start):
        return text
    if not isinstance(text, str):
        raise ParameterError("initial", text, _ALLOWED)
    if text in _PLAIN_KINDS:
        return Start(text)
    kind, _, rest = text.partition(":")
    if kind == "file" and rest:
        return Start("file", path=rest)
    fields = rest.split(":")
    if kind != "collapsed" or len(fields) != 2:
        raise ParameterError("initial", text, _ALLOWED)
    output, share = fields
    if output not in ("most", "least"):
        if not (output.isascii() and output.isdecimal() and len(output) <= 15):
            raise ParameterError("initial", text, _ALLOWED)
        output = int(output)
    try:
        share = float(share)
    except ValueError as error:
        raise ParameterError("initial", text, _ALLOWED) from error
    if not 0 <= share < 1:
        raise ParameterError("initial", text, _ALLOWED)
    return Start("collapsed", output=output, share=abs(share))


def collapsed_output(start, target) -> int:
    """Return the index of the output that a collapsed start puts its mass on.

    ``most`` is the most probable one, the first of several; ``least`` the least probable one that
    p produces at all, the last of several.
    """
    p = target.probabilities
    if start.output == "most":
        return int(np.argmax(p))
    if start.output == "least":
        rarest = p[p > 0].min()
        return int(np.flatnonzero(p == rarest)[-1])
    if start.output >= p.size:
        raise ParameterError(
            "initial", str(start), f"an output from 0 to {p.size - 1}, or most or least"
        )
    return start.output


def initial_counts(start, target, initial_size=None, rng=None) -> np.ndarray:
    """Build the counts of the dataset that the first model is fitted to, float64 (n,).

    They sum to `initial_size`, ℓ₀: drawn from p if ``target``, which alone needs `rng`; ℓ₀·p, not
    rounded, if ``proportional``; ℓ₀ spread evenly over the support of p if ``uniform``; all but a
    share on one output, and that in proportion to p, if ``collapsed``.
    """
    start = parse_start(start)
    p = target.probabilities
    if start.kind == "file":
        return _counts_from_file(start.path, p.size, initial_size)
    size = check_initial_size(
        DEFAULT_SIZE_PER_OUTCOME * p.size if initial_size is None else initial_size,
        integer=start.is_random,
    )
    if start.kind == "target":
        return _draw(p, int(size), rng)
    if start.kind == "proportional":
        return size * p
    if start.kind == "uniform":
        return np.where(p > 0, size / np.count_nonzero(p), 0.0)
    output = collapsed_output(start, target)
    others = p.copy()
    others[output] = 0.0
    if start.share > 0:
        if not others.any():
            raise ParameterError(
                "initial", str(start), "a share of 0, because p produces no other output"
            )
        others *= start.share * size / others.sum()
    else:
        others[:] = 0.0
    others[output] = (1 - start.share) * size
    return others


def check_initial_size(value, *, integer=False) -> float:
    """Return a size of the initial dataset, in outputs, as a float, or refuse it."""
    what = "an integer" if integer else "a number"
    lowest = 1 if integer else MIN_INITIAL_SIZE
    in_range = is_number(value) and MIN_INITIAL_SIZE <= value <= MAX_INITIAL_SIZE
    if not in_range or (integer and value != int(value)):
        raise ParameterError("initial_size", value, f"{what} from {lowest} to 2**53")
    return float(value)


def are_integers(counts) -> bool:
    """Whether every count is an integer."""
    counts = np.asarray(counts)
    return bool(np.all(counts == np.floor(counts)))


def _draw(p, size, rng):
    if not isinstance(rng, np.random.Generator):
        raise ParameterError("rng", rng, "a numpy.random.Generator, because this start is drawn")
    # NumPy's multinomial subtracts each probability from a running remainder and gives the last
    # outcome what is left. From the rarest to the most probable, the remainder's rounding is
    # never large beside a rare outcome, and none of probability zero receives what is left.
    order = np.argsort(p, kind="stable")
    counts = np.zeros(p.size)
    counts[order] = rng.multinomial(size, p[order])
    return counts


def _counts_from_file(path, n_outcomes, initial_size):
    counts, _ = read_weights(path)
    if counts.size != n_outcomes:
        raise FileFormatError(
            path, f"has {counts.size} counts; expected one an outcome, {n_outcomes}"
        )
    total = math.fsum(counts)
    if initial_size is not None and initial_size != total:
        raise ParameterError(
            "initial_size", initial_size, f"none, or the sum of the counts in {path}, {total!r}"
        )
    check_initial_size(total)
    return counts
