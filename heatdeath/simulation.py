"""Simulate closed loops: arguments in, trajectories out."""

import numpy as np

from heatdeath import targets
from heatdeath.canonical import stream
from heatdeath.errors import ParameterError
from heatdeath.files.provenance import provenance
from heatdeath.files.variables import Record
from heatdeath.observables import FROM_START, RECORDED, observe
from heatdeath.process import check_arguments, checkpoints_of
from heatdeath.starts import are_integers, initial_counts
from heatdeath.trajectories import TRAJECTORIES
from heatdeath.urn.choose import leap_pays_from
from heatdeath.urn.trajectory import counts_at_checkpoints

_BUFFERED_NUMBERS = 2**19  # rows of theta that are measured together, in all their outcomes


def simulate(
    target,
    *,
    temperature,
    horizon,
    fresh_fraction=0.0,
    seeds=1,
    initial="target",
    initial_size=None,
    regime="accumulate",
    batch_size=None,
    window=None,
    subsample=None,
    top_k=None,
    top_p=None,
    min_p=None,
    rule=None,
    root_seed=0,
    checkpoints=64,
    record="observables",
    sampler="auto",
):
    """Simulate a generative model that is retrained on its own samples.

    Each of `horizon` outputs is drawn from `target` with probability `fresh_fraction`, an
    independent coin for each, and else from the model at `temperature`; after every
    `batch_size` outputs the model is fitted anew, by maximum likelihood.

    Parameters
    ----------
    target : str, array_like of shape (n,) or heatdeath.targets.Target
        The distribution p of human data: ``"uniform:100"``, ``"zipf:1:100"`` (exponent, then
        n), ``"words:1000"``, ``"file:PATH"``, or n weights.
    temperature : float
        Sampling temperature T from 0 (the most frequent outcomes alone) to inf (uniform over
        the support); 1 samples the model as it is.
    horizon : int
        Outputs sampled, K; a multiple of `batch_size`.
    fresh_fraction : float
        Probability f that an output is drawn from the target.
    seeds : int or sequence of int
        How many trajectories, or the indices of their seeds.
    initial : str
        The initial dataset: ``"target"`` (drawn from p), ``"proportional"`` (ℓ₀·p, not
        rounded), ``"uniform"``, ``"collapsed:OUTPUT:SHARE"`` (all but a share on one output:
        its index, ``most`` or ``least``), or ``"file:PATH"`` with counts.
    initial_size : float
        Size ℓ₀ of the initial dataset; 10·n by default.
    regime : str
        ``"accumulate"`` (data only grow), ``"replace"`` (the newest batch alone), ``"window"``
        (the newest `window` batches) or ``"subsample"`` (each model is fitted to `subsample`
        outputs chosen uniformly from all).
    batch_size : int
        Outputs per iteration, m; 1 by default with ``"accumulate"``, required elsewhere.
    window, subsample : int
        Sizes for the regimes of these names.
    top_k, top_p, min_p, rule
        Sampling rules after temperature, `heatdeath.sampling_rules.SamplingRule`.
    root_seed : int
        Root of all random streams. A trajectory's stream depends on it, on the process and on
        the trajectory's seed alone.
    checkpoints : int or sequence of int
        How many moments to record, evenly in log-time, or the numbers of outputs themselves,
        from 0 to `horizon`.
    record : str
        ``"observables"``, or ``"distribution"`` to keep the counts as well.
    sampler : str
        ``"auto"``, ``"sequential"``, ``"leap"``, ``"dense"`` or ``"generations"``: how to
        simulate. All have the same law.

    Returns
    -------
    xarray.Dataset
        Every observable with dims (seed, checkpoint), coordinates ``outputs`` and
        ``dataset_size``; with ``record="distribution"`` also ``counts`` and ``theta`` with
        dims (seed, checkpoint, outcome).

    Raises
    ------
    ParameterError
        If an argument is not allowed.

    References
    ----------
    Marchi, Soatto, Chaudhari, Tabuada, "Heat Death of Generative Models in Closed-Loop
    Learning", arXiv:2404.02325.

    Examples
    --------
    >>> import heatdeath
    >>> cold = heatdeath.simulate("zipf:1:100", temperature=0.5, horizon=100_000, seeds=4)
    >>> bool((cold.top1_mass.isel(checkpoint=-1) > 0.9).all())
    True
    """
    arguments = {key: value for key, value in locals().items() if key != "target"}
    from heatdeath.files.dataset import to_dataset  # xarray takes longer than small runs

    return to_dataset(record_trajectories(target, **arguments))


