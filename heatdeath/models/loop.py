"""The closed loop of all families: data, fit, tempered sample, data again."""

import numpy as np

from heatdeath.canonical import stream
from heatdeath.errors import HeatdeathError, ParameterError
from heatdeath.files.provenance import provenance
from heatdeath.files.variables import Record
from heatdeath.models.arguments import check_loop
from heatdeath.models.lookup import SOURCE_FORMS, make_family, open_source, package_versions
from heatdeath.models.measures import MEASURES, MODEL_TRAJECTORIES
from heatdeath.models.seeds import over_seeds
from heatdeath.observables import FROM_START, observe
from heatdeath.process import checkpoints_of
from heatdeath.starts import collapsed_output
from heatdeath.targets import Target

EVALUATED = 4096
"""Data sampled at a temperature of 1 to measure a model whose probabilities are not exact."""

LARGEST_MEMORY = 2**31
"""Bytes that the data of the seeds of a job may take."""

_MEASURES = ", ".join(MEASURES)
_CALLS = ("fit", "sample", "evaluation")


class FamilyError(HeatdeathError, RuntimeError):
    """The code of a family failed, or returned what no family may return.

    Parameters
    ----------
    family : str
        Its name or dotted path.
    place : str
        The cell, the seed where one is known, and the generation.
    problem : str
        What went wrong.
    """

    def __init__(self, family, place, problem):
        self.family = family
        self.place = place
        self.problem = problem
        super().__init__(f"family {family}, {place}: {problem}")

    def __reduce__(self):
        """Rebuild from the three arguments, so that the error crosses process boundaries."""
        return type(self), (self.family, self.place, self.problem)


def retrain(
    source,
    *,
    family,
    temperature,
    horizon,
    batch_size,
    fresh_fraction=0.0,
    seeds=1,
    initial="target",
    initial_size=None,
    regime="accumulate",
    window=None,
    subsample=None,
    width=None,
    root_seed=0,
    checkpoints=64,
):
    """Train a family of generative models again and again on data that it helped to make.

    In every generation a model is fitted from nothing to the data that the regime keeps. Of
    `batch_size` new data each is fresh with probability `fresh_fraction`, by a coin of its own,
    and else a sample of the model at `temperature`.

    Parameters
    ----------
    source : str or heatdeath.models.protocol.Source
        Where fresh data come from, and the outcomes that data are reduced to:
        ``"normal:2:100"`` (dimensions, then equiprobable cells), ``"gaussians:10"`` (clusters on
        a plane), ``"spelling:200"`` (English words, letter by letter), ``"digits:100"`` (scans of
        digits, in cells of a codebook) or another source of the package, or a class of your own,
        ``"package.module:Class"``.
    family : str
        ``"gaussian"``, ``"mixture"``, ``"ngram"``, ``"transformer"``, ``"vae"``, ``"gan"``,
        ``"diffusion"`` or another family of the package, or a class of your own,
        ``"package.module:Class"``.
    temperature : float
        T from 0 to below inf.
    horizon : int
        Data sampled, K; a multiple of `batch_size`.
    batch_size : int
        New data in a generation, m.
    fresh_fraction, seeds, initial, initial_size, regime, window, subsample, root_seed, checkpoints
        As in `heatdeath.simulate`; a start is ``"target"`` or ``"collapsed:OUTCOME:SHARE"``, whose
        share is fresh data of any outcome, that one among them.
    width : int, optional
        The size of the models; by default the family's own.

    Returns
    -------
    xarray.Dataset
        ``theta``, the models' distribution over the outcomes at a temperature of 1, with dims
        (seed, checkpoint, outcome), every observable of it with dims (seed, checkpoint), and what
        the field of the family reports.

    Raises
    ------
    ParameterError
        If an argument is not allowed, or the packages of the family are not installed.
    FamilyError
        If the code of the family fails.

    Examples
    --------
    >>> import heatdeath
    >>> cold = heatdeath.retrain(
    ...     "normal:2:100", family="gaussian", temperature=0.5, regime="replace",
    ...     horizon=10_000, batch_size=1000, initial_size=1000,
    ... )
    >>> bool(cold.total_variation.isel(checkpoint=-1) > 0.9)
    True
    """
    arguments = {key: value for key, value in locals().items() if key != "source"}
    from heatdeath.files.dataset import to_dataset

    opened = open_source(source) if isinstance(source, str) else source
    # Weights are no source: a family is fitted to data, and these have none but their indices.
    if not callable(getattr(opened, "draw", None)):
        raise ParameterError(
            "source", type(source), f"{SOURCE_FORMS}, or an object with draw; no weights"
        )
    return to_dataset(record_loops(opened, **arguments))


