"""Above T = 1 a block of leap ends with the output that passes its ceiling, and with no other.

The tests use small margins, with which many blocks pass the ceiling; at the margin in use it is
passed so rarely that a wrong rule would go unnoticed.
"""

import types

import numba
import numpy as np
import pytest

from heatdeath.measure.goodness_of_fit import pearson_test
from heatdeath.theory import exact
from heatdeath.urn import leap
from heatdeath.urn.draws import subset

START = (3.5, 2.5)
TARGET = (0.3, 0.7)
STEPS = 400


def kernel_with(**replacements):
    """Compile the kernel of leap anew with other functions in the place of its own."""
    code = leap.advance_power.py_func.__code__
    function = types.FunctionType(code, {**vars(leap), **replacements}, "advance_power")
    return numba.njit(function, error_model="numpy")


@numba.njit
def keep_half_of_a_failed_block(counts, drawn, size, reference, beta, ceiling, kept, half, rng):
    """Keep the first half of a block because the whole of it failed: conditions on the future."""
    first = max(1, size // 2)
    subset(drawn, size, first, kept, rng)
    return first


@numba.njit
def keep_everything(counts, drawn, size, reference, beta, ceiling, kept, half, rng):
    """Go on above the ceiling, as if it bounded the sum of the weights."""
    kept[:] = drawn
    return size


def p_value(sample, *, temperature, margin, replicas, seed, kernel=None, fresh_fraction=0.0):
    added = sample(
        "leap",
        START,
        TARGET,
        temperature=temperature,
        fresh_fraction=fresh_fraction,
        steps=STEPS,
        replicas=replicas,
        seed=seed,
        margin=margin,
        kernel=kernel,
    )
    law = exact.accumulate_law(
        START, TARGET, temperature=temperature, fresh_fraction=fresh_fraction, horizon=STEPS
    )
    return pearson_test(np.bincount(added[:, 0], minlength=STEPS + 1), law).p_value


@pytest.mark.parametrize("margin", [0.1, 0.5])
@pytest.mark.parametrize(("temperature", "fresh_fraction"), [(1.25, 0), (2, 0.2), (5, 0)])
def test_leap_is_exact_however_often_the_ceiling_is_passed(
    sample, false_alarm, temperature, fresh_fraction, margin
):
    found = p_value(
        sample,
        temperature=temperature,
        fresh_fraction=fresh_fraction,
        margin=margin,
        replicas=50_000,
        seed=1,
    )
    assert found > false_alarm


def test_keeping_half_of_a_failed_block_is_noticed(sample, false_alarm):
    biased = kernel_with(stop_at_ceiling=keep_half_of_a_failed_block)
    for temperature, margin in [(1.25, 0.1), (1.25, 0.5), (2, 0.5)]:
        found = p_value(
            sample, temperature=temperature, margin=margin, replicas=50_000, seed=2, kernel=biased
        )
        assert found < false_alarm


def test_going_on_above_the_ceiling_is_noticed(sample, false_alarm):
    biased = kernel_with(stop_at_ceiling=keep_everything)
    for temperature in (1.25, 2):
        found = p_value(
            sample, temperature=temperature, margin=0.1, replicas=30_000, seed=3, kernel=biased
        )
        assert found < false_alarm


def test_the_kernel_compiled_anew_is_exact_with_its_own_stopping_rule(sample, false_alarm):
    found = p_value(
        sample, temperature=1.25, margin=0.5, replicas=50_000, seed=2, kernel=kernel_with()
    )
    assert found > false_alarm


def test_the_output_that_passed_the_ceiling_is_found_where_it_stands():
    counts, ceiling = np.array([3.0, 2.0]), 0.0
    drawn, kept, half = np.array([5, 4]), np.zeros(2, np.int64), np.zeros(2, np.int64)
    rng = np.random.default_rng(4)
    # At beta = 1 and reference 1 the sum of the weights is the size of the dataset, so the output
    # that passes the ceiling 5 + r is output number ceil(r) + 1 whatever the order.
    for ceiling, expected in [(5.0, 1), (5.5, 1), (6.0, 2), (9.5, 5), (13.5, 9)]:
        size = leap.stop_at_ceiling(counts, drawn.copy(), 9, 1.0, 1.0, ceiling, kept, half, rng)
        assert size == expected == kept.sum()
        assert (kept <= drawn).all()
