"""Half points: they are found, and their intervals cover."""

import numpy as np
import pytest

from heatdeath.measure.capture import half_point

PLACES = np.linspace(0.5, 0.8, 11)


def share(place, half, width):
    return 1 / (1 + np.exp((place - half) / width))


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(3)
    half, width, trials, tries = 0.63, 0.02, 50, 200
    covered = 0
    for _ in range(tries):
        found = half_point(PLACES, rng.binomial(trials, share(PLACES, half, width)), trials)
        covered += found.lower <= half <= found.upper
    # At a coverage of 0.95 fewer than 176 of 200 happen once in 20,000 tries.
    assert covered >= 176


def test_a_jump_between_two_places_leaves_the_whole_gap_open():
    successes = np.where(PLACES < 0.64, 100, 0)
    found = half_point(PLACES, successes, 100)
    assert found.bracketed
    assert found.estimate == pytest.approx(0.635, abs=0.002)
    assert found.lower == pytest.approx(0.62, abs=0.003)
    assert found.upper == pytest.approx(0.65, abs=0.003)


@pytest.mark.parametrize("count", [0, 100])
def test_a_share_that_never_crosses_one_half_is_not_bracketed(count):
    found = half_point(PLACES, np.full(PLACES.size, count), 100)
    assert not found.bracketed
    assert found.estimate == pytest.approx(0.8 if count else 0.5, abs=0.02)