def record_loops(source, *, checkpoints=64, progress=None, **arguments) -> Record:
    """Run closed loops of a family, a seed each, and measure its models.

    In every generation a model is fitted from nothing to the data of the regime. Of the
    `batch_size` new data each is fresh with probability `fresh_fraction`, by a coin of its own,
    and else a sample of the model at `temperature`. What is measured of a model is its
    distribution θ over the outcomes of the source at a temperature of 1: exactly where the family
    has ``log_probabilities`` and the source lists the data of its outcomes, else from `EVALUATED`
    samples. After every generation, ``progress(done, total)`` is called.
    """
    target = Target(source.name, source.probabilities, source.labels)
    p = target.probabilities
    loop, horizon, seeds, root_seed = check_loop(p.size, checkpoints=checkpoints, **arguments)
    process = loop.process
    moments = checkpoints_of(
        process, checkpoints, horizon=horizon, initial_size=process.initial_size
    )
    identity = loop.identity(source.name)
    streams = [stream(root_seed, identity, seed) for seed in seeds.tolist()]
    source = _GuardedSource(source, loop)
    data = _Data(source, target, process, horizon, streams)
    family = _GuardedFamily(loop, data)
    exact = family.is_exact and source.outcomes is not None
    thetas, measured = [], []  # for each checkpoint
    iterations = horizon // process.batch_size
    for iteration in range(iterations + 1):
        family.generation = iteration
        # All keys are drawn whether or not they are used: what is recorded changes no number.
        keys = {
            call: np.stack([rng.integers(2**32, size=2, dtype=np.uint32) for rng in streams])
            for call in _CALLS
        }
        models = family.fit(keys["fit"])
        if data.outputs == moments[len(thetas)]:
            samples = [None] * seeds.size
            if exact:
                theta = family.exact_theta(models, source.outcomes, p.size)
            else:
                samples = family.sample(models, EVALUATED, 1.0, keys["evaluation"])
                theta = _shares_of_outcomes(source, samples, p.size)
            thetas.append(theta)
            measured.append([source.measures(*each) for each in zip(theta, samples, strict=True)])
        if iteration < iterations:
            synthetic = None
            if process.fresh_fraction < 1:
                synthetic = family.sample(
                    models, process.batch_size, process.temperature, keys["sample"]
                )
            data.extend(synthetic, streams)
        if progress is not None:
            progress(iteration + 1, iterations + 1)
    return Record(
        MODEL_TRAJECTORIES,
        _variables(seeds, moments, data, np.stack(thetas, axis=1), measured, p),
        {
            "target": source.name,
            "n_outcomes": p.size,
            **loop.attributes(),
            "horizon": horizon,
            "root_seed": root_seed,
            "theta_from": "probabilities" if exact else f"{EVALUATED} samples",
            "device": family.device,
            **_versions(loop.family, source.name),
        },
    )


def _shares_of_outcomes(source, samples, n_outcomes):
    """Return the share of each outcome among the samples of each seed, shape (seed, outcome)."""
    shares = np.empty((len(samples), n_outcomes))
    for seed, sample in enumerate(samples):
        shares[seed] = np.bincount(source.assign(sample), minlength=n_outcomes) / EVALUATED
    return shares


