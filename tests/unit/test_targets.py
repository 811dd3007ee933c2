"""Targets: names, files and weights."""

import hashlib
import math
import pickle
import struct

import netCDF4
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from heatdeath import targets
from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.targets import Target, from_file, from_weights, resolve, uniform, words, zipf

COUNTS = arrays(np.float64, st.integers(1, 30), elements=st.integers(0, 10**9).map(float)).filter(
    lambda weights: weights.max() > 0
)


@pytest.fixture
def write(tmp_path):
    """Write text to a file and return its path."""

    def write(text, name="counts.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def write_netcdf(path, values, *, name="counts", labels=None, data_type=None):
    with netCDF4.Dataset(path, "w") as dataset:
        dataset.createDimension("outcome", len(values))
        kind = data_type or np.asarray(values).dtype
        dataset.createVariable(name, kind, ("outcome",))[:] = values
        if labels is not None and isinstance(labels, np.ndarray):
            dataset.createDimension("characters", labels.shape[1])
            variable = dataset.createVariable("label", "S1", ("outcome", "characters"))
            variable[:] = labels
        elif labels is not None:
            variable = dataset.createVariable("label", str, ("outcome",))
            for i, label in enumerate(labels):
                variable[i] = label
    return path


# Names


def test_uniform_gives_every_outcome_the_same_probability():
    assert resolve("uniform:3").name == "uniform:3"
    np.testing.assert_array_equal(uniform(3).probabilities, [1 / 3] * 3)


def test_zipf_is_the_power_law_of_the_rank():
    target = resolve("zipf:2:4")
    np.testing.assert_allclose(target.probabilities, np.array([144, 36, 16, 9]) / 205, rtol=1e-15)


@pytest.mark.parametrize("text", ["zipf:1:100", "zipf:1.0:100", "zipf:1e0:100", "zipf:01:100"])
def test_one_zipf_target_has_one_name(text):
    assert resolve(text).name == "zipf:1:100"
    np.testing.assert_array_equal(resolve(text).probabilities, zipf(100, exponent=1).probabilities)


def test_zipf_with_exponent_zero_is_uniform():
    np.testing.assert_allclose(zipf(7, exponent=0).probabilities, 1 / 7, rtol=1e-15)


def test_every_name_resolves_to_a_target_of_that_name():
    for name in ("uniform:1", "zipf:0.5:10", "words:10"):
        assert resolve(name).name == name
        assert resolve(resolve(name).name).name == name


def test_words_are_in_the_order_of_their_measured_frequency():
    import wordfreq

    target = words(1000)
    assert target.labels[:3] == ("the", "to", "and")
    frequencies = np.array([wordfreq.get_frequency_dict("en", "large")[w] for w in target.labels])
    np.testing.assert_allclose(target.probabilities, frequencies / frequencies.sum(), rtol=1e-14)
    assert np.all(np.diff(target.probabilities) <= 0)


def test_words_of_equal_frequency_are_in_the_order_of_their_code_points():
    target = words(1000)
    p = target.probabilities
    tied = [i for i in range(999) if p[i] == p[i + 1]]
    assert len(tied) > 100
    assert all(target.labels[i] < target.labels[i + 1] for i in tied)


def test_fewer_words_are_the_first_of_more_words():
    assert words(50).labels == words(1000).labels[:50]


def test_more_words_than_the_list_has_are_refused_with_its_length():
    with pytest.raises(ParameterError, match=r"got 1000000; allowed: an integer from 1 to 3\d{5}"):
        words(1_000_000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zipf",
        "zipf:1",
        "zipf:100:",
        "zipf:x:100",
        "zipf:1:100:2",
        "uniform:",
        "uniform:0.5",
        "uniform:-3",
        "uniform:1e3",
        "uniform:٣",
        "uniform:1_000",
        "words",
        "words:ten",
        "file:",
        "gaussian:3",
        "Zipf:1:100",
        " uniform:3",
    ],
)
def test_an_unknown_name_is_refused_with_the_names_that_are_known(text):
    with pytest.raises(ParameterError, match="target: got") as caught:
        resolve(text)
    assert repr(text) in str(caught.value)
    for known in ("uniform:N", "zipf:EXPONENT:N", "words:N", "file:PATH"):
        assert known in str(caught.value)


@pytest.mark.parametrize("text", ["uniform:0", "zipf:1:0", "words:0", "uniform:10000001"])
def test_a_number_of_outcomes_out_of_range_is_refused(text):
    with pytest.raises(
        ParameterError, match=r"n of the target: got \d+; allowed: an integer from 1"
    ):
        resolve(text)


@pytest.mark.parametrize("n", [0, -1, 2.0, "3", True, None])
def test_a_number_of_outcomes_that_is_no_positive_integer_is_refused(n):
    for build in (uniform, words, lambda n: zipf(n, exponent=1)):
        with pytest.raises(ParameterError, match="n of the target"):
            build(n)


