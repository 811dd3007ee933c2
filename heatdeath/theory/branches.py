"""Branches of equilibria as explicit curves, with their folds.

On the branch of output h all other outputs are on the low root of the equation of an output
(`heatdeath.theory.synthetic_odds`), and the log odds r_h of output h are free: they fix
Λ = level(r_h) − (β − 1)·ln p_h, hence all other log odds, hence the fresh fraction

    f = 1/(1 + M),   M(r_h) = Σ_i p_i·e^{r_i}.

Nothing is solved for f: each branch is a curve (r_h, f), and its folds are the extrema of M.
From dr_i/dΛ = 1/(1 − β·s_i) they lie where X_h = Σ_{i≠h} X_i, X_i = p_i·e^{r_i}/|1 − β·s_i|.
Times e^{Λ/(β − 1)} all of the X_i with r_i on the low root rise with Λ, and so does X_h on the
high root. So on every interval of r_h both sides of this equation are bracketed by their values
at its ends, and a search by halving intervals cannot overlook a fold wider than its resolution.
"""

import numpy as np
from scipy.optimize import elementwise

from heatdeath.theory.synthetic_odds import depth_below_peak, high_distance, low_distance, peak

_LARGEST_TABLE = 2**21
# Least step from the start of a branch, relative to the distance of the start from the peak. There
# D has changed by at least this part of itself, hundreds of times its rounding error, and the
# output that was at its peak has an X some 10⁶ times that of the free one: the fold lies ahead.
_SMALLEST_STEP = 1e-13
# Resolution of the search for folds, in the logarithm of the distance from the peak: two folds
# nearer to each other differ in f by its third power.
_RESOLUTION = 1e-4
_BRACKET = 1e-2
_SYMMETRIC_START = 1e-4
# M is stationary at a fold, so that half of the digits of its place are enough for M.
_FOLD_DIGITS = 1e-9
_ALL_DIGITS = 1e-15