def _variables(seeds, moments, data, thetas, measured, p):
    """Return the variables of the file: θ, (seed, checkpoint, outcome), and what follows of it."""
    per_seed = ("seed", "checkpoint")
    top = np.argmax(thetas, axis=-1)
    names = [name for name in MEASURES if name in measured[0][0]]
    return {
        "seed": (("seed",), seeds),
        "outputs": (("checkpoint",), moments),
        "dataset_size": (
            ("checkpoint",),
            np.array([data.size_after(outputs) for outputs in moments.tolist()], np.float64),
        ),
        **{name: (per_seed, values) for name, values in observe(thetas, p).items()},
        **{
            name: (per_seed, each.function(thetas, thetas[:, :1]))
            for name, each in FROM_START.items()
        },
        "top_outcome": (per_seed, top.astype(np.int64)),
        "theta": ((*per_seed, "outcome"), thetas),
        **{
            name: (
                per_seed,
                np.array([[of_seed[name] for of_seed in row] for row in measured], np.float64).T,
            )
            for name in names
        },
    }


def _versions(family, source_name):
    """Return the provenance with the optional packages among the versions of the libraries."""
    made_with = provenance()
    versions = [made_with["library_versions"], *package_versions(family, source_name)]
    return made_with | {"library_versions": ", ".join(versions)}


class _Data:
    """What all seeds have seen so far, and what their next models are fitted to."""

    def __init__(self, source, target, process, horizon, streams):
        self.source = source
        self.process = process
        self.start = int(process.initial_size)
        first = [self._first(target, rng) for rng in streams]
        row = first[0][0]
        shape = (len(streams), self.start + horizon, *row.shape)
        size = int(np.prod(shape, dtype=np.int64)) * row.dtype.itemsize
        if size > LARGEST_MEMORY:
            raise ParameterError(
                "horizon",
                horizon,
                f"fewer data or seeds in a job: {size} bytes are above {LARGEST_MEMORY}",
            )
        self.rows = np.empty(shape, row.dtype)  # (seed, data of the start and of all batches, ...)
        self.rows[:, : self.start] = np.stack(first)
        self.outputs = 0
        # The largest dataset that a model is fitted to.
        self.capacity = max(self.size_after(k) for k in range(0, horizon + 1, process.batch_size))

    def _first(self, target, rng):
        """Draw the data that a seed starts with, shape (initial size, ...)."""
        start = self.process.initial
        if start.kind == "target":
            return self.source.draw(self.start, rng)
        others = round(start.share * self.start)
        held = collapsed_output(start, target)
        return np.concatenate(
            [
                self.source.draw_outcome(held, self.start - others, rng),
                self.source.draw(others, rng),
            ]
        )

    def size_after(self, outputs) -> int:
        """Return the size of the data that the model is fitted to after so many outputs."""
        process, everything = self.process, self.start + outputs
        if process.regime == "accumulate" or (outputs == 0 and process.regime != "subsample"):
            return everything
        if process.regime == "subsample":
            return min(everything, process.subsample)
        kept = process.batch_size * (process.window if process.regime == "window" else 1)
        return kept if outputs >= kept else everything

    def fitted(self, keys):
        """Return what the next models are fitted to, shape (seed, size, ...)."""
        end = self.start + self.outputs
        size = self.size_after(self.outputs)
        if self.process.regime == "subsample" and size < end:
            return np.stack(
                [
                    rows[np.random.default_rng([*key, 1]).permutation(end)[:size]]
                    for rows, key in zip(self.rows, keys, strict=True)
                ]
            )
        return self.rows[:, end - size : end]

    def extend(self, synthetic, streams):
        """Add a batch: each datum fresh by a coin of its own, else from the synthetic ones."""
        m, f = self.process.batch_size, self.process.fresh_fraction
        end = self.start + self.outputs
        for seed, rng in enumerate(streams):
            batch = self.source.draw(m, rng) if synthetic is None else synthetic[seed]
            if synthetic is not None and f > 0:
                fresh = rng.random(m) < f
                batch = np.array(batch)
                batch[fresh] = self.source.draw(int(fresh.sum()), rng)
            self.rows[seed, end : end + m] = batch
        self.outputs += m


