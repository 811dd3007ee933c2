"""The scans are split once, and what is measured of images is what its definition says."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist
from sklearn.datasets import load_digits

from heatdeath import ParameterError
from heatdeath.models.source_digits import N_COMPONENTS, Digits


@pytest.fixture(scope="module")
def digits():
    return Digits(100)


def _rng(seed=0):
    return np.random.default_rng(seed)


def test_the_halves_are_all_scans_and_share_none(digits):
    halves = np.concatenate([digits.train, digits.test])
    assert len(digits.train) == 898
    assert len(digits.test) == 899
    scans = (load_digits().data / 16).astype(np.float32)
    np.testing.assert_array_equal(halves[np.lexsort(halves.T)], scans[np.lexsort(scans.T)])


def test_both_halves_hold_each_digit_equally_often(digits):
    scans = load_digits()
    digit_of = {row.tobytes(): digit for row, digit in zip(scans.data, scans.target, strict=True)}

    def counts(images):
        return np.bincount([digit_of[row.tobytes()] for row in images.astype(float) * 16])

    assert abs(counts(digits.train) - counts(digits.test)).max() <= 1


def test_p_is_the_share_of_the_training_scans_in_each_cell(digits):
    counts = np.bincount(digits.assign(digits.train), minlength=100)
    np.testing.assert_array_equal(digits.probabilities, counts / 898)
    assert (counts > 0).all()
    assert (np.diff(counts) <= 0).all()


def test_fresh_data_are_training_scans(digits):
    data = digits.draw(500, _rng())
    assert data.shape == (500, 64)
    assert data.dtype == np.float32
    assert cdist(data, digits.train).min(axis=1).max() == 0
    np.testing.assert_array_equal(data, digits.draw(500, _rng()))


def test_data_of_one_outcome_lie_in_its_cell_and_cover_it(digits):
    data = digits.draw_outcome(7, 2000, _rng())
    assert (digits.assign(data) == 7).all()
    assert len(np.unique(data, axis=0)) == round(898 * digits.probabilities[7])


def test_cells_are_labelled_by_the_digit_that_they_hold_most(digits):
    assert len(set(digits.labels)) == 100
    assert {label[0] for label in digits.labels} == set("0123456789")


def test_the_name_is_canonical_and_the_number_of_cells_free():
    few = Digits(5)
    assert few.name == "digits:5"
    assert few.probabilities.sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("n_cells", [0, 900, 2.5, True])
def test_a_number_of_cells_that_cannot_be_is_refused(n_cells):
    with pytest.raises(ParameterError, match="cells"):
        Digits(n_cells)


def test_the_frechet_distance_is_that_of_its_definition(digits):
    def moments(images):
        centred = digits.train.astype(float) - digits.train.mean(axis=0, dtype=float)
        directions = np.linalg.svd(centred, full_matrices=False)[2][:N_COMPONENTS]
        return (images @ directions.T).mean(axis=0), np.cov((images @ directions.T).T)

    def distance(first, second):
        (mean_1, cov_1), (mean_2, cov_2) = moments(first), moments(second)
        overlap = np.trace(sqrtm(cov_1 @ cov_2)).real
        return ((mean_1 - mean_2) ** 2).sum() + np.trace(cov_1) + np.trace(cov_2) - 2 * overlap

    faint = 0.8 * digits.train
    expected = distance(faint, digits.test) / distance(digits.train, digits.test)
    assert digits.frechet_distance(faint) == pytest.approx(expected, rel=1e-3)


def test_real_images_are_near_in_frechet_distance_and_spoilt_ones_far(digits):
    assert digits.frechet_distance(digits.train) == pytest.approx(1)
    assert digits.frechet_distance(digits.test) == pytest.approx(0, abs=1e-6)
    blurred = (digits.train + np.roll(digits.train, 1, axis=1)) / 2
    assert digits.frechet_distance(blurred) > 20
    assert digits.frechet_distance(np.repeat(digits.train[:1], 50, axis=0)) > 100


def test_the_components_hold_the_share_of_variance_that_is_stated(digits):
    variances = np.linalg.eigvalsh(np.cov(digits.train.T))[::-1]
    assert variances[:N_COMPONENTS].sum() / variances.sum() == pytest.approx(0.85, abs=0.005)


def test_the_neighbour_distance_is_one_for_distinct_scans_and_zero_for_copies(digits):
    scans = np.concatenate([digits.train, digits.test])
    assert digits.neighbour_distance(scans) == pytest.approx(1)
    assert digits.neighbour_distance(digits.test) == pytest.approx(1, abs=0.03)
    assert digits.neighbour_distance(np.repeat(digits.train[:1], 50, axis=0)) == 0
    assert digits.neighbour_distance(digits.draw(1797, _rng())) < 0.4


def test_coverage_counts_the_cells_that_keep_a_tenth_of_their_share(digits):
    theta = digits.probabilities.copy()
    theta[90:] /= 11
    theta[80:90] /= 9
    assert digits.measures(theta, digits.test)["coverage"] == 0.9