class Branches:
    """Branches of several outputs of one target at one temperature below 1.

    Rows are independent: row k is the branch of the output whose ln p is ``log_p[k]``.

    Parameters
    ----------
    groups : heatdeath.theory.outcome_groups.OutcomeGroups
        All outcomes of positive probability.
    log_p : array_like, shape (row,)
        ln p_h of the outputs that are free.
    beta : float
        β = 1/T > 1.
    together : bool
        Whether all outcomes as probable as h move with it: the symmetric branch.
    """

    def __init__(self, groups, log_p, *, beta, together=False):
        self.log_p = np.atleast_1d(np.asarray(log_p, float))
        self.beta = beta
        self.top, _ = peak(beta)
        self._copies = np.ones(self.log_p.size)
        others = []
        for k, value in enumerate(self.log_p):
            rest = groups.without(value)
            if together:
                same = rest.log_p == value
                self._copies[k] += rest.weights[same].sum()
                rest = type(rest)(rest.log_p[~same], rest.weights[~same])
            others.append(rest)
        longest = max(1, *(rest.log_p.size for rest in others))
        # Rows are filled up with an outcome of weight zero.
        self._others = np.full((self.log_p.size, longest), groups.log_p[-1] - 1)
        self._weights = np.zeros(self._others.shape)
        for k, rest in enumerate(others):
            self._others[k, : rest.log_p.size] = rest.log_p
            self._weights[k, : rest.log_p.size] = rest.weights

    def start(self) -> np.ndarray:
        """Find where each branch begins: the most probable of the others is at its peak there.

        Returns
        -------
        numpy.ndarray, shape (row,)
            x = r_h − (r at the peak); 0 where h is itself the most probable.
        """
        ahead = np.maximum(self._others[:, 0] - self.log_p, 0.0)
        return high_distance((self.beta - 1) * ahead, self.beta)

    @property
    def log_own(self) -> np.ndarray:
        """ln(number of outcomes that are free, times p_h), shape (row,)."""
        return np.log(self._copies) + self.log_p

    def log_odds(self, log_p, x, rows=0) -> np.ndarray:
        """Compute the log odds of outputs on the low root.

        Parameters
        ----------
        log_p : numpy.ndarray, shape (outcome,) or (..., outcome)
            Logarithms of their probabilities.
        x : array_like, shape (...)
            r_h − (r at the peak) of the free output.
        rows : array_like of int, shape (...)
            Which branch.

        Returns
        -------
        numpy.ndarray, shape (..., outcome)
        """
        return self.top + self._distances(log_p, x, rows)

    def _distances(self, log_p, x, rows):
        """Log odds of outputs on the low root, less r at the peak: exact where they are small."""
        ahead = (self.beta - 1) * (log_p - self.log_p[rows][..., None])
        depth = depth_below_peak(x, self.beta)[..., None] - ahead
        return low_distance(np.maximum(depth, 0.0), self.beta)

    def _by_chunks(self, measure, x, rows):
        x, rows = np.broadcast_arrays(np.asarray(x, float), np.asarray(rows, int))
        flat_x, flat_rows = x.reshape(-1), rows.reshape(-1)
        step = max(1, _LARGEST_TABLE // self._others.shape[1])
        parts = [
            measure(flat_x[k : k + step], flat_rows[k : k + step])
            for k in range(0, flat_x.size, step)
        ]
        return np.concatenate([*parts, np.empty(0)]).reshape(x.shape)

    def log_ratio(self, x, rows=0) -> np.ndarray:
        """Compute ln M = ln((1 − f)/f) on the branches.

        Parameters
        ----------
        x : array_like
            r_h − (r at the peak): positive on the high root.
        rows : array_like of int
            Which branch, broadcast against `x`.

        Returns
        -------
        numpy.ndarray
        """
        return self._by_chunks(self._log_ratio, x, rows)

    def _log_ratio(self, x, rows):
        log_odds = self.log_odds(self._others[rows], x, rows)
        own = self.log_own[rows] + self.top + x
        terms = self._others[rows] + log_odds
        largest = np.maximum(own, terms.max(axis=1, initial=-np.inf))
        total = np.exp(own - largest)
        total += (self._weights[rows] * np.exp(terms - largest[:, None])).sum(axis=1)
        return largest + np.log(total)

    def balance(self, x, rows=0) -> np.ndarray:
        """Compute ln X_h − ln Σ_{i≠h} X_i on the high root; M rises with r_h where positive.

        Parameters
        ----------
        x : array_like
            r_h − (r at the peak), positive.
        rows : array_like of int
            Which branch, broadcast against `x`.

        Returns
        -------
        numpy.ndarray
        """
        own, others = self._sides(x, rows)
        return own - others

    def _sides(self, x, rows=0):
        """Logarithms of X_h and of the sum of the other X_i; both fall with x."""
        x = np.asarray(x, float)
        pair = self._by_chunks(self._others_side, x, rows)
        copies = self._copies[np.broadcast_to(rows, x.shape)]
        return np.log(copies) + self._log_slope_term(x), pair

    def _log_slope_term(self, x):
        """Compute ln X in units in which it is (β/(β−1))·ln s − ln|1 − βs|, a function of s."""
        excess = self.beta - 1
        # s = 1/(1 + (β−1)e^{−x}), and 1 − βs = −(β−1)(1 − e^{−x})·s: zero at the peak.
        with np.errstate(divide="ignore", over="ignore"):
            log_share = -np.log1p(excess * np.exp(-x))
            return log_share / excess - np.log(excess) - np.log(np.abs(np.expm1(-x)))

    def _others_side(self, x, rows):
        terms = self._log_slope_term(self._distances(self._others[rows], x, rows))
        largest = np.maximum(terms.max(axis=1, initial=-np.inf), -1e300)
        finite = np.where(np.isinf(largest), 0.0, largest)
        with np.errstate(divide="ignore", over="ignore"):
            total = (self._weights[rows] * np.exp(terms - finite[:, None])).sum(axis=1)
            return np.where(np.isposinf(largest), np.inf, finite + np.log(np.maximum(total, 0.0)))

    def _end(self, first, rows):
        """Find x beyond which no fold can lie: there Σ X_i is below the least value of X_h."""
        end = first + 1.0
        least = -np.log(self.beta - 1) + np.log(self._copies[rows])
        for _ in range(1100):
            beyond = self._others_side(end, rows) < least
            if beyond.all():
                return end
            end = np.where(beyond, end, first + 1.5 * (end - first))
        raise RuntimeError("the theory found no end of a branch")

    def all_folds(self, row=0) -> list[float]:
        """Find every fold of one branch on the high root, by halving intervals.

        Parameters
        ----------
        row : int
            Which branch.

        Returns
        -------
        list of float
            x of the folds, ascending: M has a maximum where the sign of `balance` goes from
            positive to negative, and a minimum where it goes back.
        """
        first = self.start()[row]
        end = self._end(np.array([first]), np.array([row]))[0]
        places = np.linspace(np.log(self._clear_of_the_start(first, row)), np.log(end - first), 17)
        own, others = self._sides(first + np.exp(places), row)
        intervals = list(
            zip(places[:-1], places[1:], own[:-1], own[1:], others[:-1], others[1:], strict=True)
        )
        found = []
        while intervals:
            open_ones = []
            for interval in intervals:
                a, b, own_a, own_b, others_a, others_b = interval
                if own_b > others_a or own_a < others_b:
                    continue
                differ = (own_a > others_a) != (own_b > others_b)
                if differ and b - a <= _BRACKET:
                    found.append((a, b))
                elif b - a > _RESOLUTION:
                    open_ones.append(interval)
            middles = np.array([(each[0] + each[1]) / 2 for each in open_ones])
            own, others = self._sides(first + np.exp(middles), row) if open_ones else ((), ())
            intervals = []
            for (a, b, *ends), m, own_m, others_m in zip(
                open_ones, middles, own, others, strict=True
            ):
                intervals.append((a, m, ends[0], own_m, ends[2], others_m))
                intervals.append((m, b, own_m, ends[1], others_m, ends[3]))
        return [
            first
            + np.exp(
                find_root(
                    lambda t: self.balance(first + np.exp(t), row), a, b, tolerance=_FOLD_DIGITS
                )
            )
            for a, b in sorted(found)
        ]

    def _clear_of_the_start(self, first, row):
        """Distance from the start of the branch below which no fold can lie."""
        tied = first == 0 and self._others[row, 0] == self.log_p[row]
        if tied:
            return _SYMMETRIC_START
        own_first, others_first = (side[()] for side in self._sides(first, row))
        step = 1e-3
        while step > _SMALLEST_STEP * (first or 1.0):
            own, others = self._sides(first + step, row)
            if (first == 0 and own > others_first) or (first > 0 and others > own_first):
                break
            step /= 4
        return step

    def outer_folds(self, rows) -> np.ndarray:
        """Find the fold of branches that begin at another output's peak: each has one.

        Parameters
        ----------
        rows : numpy.ndarray of int, shape (k,)
            Which branches.

        Returns
        -------
        numpy.ndarray, shape (k,)
            x of the minima of M.
        """
        start = self.start()
        first = start[rows]
        span = np.log(self._end(first, rows) - first)
        nearest = np.log(_SMALLEST_STEP * first)
        return first + np.exp(
            find_root(
                lambda t, k: self.balance(start[k] + np.exp(t), k),
                nearest,
                span,
                rows,
                tolerance=_FOLD_DIGITS,
            )
        )


def find_root(function, low, high, *arguments, tolerance=_ALL_DIGITS) -> np.ndarray:
    """Find where a function changes its sign, elementwise.

    Parameters
    ----------
    function : callable
        Of an array of places and of `arguments`.
    low, high : array_like
        Brackets.
    *arguments : array_like
        Broadcast against the brackets.
    tolerance : float
        Error of the places, absolute and relative.

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    RuntimeError
        If a bracket holds no change of sign.
    """
    if np.size(low) == 0:
        return np.zeros(0)
    tolerances = {"xatol": tolerance, "xrtol": tolerance, "fatol": 0.0, "frtol": 0.0}
    result = elementwise.find_root(
        function, (low, high), args=arguments, tolerances=tolerances, maxiter=400
    )
    if not np.all(result.success):
        raise RuntimeError("the theory found no root between places where it must lie")
    return result.x
