"""Targets whose probabilities are nearly, but not exactly, equal.

What is found for them must rest under the flow, and tend to what is found for the exact tie, which
the theory computes in another way: all tied outcomes are one group there, and have closed forms.
"""

from decimal import Decimal, localcontext

import numpy as np
import pytest

from heatdeath import critical_fractions, equilibria, tolerance_fraction
from heatdeath.theory.branches import Branches
from heatdeath.theory.critical import recovery_fraction
from heatdeath.theory.outcome_groups import group_outcomes
from heatdeath.theory.synthetic_odds import depth_below_peak, high_distance, low_distance
from heatdeath.theory.uniform import uniform_critical_fractions

TEMPERATURES = [0.05, 0.3, 0.4511404979182673, 0.5, 0.7, 0.95, 0.999]
# Five outcomes that differ by 10⁻¹⁰ and by 10⁻⁵: no branch could be bracketed where the place at
# which another output reaches its peak was known to the digits of the level of that peak only.
DIFFERENCE_OF_1E_10 = (
    "0x1.999999987ffa6p-3",
    "0x1.99999999d9097p-3",
    "0x1.9999999918fe0p-3",
    "0x1.9999999a3b0c3p-3",
    "0x1.9999999a52f1fp-3",
)
DIFFERENCE_OF_1E_5 = (
    "0x1.99970c6c46de9p-3",
    "0x1.99976c7efb75cp-3",
    "0x1.999d2478ff816p-3",
    "0x1.99970c6c46de9p-3",
    "0x1.999d562f774bcp-3",
)


def nearly_tied_targets(count, *, seed, sizes=(2, 3, 4, 5, 8)):
    """Yield targets with the order of magnitude of their differences, and temperatures."""
    rng = np.random.default_rng(seed)
    for k in range(count):
        n, difference = int(rng.choice(sizes)), 10 ** rng.uniform(-17, -3)
        weights = 1 + difference * rng.normal(size=n) * (rng.random(n) < 0.5)
        yield weights / weights.sum(), difference, TEMPERATURES[k % len(TEMPERATURES)], rng


def speed_of_the_flow(theta, p, temperature, f):
    powers = (theta / theta.max()) ** (1 / temperature)
    return np.abs(f * p + (1 - f) * powers / powers.sum() - theta).max()


def as_table(found):
    return [(each.branch, each.outcome, each.stable) for each in found]


@pytest.mark.parametrize("digits", [DIFFERENCE_OF_1E_10, DIFFERENCE_OF_1E_5])
def test_nearly_equal_outcomes_have_the_branches_of_equal_ones(digits):
    p = np.array([float.fromhex(each) for each in digits])
    for f in (0.5, 0.58):
        arguments = {"temperature": 0.4511404979182673, "fresh_fraction": f}
        found = equilibria(p, **arguments)
        tie = [each for each in equilibria("uniform:5", **arguments) if each.stable or f > 0.5]
        assert as_table(found) == as_table(tie)
        for each, tied in zip(found, tie, strict=True):
            assert speed_of_the_flow(each.theta, p, 0.4511404979182673, f) < 1e-15
            np.testing.assert_allclose(each.theta, tied.theta, atol=5e-4)


def test_equilibria_near_a_tie_rest_and_are_near_those_of_the_tie():
    compared = 0
    for p, difference, temperature, rng in nearly_tied_targets(300, seed=1):
        tie = uniform_critical_fractions(p.size, temperature=temperature)
        f = float(rng.uniform(0.02, 0.98))
        if rng.random() < 0.5:
            # Between the fractions where most branches are, which lie close together.
            f = float(rng.uniform(0.9 * tie.prevent, min(1.05 * tie.recover, 0.999)))
        found = equilibria(p, temperature=temperature, fresh_fraction=f)
        for each in found:
            assert speed_of_the_flow(each.theta, p, temperature, f) < 1e-12
            assert abs(each.theta.sum() - 1) < 1e-12
        tied = equilibria(np.ones(p.size), temperature=temperature, fresh_fraction=f)
        slowest = min(abs(each.relaxation_exponent) for each in tied)
        # Linear response: dθ = f·dp/κ. Nearer to a fold the picture of the tie is another one.
        if difference > 1e-2 * slowest**2:
            continue
        compared += 1
        # The unstable remainder of the tied faithful branch has several outputs on the high root.
        found, listed = (
            [each for each in some if each.stable or (each.branch == "locked_in" and p.size > 2)]
            for some in (found, tied)
        )
        if p.size > 2:
            assert as_table(found) == as_table(listed)
        else:
            # Without a fold the branch of the more frequent one of two is the faithful one.
            assert len(found) == len(listed)
            found.sort(key=lambda each: each.theta[0])
            listed.sort(key=lambda each: each.theta[0])
        for each, other in zip(found, listed, strict=True):
            assert np.abs(each.theta - other.theta).max() < 20 * difference / slowest + 1e-11
    assert compared > 200


