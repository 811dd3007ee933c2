"""Simulated capture against its known values, and simulated recovery where bounds promise it."""

import numpy as np
import pytest
from scipy.stats import binom

from heatdeath.simulation import record_trajectories
from heatdeath.theory.critical import critical_fractions
from heatdeath.theory.equilibria import equilibria
from heatdeath.theory.published_bounds import euclidean_bound, fisher_rao_bound

TARGETS = ("uniform:10", "zipf:1:10", "words:10")
TEMPERATURES = (0.5, 0.8)


def finals(target, *, temperature, fresh_fraction, initial, initial_size, horizon, seeds):
    record = record_trajectories(
        target,
        temperature=temperature,
        fresh_fraction=fresh_fraction,
        initial=initial,
        initial_size=initial_size,
        horizon=horizon,
        seeds=seeds,
        checkpoints=[0, horizon],
        root_seed=2404,
    )
    return record.values("top_outcome")[:, -1], record.values("top1_mass")[:, -1]


@pytest.mark.parametrize(
    ("fresh_fraction", "initial_size", "share"),
    [(0.6, 10, 1.0), (0.6, 100, 1.0), (0.6, 1000, 0.875), (0.7, 100, 0.965), (0.7, 1000, 0.005)],
)
def test_drawn_starts_are_captured_as_often_as_they_were_found_to_be(
    false_alarm, fresh_fraction, initial_size, share
):
    seeds = 60
    _, masses = finals(
        "uniform:100",
        temperature=0.5,
        fresh_fraction=fresh_fraction,
        initial="target",
        initial_size=initial_size,
        horizon=10**6,
        seeds=seeds,
    )
    locked_in = equilibria(
        "uniform:100", temperature=0.5, fresh_fraction=fresh_fraction, branches=[0]
    )[0]
    captured = int(np.count_nonzero(masses > locked_in.theta[0] / 2))
    # The published shares come from 200 seeds, so the true ones may be this far from them.
    known = np.clip([share - 0.05, share + 0.02], 0, 1)
    assert binom.sf(captured - 1, seeds, known[1]) > false_alarm / 10
    assert binom.cdf(captured, seeds, known[0]) > false_alarm / 10


def lock_ins(target, *, temperature, fresh_fraction, output, horizon=10**6):
    """Count seeds that are still locked in to the output on which they began."""
    tops, masses = finals(
        target,
        temperature=temperature,
        fresh_fraction=fresh_fraction,
        initial=f"collapsed:{output}:0.001",
        initial_size=100,
        horizon=horizon,
        seeds=4,
    )
    faithful = equilibria(
        target, temperature=temperature, fresh_fraction=fresh_fraction, branches="faithful"
    )
    expected = faithful[0].theta[output] if faithful else 0.0
    return int(np.count_nonzero((tops == output) & (masses > expected + 0.05)))


@pytest.mark.parametrize("bound", [euclidean_bound, fisher_rao_bound])
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_no_collapse_lasts_where_the_published_conditions_hold(bound, target, temperature):
    least = bound(target, temperature=temperature).fresh_fraction
    just_inside = least + 0.01 * (1 - least)
    for output in (0, 1, 9):
        assert not lock_ins(
            target, temperature=temperature, fresh_fraction=just_inside, output=output
        )


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_below_the_exact_threshold_the_same_check_finds_every_collapse(target, temperature):
    critical = critical_fractions(target, temperature=temperature)
    assert (
        lock_ins(
            target,
            temperature=temperature,
            fresh_fraction=0.8 * critical.recover,
            output=critical.branch,
        )
        == 4
    )


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_the_published_conditions_ask_for_more_than_the_exact_threshold(target, temperature):
    exact = critical_fractions(target, temperature=temperature).recover
    euclidean = euclidean_bound(target, temperature=temperature).fresh_fraction
    fisher_rao = fisher_rao_bound(target, temperature=temperature).fresh_fraction
    assert exact < euclidean < fisher_rao
