"""Equilibria of the log-time flow dθ/ds = f·p + (1 − f)·τ_T(θ) − θ, by finding roots.

Below T = 1 every equilibrium with at most one output on the high root of its equation lies on one
of the curves of `heatdeath.theory.branches`: the *faithful* branch, which is the continuation of
θ = p from f = 1, or the branch *locked in* to an output. No other equilibrium is stable: two
outputs on the high root make two entries of d in DF = diag(d) − q dᵀ exceed 1, and by Cauchy's
interlacing theorem an eigenvalue with them (`heatdeath.theory.jacobian`). From T = 1 on there is
one equilibrium for every f > 0.
"""

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
from scipy.special import softmax

from heatdeath import targets
from heatdeath.checks import check_finite_temperature, check_fraction, check_outcome
from heatdeath.errors import ParameterError
from heatdeath.observables import observe
from heatdeath.tempering import temper
from heatdeath.theory.branches import Branches, find_root
from heatdeath.theory.faithful import FaithfulBranch
from heatdeath.theory.jacobian import linearise, relaxation_exponent
from heatdeath.theory.outcome_groups import group_outcomes, log_probabilities

LARGEST_RESIDUAL = 1e-12
MOST_FOR_ALL = 1000
"""Outcomes up to which all branches are found unless others are asked for."""

