"""Equal and nearly equal probabilities taken together, for sums over very many outcomes.

The theory needs sums Σ_i g(ln p_i) of smooth functions g. Outcomes of equal probability enter such
a sum as one term with a weight. Where too many different values are left, those of the rarer
outcomes are replaced, in narrow bins of ln p, by the two nodes of the Gauss quadrature of the bin:
the sum is then exact for every g that is a cubic polynomial within each bin.
"""

from dataclasses import dataclass

import numpy as np

MOST_EXACT = 6000
"""Different probabilities up to which every one is kept."""

# Relative distance from the largest probability of those that count as tied with it.
_TIED = 1e-13
# Levels of two outcomes, (β − 1)·ln p, that are nearer than this cannot be told apart.
_SAME_LEVEL = 1e-12
_FINE = (1000, 0.01)
_COARSE = (64, 0.05)


@dataclass(frozen=True)
class OutcomeGroups:
    """Probabilities with weights, the largest first."""

    log_p: np.ndarray  # (group,), descending
    weights: np.ndarray  # (group,), outcomes that each stands for; no integers where bins were made

    def without(self, log_probability) -> "OutcomeGroups":
        """Leave out one outcome of the given ln p.

        If it lies in a bin it is kept there, and gets a group of weight −1 beside it.
        """
        place = np.abs(self.log_p - log_probability).argmin()
        if self.log_p[place] != log_probability:
            return OutcomeGroups(
                np.insert(self.log_p, place, log_probability), np.insert(self.weights, place, -1.0)
            )
        weights = self.weights.copy()
        weights[place] -= 1
        kept = weights != 0
        return OutcomeGroups(self.log_p[kept], weights[kept])


def group_outcomes(
    probabilities, *, beta=None, most_exact=MOST_EXACT, coarse=False
) -> OutcomeGroups:
    """Group the outcomes of positive probability, given all probabilities, shape (n,).

    Beyond `most_exact` different values the 1000 most probable are kept and the others binned,
    0.01 wide in ln p, which changes the sums of the theory by less than 10⁻⁹ of their values; if
    `coarse` 64 are kept and bins are 0.05 wide, which changes them by less than 10⁻⁶.
    """
    logarithms = log_probabilities(probabilities, beta=beta)
    values, counts = np.unique(logarithms[probabilities > 0], return_counts=True)
    log_p, weights = values[::-1], counts[::-1].astype(float)
    if log_p.size <= most_exact:
        return OutcomeGroups(log_p, weights)
    kept, width = _COARSE if coarse else _FINE
    nodes, node_weights = _two_nodes_a_bin(log_p[kept:], weights[kept:], width)
    log_p = np.concatenate([log_p[:kept], nodes])
    weights = np.concatenate([weights[:kept], node_weights])
    order = np.argsort(-log_p, kind="stable")
    return OutcomeGroups(log_p[order], weights[order])


def log_probabilities(probabilities, *, beta=None) -> np.ndarray:
    """Compute ln p, shape (n,), equal to the last bit for outcomes that count as tied at the top.

    Where two outcomes compete for the top, a difference of the order of the rounding errors of p
    decides nothing that could be observed. For β > 1 outcomes are tied as well whose levels
    (β − 1)·ln p are so near that they cannot be told apart: this moves critical fractions by the
    square root of that distance at most, and equilibria not at all once their last digits are set
    right with p itself.
    """
    largest = probabilities.max()
    tied = _TIED if beta is None or beta <= 1 else max(_TIED, _SAME_LEVEL / (beta - 1))
    merged = np.where(probabilities >= largest * (1 - tied), largest, probabilities)
    values, places = np.unique(merged, return_inverse=True)
    logarithms = np.full(values.size, -np.inf)
    logarithms[values > 0] = np.log(values[values > 0])
    return logarithms[places]


def _two_nodes_a_bin(log_p, weights, width):
    """Gauss nodes and weights, shape (node,), of each bin's outcomes, from three moments."""
    bins = np.unique(np.floor((log_p[0] - log_p) / width), return_inverse=True)[1]
    total = np.bincount(bins, weights)
    mean = np.bincount(bins, weights * log_p) / total
    deviation = log_p - mean[bins]
    variance = np.bincount(bins, weights * deviation**2) / total
    third = np.bincount(bins, weights * deviation**3) / total
    spread = np.sqrt(variance)
    skewness = np.divide(third, spread**3, out=np.zeros_like(third), where=spread > 0)
    root = np.sqrt(1 + skewness**2 / 4)
    high, low = spread * (skewness / 2 + root), spread * (skewness / 2 - root)
    share = 0.5 * (1 - skewness / 2 / root)
    nodes = np.concatenate([mean + high, mean + low])
    node_weights = np.concatenate([total * share, total * (1 - share)])
    kept = np.concatenate([node_weights[: total.size] > 0, spread > 0])
    # A bin of one value has one node, which carries the whole weight.
    node_weights[: total.size][spread == 0] = total[spread == 0]
    return nodes[kept], node_weights[kept]
