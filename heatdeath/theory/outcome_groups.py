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

_TIED = 1e-13
# Levels of two outcomes, (β − 1)·ln p, that are nearer than this cannot be told apart.
_SAME_LEVEL = 1e-12
_FINE = (1000, 0.01)
_COARSE = (64, 0.05)


@dataclass(frozen=True)
class OutcomeGroups:
    """Probabilities with weights, the largest first."""

    log_p: np.ndarray
    weights: np.ndarray

    def without(self, log_probability) -> "OutcomeGroups":
        """Leave out one outcome."""
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
    """Group the outcomes of positive probability."""
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
    """Compute ln p, equal to the last bit for outcomes that count as equally probable."""
    largest = probabilities.max()
    tied = _TIED if beta is None or beta <= 1 else max(_TIED, _SAME_LEVEL / (beta - 1))
    merged = np.where(probabilities >= largest * (1 - tied), largest, probabilities)
    values, places = np.unique(merged, return_inverse=True)
    logarithms = np.full(values.size, -np.inf)
    logarithms[values > 0] = np.log(values[values > 0])
    return logarithms[places]


def _two_nodes_a_bin(log_p, weights, width):
    """Gauss nodes and weights of the outcomes in each bin, from their first three moments."""
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
