"""Phases of trajectories, of cells, and of several starts together."""

import numpy as np
import pytest

from heatdeath import phases
from heatdeath.measure.intervals import wilson


@pytest.mark.parametrize(
    ("total_variation", "order_parameter", "expected"),
    [
        (0.1, -3.0, phases.FAITHFUL),
        (0.11, -3.0, phases.COLLAPSED),
        (0.11, 0.2, phases.HEAT_DEATH),
        (0.5, 0.0, phases.COLLAPSED),
    ],
)
def test_a_trajectory_is_faithful_up_to_the_tolerance_and_else_narrower_or_wider(
    total_variation, order_parameter, expected
):
    assert phases.classify(total_variation, order_parameter, tolerance=0.1) == expected


def test_seeds_are_counted_in_the_order_of_the_phases():
    counts = phases.count([[0, 0, 1, 2], [2, 2, 2, 2]])
    np.testing.assert_array_equal(counts, [[2, 1, 1], [0, 0, 4]])


def test_a_cell_has_the_phase_of_more_than_half_of_its_seeds_and_else_is_mixed():
    counts = [[5, 3, 0], [4, 4, 0], [3, 3, 2], [0, 0, 1]]
    expected = [phases.FAITHFUL, phases.MIXED, phases.MIXED, phases.HEAT_DEATH]
    np.testing.assert_array_equal(phases.majority(counts), expected)


def joined(*counts):
    counts = np.array(counts)
    return phases.join(counts, *wilson(counts, counts.sum(-1, keepdims=True)))


def test_starts_disagree_where_their_phases_differ_and_chance_does_not_explain_it():
    assert joined([8, 0, 0, 0], [0, 8, 0, 0]) == phases.DISAGREE
    assert joined([0, 4, 4, 0], [0, 0, 0, 8]) == phases.DISAGREE


def test_starts_do_not_disagree_by_a_few_seeds_around_one_half():
    assert joined([5, 3, 0, 0], [3, 5, 0, 0]) == phases.MIXED
    assert joined([6, 2, 0, 0], [3, 5, 0, 0]) == phases.FAITHFUL


def test_starts_that_share_a_phase_agree_even_where_their_shares_differ():
    assert joined([0, 100, 0, 0], [40, 60, 0, 0]) == phases.COLLAPSED


def test_starts_that_collapse_on_different_outcomes_disagree():
    counts = phases.count_outcomes([[1] * 8, [1] * 8], [[0] * 8, [99] * 8])
    np.testing.assert_array_equal(counts, [[0, 8, 0, 0], [0, 0, 0, 8]])
    assert joined(*counts) == phases.DISAGREE


def test_starts_that_collapse_on_any_outcome_alike_agree():
    counts = phases.count_outcomes([[1] * 8, [1] * 8], [list(range(8)), list(range(8, 16))])
    np.testing.assert_array_equal(counts, [[0, 1, 0, 7], [0, 0, 0, 8]])
    assert joined(*counts) == phases.COLLAPSED


def test_only_collapsed_seeds_are_told_apart_by_their_top_outcome():
    counts = phases.count_outcomes([[0, 2, 1], [0, 2, 2]], [[5, 6, 7], [8, 9, 1]])
    np.testing.assert_array_equal(counts, [[1, 1, 1, 0], [1, 0, 2, 0]])
    nothing = phases.count_outcomes([[0, 2]], [[5, 6]])
    np.testing.assert_array_equal(nothing, [[1, 0, 1, 0]])


def test_every_phase_has_a_code_that_is_its_place_among_the_meanings():
    codes = [phases.FAITHFUL, phases.COLLAPSED, phases.HEAT_DEATH, phases.MIXED, phases.DISAGREE]
    assert codes == list(range(len(phases.JOINT_PHASES)))
    assert phases.JOINT_PHASES[phases.HEAT_DEATH] == "heat_death"
