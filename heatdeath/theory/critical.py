"""Critical fresh fractions: what prevents collapse, what frees it, and what holds a tolerance.

Below T = 1 the branches of equilibria are explicit curves (`heatdeath.theory.branches`) whose folds
are the critical fractions. At equal Λ the branches of two outputs differ by the distance between
the two roots of their own equation alone, which is the smaller the larger p_h is. So M is smaller
and f_recover(h) larger for the more frequent output: the branch locked in to the most frequent
output is the last to vanish, or to the second most frequent where the first has no fold. (Where
the first has one, M rises on its branch wherever it rises on that of the second.)
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from heatdeath import targets
from heatdeath.checks import check_finite_temperature, check_outcome, is_number
from heatdeath.errors import ParameterError
from heatdeath.theory.branches import Branches, find_root
from heatdeath.theory.faithful import FaithfulBranch
from heatdeath.theory.outcome_groups import group_outcomes, log_probabilities

# f is below 10⁻³⁰⁰ where the log odds are this large.
_LARGEST_LOG_ODDS = 700.0
# Relative difference that rounding can make between two fractions that are equal in theory.
_ROUNDING = 1e-7


class CriticalFractions(NamedTuple):
    """Fresh fractions between which both the faithful and a collapsed model can persist.

    Parameters
    ----------
    prevent : float
        f_prevent: above it the faithful branch exists and is stable, so that a large enough
        initial dataset stays near it. nan where the branch has no end (kind ``"crossover"``).
    recover : float
        f_recover: above it no locked-in equilibrium is left, so that every start comes to the
        faithful branch. How far that is from the target is for `tolerance_fraction` to say; at a
        crossover it may still be a collapse.
    kind : str
        ``"fold"``: the faithful branch ends at `prevent`. ``"crossover"``: it turns smoothly into
        the branch locked in to the most frequent output, and only a tolerance says how much fresh
        data is enough. ``"unique"``: T ≥ 1 or a single output: one equilibrium for every f > 0.
    branch : int or None
        Index of the output whose locked-in branch is the last to vanish, the first of several
        equally probable ones; None where there is none.
    strict : bool
        Whether `prevent` and `recover` are themselves excluded, so that f has to lie above them,
        be they 0. True but for a single output, which needs no fresh data.
    """

    prevent: float
    recover: float
    kind: str
    branch: int | None
    strict: bool = True


def critical_fractions(target, *, temperature) -> CriticalFractions:
    """Compute how much fresh data prevents collapse, and how much frees a locked-in model.

    Parameters
    ----------
    target : str, array_like or Target
        The fresh distribution p; outputs with p_i = 0 stay at zero and count for nothing.
    temperature : float
        T, from 1e-4 to 1e6, and 1 or at least 1e-4 away from it.

    Returns
    -------
    CriticalFractions
        Where several outputs tie for the highest probability the faithful branch loses its
        stability instead of ending, and `prevent` says where.

    Raises
    ------
    ParameterError
        If an argument is not allowed.

    Examples
    --------
    >>> found = critical_fractions("uniform:100", temperature=0.5)
    >>> round(found.prevent, 6), round(found.recover, 6), found.kind
    (0.5, 0.83403, 'fold')
    """
    problem = _Problem(target, temperature)
    if problem.unique:
        return CriticalFractions(0.0, 0.0, "unique", None, strict=not problem.alone)
    prevent = problem.prevention_fraction()
    smooth = math.isnan(prevent)
    branch = int(np.argsort(-problem.p, kind="stable")[1 if smooth else 0])
    recover = problem.recovery_fraction(branch)
    if not recover >= (0.0 if smooth else prevent * (1 - _ROUNDING)):
        raise RuntimeError(
            f"the theory found no consistent critical fractions of {problem.target!r} at "
            f"T = {problem.temperature!r}: prevent = {prevent!r}, recover = {recover!r}"
        )
    return CriticalFractions(prevent, recover, "crossover" if smooth else "fold", branch)


def recovery_fraction(target, *, temperature, outcome) -> float:
    """Compute the fresh fraction above which no model stays locked in to an output.

    Parameters
    ----------
    target : str, array_like or Target
        The fresh distribution p.
    temperature : float
        T, from 1e-4 to 1e6, and 1 or at least 1e-4 away from it.
    outcome : int
        Index of the output h, with p_h > 0.

    Returns
    -------
    float
        f_recover(h): the fold of the branch locked in to h. 0 where nothing locks in at any
        f > 0 (T ≥ 1, or a single output). nan where the branch of the most frequent output has no
        fold, because it is the faithful branch itself.

    Raises
    ------
    ParameterError
        If an argument is not allowed.
    """
    problem = _Problem(target, temperature)
    outcome = check_outcome(outcome, problem.p)
    return 0.0 if problem.unique else problem.recovery_fraction(outcome)


def tolerance_fraction(target, *, temperature, tolerance) -> float:
    """Compute how much fresh data keeps the faithful equilibrium within a distance of the target.

    Along the faithful branch the total variation distance TV(θ_e, p) only grows as f falls from 1,
    so that the answer is the least f on the branch with TV(θ_e, p) ≤ tolerance. Where the branch
    ends at f_prevent (or loses its stability there) before the tolerance is used up, it is
    f_prevent: there the model leaves the branch. Else it is at most 1 − tolerance, since at every
    equilibrium TV(θ_e, p) ≤ 1 − f.

    Parameters
    ----------
    target : str, array_like or Target
        The fresh distribution p.
    temperature : float
        T, from 1e-4 to 1e6, and 1 or at least 1e-4 away from it.
    tolerance : float
        Largest TV(θ_e, p), between 0 and 1.

    Returns
    -------
    float
        0 where any f > 0 is enough: at T = 1, where θ_e = p, or where the limit f → 0 of the
        branch is within the tolerance. 0 and f_prevent are themselves excluded (but for a single
        output); any other answer is itself enough.

    Raises
    ------
    ParameterError
        If an argument is not allowed.
    """
    if not (is_number(tolerance) and 0 < tolerance < 1):
        raise ParameterError("tolerance", tolerance, "a number between 0 and 1, both excluded")
    return _Problem(target, temperature).tolerance_fraction(float(tolerance))


class _Problem:
    def __init__(self, target, temperature):
        self.temperature = check_finite_temperature(temperature)
        self.target = targets.resolve(target)
        self.p = self.target.probabilities
        self.beta = 1 / self.temperature
        self.groups = group_outcomes(self.p, beta=self.beta)
        self.all_values = group_outcomes(self.p, beta=self.beta, most_exact=self.p.size)
        self.faithful = FaithfulBranch(self.groups, beta=self.beta)
        self.alone = np.count_nonzero(self.p) == 1
        self.unique = self.temperature >= 1 or self.alone

    def prevention_fraction(self):
        end = self.faithful.end
        if end == math.inf:
            return math.nan
        return _fraction(FaithfulBranch(self.all_values, beta=self.beta).log_ratio(end))

    def recovery_fraction(self, outcome):
        log_p = log_probabilities(self.p, beta=self.beta)[outcome]
        branch = Branches(self.groups, log_p, beta=self.beta)
        if log_p < self.groups.log_p[0]:
            ends = branch.outer_folds(np.array([0]))
        elif self.groups.weights[0] == 1:
            # Maxima of M and minima alternate, beginning with the end of the faithful branch.
            ends = np.array(self.faithful.folds[1::2]) - branch.top
        else:
            ends = np.array([0.0, *branch.all_folds()])
        exact = Branches(self.all_values, log_p, beta=self.beta)
        return max((_fraction(exact.log_ratio(x)) for x in ends), default=math.nan)

    def tolerance_fraction(self, tolerance):
        if self.alone or self.temperature == 1:
            return 0.0
        branch = FaithfulBranch(self.all_values, beta=self.beta)
        # TV ≤ 1 − f < M ≤ e^r, so that the high end lies above the low one.
        low = math.log(tolerance)
        high = min(self.faithful.end, _LARGEST_LOG_ODDS)
        if branch.total_variation(high) <= tolerance:
            return _fraction(branch.log_ratio(high)) if self.faithful.end < math.inf else 0.0
        r = find_root(lambda r: branch.total_variation(r) - tolerance, low, high)
        return _fraction(branch.log_ratio(r))


def _fraction(log_ratio):
    return float(expit(-log_ratio))
