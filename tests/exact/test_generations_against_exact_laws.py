"""Batches of outputs in every data regime, against exact laws and moments."""

import math

import numpy as np
import pytest
from scipy import stats

from heatdeath.measure.goodness_of_fit import pearson_test
from heatdeath.sampling_rules import SamplingRule
from heatdeath.theory import exact

START = (3.0, 2.0)
TARGET = (0.3, 0.7)
REPLICAS = 30_000


@pytest.mark.parametrize(
    ("temperature", "fresh_fraction"),
    [(0, 0.3), (0.5, 0.1), (1, 0), (2, 0.2), (math.inf, 0.1)],
)
def test_batches_that_accumulate_follow_the_forward_equation(
    sample_batches, false_alarm, temperature, fresh_fraction
):
    process = {"temperature": temperature, "fresh_fraction": fresh_fraction, "batch_size": 5}
    counts = sample_batches(
        START, TARGET, **process, iterations=20, regime="accumulate", replicas=REPLICAS, seed=1
    )
    assert (counts.sum(-1) == 105).all()
    law = exact.accumulate_law(START, TARGET, **process, horizon=100)
    seen = np.bincount((counts[:, 0] - START[0]).astype(int), minlength=101)
    assert pearson_test(seen, law).p_value > false_alarm


@pytest.mark.parametrize(
    ("temperature", "fresh_fraction"),
    [(0, 0.3), (0.8, 0.1), (1, 0.05), (1.25, 0), (math.inf, 0.1)],
)
def test_replaced_batches_follow_their_markov_chain(
    sample_batches, false_alarm, temperature, fresh_fraction
):
    process = {"temperature": temperature, "fresh_fraction": fresh_fraction, "batch_size": 40}
    counts = sample_batches(
        START, TARGET, **process, iterations=15, regime="replace", replicas=REPLICAS, seed=2
    )
    assert (counts.sum(-1) == 40).all()
    law = exact.replace_law(START, TARGET, **process, generations=15)
    seen = np.bincount(counts[:, 0].astype(int), minlength=41)
    assert pearson_test(seen, law).p_value > false_alarm


@pytest.mark.parametrize("regime", ["accumulate", "replace"])
def test_batches_notice_a_temperature_off_by_two_percent(sample_batches, false_alarm, regime):
    process = {"fresh_fraction": 0.05, "batch_size": 40}
    counts = sample_batches(
        (24, 16),
        TARGET,
        temperature=1.02 * 0.8,
        **process,
        iterations=20,
        regime=regime,
        replicas=2 * REPLICAS,
        seed=3,
    )
    if regime == "replace":
        law = exact.replace_law((24, 16), TARGET, temperature=0.8, **process, generations=20)
    else:
        law = exact.accumulate_law((24, 16), TARGET, temperature=0.8, **process, horizon=800)
        counts -= (24, 16)
    seen = np.bincount(counts[:, 0].astype(int), minlength=law.size)
    assert pearson_test(seen, law).p_value < false_alarm


def last_counts(law, counts_of):
    """Law of a function of the states."""
    merged = {}
    for state, chance in law.items():
        counts = counts_of(state)
        merged[counts] = merged.get(counts, 0.0) + chance
    return merged


@pytest.mark.parametrize("window", [2, 3])
@pytest.mark.parametrize("temperature", [0.7, 2])
def test_windows_follow_the_law_of_their_batches(
    sample_batches, plain_law, evolve, tally, false_alarm, window, temperature
):
    process = {"temperature": temperature, "fresh_fraction": 0.1}

    def moves(kept):
        q = plain_law(np.sum(kept, 0), TARGET, **process)[0]
        return [
            ((*kept, (hits, 6 - hits))[-window:], stats.binom.pmf(hits, 6, q)) for hits in range(7)
        ]

    counts = sample_batches(
        START,
        TARGET,
        **process,
        batch_size=6,
        iterations=5,
        regime="window",
        window=window,
        replicas=REPLICAS,
        seed=4,
    )
    law = last_counts(
        evolve({(START,): 1.0}, moves, 5), lambda kept: tuple(np.sum(kept, 0).tolist())
    )
    assert pearson_test(tally(counts, list(law)), list(law.values())).p_value > false_alarm