@pytest.mark.parametrize("exponent", [-1, math.nan, math.inf, "1", True, None])
def test_a_zipf_exponent_that_is_no_finite_number_from_zero_is_refused(exponent):
    with pytest.raises(ParameterError, match="exponent of zipf"):
        zipf(10, exponent=exponent)


def test_a_zipf_exponent_that_leaves_rare_outcomes_no_probability_is_refused():
    with pytest.raises(ParameterError, match="exponent of zipf"):
        zipf(100, exponent=200)


# Weights


@given(weights=COUNTS)
def test_weights_are_divided_by_their_sum_and_zeros_stay_zero(weights):
    target = from_weights(weights)
    assert math.fsum(target.probabilities) == pytest.approx(1, abs=1e-15)
    np.testing.assert_allclose(target.probabilities, weights / weights.sum(), rtol=1e-14)
    np.testing.assert_array_equal(target.probabilities == 0, weights == 0)


@given(weights=COUNTS, factor=st.integers(1, 1000))
def test_proportional_counts_are_one_target_with_one_name(weights, factor):
    target = from_weights(weights)
    assert from_weights(weights * factor).name == target.name


@given(weights=arrays(np.float64, st.integers(1, 40), elements=st.floats(1e-5, 1e5)))
def test_normalising_again_changes_neither_bytes_nor_name(weights):
    once = from_weights(weights)
    twice = from_weights(once.probabilities)
    assert twice.name == once.name
    assert twice.probabilities.tobytes() == once.probabilities.tobytes()


def test_a_target_of_weights_is_named_by_sixteen_digits_of_its_content():
    target = from_weights([1, 3])
    content = struct.pack("<2d", 0.25, 0.75)
    assert target.name == "sha256:" + hashlib.sha256(content).hexdigest()[:16]
    assert from_weights([3, 1]).name != target.name
    assert from_weights([1, 3, 0]).name != target.name


def test_a_negative_zero_weight_is_a_zero():
    assert from_weights([-0.0, 1.0]).name == from_weights([0, 1]).name


@pytest.mark.parametrize("scale", [5e-324, 1e-300, 1e300, 1.7e308])
def test_weights_at_the_ends_of_the_doubles_are_normalised(scale):
    np.testing.assert_allclose(from_weights([scale] * 4).probabilities, 0.25, rtol=1e-15)


def test_subnormal_probabilities_are_kept():
    assert from_weights([1.0, 1e-310]).probabilities[1] == 1e-310


def test_a_weight_too_small_for_a_probability_is_refused_by_its_index():
    with pytest.raises(ParameterError, match=r"target\[1\]: got 1e-300"):
        from_weights([1e300, 1e-300])


@pytest.mark.parametrize("weight", [-1, math.nan, math.inf, -1e-300])
def test_a_weight_that_is_negative_or_not_finite_is_refused_by_its_index(weight):
    with pytest.raises(ParameterError, match=r"target\[2\]: got .*; allowed: a finite number >= 0"):
        resolve([1, 2, weight])


@pytest.mark.parametrize(
    "weights",
    [[], [[1, 2]], 3, None, ["a", "b"], ["1", "2"], [True, False], [1j], [[1], [1, 2]], {}],
)
def test_what_is_no_vector_of_numbers_is_refused(weights):
    with pytest.raises(ParameterError, match="target"):
        resolve(weights)


def test_weights_that_sum_to_zero_are_refused():
    with pytest.raises(ParameterError, match=r"sum of the target's weights: got 0\.0"):
        resolve([0, 0])


def test_a_vector_a_tuple_and_an_array_of_integers_are_one_target():
    names = {resolve(w).name for w in ([1, 2], (1, 2), np.array([1, 2], dtype=np.int32))}
    assert len(names) == 1


# The class


def test_the_probabilities_of_a_target_are_a_read_only_copy():
    weights = np.array([0.5, 0.5])
    target = Target("mine", weights)
    weights[0] = 7
    np.testing.assert_array_equal(target.probabilities, [0.5, 0.5])
    with pytest.raises(ValueError, match="read-only"):
        target.probabilities[0] = 1


def test_a_target_resolves_to_itself():
    target = uniform(3)
    assert resolve(target) is target


def test_a_target_survives_pickling():
    target = pickle.loads(pickle.dumps(words(5)))
    assert (target.name, target.labels) == ("words:5", words(5).labels)
    np.testing.assert_array_equal(target.probabilities, words(5).probabilities)


