"""The draws that all samplers share, against SciPy's laws and by enumeration.

Chi-square tests have a false-alarm rate of 1e-6 each at the fixed seeds below.
"""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from heatdeath.urn.compilation import compiled
from heatdeath.urn.draws import (
    alias_draw,
    binomial,
    build_alias,
    draw_counts,
    hypergeometric,
    multinomial,
    scan_draw,
    subset,
    waiting_time,
)

FALSE_ALARM = 1e-6

weights_with_zeros = arrays(
    np.float64,
    st.integers(1, 40),
    elements=st.one_of(st.just(0.0), st.floats(1e-12, 1.0), st.floats(1e-300, 1e-200)),
).filter(lambda weights: weights.sum() > 1e-3)


def alias_table(weights):
    acceptance = np.empty(weights.size)
    alias = np.empty(weights.size, np.int64)
    build_alias(weights, acceptance, alias, np.empty(weights.size, np.int64))
    return acceptance, alias


def p_value(observed, expected):
    """Chi-square p-value with cells of fewer than 10 expected draws put together."""
    rare = expected < 10
    observed = np.append(observed[~rare], observed[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    if expected[-1] == 0:
        assert observed[-1] == 0
        observed, expected = observed[:-1], expected[:-1]
    if observed.size == 1:
        return float(observed[0] == expected[0])
    return scipy.stats.chisquare(observed, expected, sum_check=False).pvalue


@given(weights_with_zeros)
@settings(max_examples=300, deadline=None)
def test_an_alias_table_holds_exactly_the_probabilities_that_it_was_built_from(weights):
    acceptance, alias = alias_table(weights)
    implied = acceptance.clip(0, 1).copy()
    np.add.at(implied, alias, 1 - acceptance.clip(0, 1))
    implied /= weights.size
    np.testing.assert_allclose(implied, weights / weights.sum(), rtol=1e-12, atol=1e-15)
    assert np.all(implied[weights == 0] == 0)


@given(weights_with_zeros, st.floats(0, 1, exclude_max=True))
@settings(max_examples=300, deadline=None)
def test_no_draw_gives_an_outcome_of_weight_zero(weights, u):
    assert weights[alias_draw(*alias_table(weights), u)] > 0
    assert weights[scan_draw(weights, weights.sum(), u)] > 0


@pytest.mark.parametrize("trials", [3, 40, 5000])
def test_counts_are_multinomial_whichever_way_they_are_drawn(trials):
    weights = np.array([0.5, 0.0, 1.5, 3.0, 1e-3, 2.0])
    n = weights.size
    rng = np.random.default_rng(1)
    scratch = (np.empty(n), np.empty(n), np.empty(n, np.int64), np.empty(n, np.int64))
    counts = np.empty(n, np.int64)
    replicas = 20_000
    third = np.zeros(trials + 1)
    for _ in range(replicas):
        draw_counts(weights, trials, counts, *scratch, rng)
        assert counts.sum() == trials
        assert counts[1] == 0
        third[counts[3]] += 1
    law = scipy.stats.binom(trials, 3.0 / weights.sum()).pmf(np.arange(trials + 1))
    assert p_value(third, replicas * law) > FALSE_ALARM
    shifted = scipy.stats.binom(trials, 3.0 / weights.sum() * 1.05).pmf(np.arange(trials + 1))
    if trials > 3:
        assert p_value(third, replicas * shifted) < FALSE_ALARM


def test_a_multinomial_keeps_the_digits_of_a_rare_last_outcome():
    weights = np.array([1.0, 1.0, 1e-12])
    counts = np.empty(3, np.int64)
    rng = np.random.default_rng(2)
    total = 0
    for _ in range(400):
        multinomial(weights, 10**12, counts, np.empty(3), rng)
        total += counts[2]
    expected = 400 * 0.5
    assert abs(total - expected) < 4.9 * np.sqrt(expected)


@compiled
def draw_binomials(trials, chance, out, rng):
    for i in range(out.size):
        out[i] = binomial(trials, chance, rng)


def binomial_p_value(draws, trials, chance):
    """Chi-square p-value over bins of a tenth of a standard deviation, or of one value."""
    law = scipy.stats.binom(trials, chance)
    width = max(1, int(law.std() / 10))
    first = max(0, int(law.mean() - 6 * law.std()))
    edges = np.arange(first, law.mean() + 7 * law.std() + 2 * width, width)
    probabilities = np.diff(np.concatenate([[0.0], law.cdf(edges), [1.0]]))
    observed = np.bincount(np.searchsorted(edges, draws), minlength=probabilities.size)
    return p_value(observed, draws.size * probabilities)


@pytest.mark.parametrize(
    ("trials", "chance"),
    [
        (5, 0.3),
        (30, 0.5),
        (99, 0.1),
        (101, 0.1),
        (60, 0.4),
        (600, 0.4),
        (40, 0.97),
        (10**6, 3e-5),
        (10**12, 1e-12),
        (10**12, 2.55e-10),
        (10**12, 0.25),
        (10**15, 1e-13),
    ],
)
def test_the_binomial_law_is_that_of_scipy_from_few_trials_to_very_many(trials, chance):
    draws = np.empty(400_000, np.int64)
    draw_binomials(trials, chance, draws, np.random.default_rng(8))
    assert draws.min() >= 0
    assert draws.max() <= trials
    assert binomial_p_value(draws, trials, chance) > FALSE_ALARM
    deviation = np.sqrt(trials * chance * (1 - chance))
    wrong = chance + 0.03 * deviation / trials
    assert binomial_p_value(draws, trials, wrong) < FALSE_ALARM


@pytest.mark.parametrize(
    ("good", "bad", "sample"),
    [(3, 4, 2), (5, 5, 5), (1, 1000, 500), (700, 300, 500), (50_000, 150_000, 100_000), (10, 0, 4)],
)
def test_the_hypergeometric_law_is_that_of_scipy(good, bad, sample):
    rng = np.random.default_rng(3)
    replicas = 50_000

    @compiled
    def draw_many(good, bad, sample, out, rng):
        for i in range(out.size):
            out[i] = hypergeometric(good, bad, sample, rng)

    out = np.empty(replicas, np.int64)
    draw_many(good, bad, sample, out, rng)
    values = np.arange(min(good, sample) + 1)
    law = scipy.stats.hypergeom(good + bad, good, sample).pmf(values)
    assert p_value(np.bincount(out, minlength=values.size), replicas * law) > FALSE_ALARM


def test_a_subset_has_its_size_and_lies_within_the_counts():
    rng = np.random.default_rng(4)
    counts = np.array([5, 0, 100, 1, 40])
    chosen = np.empty(5, np.int64)
    mean = np.zeros(5)
    for _ in range(4000):
        subset(counts, 146, 73, chosen, rng)
        assert chosen.sum() == 73
        assert np.all((chosen >= 0) & (chosen <= counts))
        mean += chosen / 4000
    np.testing.assert_allclose(mean, counts / 2, atol=0.35)


@pytest.mark.parametrize("chance", [0.3, 1e-3, 1e-20])
def test_waiting_times_are_geometric_up_to_the_cap(chance):
    rng = np.random.default_rng(5)
    cap = 2000
    times = np.array([waiting_time(chance, cap, rng) for _ in range(20_000)])
    law = scipy.stats.geom(chance).pmf(np.arange(1, cap))
    expected = 20_000 * np.append(law, (1 - chance) ** (cap - 1))
    assert p_value(np.bincount(times, minlength=cap + 1)[1:], expected) > FALSE_ALARM


def test_an_impossible_event_is_waited_for_until_the_cap():
    assert waiting_time(0.0, 17, np.random.default_rng(6)) == 17
    assert waiting_time(1.0, 17, np.random.default_rng(6)) == 1
