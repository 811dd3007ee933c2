"""The source ``digits:N``: real 8×8 scans of handwritten digits, in the N cells of a codebook.

The codebook turns images into outcomes; it is fitted once to real data by k-means.
"""

from functools import lru_cache

import numpy as np
from sklearn.datasets import load_digits

from heatdeath.errors import ParameterError
from heatdeath.models.measures import coverage

N_COMPONENTS = 16
"""Principal components in which Fréchet distances are taken: they hold 85 % of the variance of the
training scans; half of them would hide blur, and all 64 would be ruled by pixels that are nearly
always blank."""

_WHITE = 16  # the brightest pixel of the scans
_SPLIT_SEED = 20261121
_CODEBOOK_SEED = 8
_RESTARTS = 10
_MAX_PASSES = 300
# Distances that agree to this many decimals are ties, which the first centre wins: sums that run
# in another order on another CPU then give the same cells.
_TIE_DECIMALS = 9


class Digits:
    """The 1,797 scans of scikit-learn, half of them to learn from and half to judge by.

    Fresh data are training scans drawn with replacement, so p is exactly the share of the
    training scans in each cell. Other images, of shape (n, 64) with pixels in [0, 1], may stand
    for the halves: a part of the training scans to tune a family with.

    The scans are the test part of "Optical Recognition of Handwritten Digits" (Alpaydin and Kaynak
    1998, UCI Machine Learning Repository).
    """

    outcomes = None

    def __init__(self, n_cells=100, *, train=None, test=None):
        if isinstance(n_cells, bool) or not isinstance(n_cells, int | np.integer):
            raise ParameterError("number of cells of digits", n_cells, "a whole number")
        scans, digits, test_scans = _halves()
        own = train is None
        # Equal names mean equal p.
        self.name = f"digits:{n_cells}" if own else f"digits:{n_cells} of other images"
        self.train = scans if own else np.asarray(train, np.float32)
        self.test = test_scans if test is None else np.asarray(test, np.float32)
        rng = np.random.default_rng(_CODEBOOK_SEED)
        self.centres = fit_codebook(self.train, n_cells=int(n_cells), rng=rng)  # by falling p
        self._cells = nearest(self.train, self.centres)
        counts = np.bincount(self._cells, minlength=n_cells)
        self.probabilities = counts / counts.sum()
        self.labels = self._labels(digits) if own else None
        self._mean, self._components = _principal_components(self.train, N_COMPONENTS)
        self._test_moments = self._moments(self.test)
        self._between_halves = _frechet(self._moments(self.train), self._test_moments)
        # Shuffled once, so that any first part of them is like the whole.
        real = np.concatenate([self.train, self.test])
        self._real = real[np.random.default_rng(_SPLIT_SEED).permutation(len(real))]

    def draw(self, n, rng):
        """Draw training scans with replacement, float32 of shape (n, 64)."""
        return self.train[rng.integers(len(self.train), size=n)]

    def draw_outcome(self, outcome, n, rng):
        """Draw training scans of one cell with replacement, shape (n, 64)."""
        members = np.flatnonzero(self._cells == outcome)
        return self.train[members[rng.integers(len(members), size=n)]]

    def assign(self, data):
        """Return the cell of each image, that with the nearest centre, (n, 64) to (n,)."""
        return nearest(data, self.centres)

    def measures(self, theta, sample):
        """Measure a model by its outcomes θ, shape (N,), and by images sampled from it, (n, 64)."""
        return {
            "coverage": coverage(theta, self.probabilities),
            "frechet_distance": self.frechet_distance(sample),
            "neighbour_distance": self.neighbour_distance(sample),
        }

    def frechet_distance(self, sample):
        """Return the distance of images, (n, 64), to the test scans, relative to the training ones.

        |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) with the means and covariances of the first sixteen
        principal components of the training scans (Heusel et al. 2017, arXiv 1706.08500, with
        these in place of a network's features). Training scans drawn with replacement score
        about 1.
        """
        return _frechet(self._moments(sample), self._test_moments) / self._between_halves

    def neighbour_distance(self, sample):
        """Return the mean distance of an image to its nearest other, relative to real scans.

        It is 1 for a sample as diverse as the distinct real scans and 0 for copies of one image.
        Fresh data repeat scans, and so lie below 1. The sample and the real scans (of both
        halves) are cut to the same number, since distances fall with it.
        """
        n = min(len(sample), len(self._real))
        return _mean_neighbour_distance(sample[:n]) / _mean_neighbour_distance(self._real[:n])

    def _moments(self, images):
        """Return the mean and the covariance of images in the principal components."""
        features = (np.asarray(images, np.float64) - self._mean) @ self._components
        return features.mean(axis=0), np.cov(features, rowvar=False)

    def _labels(self, digits):
        """Name each cell by its most frequent digit."""
        cells = range(len(self.centres))
        frequent = [np.bincount(digits[self._cells == cell]).argmax() for cell in cells]
        return tuple(f"{digit} (cell {cell})" for cell, digit in enumerate(frequent))


@lru_cache(maxsize=1)
def _halves():
    """Return training scans, their digits, and test scans: alternate ones, digit by digit."""
    scans = load_digits()
    shuffled = np.random.default_rng(_SPLIT_SEED).permutation(len(scans.target))
    order = shuffled[np.argsort(scans.target[shuffled], kind="stable")]
    images = (scans.data / _WHITE).astype(np.float32)
    halves = images[order[1::2]], scans.target[order[1::2]], images[order[::2]]
    for half in halves:
        half.flags.writeable = False
    return halves


def _principal_components(images, n_components):
    """Return the mean, and the directions of largest variance as columns, (64, n_components)."""
    mean = images.mean(axis=0, dtype=np.float64)
    _, directions = np.linalg.eigh(np.cov(images, rowvar=False, dtype=np.float64))
    return mean, directions[:, ::-1][:, :n_components]


def _frechet(first, second):
    """Return the Fréchet distance (squared, as it is reported) of two normal distributions."""
    (mean_1, covariance_1), (mean_2, covariance_2) = first, second
    # The trace of the root of a product is that of a symmetric matrix: no complex numbers.
    values, vectors = np.linalg.eigh(covariance_1)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    overlap = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ covariance_2 @ root), 0)).sum()
    spread = np.trace(covariance_1) + np.trace(covariance_2) - 2 * overlap
    return float(((mean_1 - mean_2) ** 2).sum() + spread)


def _mean_neighbour_distance(images):
    """Return the mean over images of the distance to the nearest other."""
    distances = squared_distances(images, images)
    np.fill_diagonal(distances, np.inf)
    return float(np.sqrt(distances.min(axis=1)).mean())


def fit_codebook(data, *, n_cells, rng):
    """Return the centres of a k-means codebook of data (n, d), (n_cells, d), the fullest first.

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
    """Return the nearest centre of each datum, the first of those equally near, shape (n,)."""
    return squared_distances(data, centres).argmin(axis=1).astype(np.int64)


def squared_distances(data, centres):
    """Return the squared Euclidean distance of data (n, d) to centres (m, d), shape (n, m).

    They are rounded to nine decimals and never negative.
    """
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