def record_trajectories(
    target,
    *,
    checkpoints=64,
    record="observables",
    progress=None,
    **arguments,
) -> Record:
    """Simulate as `simulate` does, and return plain arrays."""
    target = targets.resolve(target)
    process, horizon, seeds, root_seed = check_arguments(
        target.n_outcomes, checkpoints=checkpoints, record=record, **arguments
    )
    p = target.probabilities
    identity = process.identity(target.name)
    streams = [stream(root_seed, identity, seed) for seed in seeds.tolist()]
    start = initial_counts(process.initial, target, process.initial_size, streams[0])
    if process.regime == "subsample" and not are_integers(start):
        raise ParameterError(
            "initial",
            str(process.initial),
            "with regime 'subsample', a start of whole counts: target, a file of them, or a "
            "uniform one whose size is a multiple of the number of outcomes",
        )
    initial_size = float(start.sum())
    moments = checkpoints_of(process, checkpoints, horizon=horizon, initial_size=initial_size)
    shape = (seeds.size, moments.size)
    measured = {name: np.empty(shape) for name in RECORDED}
    measured["top_outcome"] = np.empty(shape, np.int64)
    counts = None
    if record == "distribution":
        counts = np.empty(
            (*shape, target.n_outcomes), np.int64 if are_integers(start) else np.float64
        )

    buffer = _Buffer(measured, p, n_rows=seeds.size * moments.size)
    for row, (seed_index, rng) in enumerate(zip(range(seeds.size), streams, strict=True)):
        if row > 0 and process.initial.is_random:
            start = initial_counts(process.initial, target, process.initial_size, rng)
        trajectory = counts_at_checkpoints(
            start,
            checkpoints=moments,
            temperature=process.temperature,
            fresh_fraction=process.fresh_fraction,
            target=p,
            sampler=process.sampler,
            regime=process.regime,
            batch_size=process.batch_size,
            window=process.window,
            subsample=process.subsample,
            rule=process.rule,
            rng=rng,
        )
        for column, (initial, added) in enumerate(trajectory):
            buffer.add(initial + added)
            if counts is not None:
                counts[seed_index, column] = initial + added
            if progress is not None:
                progress(row * moments.size + column + 1, seeds.size * moments.size)
    buffer.measure()

    seed_axes = ("seed", "checkpoint")
    variables = {
        "seed": (("seed",), seeds),
        "outputs": (("checkpoint",), moments),
        "dataset_size": (("checkpoint",), _dataset_sizes(process, moments, initial_size)),
        **{name: (seed_axes, values) for name, values in measured.items()},
    }
    if counts is not None:
        variables["counts"] = ((*seed_axes, "outcome"), counts)
    attributes = {
        "target": target.name,
        "n_outcomes": target.n_outcomes,
        **process.attributes(),
        "horizon": horizon,
        "root_seed": root_seed,
        "samplers_used": _samplers_used(process, target.n_outcomes, initial_size, horizon),
        **provenance(),
    }
    attributes.setdefault("initial_size", initial_size)
    return Record(TRAJECTORIES, variables, attributes)


class _Buffer:
    """Collect rows of counts and measure many at once; rows run over seeds, then checkpoints."""

    def __init__(self, measured, p, *, n_rows):
        self.measured = {name: values.reshape(-1) for name, values in measured.items()}
        self.n_checkpoints = measured["top_outcome"].shape[1]
        self.p = p
        self.rows = np.empty((min(n_rows, max(1, _BUFFERED_NUMBERS // p.size)), p.size))
        self.first = 0
        self.filled = 0
        self.theta_at_start = None

    def add(self, counts):
        if self.filled == len(self.rows):
            self.measure()
        row = self.first + self.filled
        theta = self.rows[self.filled]
        np.divide(counts, counts.sum(), out=theta)
        if row % self.n_checkpoints == 0:
            self.theta_at_start = theta.copy()
        for name, each in FROM_START.items():
            self.measured[name][row] = each.function(theta, self.theta_at_start)
        # On the counts: division could break a tie that the counts have.
        self.measured["top_outcome"][row] = np.argmax(counts)
        self.filled += 1

    def measure(self):
        rows = slice(self.first, self.first + self.filled)
        for name, values in observe(self.rows[: self.filled], self.p).items():
            self.measured[name][rows] = values
        self.first += self.filled
        self.filled = 0


def _dataset_sizes(process, moments, initial_size):
    if process.regime == "accumulate":
        return initial_size + moments
    if process.regime == "replace":
        return np.where(moments == 0, initial_size, float(process.batch_size))
    if process.regime == "window":
        held = process.window * process.batch_size
        return np.where(moments < held, initial_size + moments, float(held))
    return np.minimum(initial_size + moments, float(process.subsample))


def _samplers_used(process, n_outcomes, initial_size, horizon):
    if process.rule.function is not None:
        return "the user's rule, one batch at a time"
    if process.sampler != "hybrid":
        return process.sampler
    switch = leap_pays_from(n_outcomes)
    if initial_size >= switch:
        return "leap"
    if initial_size + horizon <= switch:
        return "sequential"
    return f"sequential below a dataset of {switch} outputs, leap from there"