@pytest.mark.parametrize("temperature", [0.7, 2])
def test_subsamples_follow_the_law_of_all_outputs_and_a_uniform_choice(
    sample_batches, plain_law, evolve, tally, false_alarm, temperature
):
    process = {"temperature": temperature, "fresh_fraction": 0.1}

    def moves(state):
        everything, chosen = state
        q = plain_law((chosen, 4 - chosen), TARGET, **process)[0]
        following = []
        for hits in range(4):
            grown = (everything[0] + hits, everything[1] + 3 - hits)
            following += [
                (
                    (grown, k),
                    stats.binom.pmf(hits, 3, q) * stats.hypergeom.pmf(k, sum(grown), grown[0], 4),
                )
                for k in range(5)
            ]
        return following

    first = {((3, 2), k): stats.hypergeom.pmf(k, 5, 3, 4) for k in range(5)}
    counts = sample_batches(
        START,
        TARGET,
        **process,
        batch_size=3,
        iterations=8,
        regime="subsample",
        subsample=4,
        replicas=REPLICAS,
        seed=5,
    )
    law = last_counts(evolve(first, moves, 8), lambda state: (state[1], 4 - state[1]))
    assert pearson_test(tally(counts, list(law)), list(law.values())).p_value > false_alarm


def test_batches_follow_the_joint_law_of_truncating_rules(
    sample_batches, plain_law, evolve, compositions, tally, false_alarm
):
    start, target = np.array([2.5, 1.25, 0.6]), (0.2, 0.5, 0.3)
    process = {"temperature": 1.25, "fresh_fraction": 0.2}

    def moves(increments):
        q = plain_law(start + increments, target, **process, top_k=2, min_p=0.2)
        return [
            (tuple(np.add(increments, batch).tolist()), stats.multinomial.pmf(batch, 3, q))
            for batch in compositions(3, 3)
        ]

    law = evolve({(0, 0, 0): 1.0}, moves, 5)
    counts = sample_batches(
        start,
        target,
        **process,
        batch_size=3,
        iterations=5,
        regime="accumulate",
        rule=SamplingRule(top_k=2, min_p=0.2),
        replicas=REPLICAS,
        seed=6,
    )
    assert pearson_test(tally(counts - start, list(law)), list(law.values())).p_value > false_alarm


START5 = np.array([20.0, 10, 6, 3, 1])
TARGET5 = np.array([0.1, 0.1, 0.2, 0.3, 0.3])


def z_score(samples, expected):
    return (samples.mean() - expected) / (samples.std(ddof=1) / math.sqrt(samples.size))


@pytest.mark.parametrize(
    ("regime", "sizes"),
    [
        ("accumulate", {}),
        ("replace", {}),
        ("window", {"window": 3}),
        ("subsample", {"subsample": 30}),
    ],
)
@pytest.mark.parametrize("fresh_fraction", [0, 0.2])
def test_expected_collisions_at_temperature_one_follow_their_recursions(
    sample_batches, false_alarm, regime, sizes, fresh_fraction
):
    counts = sample_batches(
        START5,
        TARGET5,
        temperature=1,
        fresh_fraction=fresh_fraction,
        batch_size=25,
        iterations=12,
        regime=regime,
        replicas=REPLICAS,
        seed=7,
        **sizes,
    )
    theta = counts / counts.sum(-1, keepdims=True)
    common = {"fresh_fraction": fresh_fraction, "batch_size": 25}
    if regime in ("replace", "window"):
        collision = exact.window_collision(
            START5, TARGET5, window=sizes.get("window", 1), generations=12, **common
        )
        with_target, with_itself = collision.with_target[-1], collision.with_itself[-1]
    else:
        mean = exact.mean_theta(START5, TARGET5, outputs=[300], **common)[0]
        moments = exact.second_moments(START5, TARGET5, outputs=300, **common, **sizes)
        with_target, with_itself = TARGET5 @ mean, np.trace(moments)
        if sizes:
            size = START5.sum() + 300
            share = (size - 30) / (30 * (size - 1))
            with_itself = (1 - share) * with_itself + share
        elif fresh_fraction == 0:
            closed = exact.accumulate_collision(START5, batch_size=25, iterations=12)[-1]
            assert with_itself == pytest.approx(closed, rel=1e-12)
    limit = stats.norm.isf(false_alarm / 4)
    assert abs(z_score(theta @ TARGET5, with_target)) < limit
    assert abs(z_score(np.sum(theta**2, -1), with_itself)) < limit
