"""The mixtures: what they learn of clusters, and what temperature does to their samples."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from scipy import stats

from heatdeath.errors import ParameterError
from heatdeath.measure.goodness_of_fit import pearson_test
from heatdeath.models.family_mixture import Mixture, MixtureModel
from heatdeath.models.measures import divergence
from heatdeath.models.source_points import Gaussians

FALSE_ALARM = 1e-4
KEY = np.array([3, 4], np.uint32)
MODEL = MixtureModel(
    weights=np.array([0.6, 0.3, 0.1]),
    means=np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 100.0]]),
    covariances=np.array([[[2.0, 0.8], [0.8, 1.0]]] * 3),
)


def share_of_outcomes(family, model, source):
    points = family.sample(model, 100_000, 1.0, KEY)
    return np.bincount(source.assign(points), minlength=len(source.probabilities)) / 100_000


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_clusters_are_learned_with_their_weights_and_spread(seed):
    source, family = Gaussians(10), Mixture()
    model = family.fit(source.draw(4000, np.random.default_rng(seed)), KEY + seed)
    # Of 4000 draws alone, 9/(2·4000) = 0.001 on average, and 0.01 in fewer than one of 10⁹ cases.
    assert divergence(share_of_outcomes(family, model, source), source.probabilities) < 0.01
    variances = np.linalg.eigvalsh(model.covariances)
    # The smallest cluster has about 140 points: a standard error of 0.12.
    assert variances.min() > 0.4
    assert variances.max() < 1.7


def test_too_few_components_do_not_learn_the_clusters():
    source, family = Gaussians(10), Mixture(width=2)
    model = family.fit(source.draw(4000, np.random.default_rng(101)), KEY)
    assert divergence(share_of_outcomes(family, model, source), source.probabilities) > 0.01
    assert np.linalg.eigvalsh(model.covariances).max() > 10


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_temperature_multiplies_covariances_and_raises_weights_to_its_inverse(temperature):
    points = Mixture().sample(MODEL, 60_000, temperature, KEY)
    component = np.argmin(np.linalg.norm(points[:, None] - MODEL.means, axis=2), axis=1)
    weights = MODEL.weights ** (1 / temperature)
    law = weights / weights.sum()
    counts = np.bincount(component, minlength=3)
    assert pearson_test(counts, law).p_value > FALSE_ALARM
    assert pearson_test(counts[::-1], law).p_value < FALSE_ALARM
    centred = points - MODEL.means[component]
    inverse = np.linalg.inv(MODEL.covariances[0])
    squares = np.einsum("ni,ij,nj->n", centred, inverse, centred)
    assert stats.kstest(squares / temperature, stats.chi2(2).cdf).pvalue > FALSE_ALARM
    wrong = squares / (1.05 * temperature)
    assert stats.kstest(wrong, stats.chi2(2).cdf).pvalue < FALSE_ALARM
    assert stats.pearsonr(centred[:, 0], centred[:, 1]).statistic == pytest.approx(
        0.8 / np.sqrt(2), abs=0.02
    )


def test_at_temperature_zero_points_are_the_means_of_the_heaviest_components():
    tie = MODEL._replace(weights=np.array([0.4, 0.2, 0.4]))
    points = Mixture().sample(tie, 1000, 0.0, KEY)
    np.testing.assert_array_equal(np.unique(points, axis=0), MODEL.means[[0, 2]])
    one = Mixture().sample(MODEL, 10, 0.0, KEY)
    np.testing.assert_array_equal(one, np.zeros((10, 2)))


def test_data_with_fewer_points_than_components_are_fitted():
    data = np.repeat([[0.0, 0.0], [5.0, 5.0]], 50, axis=0)
    model = Mixture().fit(data, KEY)
    np.testing.assert_allclose(np.sort(model.means[:, 0]), [0, 5], atol=1e-9)
    np.testing.assert_allclose(model.covariances, np.repeat([np.eye(2) * 1e-6], 2, axis=0))
    assert len(Mixture().fit(data[:50], KEY).weights) == 1


def test_overlapping_clusters_are_fitted_without_a_warning():
    data = np.random.default_rng(1).normal(size=(500, 2))
    assert np.isfinite(Mixture().fit(data, KEY).covariances).all()


def test_a_fit_and_its_samples_follow_from_the_key():
    source, family = Gaussians(10), Mixture()
    data = source.draw(1000, np.random.default_rng(1))
    first, second = family.fit(data, KEY), family.fit(data, KEY)
    np.testing.assert_array_equal(first.means, second.means)
    points = family.sample(first, 10, 1.0, KEY)
    np.testing.assert_array_equal(points, family.sample(second, 10, 1.0, KEY))
    assert (points != family.sample(first, 10, 1.0, KEY + 1)).all()


@pytest.mark.parametrize("width", [0, 2.5, True])
def test_numbers_of_components_that_cannot_be_had_are_refused(width):
    with pytest.raises(ParameterError, match="from 1"):
        Mixture(width=width)
