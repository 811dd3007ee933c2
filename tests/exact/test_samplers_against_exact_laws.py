"""Samplers of one output at a time, against the exact laws of their counts."""

import math

import numpy as np
import pytest
from scipy import stats

from heatdeath.measure.goodness_of_fit import pearson_test
from heatdeath.sampling_rules import SamplingRule
from heatdeath.theory import exact
from heatdeath.theory.winner import winner_probabilities

SAMPLERS = ["sequential", "leap", "dense"]
START = (3.5, 2.5)
TARGET = (0.3, 0.7)
START3 = (2.5, 1.25, 0.5)
UNTIED3 = (2.5, 1.25, 0.6)  # no two counts are ever equal, so that tie rules play no part
TARGET3 = (0.2, 0.5, 0.3)


def two_outcomes_p_value(sample, sampler, *, temperature, law_temperature=None, **arguments):
    """P-value of the count of outcome 0 under the law of `law_temperature` (else `temperature`)."""
    steps, fresh_fraction = arguments["steps"], arguments["fresh_fraction"]
    added = sample(sampler, START, TARGET, temperature=temperature, **arguments)
    assert (added.sum(-1) == steps).all()
    law = exact.accumulate_law(
        START,
        TARGET,
        temperature=temperature if law_temperature is None else law_temperature,
        fresh_fraction=fresh_fraction,
        horizon=steps,
    )
    return pearson_test(np.bincount(added[:, 0], minlength=steps + 1), law).p_value


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize(
    ("temperature", "fresh_fraction"),
    [
        (0, 0.3),
        (0.05, 0.2),
        (0.2, 0),
        (0.5, 0.1),
        (0.8, 0),
        (1, 0.2),
        (1.25, 0),
        (2, 0.1),
        (5, 0),
        (math.inf, 0.3),
    ],
)
def test_the_count_of_one_of_two_outcomes_follows_the_forward_equation(
    sample, false_alarm, sampler, temperature, fresh_fraction
):
    p_value = two_outcomes_p_value(
        sample,
        sampler,
        temperature=temperature,
        fresh_fraction=fresh_fraction,
        steps=150,
        replicas=60_000,
        seed=1,
    )
    assert p_value > false_alarm


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize(
    ("temperature", "fresh_fraction"), [(0.5, 0), (0.8, 0.2), (1, 0), (1.25, 0)]
)
def test_a_temperature_off_by_two_percent_is_noticed(
    sample, false_alarm, sampler, temperature, fresh_fraction
):
    # The chance that a fresh seed would not notice is below 10⁻⁴ in each case.
    p_value = two_outcomes_p_value(
        sample,
        sampler,
        temperature=1.02 * temperature,
        law_temperature=temperature,
        fresh_fraction=fresh_fraction,
        steps=150,
        replicas=100_000,
        seed=2,
    )
    assert p_value < false_alarm


@pytest.mark.parametrize("temperature", [0.5, 2])
def test_leap_keeps_its_law_when_blocks_are_long(sample, false_alarm, temperature):
    p_value = two_outcomes_p_value(
        sample,
        "leap",
        temperature=temperature,
        fresh_fraction=0.1,
        steps=10_000,
        replicas=10_000,
        seed=3,
    )
    assert p_value > false_alarm


@pytest.mark.parametrize("temperature", [0.5, 1, 2])
def test_leap_keeps_its_law_when_blocks_are_longer_than_is_cheap(sample, false_alarm, temperature):
    # Longer blocks hold more residual outputs, and come closer to the ceiling.
    p_value = two_outcomes_p_value(
        sample,
        "leap",
        temperature=temperature,
        fresh_fraction=0,
        steps=150,
        replicas=60_000,
        seed=13,
        block_factor=3,
    )
    assert p_value > false_alarm


def joint_law(plain_law, evolve, start, steps, **process):
    """Law of the increments of several outcomes, from the definition."""

    def moves(increments):
        law = plain_law(np.add(start, increments), TARGET3, **process)
        return [
            (tuple(np.add(increments, outcome).tolist()), chance)
            for outcome, chance in zip(np.eye(len(start), dtype=int), law, strict=True)
            if chance > 0
        ]

    return evolve({(0,) * len(start): 1.0}, moves, steps)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize(
    ("temperature", "start"),
    [
        (0, START3),
        (0.3, START3),
        (0.7, START3),
        (1.5, START3),
        (3, (4, 2, 0)),
        (math.inf, (4, 2, 0)),
    ],
)
def test_three_outcomes_follow_their_joint_law(
    sample, plain_law, evolve, tally, false_alarm, sampler, temperature, start
):
    law = joint_law(plain_law, evolve, start, 24, temperature=temperature, fresh_fraction=0.1)
    added = sample(
        sampler,
        start,
        TARGET3,
        temperature=temperature,
        fresh_fraction=0.1,
        steps=24,
        replicas=100_000,
        seed=4,
    )
    assert pearson_test(tally(added, list(law)), list(law.values())).p_value > false_alarm


@pytest.mark.parametrize(
    "rule",
    [{"top_k": 2}, {"top_p": 0.75}, {"min_p": 0.3}, {"top_k": 2, "top_p": 0.9, "min_p": 0.1}],
    ids=lambda rule: "-".join(rule),
)
def test_dense_follows_the_joint_law_of_truncating_rules(
    sample, plain_law, evolve, tally, false_alarm, rule
):
    process = {"temperature": 1.25, "fresh_fraction": 0.2}
    law = joint_law(plain_law, evolve, UNTIED3, 24, **process, **rule)
    added = sample(
        "dense",
        UNTIED3,
        TARGET3,
        **process,
        rule=SamplingRule(**rule),
        steps=24,
        replicas=100_000,
        seed=5,
    )
    assert pearson_test(tally(added, list(law)), list(law.values())).p_value > false_alarm
    assert pearson_test(
        tally(added, list(law)), unruled_law(plain_law, evolve, process, law)
    ).p_value < (false_alarm)