def test_a_target_prints_as_its_name_and_size():
    assert repr(zipf(1000, exponent=1)) == "Target('zipf:1:1000', n_outcomes=1000)"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("", [1.0]), "name"),
        ((3, [1.0]), "name"),
        (("x", [0.5, 0.6]), "sum of probabilities"),
        (("x", [1.5, -0.5]), r"probabilities\[1\]"),
        (("x", [1.0], ("a", "b")), "number of labels"),
    ],
)
def test_a_target_that_is_no_distribution_is_refused(arguments, complaint):
    with pytest.raises(ParameterError, match=complaint):
        Target(*arguments)


# Files


@pytest.mark.parametrize(
    "text",
    [
        "a,1\nb,3\n",
        "label,count\na,1\nb,3\n",
        "label,count\r\na,1\r\n\r\nb,3",
        "\ufefflabel,count\na,1\nb,3\n",
        'word,share\n"a", 0.25\nb,0.75\n',
    ],
)
def test_a_csv_file_of_labels_and_numbers_is_a_target(write, text):
    target = resolve(f"file:{write(text)}")
    assert target.name == from_weights([1, 3]).name
    assert target.labels == ("a", "b")


@pytest.mark.parametrize("text", ["1\n3\n", "count\n1\n3\n", "1e0\n3.0\n\n"])
def test_a_csv_file_of_numbers_alone_is_a_target_without_labels(write, text):
    target = resolve(write(text))
    assert target.name == from_weights([1, 3]).name
    assert target.labels is None


def test_a_label_may_hold_a_comma_in_quotes(write):
    assert from_file(write('"one, two",1\nthree,3\n')).labels == ("one, two", "three")


def test_a_target_from_a_file_is_named_by_content_wherever_the_file_lies(write):
    first, second = write("1\n3\n", "a.csv"), write("x,10\ny,30\n", "b.txt")
    assert from_file(first).name == from_file(second).name


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a,1\nb,-3\n", "line 2: got -3.0; allowed: finite numbers >= 0"),
        ("label,count\na,1\nb,nan\n", "line 3: got nan"),
        ("1\ninf\n", "line 2: got inf"),
        ("1\nthree\n", "line 2: got 'three'; expected a number"),
        ("1\n1_000\n", "line 2: got '1_000'"),
        ("a,1\nb\n", "line 2: 1 columns"),
        ("a,b,1\n", "line 1: 3 columns"),
        ("a,1\na,2\n", "line 2: the label 'a' again, after line 1"),
        ("0\n0\n", "sum to 0"),
        ("label,count\n", "no rows"),
        ("", "no rows"),
        (b"\xff\xfe\x00\x01", "neither NetCDF nor CSV"),
        (b"\x89HDF\r\n\x1a\n" + b"\x00" * 100, "not a readable NetCDF"),
        (b"CDF\x01", "not a readable NetCDF"),
    ],
)
def test_a_bad_file_is_refused_with_its_path_and_the_line(write, text, complaint):
    path = write(text)
    with pytest.raises(FileFormatError) as caught:
        from_file(path)
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused_by_their_path(tmp_path):
    for path in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(FileFormatError, match=str(path)):
            resolve(f"file:{path}")


@pytest.mark.parametrize("name", ["probability", "counts", "count", "weight", "my_own"])
@pytest.mark.parametrize("data_type", ["i4", "i8", "f4", "f8"])
def test_a_netcdf_file_of_one_variable_is_a_target(tmp_path, name, data_type):
    path = write_netcdf(tmp_path / "target.nc", [1, 3], name=name, data_type=data_type)
    assert from_file(path).name == from_weights([1, 3]).name


@pytest.mark.parametrize(
    "labels", [["ä", "bc"], np.array([["a", "\0"], ["b", "c"]], dtype="S1")], ids=["text", "chars"]
)
def test_a_netcdf_file_may_hold_labels(tmp_path, labels):
    path = write_netcdf(tmp_path / "target.nc", [1, 3], labels=labels)
    assert from_file(path).labels in (("ä", "bc"), ("a", "bc"))


def test_a_missing_value_in_a_netcdf_file_is_refused_by_its_index(tmp_path):
    path = write_netcdf(tmp_path / "target.nc", np.ma.masked_equal([1.0, 2.0, 3.0], 2.0))
    with pytest.raises(FileFormatError, match="entry 1: got nan"):
        from_file(path)


def test_a_netcdf_file_with_several_nameless_candidates_is_refused_with_their_names(tmp_path):
    path = write_netcdf(tmp_path / "target.nc", [1, 3], name="first")
    with netCDF4.Dataset(path, "a") as dataset:
        dataset.createVariable("second", "f8", ("outcome",))[:] = [1, 3]
    with pytest.raises(FileFormatError, match=r"first.*second"):
        from_file(path)


def test_the_list_of_a_million_uniform_outcomes_sums_to_one():
    assert abs(math.fsum(targets.uniform(1_000_000).probabilities) - 1) < 1e-14
