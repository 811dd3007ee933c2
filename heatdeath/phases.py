"""The phases of the diagram: what a trajectory has become, what a cell is, where starts disagree.

A trajectory is *faithful* when the model is within the tolerance of the target in total variation;
otherwise it is *collapsed* when it has fewer effective outcomes than the target, and in *heat
death* when it has more. A cell has the phase of more than half of its seeds, and is *mixed* when
no phase has that many. The starts of a study *disagree* where they lead to different phases and
chance does not explain it.
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
    counts = np.asarray(counts)
    decided = 2 * counts.max(-1) > counts.sum(-1)
    return np.where(decided, counts.argmax(-1), MIXED).astype(np.int8)


def join(counts, lower, upper) -> np.ndarray:
    """Compare the starts of a cell.

    Parameters
    ----------
    counts : array_like, shape (..., start, 3)
        Seeds in each of `TRAJECTORY_PHASES`, for every start.
    lower, upper : array_like, shape (..., start, 3)
        Confidence limits of the shares of the seeds in each phase.

    Returns
    -------
    numpy.ndarray, shape (...), int8
        `DISAGREE` where two starts have different phases and the intervals of the share of some
        phase do not overlap; elsewhere the phase of all seeds of all starts together.
    """
    counts, lower, upper = np.asarray(counts), np.asarray(lower), np.asarray(upper)
    phase = majority(counts)
    different = (phase != phase[..., :1]).any(-1)
    separated = (lower.max(-2) > upper.min(-2)).any(-1)
    pooled = majority(counts.sum(-2))
    return np.where(different & separated, DISAGREE, pooled).astype(np.int8)
