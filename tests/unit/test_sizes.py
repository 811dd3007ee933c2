"""Critical fractions against the number of outcomes."""

import math

import numpy as np
import pytest

from heatdeath.errors import ParameterError
from heatdeath.files import netcdf
from heatdeath.files.writing import write
from heatdeath.measure.sizes import sizes
from heatdeath.study.catalogue import kind_named
from heatdeath.theory.critical import critical_fractions, tolerance_fraction


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    path = tmp_path_factory.mktemp("sizes") / "sizes.nc"
    made = sizes(
        ["uniform", "zipf:1"],
        n_outcomes=[1000, 3, 10],
        temperatures=[0.8, 0.5],
        tolerance=0.05,
    )
    write(made, path)
    return netcdf.read(path, kind=kind_named("sizes"))


def test_uniform_targets_have_the_published_numbers(record):
    assert record.values("n_outcomes").tolist() == [3, 10, 1000]
    np.testing.assert_allclose(record.values("recover")[0, 0], [0.5147, 0.6250, 0.9405], atol=5e-5)
    np.testing.assert_allclose(record.values("prevent")[0, :, 0], [0.5, 0.2], atol=1e-9)
    np.testing.assert_allclose(record.values("euclidean_ratio")[0, 0], [6, 20, 2000])


def test_zipf_has_a_crossover_whose_tolerance_fraction_is_that_of_the_theory(record):
    assert (record.values("critical_kind")[1] == 1).all()
    assert (record.values("prevent")[1] == 0).all()
    found = record.values("tolerance_fraction")[1, 1, 1]
    assert found == tolerance_fraction("zipf:1:10", temperature=0.8, tolerance=0.05)
    assert (
        record.values("recover")[1, 1, 1]
        == critical_fractions("zipf:1:10", temperature=0.8).recover
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"n_outcomes": [1, 10]}, "n_outcomes: got 1"),
        ({"n_outcomes": []}, "at least one"),
        ({"temperatures": [math.inf]}, "temperature: got inf"),
        ({"temperatures": [0]}, "temperature: got 0"),
        ({"tolerance": 1}, "tolerance: got 1"),
        ({"families": ["gamma"]}, "target: got 'gamma:10'"),
    ],
)
def test_a_bad_argument_is_refused_by_name(changes, says):
    arguments = {"families": ["uniform"], "n_outcomes": [10], "temperatures": [0.5]}
    arguments = arguments | {"tolerance": 0.05} | changes
    with pytest.raises(ParameterError, match=says):
        sizes(arguments.pop("families"), **arguments)
