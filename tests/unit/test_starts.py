"""Starts: parsing, closed forms, and the law of the drawn start."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.starts import (
    Start,
    are_integers,
    check_initial_size,
    collapsed_output,
    initial_counts,
    parse_start,
)
from heatdeath.targets import from_weights, uniform, zipf

TARGET = from_weights([4, 0, 3, 2, 1])
STARTS = st.one_of(
    st.sampled_from(["target", "proportional", "uniform", "collapsed:most:0.01"]),
    st.builds(
        "collapsed:{}:{}".format,
        st.sampled_from(["most", "least", 0, 1, 4]),
        st.floats(0, 1, exclude_max=True),
    ),
)


@pytest.fixture
def counts_file(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text("5\n0\n1.5\n0\n3.5\n")
    return path


@given(text=STARTS)
def test_the_canonical_text_of_a_start_reads_back_as_the_same_start(text):
    start = parse_start(text)
    assert parse_start(str(start)) == start


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("target", "target"),
        ("collapsed:most:0.010", "collapsed:most:0.01"),
        ("collapsed:03:1e-2", "collapsed:3:0.01"),
        ("collapsed:least:0", "collapsed:least:0"),
        ("collapsed:0:-0.0", "collapsed:0:0"),
        ("file:some/where:else.csv", "file:some/where:else.csv"),
    ],
)
def test_one_start_has_one_canonical_text(text, canonical):
    assert str(parse_start(text)) == canonical


def test_a_parsed_start_is_returned_as_it_is():
    start = Start("collapsed", output=2, share=0.5)
    assert parse_start(start) is start


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Target",
        "target:3",
        "collapsed",
        "collapsed:most",
        "collapsed:middle:0.1",
        "collapsed:-1:0.1",
        "collapsed:1.5:0.1",
        "collapsed:most:1",
        "collapsed:most:-0.1",
        "collapsed:most:nan",
        "collapsed:most:x",
        "collapsed:most:0.1:2",
        "file:",
        None,
        3,
    ],
)
def test_a_text_that_is_no_start_is_refused_with_what_is_allowed(text):
    with pytest.raises(ParameterError, match="initial: got") as caught:
        parse_start(text)
    assert repr(text) in str(caught.value)
    assert "collapsed:OUTPUT:SHARE" in str(caught.value)


def test_a_proportional_start_is_the_target_times_the_size_without_rounding():
    counts = initial_counts("proportional", TARGET, 7)
    np.testing.assert_allclose(counts, [2.8, 0, 2.1, 1.4, 0.7], rtol=1e-15)
    assert not are_integers(counts)


def test_a_uniform_start_is_even_over_the_outcomes_that_the_target_produces():
    np.testing.assert_array_equal(initial_counts("uniform", TARGET, 8), [2, 0, 2, 2, 2])


def test_a_collapsed_start_leaves_the_others_in_proportion_to_the_target():
    counts = initial_counts("collapsed:2:0.14", TARGET, 100)
    np.testing.assert_allclose(counts, [8, 0, 86, 4, 2], rtol=1e-14)


def test_a_fully_collapsed_start_is_a_single_output():
    np.testing.assert_array_equal(initial_counts("collapsed:most:0", TARGET, 50), [50, 0, 0, 0, 0])


def test_a_start_may_collapse_on_an_output_that_the_target_never_produces():
    np.testing.assert_allclose(
        initial_counts("collapsed:1:0.1", TARGET, 100), [4, 90, 3, 2, 1], rtol=1e-14
    )


def test_the_others_of_an_output_that_is_almost_certain_keep_their_proportions():
    target = from_weights([1.0, 2e-17, 1e-17])
    np.testing.assert_allclose(
        initial_counts("collapsed:0:0.03", target, 100), [97, 2, 1], rtol=1e-14
    )


def test_a_target_of_one_outcome_cannot_give_a_share_to_others():
    np.testing.assert_array_equal(initial_counts("collapsed:most:0", uniform(1), 5), [5])
    with pytest.raises(ParameterError, match="a share of 0"):
        initial_counts("collapsed:most:0.1", uniform(1), 5)


@pytest.mark.parametrize(
    ("weights", "most", "least"),
    [
        ([4, 0, 3, 2, 1], 0, 4),
        ([1, 1, 1], 0, 2),
        ([1, 3, 3, 1, 0], 1, 3),
        ([1], 0, 0),
    ],
)
def test_most_is_the_first_and_least_the_last_of_equals_within_the_support(weights, most, least):
    target = from_weights(weights)
    assert collapsed_output(parse_start("collapsed:most:0.1"), target) == most
    assert collapsed_output(parse_start("collapsed:least:0.1"), target) == least


def test_an_output_index_beyond_the_outcomes_is_refused_with_the_last_allowed():
    with pytest.raises(ParameterError, match=r"initial: got 'collapsed:5:0\.1'.*from 0 to 4"):
        initial_counts("collapsed:5:0.1", TARGET, 10)


@given(text=STARTS, size=st.integers(1, 10**15))
def test_every_start_sums_to_its_size_and_is_never_negative(text, size):
    counts = initial_counts(text, TARGET, size, np.random.default_rng(5))
    assert counts.dtype == np.float64
    assert counts.shape == (5,)
    assert counts.min() >= 0
    assert counts.sum() == pytest.approx(size, rel=1e-14)


def test_the_default_size_is_ten_outputs_an_outcome():
    rng = np.random.default_rng(6)
    for text in ("target", "proportional", "uniform", "collapsed:most:0.5"):
        assert initial_counts(text, TARGET, None, rng).sum() == pytest.approx(50, rel=1e-15)


def test_a_file_of_counts_is_the_start_and_its_sum_the_size(counts_file):
    expected = [5, 0, 1.5, 0, 3.5]
    for size in (None, 10):
        np.testing.assert_array_equal(initial_counts(f"file:{counts_file}", TARGET, size), expected)


def test_a_size_that_contradicts_the_file_is_refused(counts_file):
    with pytest.raises(ParameterError, match=r"initial_size: got 11; allowed: .*10\.0"):
        initial_counts(f"file:{counts_file}", TARGET, 11)


def test_a_file_with_another_number_of_counts_is_refused(counts_file):
    with pytest.raises(FileFormatError, match="has 5 counts; expected one an outcome, 3"):
        initial_counts(f"file:{counts_file}", uniform(3))


def test_the_identity_of_a_file_start_is_its_content_not_its_path(counts_file, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("label,count\na,5\nb,0\nc,1.5\nd,0\ne,3.50\n")
    identity = parse_start(f"file:{counts_file}").identity()
    assert identity == parse_start(f"file:{other}").identity()
    assert identity.startswith("file:sha256:")
    other.write_text("5\n0\n1.5\n0\n3\n")
    assert identity != parse_start(f"file:{other}").identity()
    assert parse_start("collapsed:most:0.10").identity() == "collapsed:most:0.1"


@pytest.mark.parametrize("size", [0, -1, np.nan, np.inf, 2**53 + 2, "10", True])
def test_a_size_out_of_range_is_refused_with_its_value(size):
    with pytest.raises(ParameterError, match="initial_size") as caught:
        initial_counts("proportional", TARGET, size)
    assert repr(size) in str(caught.value)


def test_only_a_drawn_start_needs_an_integer_size():
    assert check_initial_size(2.5) == 2.5
    assert initial_counts("target", TARGET, 20.0, np.random.default_rng(7)).sum() == 20
    with pytest.raises(ParameterError, match=r"initial_size: got 2\.5; allowed: an integer"):
        initial_counts("target", TARGET, 2.5, np.random.default_rng(7))


def test_a_drawn_start_without_a_generator_is_refused():
    for rng in (None, 3):
        with pytest.raises(ParameterError, match="rng"):
            initial_counts("target", TARGET, 10, rng)


def test_a_drawn_start_is_integer_and_repeats_with_its_seed():
    draws = [initial_counts("target", TARGET, 10**6, np.random.default_rng(8)) for _ in range(2)]
    np.testing.assert_array_equal(*draws)
    assert are_integers(draws[0])


def test_a_drawn_start_never_holds_an_outcome_of_probability_zero():
    # The control: a plain multinomial gives the last outcome what rounding leaves over.
    p = np.append(np.full(10_000, 1e-4), 0.0)
    rng = np.random.default_rng(9)
    assert rng.multinomial(2**53, p)[-1] > 0
    for _ in range(5):
        assert initial_counts("target", from_weights(p), 2**53, rng)[-1] == 0


def chi_square_p_value(counts, probabilities):
    expected = counts.sum() * probabilities
    statistic = ((counts - expected) ** 2 / expected).sum()
    return stats.chi2.sf(statistic, probabilities.size - 1)


def test_a_drawn_start_follows_the_multinomial_law():
    # False-alarm rate 1e-4 (seed fixed); the control is the same draw against exponents 2 % off.
    target = zipf(200, exponent=1)
    counts = initial_counts("target", target, 10**7, np.random.default_rng(10))
    assert chi_square_p_value(counts, target.probabilities) > 1e-4
    assert chi_square_p_value(counts, zipf(200, exponent=1.02).probabilities) < 1e-4


def test_outputs_of_probability_one_in_a_trillion_are_drawn_at_their_rate():
    # Poisson with mean 1000 for each of 100; false-alarm rate 1e-4 (seed fixed).
    p = np.append([0.6, 0.4 - 1e-10], np.full(100, 1e-12))
    counts = initial_counts("target", from_weights(p), 10**15, np.random.default_rng(11))
    statistic = ((counts[2:] - 1000) ** 2 / 1000).sum()
    assert 1e-4 < stats.chi2.sf(statistic, 100) < 1 - 1e-4
    biased = counts[2:] * 1.05
    assert stats.chi2.sf(((biased - 1000) ** 2 / 1000).sum(), 100) < 1e-4


def test_infinite_or_fractional_counts_are_not_integers():
    assert are_integers([0.0, 3.0, 2.0**53])
    assert not are_integers([0.5, 1.0])