class _Guard:
    """Calls code that may be a user's; what goes wrong in it is said with its place."""

    def _call(self, owner, method, *arguments):
        try:
            return getattr(owner, method)(*arguments)
        except HeatdeathError:
            raise
        except Exception as error:  # whatever that code runs into
            raise self._error(f"{method} raised {type(error).__name__}: {error}") from error


class _GuardedSource(_Guard):
    """A source whose errors name it and the cell."""

    def __init__(self, source, loop):
        self.source = source
        self.loop = loop
        self.name = source.name
        self.outcomes = getattr(source, "outcomes", None)

    def draw(self, n, rng):
        return self._call(self.source, "draw", n, rng)

    def draw_outcome(self, outcome, n, rng):
        return self._call(self.source, "draw_outcome", outcome, n, rng)

    def assign(self, data):
        return self._call(self.source, "assign", data)

    def measures(self, theta, sample):
        found = self._call(self.source, "measures", theta, sample)
        unknown = sorted(set(found) - set(MEASURES))
        if unknown:
            raise self._error(f"measures returned {', '.join(unknown)}; allowed: {_MEASURES}")
        return found

    def _error(self, problem):
        place = f"source {self.name}, {_cell_text(self.loop)}"
        return FamilyError(self.loop.family, place, problem)


class _GuardedFamily(_Guard):
    """A family over all seeds of a job, whose errors name it, the cell and the generation."""

    def __init__(self, loop, data):
        self.loop = loop
        self.data = data
        self.generation = 0
        family = make_family(loop.family, width=loop.width)
        self.is_exact = callable(getattr(family, "log_probabilities", None))
        self.seeds = over_seeds(family, capacity=data.capacity)
        self.device = self.seeds.device

    def fit(self, keys):
        return self._call(self.seeds, "fit", self.data.fitted(keys), keys)

    def sample(self, models, n, temperature, keys):
        samples = np.asarray(self._call(self.seeds, "sample", models, n, temperature, keys))
        rows = self.data.rows
        expected = (rows.shape[0], n, *rows.shape[2:])
        if samples.shape != expected:
            raise self._error(
                f"sample returned arrays of shape {samples.shape[1:]}; expected {expected[1:]}"
            )
        try:
            samples = samples.astype(rows.dtype, casting="same_kind", copy=False)
        except TypeError:
            raise self._error(
                f"sample returned {samples.dtype}; expected {rows.dtype}, as the data are"
            ) from None
        if samples.dtype.kind == "f" and not np.isfinite(samples).all():
            raise self._error("sample returned numbers that are not finite")
        return samples

    def exact_theta(self, models, outcomes, n):
        """Return θ, (seed, n), from the data of the outcomes; any other datum is the last one."""
        logarithms = np.asarray(
            self._call(self.seeds, "log_probabilities", models, outcomes), np.float64
        )
        expected = (self.data.rows.shape[0], len(outcomes))
        if logarithms.shape != expected or not (logarithms < 1e-3).all():
            raise self._error(
                f"log_probabilities returned shape {logarithms.shape[1:]}; expected "
                f"{expected[1:]}, none above 0"
            )
        theta = np.exp(logarithms)
        total = theta.sum(-1, keepdims=True)
        if (total > 1 + 1e-3).any():
            raise self._error(f"log_probabilities add up to a probability of {total.max():g}")
        # Rounding in single precision may take a total above 1.
        theta = theta / np.maximum(total, 1.0)
        rest = np.maximum(1.0 - theta.sum(-1, keepdims=True), 0.0)
        if n == len(outcomes):
            return theta / theta.sum(-1, keepdims=True)
        return np.concatenate([theta, rest], axis=-1)

    def _error(self, problem):
        place = f"{_cell_text(self.loop)}, generation {self.generation}"
        return FamilyError(self.loop.family, place, problem)


def _cell_text(loop):
    """Name the cell of a study that a loop is."""
    attributes = loop.attributes()
    return f"T = {attributes['temperature']}, f = {attributes['fresh_fraction']}"