_BRANCHES = '"auto", "all", "faithful", or a list of indices of outputs and "faithful"'
_LARGEST_TABLE = 2**21
# Tolerance of places on the branches: Newton's method then finds the last digits of the models.
_ROUGH = 1e-9
_MOST_STEPS = 8
# More branches than these few are found from coarser groups, and Newton's method does the rest.
_FEW = 20
_MOST_EXACT_FOR_MANY = 200


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A point where the log-time flow rests.

    Parameters
    ----------
    theta : numpy.ndarray, shape (n,), float64
        The model; read-only.
    branch : str
        ``"faithful"`` or ``"locked_in"``.
    outcome : int or None
        Index of the output that it is locked in to; None on the faithful branch.
    stable : bool
        Whether small deviations decay.
    relaxation_exponent : float
        κ = 1 − (1 − f)·λ_max(Dτ_T): deviations decay like ℓ^{−κ}, and grow where it is negative.
    residual : float
        max |f·p + (1 − f)·τ_T(θ) − θ|, below 10⁻¹².
    target : numpy.ndarray, shape (n,)
        p.
    """

    theta: np.ndarray = field(repr=False)
    branch: str
    outcome: int | None
    stable: bool
    relaxation_exponent: float
    residual: float
    target: np.ndarray = field(repr=False)

    @property
    def observables(self) -> dict[str, float]:
        """The observables of the model against the target, see `heatdeath.observables`."""
        return {name: float(value) for name, value in observe(self.theta, self.target).items()}


def equilibria(target, *, temperature, fresh_fraction, branches="auto") -> tuple[Equilibrium, ...]:
    """Find the equilibria of a model that is trained on its own tempered samples and fresh data.

    They solve θ = f·p + (1 − f)·τ_T(θ), the fixed points of the mean-field equation of Gharesifard
    and Tabuada (CDC 2025) with f = μ/(1 + μ).

    Parameters
    ----------
    target : str, array_like or Target
        The fresh distribution p, as `heatdeath.targets.resolve` takes it. Outputs with p_i = 0
        stay at zero: equilibria are those of a model that has never seen them, and they are no
        outputs to be locked in to.
    temperature : float
        T, from 1e-4 to 1e6, and 1 or at least 1e-4 away from it.
    fresh_fraction : float
        f, 0 to 1.
    branches : str or sequence, optional
        ``"all"``; ``"faithful"``; or a list of indices of outputs, with or without
        ``"faithful"``. By default all for n ≤ 1000, else the faithful branch and those locked in
        to the most and the least frequent output.

    Returns
    -------
    tuple of Equilibrium
        The faithful one first if there is one, then those locked in, in the order of the outputs,
        for each output first the stable one and then the unstable one, a saddle between two
        basins of attraction. Equilibria with several outputs on the high root are unstable and
        left out, saddles among them, but for outputs that tie for the highest p: the faithful
        branch goes on, unstable, with all of these on the high root.
        Without fresh data: for T < 1 every corner, stable; p beside them if it is uniform, which
        is unstable; for T > 1 the uniform distribution over the support of p; for T = 1, where
        every distribution is an equilibrium, p alone, with κ = 0 and called unstable, because
        deviations stay.

    Raises
    ------
    ParameterError
        If an argument is not allowed.

    Examples
    --------
    >>> found = equilibria(
    ...     "uniform:10", temperature=0.5, fresh_fraction=0.6, branches=["faithful", 3]
    ... )
    >>> [(each.branch, each.outcome, each.stable) for each in found]
    [('faithful', None, True), ('locked_in', 3, True), ('locked_in', 3, False)]
    """
    target = targets.resolve(target)
    temperature = check_finite_temperature(temperature)
    f = check_fraction(fresh_fraction)
    p = target.probabilities
    faithful, outcomes = _requested(branches, p)
    support = np.flatnonzero(p)
    within = _Support(p[support], temperature, f)
    place = np.full(p.size, -1)
    place[support] = np.arange(support.size)
    found = []
    if faithful:
        found += [(theta, None) for theta in within.faithful()]
    found += within.locked_in(place[outcomes])
    result = []
    exponents = {}
    for theta, outcome in found:
        # Outputs of equal probability share their exponents.
        key = np.sort(theta).tobytes()
        if key not in exponents:
            exponents[key] = relaxation_exponent(theta, temperature=temperature, fresh_fraction=f)
        residual = _largest_residual(theta, p[support], temperature, f)
        if not residual < LARGEST_RESIDUAL:
            raise RuntimeError(
                f"an equilibrium of {target!r} at T = {temperature!r}, f = {f!r} was found with a "
                f"residual of {residual:.1e} only"
            )
        whole = np.zeros(p.size)
        whole[support] = theta
        whole.flags.writeable = False
        result.append(
            Equilibrium(
                whole,
                "faithful" if outcome is None else "locked_in",
                None if outcome is None else int(support[outcome]),
                exponents[key] > 0,
                exponents[key],
                residual,
                p,
            )
        )
    return tuple(result)


def _requested(branches, p):
    """Whether the faithful branch is asked for, and the outputs, by index, whose branches are."""
    support = np.flatnonzero(p)
    if isinstance(branches, str):
        if branches == "auto":
            if p.size <= MOST_FOR_ALL:
                return True, support
            ends = {int(support[p[support].argmax()]), int(support[p[support].argmin()])}
            return True, np.array(sorted(ends))
        if branches == "all":
            return True, support
        if branches == "faithful":
            return True, support[:0]
        raise ParameterError("branches", branches, _BRANCHES)
    try:
        wanted = list(branches)
    except TypeError as error:
        raise ParameterError("branches", branches, _BRANCHES) from error
    outcomes = {
        check_outcome(each, p, name="branches")
        for each in wanted
        if not (isinstance(each, str) and each == "faithful")
    }
    return any(isinstance(each, str) for each in wanted), np.array(sorted(outcomes), int)


class _Support:
    """The equations of an equilibrium on the outcomes of positive probability p, shape (n,)."""

    def __init__(self, p, temperature, f):
        self.p, self.temperature, self.f = p, temperature, f
        self.beta = 1 / temperature
        self.log_p = log_probabilities(p, beta=self.beta)
        self.groups = group_outcomes(p, beta=self.beta)
        self.log_ratio = math.log1p(-f) - math.log(f) if 0 < f < 1 else None

    def faithful(self):
        """Models on the faithful branch, shape (n,): one, or none where the branch has ended."""
        p, f, temperature = self.p, self.f, self.temperature
        if f == 1 or temperature == 1:
            return [p]
        if self.groups.log_p.size == 1:
            # Rounding may have left differences between outcomes that count as tied.
            uniform = np.full((1, p.size), 1 / p.size)
            return list(self._refined(uniform))
        if f == 0:
            return [np.full(p.size, 1 / p.size)] if temperature > 1 else []
        branch = FaithfulBranch(self.groups, beta=self.beta)
        low, high = branch.bracket(self.log_ratio)
        if branch.log_ratio(high) < self.log_ratio:
            return []
        r = find_root(lambda r: branch.log_ratio(r) - self.log_ratio, low, high, tolerance=_ROUGH)
        return self._models(branch.log_odds(r, self.log_p)[None])

    def locked_in(self, outcomes):
        """Pairs of a model, shape (n,), and that of the given outcomes which it is locked in to."""
        p, f = self.p, self.f
        if self.temperature >= 1 or f == 1 or p.size == 1:
            return []
        if f == 0:
            return [(np.eye(1, p.size, h)[0], h) for h in outcomes]
        values, row_of = np.unique(self.log_p[outcomes], return_inverse=True)
        first = [outcomes[np.flatnonzero(row_of == row)[0]] for row in range(values.size)]
        groups = self.groups
        if values.size > _FEW:
            groups = group_outcomes(p, beta=self.beta, most_exact=_MOST_EXACT_FOR_MANY, coarse=True)
        models = []
        step = max(1, _LARGEST_TABLE // groups.log_p.size)
        for start in range(0, values.size, step):
            rows = slice(start, start + step)
            models += self._locked_in_to(groups, values[rows], first[rows])
        found = []
        for h, row in zip(outcomes, row_of, strict=True):
            for theta in models[row]:
                # Outputs of equal probability have the same branch, with their places exchanged.
                exchanged = theta.copy()
                exchanged[[h, first[row]]] = theta[[first[row], h]]
                if p[h] != p[first[row]]:
                    # They count as tied, but their last digits differ.
                    (exchanged,) = self._refined(exchanged[None])
                found.append((exchanged, h))
        return found

    def _locked_in_to(self, groups, log_p, outcomes):
        """Models on the branches of outcomes of different probability: a list for each."""
        branches = Branches(groups, log_p, beta=self.beta)
        rows, squared, low, high = self._brackets(branches)
        wanted = self.log_ratio

        def excess(y, row, origin, square):
            return branches.log_ratio(origin + np.where(square, y * y, y), row) - wanted

        # Where another output is at its peak, all is smooth in the root of the distance.
        origin = np.where(squared, low, 0.0)
        ends = [np.where(squared, np.sqrt(x - origin), x) for x in (low, high)]
        y = find_root(excess, *ends, rows, origin, squared, tolerance=_ROUGH)
        x = origin + np.where(squared, y * y, y)
        models = [[] for _ in log_p]
        step = max(1, _LARGEST_TABLE // self.p.size)
        for k in range(0, x.size, step):
            part = slice(k, k + step)
            log_odds = branches.log_odds(self.log_p, x[part], rows[part])
            own = np.array(outcomes)[rows[part]]
            log_odds[np.arange(own.size), own] = branches.top + x[part]
            for row, theta in zip(rows[part], self._models(log_odds), strict=True):
                models[row].append(theta)
        return models

    def _brackets(self, branches):
        """Pieces of the branches on which ln M passes the wanted value once, the outer first.

        They are four arrays of shape (piece,): rows of `branches`, whether to search the root of
        the distance from the lower end, and x at the lower and at the upper end.
        """
        start = branches.start()
        leads = branches.log_p == self.groups.log_p[0]
        turns = [[] for _ in leads]
        behind = np.flatnonzero(~leads)
        if behind.size:
            folds = branches.outer_folds(behind)
            for row, fold in zip(behind, folds, strict=True):
                turns[row] = [start[row], fold]
        for row in np.flatnonzero(leads):
            folds = branches.all_folds(row)
            # Before the first fold the branch of a unique most probable output is the faithful one.
            turns[row] = folds if self.groups.weights[0] == 1 else [0.0, *folds]
        pieces = []
        for row, places in enumerate(turns):
            if places:
                end = self.log_ratio - branches.log_p[row] - branches.top + 1e-9
                ends = [*places, max(end, places[-1])]
                pieces += [(row, a, b) for a, b in itertools.pairwise(ends)][::-1]
        if not pieces:
            return np.zeros(0, int), np.zeros(0, bool), np.zeros(0), np.zeros(0)
        rows, low, high = (np.array(each) for each in zip(*pieces, strict=True))
        at_low = branches.log_ratio(low, rows) - self.log_ratio
        at_high = branches.log_ratio(high, rows) - self.log_ratio
        kept = (at_low <= 0) != (at_high <= 0)
        squared = (low == start[rows]) & ~leads[rows]
        return rows[kept], squared[kept], low[kept], high[kept]

    def _models(self, log_odds):
        """Models of given log odds, both of shape (model, n), their last digits set right."""
        synthetic = softmax(self.log_p + log_odds, axis=1)
        theta = self.f * self.p + (1 - self.f) * synthetic
        return list(self._refined(theta))

    def _refined(self, theta):
        """Models that are nearly equilibria, shape (model, n), improved by Newton's method."""
        best = theta.copy()
        active = np.arange(len(theta))
        residual = np.full(len(theta), np.inf)
        candidate = theta
        for _ in range(_MOST_STEPS):
            slopes, tempered = linearise(
                candidate, temperature=self.temperature, fresh_fraction=self.f
            )
            missing = self.f * self.p + (1 - self.f) * tempered - candidate
            size = np.abs(missing).max(axis=1)
            better = size < residual[active]
            best[active[better]] = candidate[better]
            residual[active[better]] = size[better]
            going = better & (size > np.finfo(float).eps)
            if not going.any():
                break
            active = active[going]
            # (diag(1 − d) + q dᵀ)·step = missing, by the formula of Sherman and Morrison.
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                scale = 1 / (1 - slopes[going])
                plain, q = scale * missing[going], scale * tempered[going]
                share = (slopes[going] * plain).sum(axis=1) / q.sum(axis=1)
                candidate = candidate[going] + plain - q * share[:, None]
            usable = np.isfinite(candidate).all(axis=1) & (candidate > 0).all(axis=1)
            active, candidate = active[usable], candidate[usable]
            if not active.size:
                break
        return best


def _largest_residual(theta, p, temperature, f):
    return float(np.abs(f * p + (1 - f) * temper(theta, temperature) - theta).max())
