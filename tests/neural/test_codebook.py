"""Cells are those of k-means, the same on every run, and the fullest comes first."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

from heatdeath import ParameterError
from heatdeath.models.source_digits import fit_codebook, nearest, squared_distances


@pytest.fixture(scope="module")
def clusters():
    rng = np.random.default_rng(0)
    centres = np.array([[0.0, 0], [10, 0], [0, 10]])
    return np.repeat(centres, [20, 30, 10], axis=0) + rng.normal(0, 0.5, (60, 2))


def _fit(data, n_cells, seed=1):
    return fit_codebook(data, n_cells=n_cells, rng=np.random.default_rng(seed))


def test_separate_clusters_are_the_cells_and_the_fullest_comes_first(clusters):
    centres = _fit(clusters, 3)
    means = [clusters[20:50].mean(axis=0), clusters[:20].mean(axis=0), clusters[50:].mean(axis=0)]
    np.testing.assert_allclose(centres, means, rtol=1e-12)


def test_the_order_of_cells_does_not_depend_on_the_start(clusters):
    np.testing.assert_allclose(_fit(clusters, 3, seed=1), _fit(clusters, 3, seed=2), rtol=1e-12)


def test_each_centre_is_the_mean_of_its_cell_and_no_cell_is_empty(clusters):
    centres = _fit(clusters, 20)
    cells = nearest(clusters, centres)
    assert set(cells) == set(range(20))
    for cell, centre in enumerate(centres):
        np.testing.assert_allclose(centre, clusters[cells == cell].mean(axis=0), atol=1e-12)


def test_the_same_seed_gives_the_same_codebook(clusters):
    np.testing.assert_array_equal(_fit(clusters, 20), _fit(clusters, 20))


def test_as_many_cells_as_distinct_data_are_the_data():
    data = np.array([[0.0], [1], [1], [3]])
    assert sorted(_fit(data, 3)[:, 0]) == [0, 1, 3]


@pytest.mark.parametrize("n_cells", [0, 4])
def test_more_cells_than_distinct_data_are_refused(n_cells):
    with pytest.raises(ParameterError, match=rf"n_cells: got {n_cells}; allowed: 1 to 3"):
        _fit(np.array([[0.0], [1], [1], [3]]), n_cells)


def test_equal_distances_go_to_the_first_centre():
    centres = np.array([[0.1, 0], [0, 0.1], [-0.1, 0]])
    assert nearest(np.zeros((1, 2)), centres) == [0]
    assert nearest(np.full((1, 2), 1 / 3), centres) == [0]


def test_squared_distances_are_those_of_their_definition(clusters):
    expected = ((clusters[:, None] - clusters[None, :7]) ** 2).sum(axis=2)
    np.testing.assert_allclose(squared_distances(clusters, clusters[:7]), expected, atol=2e-9)