def unruled_law(plain_law, evolve, process, states):
    law = joint_law(plain_law, evolve, UNTIED3, 24, **process)
    return [law[state] for state in states]


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_temperature_one_without_fresh_data_is_polyas_urn(
    sample, compositions, tally, false_alarm, sampler
):
    added = sample(
        sampler,
        START3,
        TARGET3,
        temperature=1,
        fresh_fraction=0,
        steps=24,
        replicas=100_000,
        seed=6,
    )
    states = compositions(24, 3)
    law = exact.dirichlet_multinomial_pmf(states, START3)
    assert pearson_test(tally(added, states), law).p_value > false_alarm


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize(
    ("temperature", "fresh_fraction", "start"),
    [(0.5, 1, START3), (2, 1, START3), (math.inf, 0, (4, 2, 0)), (math.inf, 0.4, START3)],
)
def test_outputs_that_change_nothing_are_multinomial(
    sample, compositions, tally, false_alarm, sampler, temperature, fresh_fraction, start
):
    added = sample(
        sampler,
        start,
        TARGET3,
        temperature=temperature,
        fresh_fraction=fresh_fraction,
        steps=24,
        replicas=50_000,
        seed=7,
    )
    states = compositions(24, 3)
    q = exact.fixed_output_distribution(
        start, TARGET3, temperature=temperature, fresh_fraction=fresh_fraction
    )
    law = stats.multinomial.pmf(states, 24, q)
    assert pearson_test(tally(added, states), law).p_value > false_alarm


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_zero_temperature_stays_with_the_most_frequent_outcome(sample, sampler):
    process = {"temperature": 0, "fresh_fraction": 0, "steps": 50, "replicas": 1000, "seed": 8}
    assert (sample(sampler, START3, TARGET3, **process) == [50, 0, 0]).all()
    tied = sample(sampler, (1, 2, 2), TARGET3, **process)
    assert (tied.max(-1) == 50).all()
    assert stats.binomtest(int((tied[:, 1] == 50).sum()), 1000).pvalue > 1e-4
    assert (tied[:, 0] == 0).all()


def z_scores(samples, expected):
    """Deviations of the means of the samples (first axis) from `expected`, in standard errors."""
    return (samples.mean(0) - expected) / (samples.std(0, ddof=1) / math.sqrt(len(samples)))


def critical(false_alarm, comparisons):
    """Two-sided normal quantile at the given rate over all comparisons together."""
    return stats.norm.isf(false_alarm / 2 / comparisons)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_moments_at_temperature_one_follow_their_recursions(sample, false_alarm, sampler):
    start, target = (6, 3, 2, 0.5, 0), (0.1, 0.1, 0.2, 0.3, 0.3)
    added = sample(
        sampler,
        start,
        target,
        temperature=1,
        fresh_fraction=0.15,
        steps=400,
        replicas=20_000,
        seed=9,
    )
    theta = (start + added) / (sum(start) + 400)
    mean = exact.mean_theta(start, target, fresh_fraction=0.15, outputs=[400])[0]
    moments = exact.second_moments(start, target, fresh_fraction=0.15, outputs=400)
    products = theta[:, :, None] * theta[:, None, :]
    limit = critical(false_alarm, 30)
    assert np.abs(z_scores(theta, mean)).max() < limit
    assert np.abs(z_scores(products, moments)).max() < limit


def test_leap_keeps_its_moments_and_polyas_limit_after_ten_million_outputs(sample, false_alarm):
    start, target, steps, replicas = (3, 2, 1), TARGET3, 10**7, 400
    process = {"temperature": 1, "steps": steps, "replicas": replicas}
    theta = sample("leap", start, target, fresh_fraction=0.05, seed=10, **process) / steps
    mean = exact.mean_theta(start, target, fresh_fraction=0.05, outputs=[steps])[0]
    assert np.abs(z_scores(theta, mean)).max() < critical(false_alarm, 3)
    theta = sample("leap", start, target, fresh_fraction=0, seed=11, **process) / steps
    for i in range(3):
        # The share of outcome i is Beta distributed up to terms of order 1/steps.
        fit = stats.kstest(theta[:, i], stats.beta(start[i], 6 - start[i]).cdf)
        assert fit.pvalue > false_alarm / 3


@pytest.mark.parametrize(("sampler", "replicas"), [("sequential", 10_000), ("leap", 25_000)])
def test_cold_sampling_locks_in_to_the_first_of_the_racing_clocks(
    sample, false_alarm, sampler, replicas
):
    start = (3.0, 2.5, 2.0, 1.0)
    chances = winner_probabilities(start, temperature=0.6)
    added = sample(
        sampler,
        start,
        (0.25,) * 4,
        temperature=0.6,
        fresh_fraction=0,
        steps=4000,
        replicas=replicas,
        seed=12,
    )
    # A leader after 4000 outputs is overtaken later with a probability below 10⁻⁴, far less than
    # what this number of replicas can tell.
    wins = np.bincount((start + added).argmax(-1), minlength=4)
    assert pearson_test(wins, chances / chances.sum()).p_value > false_alarm
    colder = winner_probabilities(start, temperature=0.5)
    assert pearson_test(wins, colder / colder.sum()).p_value < false_alarm
