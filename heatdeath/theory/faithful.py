"""The faithful branch: the equilibria that continue θ = p from f = 1 as f falls.

Its coordinate is r, the log odds of the output whose odds are the largest: the most frequent one
for T < 1, where all outputs that tie for it move together, and the rarest one for T ≥ 1. The model
moves away from p in one direction only as f falls, so that TV(θ, p) grows along the branch.
"""

import math
from functools import cached_property

import numpy as np
from scipy.special import expit

from heatdeath.theory.branches import Branches
from heatdeath.theory.synthetic_odds import level_of, low_root

# Bounds are widened by so much, because rounding may pass them.
_SLACK = 1e-9


class FaithfulBranch:
    """The faithful branch of one target at one temperature.

    Parameters
    ----------
    groups : heatdeath.theory.outcome_groups.OutcomeGroups
        All outcomes of positive probability.
    beta : float
        β = 1/T.
    """

    def __init__(self, groups, *, beta):
        self.groups, self.beta = groups, beta
        self.reference = 0 if beta > 1 else -1
        self.log_p = groups.log_p[self.reference]
        if beta > 1:
            self.curve = Branches(groups, self.log_p, beta=beta, together=True)

    @cached_property
    def folds(self) -> list[float]:
        """Log odds r at the extrema of ln M, a maximum first; none for T ≥ 1."""
        if self.beta <= 1:
            return []
        return [self.curve.top + x for x in self.curve.all_folds()]

    @cached_property
    def end(self) -> float:
        """Log odds r where the branch folds or loses its stability; inf where it does neither.

        Outputs that tie for the most frequent reach the peaks of their equations together, where
        any two of them can part: no fold, but for two a pitchfork.
        """
        if self.beta > 1 and self.groups.weights[0] > 1:
            return self.curve.top
        return self.folds[0] if self.folds else math.inf

    def log_odds(self, r, log_p=None) -> np.ndarray:
        """Compute the log odds of outputs at places of the branch.

        Parameters
        ----------
        r : array_like, shape (...)
            Log odds of the reference.
        log_p : numpy.ndarray, shape (outcome,), optional
            Logarithms of the probabilities of the outputs; by default those of the groups.

        Returns
        -------
        numpy.ndarray, shape (..., outcome)
        """
        r = np.asarray(r, float)
        log_p = self.groups.log_p if log_p is None else log_p
        if self.beta > 1:
            low = self.curve.log_odds(log_p, r - self.curve.top)
            return np.where(log_p == self.log_p, r[..., None], low)
        level = level_of(r[..., None], self.beta) + (self.beta - 1) * (log_p - self.log_p)
        return low_root(level, self.beta)

    def log_ratio(self, r) -> np.ndarray:
        """Compute ln M = ln((1 − f)/f) at places of the branch.

        Parameters
        ----------
        r : array_like
            Log odds of the reference.

        Returns
        -------
        numpy.ndarray
        """
        terms = self.groups.log_p + self.log_odds(r)
        largest = terms.max(axis=-1)
        return largest + np.log(
            (self.groups.weights * np.exp(terms - largest[..., None])).sum(axis=-1)
        )

    def bracket(self, log_ratio) -> tuple[float, float]:
        """Return log odds r between which ln M reaches a value, if it does before its first fold.

        As r_i ≤ r for all outputs, p_ref·e^r ≤ M ≤ e^r·Σ_i p_i, and the sum is 1 but for the
        differences between outputs that count as tied.

        Parameters
        ----------
        log_ratio : float
            Wanted ln M.

        Returns
        -------
        tuple of float
        """
        high = log_ratio - self.log_p - math.log(self.groups.weights[self.reference])
        low = log_ratio - math.log(np.sum(self.groups.weights * np.exp(self.groups.log_p)))
        return low - _SLACK, min([high + _SLACK, *self.folds[:1]])

    def total_variation(self, r) -> np.ndarray:
        """Compute TV(θ, p) at places of the branch; it rises with r.

        Parameters
        ----------
        r : array_like
            Log odds of the reference.

        Returns
        -------
        numpy.ndarray
        """
        r = np.asarray(r, float)
        log_odds = self.log_odds(r)
        log_ratio = self.log_ratio(r)[..., None]
        # θ_i/p_i − 1 = (1 − f)·(e^{r_i}/M − 1).
        change = expit(log_ratio) * np.expm1(log_odds - log_ratio)
        mass = self.groups.weights * np.exp(self.groups.log_p)
        return 0.5 * (mass * np.abs(change)).sum(axis=-1)