def test_each_output_is_locked_in_to_once_below_its_critical_fraction_and_never_above():
    for p, difference, temperature, rng in nearly_tied_targets(50, seed=2):
        prevent, recover, *_ = uniform_critical_fractions(p.size, temperature=temperature)
        f = float(rng.choice([rng.uniform(0.02, 0.98), rng.uniform(0.5 * prevent, recover)]))
        if abs(f - prevent) < 20 * difference ** (2 / 3):
            continue
        found = equilibria(p, temperature=temperature, fresh_fraction=f)
        for outcome in range(p.size):
            mine = [each for each in found if each.outcome == outcome]
            last = recovery_fraction(p, temperature=temperature, outcome=outcome)
            assert sum(each.stable for each in mine) == (f < last)
            assert sum(not each.stable for each in mine) <= 1
            assert all(each.theta.argmax() == outcome for each in mine)


@pytest.mark.parametrize("n", [2, 3, 5, 20])
@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_critical_fractions_near_a_tie_tend_to_those_of_the_tie(n, temperature):
    tie = uniform_critical_fractions(n, temperature=temperature)
    shape = np.random.default_rng(n).normal(size=n)
    for difference in 10.0 ** -np.arange(5, 17):
        p = (1 + difference * shape) / (1 + difference * shape).sum()
        found = critical_fractions(p, temperature=temperature)
        kept = tolerance_fraction(p, temperature=temperature, tolerance=0.3)
        # Two outcomes part in a pitchfork, which a fault moves by its power 2/3; of more, the
        # branches of single ones cross the faithful one at an angle, which makes it the power 1/2.
        near = difference ** (2 / 3 if n == 2 else 1 / 2) + 1e-12
        assert abs(found.recover - tie.recover) < (near if n == 2 else 3 * difference + 1e-12)
        if n > 2 or found.kind == "fold":
            assert found.kind == "fold"
            assert abs(found.prevent - tie.prevent) < near
            assert abs(kept - tie.prevent) < near
        else:
            assert 0 < kept < tie.prevent


def test_the_one_fold_of_a_branch_is_found_in_both_ways_however_near_the_tie():
    folds = 0
    for p, _, temperature, _ in nearly_tied_targets(80, seed=3, sizes=(2, 3, 5, 9)):
        groups = group_outcomes(p, beta=1 / temperature)
        for value in groups.log_p[1:]:
            branch = Branches(groups, value, beta=1 / temperature)
            (fold,) = branch.outer_folds(np.array([0]))
            assert branch.all_folds() == [pytest.approx(fold, rel=1e-7)]
            start = branch.start()[0]
            nearby = start + np.array([1e-9, 0.999, 1.001, 1e6]) * (fold - start)
            np.testing.assert_array_equal(np.sign(branch.balance(nearby)), [-1, -1, 1, 1])
            folds += 1
    assert folds > 80


def depth_to_fifty_digits(x, beta):
    with localcontext() as context:
        context.prec = 50
        x, beta = Decimal(float(x)), Decimal(beta)
        return beta * (1 - 1 / beta + x.exp() / beta).ln() - x


@pytest.mark.parametrize("temperature", [1e-4, 0.05, 0.3, 0.5, 0.51, 0.9, 0.9999])
def test_the_depth_below_the_peak_and_its_roots_have_all_their_digits(temperature):
    beta = 1 / temperature
    for size in np.geomspace(1e-12, 0.9, 60):
        for x in (-size, size):
            exact = depth_to_fifty_digits(x, beta)
            found = depth_below_peak(x, beta)
            assert abs(Decimal(float(found)) / exact - 1) < Decimal("5e-14")
            root = (low_distance if x < 0 else high_distance)(float(exact), beta)
            assert root == pytest.approx(x, rel=5e-14)
    for size in (3.0, 30.0, 300.0):
        for x in (-size, size):
            exact = float(depth_to_fifty_digits(x, beta))
            assert depth_below_peak(x, beta) == pytest.approx(exact, rel=1e-12)
            root = (low_distance if x < 0 else high_distance)(exact, beta)
            assert root == pytest.approx(x, rel=1e-10 if x < 0 else 1e-12)
    assert low_distance(0.0, beta) == high_distance(0.0, beta) == 0
    assert depth_below_peak(0.0, beta) == 0
