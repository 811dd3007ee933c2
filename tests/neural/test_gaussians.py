"""The source of points in clusters."""

import numpy as np
import pytest
from scipy import stats

from heatdeath.errors import ParameterError
from heatdeath.measure.goodness_of_fit import pearson_test
from heatdeath.models.source_points import Gaussians

FALSE_ALARM = 1e-4


@pytest.mark.parametrize("n", [1, 2, 10, 60])
def test_clusters_are_so_far_apart_that_the_nearest_centre_is_the_own(n):
    source = Gaussians(n)
    distances = np.linalg.norm(source.centres[:, None] - source.centres, axis=2)
    np.fill_diagonal(distances, np.inf)
    # A union of half-planes: nearer to another centre than to the own one.
    assert stats.norm.sf(distances / 2).sum(axis=1).max() < 1e-9


def test_weights_fall_as_one_over_the_rank():
    source = Gaussians(10)
    assert source.name == "gaussians:10"
    assert source.probabilities.sum() == pytest.approx(1, abs=1e-15)
    np.testing.assert_allclose(source.probabilities[0] / source.probabilities, np.arange(1, 11))


def test_draws_follow_the_probabilities():
    source = Gaussians(10)
    p = source.probabilities
    seen = source.assign(source.draw(50_000, np.random.default_rng(1)))
    assert pearson_test(np.bincount(seen, minlength=10), p).p_value > FALSE_ALARM
    tempered = p**1.02 / np.sum(p**1.02)
    many = source.assign(source.draw(1_000_000, np.random.default_rng(2)))
    assert pearson_test(np.bincount(many, minlength=10), tempered).p_value < FALSE_ALARM


def test_points_of_one_outcome_are_normal_about_its_centre():
    source = Gaussians(10)
    points = source.draw_outcome(4, 20_000, np.random.default_rng(1))
    assert (source.assign(points) == 4).all()
    for coordinate in (points - source.centres[4]).T:
        assert stats.kstest(coordinate, "norm").pvalue > FALSE_ALARM
        assert stats.kstest(coordinate * 1.1, "norm").pvalue < FALSE_ALARM
    with pytest.raises(ParameterError, match="from 0 to 9"):
        source.draw_outcome(10, 1, np.random.default_rng(1))


def test_a_sample_of_the_source_is_as_spread_as_the_source_and_copies_are_not():
    source = Gaussians(10)
    fresh = source.draw(4000, np.random.default_rng(5))
    measures = source.measures(source.probabilities, fresh)
    assert measures["coverage"] == 1
    assert measures["neighbour_distance"] == pytest.approx(1, abs=0.1)
    copies = np.repeat(fresh[:1], 4000, axis=0)
    lost = source.measures(np.eye(10)[3], copies)
    assert lost == {"coverage": 0.1, "neighbour_distance": 0.0}


@pytest.mark.parametrize("n", [0, 2.5, True, 10_001])
def test_numbers_of_clusters_that_cannot_be_had_are_refused(n):
    with pytest.raises(ParameterError, match="from 1 to 10000"):
        Gaussians(n)
