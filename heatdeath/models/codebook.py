"""A codebook: the cells that turn images into outcomes, fitted once to real data by k-means."""

import numpy as np

from heatdeath.errors import ParameterError

_RESTARTS = 10
_MAX_PASSES = 300
# Distances that agree to this many decimals are ties, which the first centre wins: sums that run
# in another order on another CPU then give the same cells.
_TIE_DECIMALS = 9


def fit_codebook(data, *, n_cells, rng):
    """Centres of a k-means codebook, the fullest cell first.

    The best of ten runs of Lloyd's algorithm (1982, IEEE Transactions on Information Theory 28,
    129) from starts of k-means++ (Arthur and Vassilvitskii 2007), by the sum of squared
    distances; runs that leave a cell empty do not count.
    """
    data = np.asarray(data, dtype=np.float64)
    n_distinct = len(np.unique(data, axis=0))
    if not 1 <= n_cells <= n_distinct:
        raise ParameterError("n_cells", n_cells, f"1 to {n_distinct}, the number of distinct data")
    best, least = None, np.inf
    for _ in range(_RESTARTS):
        centres = _lloyd(data, _spread_start(data, n_cells, rng))
        distances = squared_distances(data, centres)
        inertia = round(float(distances.min(axis=1).sum()), _TIE_DECIMALS)
        if inertia < least and len(np.unique(nearest(data, centres))) == n_cells:
            best, least = centres, inertia
    if best is None:
        raise ParameterError("n_cells", n_cells, "fewer: each run of k-means left a cell empty")
    best = best[np.lexsort(best.T[::-1].round(_TIE_DECIMALS))]
    counts = np.bincount(nearest(data, best), minlength=n_cells)
    return best[np.argsort(-counts, kind="stable")]


def nearest(data, centres):
    """Cell of each datum: its nearest centre, the first of those equally near."""
    return squared_distances(data, centres).argmin(axis=1).astype(np.int64)


def squared_distances(data, centres):
    """Squared Euclidean distance of each datum to each centre."""
    data, centres = np.asarray(data, np.float64), np.asarray(centres, np.float64)
    lengths = (data**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)
    return np.maximum((lengths - 2 * data @ centres.T).round(_TIE_DECIMALS), 0)


def _spread_start(data, n_cells, rng):
    """Draw data as first centres, each in proportion to its squared distance to those before."""
    chosen = [int(rng.integers(len(data)))]
    distances = squared_distances(data, data[chosen])[:, 0]
    while len(chosen) < n_cells:
        chosen.append(int(rng.choice(len(data), p=distances / distances.sum())))
        distances = np.minimum(distances, squared_distances(data, data[chosen[-1:]])[:, 0])
    return data[chosen]


def _lloyd(data, centres):
    """Move each centre to the mean of its cell until no datum changes cell."""
    cells = None
    for _ in range(_MAX_PASSES):
        previous, cells = cells, nearest(data, centres)
        if previous is not None and (cells == previous).all():
            break
        sums = np.zeros_like(centres)
        np.add.at(sums, cells, data)
        counts = np.bincount(cells, minlength=len(centres))[:, None]
        centres = np.where(counts > 0, sums / np.maximum(counts, 1), centres)
    return centres
