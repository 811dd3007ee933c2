"""The exact laws, against sums over every possible history and against each other."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from heatdeath.errors import ParameterError
from heatdeath.theory import exact
from heatdeath.theory.winner import winner_probabilities

START = (2.5, 1.25)
TARGET = (0.3, 0.7)
START3 = (2.5, 1.25, 0.5)
TARGET3 = (0.2, 0.5, 0.3)


def every_history(next_law, n_outcomes, outputs):
    """Probability of each vector of increments, by a sum over all sequences of outputs."""
    law = {}
    for history in itertools.product(range(n_outcomes), repeat=outputs):
        increments, chance = np.zeros(n_outcomes, int), 1.0
        for outcome in history:
            chance *= next_law(increments)[outcome]
            increments[outcome] += 1
        key = tuple(increments.tolist())
        law[key] = law.get(key, 0.0) + chance
    return law


@pytest.mark.parametrize("fresh_fraction", [0, 0.3, 1])
@pytest.mark.parametrize("temperature", [0, 0.05, 0.5, 1, 2, math.inf])
def test_the_forward_equation_sums_over_all_histories(plain_law, temperature, fresh_fraction):
    expected = every_history(
        lambda c: plain_law(
            START + c, TARGET, temperature=temperature, fresh_fraction=fresh_fraction
        ),
        2,
        9,
    )
    law = exact.accumulate_law(
        START, TARGET, temperature=temperature, fresh_fraction=fresh_fraction, horizon=9
    )
    np.testing.assert_allclose(law, [expected[c, 9 - c] for c in range(10)], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("temperature", [0, 0.5, 2, math.inf])
def test_an_outcome_without_counts_is_born_of_fresh_data_alone(plain_law, temperature):
    expected = every_history(
        lambda c: plain_law(np.add((2, 0), c), TARGET, temperature=temperature, fresh_fraction=0.2),
        2,
        8,
    )
    law = exact.accumulate_law(
        (2, 0), TARGET, temperature=temperature, fresh_fraction=0.2, horizon=8
    )
    np.testing.assert_allclose(law, [expected[c, 8 - c] for c in range(9)], rtol=1e-12)
    barren = exact.accumulate_law(
        (2, 0), TARGET, temperature=temperature, fresh_fraction=0, horizon=8
    )
    np.testing.assert_array_equal(barren, [0] * 8 + [1])


@pytest.mark.parametrize("temperature", [0, 0.5, 1, 2, math.inf])
def test_batches_sum_over_all_histories(plain_law, evolve, temperature):
    def batch(counts):
        q = plain_law(counts, TARGET, temperature=temperature, fresh_fraction=0.2)[0]
        return [(hits, stats.binom.pmf(hits, 3, q)) for hits in range(4)]

    accumulated = evolve(
        {(0, 0): 1.0},
        lambda c: [
            ((c[0] + hits, c[1] + 3 - hits), chance) for hits, chance in batch(np.add(START, c))
        ],
        4,
    )
    law = exact.accumulate_law(
        START, TARGET, temperature=temperature, fresh_fraction=0.2, horizon=12, batch_size=3
    )
    np.testing.assert_allclose(
        law, [accumulated.get((c, 12 - c), 0) for c in range(13)], atol=1e-14
    )

    replaced = evolve(
        {START: 1.0},
        lambda c: [((hits, 3 - hits), chance) for hits, chance in batch(c)],
        4,
    )
    law = exact.replace_law(
        START, TARGET, temperature=temperature, fresh_fraction=0.2, batch_size=3, generations=4
    )
    np.testing.assert_allclose(law, [replaced.get((c, 3 - c), 0) for c in range(4)], atol=1e-14)


def test_polyas_urn_is_dirichlet_multinomial(plain_law, compositions):
    expected = every_history(
        lambda c: plain_law(START3 + c, TARGET3, temperature=1, fresh_fraction=0), 3, 6
    )
    states = compositions(6, 3)
    pmf = exact.dirichlet_multinomial_pmf(states, START3)
    np.testing.assert_allclose(pmf, [expected[state] for state in states], rtol=1e-12)


def test_two_outcomes_at_temperature_one_are_the_same_urn_at_long_horizons():
    law = exact.accumulate_law(START, TARGET, temperature=1, fresh_fraction=0, horizon=2000)
    c = np.arange(2001)
    pmf = exact.dirichlet_multinomial_pmf(np.stack([c, 2000 - c], axis=-1), START)
    np.testing.assert_allclose(law, pmf, rtol=1e-10)


@pytest.mark.parametrize(
    ("temperature", "fresh_fraction", "start"),
    [
        (0.5, 1, START3),
        (math.inf, 0, START3),
        (math.inf, 0.4, START3),
        (math.inf, 0, (2, 1, 0)),
        (0, 0, START3),
    ],
)
def test_constant_laws_are_multinomial(plain_law, compositions, temperature, fresh_fraction, start):
    expected = every_history(
        lambda c: plain_law(
            start + c, TARGET3, temperature=temperature, fresh_fraction=fresh_fraction
        ),
        3,
        5,
    )
    q = exact.fixed_output_distribution(
        start, TARGET3, temperature=temperature, fresh_fraction=fresh_fraction
    )
    pmf = [stats.multinomial.pmf(state, 5, q) for state in compositions(5, 3)]
    np.testing.assert_allclose(pmf, [expected[s] for s in compositions(5, 3)], atol=1e-14)


@pytest.mark.parametrize(
    ("temperature", "fresh_fraction", "start"),
    [(1, 0, START3), (math.inf, 0.4, (2, 1, 0)), (0, 0.1, START3), (0, 0, (1, 1, 0))],
)
def test_laws_that_outputs_change_are_refused(temperature, fresh_fraction, start):
    with pytest.raises(ParameterError, match="temperature"):
        exact.fixed_output_distribution(
            start, TARGET3, temperature=temperature, fresh_fraction=fresh_fraction
        )


def batches(law, size, compositions):
    return [
        (np.array(batch), stats.multinomial.pmf(batch, size, law))
        for batch in compositions(size, len(law))
    ]


@pytest.mark.parametrize("fresh_fraction", [0, 0.3, 1])
@pytest.mark.parametrize("batch_size", [1, 2])
def test_moments_at_temperature_one_average_over_all_histories(
    plain_law, evolve, compositions, fresh_fraction, batch_size
):
    def moves(c):
        law = plain_law(np.add(START3, c), TARGET3, temperature=1, fresh_fraction=fresh_fraction)
        return [
            (tuple(np.add(c, batch).tolist()), chance)
            for batch, chance in batches(law, batch_size, compositions)
        ]

    law = evolve({(0, 0, 0): 1.0}, moves, 6 // batch_size)
    theta = np.array([np.add(START3, c) for c in law]) / (sum(START3) + 6)
    chance = np.array(list(law.values()))
    common = {"fresh_fraction": fresh_fraction, "batch_size": batch_size}
    mean = exact.mean_theta(START3, TARGET3, outputs=[0, 6], **common)
    np.testing.assert_allclose(mean[0], np.array(START3) / sum(START3), rtol=1e-14)
    np.testing.assert_allclose(mean[1], chance @ theta, rtol=1e-12)
    moments = exact.second_moments(START3, TARGET3, outputs=6, **common)
    np.testing.assert_allclose(moments, (theta.T * chance) @ theta, rtol=1e-12)
    if fresh_fraction == 0:
        collision = exact.accumulate_collision(
            START3, batch_size=batch_size, iterations=6 // batch_size
        )
        np.testing.assert_allclose(collision[-1], np.trace(moments), rtol=1e-12)


@pytest.mark.parametrize("window", [1, 2, 3])
@pytest.mark.parametrize("fresh_fraction", [0, 0.3])
def test_moments_of_windows_average_over_all_histories(
    plain_law, evolve, compositions, window, fresh_fraction
):
    def moves(kept):
        law = plain_law(np.sum(kept, 0), TARGET, temperature=1, fresh_fraction=fresh_fraction)
        return [
            ((*kept, tuple(batch.tolist()))[-window:], chance)
            for batch, chance in batches(law, 3, compositions)
        ]

    moments = exact.window_collision(
        START, TARGET, fresh_fraction=fresh_fraction, batch_size=3, window=window, generations=4
    )
    for generation in range(5):
        law = evolve({(START,): 1.0}, moves, generation)
        counts = np.array([np.sum(kept, 0) for kept in law])
        theta = counts / counts.sum(-1, keepdims=True)
        chance = np.array(list(law.values()))
        np.testing.assert_allclose(moments.with_target[generation], chance @ (theta @ TARGET))
        np.testing.assert_allclose(moments.with_itself[generation], chance @ np.sum(theta**2, -1))


def test_replacing_loses_diversity_as_wright_and_fisher_say():
    p = np.array([0.5, 0.3, 0.2])
    moments = exact.replace_collision(p, p, fresh_fraction=0, batch_size=10, generations=20)
    expected = 1 - (1 - 1 / 10) ** np.arange(21) * (1 - np.sum(p**2))
    np.testing.assert_allclose(moments.with_itself, expected, rtol=1e-13)
    np.testing.assert_allclose(moments.with_target, np.sum(p**2), rtol=1e-13)


def test_moments_of_subsamples_average_over_all_histories(plain_law, evolve, compositions):
    def moves(counts):
        following = []
        for subset in compositions(3, 3):
            picked = stats.multivariate_hypergeom.pmf(subset, counts, 3)
            if picked > 0:
                law = plain_law(subset, TARGET3, temperature=1, fresh_fraction=0.3)
                following += [
                    (tuple(np.add(counts, batch).tolist()), picked * chance)
                    for batch, chance in batches(law, 2, compositions)
                ]
        return following

    law = evolve({(2, 1, 2): 1.0}, moves, 3)
    theta = np.array(list(law)) / 11
    chance = np.array(list(law.values()))
    moments = exact.second_moments(
        (2, 1, 2), TARGET3, fresh_fraction=0.3, outputs=6, batch_size=2, subsample=3
    )
    np.testing.assert_allclose(moments, (theta.T * chance) @ theta, rtol=1e-12)
    mean = exact.mean_theta((2, 1, 2), TARGET3, fresh_fraction=0.3, outputs=[6], batch_size=2)
    np.testing.assert_allclose(mean[0], chance @ theta, rtol=1e-12)


def test_the_mean_keeps_its_digits_at_long_horizons():
    mean = exact.mean_theta(START, TARGET, fresh_fraction=0.3, outputs=[10**5, 10**12])
    size = sum(START)
    kept = np.prod(1 - 0.3 / (size + np.arange(1, 10**5 + 1)))
    start = np.array(START) / size - TARGET
    np.testing.assert_allclose(mean[0] - TARGET, kept * start, rtol=1e-9)
    # Γ(z − f)/Γ(z) = z^{−f}·(1 + f(f+1)/2z + …), from the horizon that the product reached.
    kept *= ((10**12 + size) / (10**5 + size)) ** -0.3
    np.testing.assert_allclose(mean[1] - TARGET, kept * start, rtol=1e-5)


@pytest.mark.parametrize("temperature", [0.3, 0.5, 0.8])
def test_the_winner_of_two_is_the_leader_of_a_long_urn(temperature):
    chances = winner_probabilities(START, temperature=temperature)
    law = exact.accumulate_law(
        START, TARGET, temperature=temperature, fresh_fraction=0, horizon=4000
    )
    c = np.arange(4001)
    leads = law[START[0] + c > START[1] + 4000 - c].sum()
    np.testing.assert_allclose(chances, [leads, 1 - leads], atol=3e-5)


def test_the_winner_of_many_is_the_first_of_the_racing_clocks(false_alarm):
    start, temperature, replicas, rings = np.array([3, 2, 2, 0, 1.5]), 0.6, 200_000, 300
    rng = np.random.default_rng(20)
    beta = 1 / temperature
    clocks = np.full((replicas, 5), np.inf)
    for i in np.flatnonzero(start):
        rates = (start[i] + np.arange(rings)) ** beta
        clocks[:, i] = (start[i] + rings - 0.5) ** (1 - beta) / (beta - 1)
        for rate in rates:
            clocks[:, i] += rng.exponential(size=replicas) / rate
    wins = np.bincount(clocks.argmin(-1), minlength=5)
    chances = winner_probabilities(start, temperature=temperature)
    assert chances[3] == 0 == wins[3]
    np.testing.assert_allclose(chances.sum(), 1, atol=1e-10)
    alive = chances > 0
    assert (
        stats.chisquare(wins[alive], replicas * chances[alive] / chances.sum()).pvalue > false_alarm
    )


@pytest.mark.parametrize("temperature", [0, 1, 2, math.inf])
def test_there_is_no_winner_to_compute_outside_cold_sampling(temperature):
    with pytest.raises(ParameterError, match="temperature"):
        winner_probabilities(START, temperature=temperature)


def test_arguments_without_a_law_are_refused():
    process = {"temperature": 1, "fresh_fraction": 0}
    with pytest.raises(ParameterError, match="horizon: got 7; allowed: a multiple"):
        exact.accumulate_law(START, TARGET, **process, horizon=7, batch_size=2)
    with pytest.raises(ParameterError, match="initial"):
        exact.accumulate_law(START3, TARGET, **process, horizon=7)
    with pytest.raises(ParameterError, match="p: "):
        exact.replace_law(START, TARGET3, **process, batch_size=2, generations=1)
    with pytest.raises(ParameterError, match="first few outputs"):
        winner_probabilities((3, 2), temperature=0.05)
