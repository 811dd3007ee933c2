"""The phases of the diagram: what a trajectory has become, what a cell is, where starts disagree.

A trajectory is *faithful* when the model is within the tolerance of the target in total variation;
otherwise it is *collapsed* when it has fewer effective outcomes than the target, and in *heat
death* when it has more. A cell has the phase of more than half of its seeds, and is *mixed* when
no phase has that many. The starts of a study *disagree* where they lead to different phases, or
to collapse on different outcomes, and chance does not explain it.
"""

import numpy as np

FAITHFUL, COLLAPSED, HEAT_DEATH, MIXED, DISAGREE = range(5)
# The phases that a single trajectory can have, in the order of their codes.
TRAJECTORY_PHASES = ("faithful", "collapsed", "heat_death")
# The values and meanings of CF flags: a cell of one start can also be mixed, a cell of several
# starts can also be one where they disagree.
CELL_PHASES = (*TRAJECTORY_PHASES, "mixed")
JOINT_PHASES = (*CELL_PHASES, "starts_disagree")


def classify(total_variation, order_parameter, *, tolerance) -> np.ndarray:
    """Give every trajectory its phase.

    Parameters
    ----------
    total_variation : array_like, shape (...)
        Total variation between the model and the target.
    order_parameter : array_like, shape (...)
        ln(effective outcomes of the model / effective outcomes of the target).
    tolerance : float
        The largest total variation that still counts as faithful.

    Returns
    -------
    numpy.ndarray, shape (...), int8
        `FAITHFUL`, `COLLAPSED` or `HEAT_DEATH`. A model that is as wide as the target but further
        away than the tolerance has lost outcomes to others, and counts as collapsed.
    """
    unfaithful = np.where(np.asarray(order_parameter) > 0, HEAT_DEATH, COLLAPSED)
    return np.where(np.asarray(total_variation) <= tolerance, FAITHFUL, unfaithful).astype(np.int8)


def count(phases) -> np.ndarray:
    """Count the seeds in every phase.

    Parameters
    ----------
    phases : array_like, shape (..., seed)
        Phases of trajectories.

    Returns
    -------
    numpy.ndarray, shape (..., 3), int64
        Seeds in each of `TRAJECTORY_PHASES`.
    """
    phases = np.asarray(phases)
    return np.stack([(phases == code).sum(-1) for code in range(len(TRAJECTORY_PHASES))], axis=-1)


def majority(counts) -> np.ndarray:
    """Give a cell the phase of more than half of its seeds.

    Parameters
    ----------
    counts : array_like, shape (..., 3)
        Seeds in each of `TRAJECTORY_PHASES`.

    Returns
    -------
    numpy.ndarray, shape (...), int8
        The phase, or `MIXED` where none has more than half of the seeds.
    """
    return _majority(np.asarray(counts), undecided=MIXED).astype(np.int8)


def count_outcomes(phases, top_outcomes) -> np.ndarray:
    """Count the seeds in every phase, collapse on the usual outcome apart from that on others.

    The usual outcome is the one that most seeds of all starts have collapsed on, the first of
    several.

    Parameters
    ----------
    phases : array_like, shape (start, seed)
        Phases of the trajectories of a cell.
    top_outcomes : array_like, shape (start, seed)
        Index of the most frequent outcome of each.

    Returns
    -------
    numpy.ndarray, shape (start, 4), int64
        Seeds in each of `TRAJECTORY_PHASES`, but the collapsed ones that have another top outcome
        than the usual one are counted last.
    """
    phases, top_outcomes = np.asarray(phases), np.asarray(top_outcomes)
    collapsed = phases == COLLAPSED
    outcomes, numbers = np.unique(top_outcomes[collapsed], return_counts=True)
    if not outcomes.size:
        elsewhere = np.zeros_like(collapsed)
    else:
        elsewhere = collapsed & (top_outcomes != outcomes[numbers.argmax()])
    counts = np.concatenate([count(phases), elsewhere.sum(-1, keepdims=True)], axis=-1)
    counts[:, COLLAPSED] -= counts[:, -1]
    return counts


def join(counts, lower, upper) -> np.ndarray:
    """Compare the starts of a cell.

    Parameters
    ----------
    counts : array_like, shape (..., start, 4)
        From `count_outcomes`.
    lower, upper : array_like, shape (..., start, 4)
        Confidence limits of these counts' shares of the seeds.

    Returns
    -------
    numpy.ndarray, shape (...), int8
        `DISAGREE` where the majorities of two starts differ and the intervals of some share do
        not overlap; elsewhere the phase of all seeds of all starts together.
    """
    counts, lower, upper = np.asarray(counts), np.asarray(lower), np.asarray(upper)
    leading = _majority(counts, undecided=-1)
    different = (leading != leading[..., :1]).any(-1)
    separated = (lower.max(-2) > upper.min(-2)).any(-1)
    together = counts.sum(-2)
    together[..., COLLAPSED] += together[..., -1]
    pooled = majority(together[..., :-1])
    return np.where(different & separated, DISAGREE, pooled).astype(np.int8)


def _majority(counts, *, undecided):
    decided = 2 * counts.max(-1) > counts.sum(-1)
    return np.where(decided, counts.argmax(-1), undecided)
