"""The equilibria of the cells of a study: each is one of the theory's, in its place."""

import numpy as np
import pytest

from heatdeath import targets
from heatdeath.files import netcdf
from heatdeath.files.writing import write
from heatdeath.measure.equilibria import find_equilibria
from heatdeath.observables import OBSERVABLES
from heatdeath.study.catalogue import kind_named
from heatdeath.theory.equilibria import equilibria

TEMPERATURES, FRACTIONS = [0.5, 1.0, 2.0], [0.0, 0.3, 1.0]


@pytest.fixture(scope="module")
def record():
    return find_equilibria(
        targets.resolve("zipf:1:10"),
        temperatures=TEMPERATURES,
        fresh_fractions=FRACTIONS,
        starts=["target", "collapsed:4:0.01"],
    )


@pytest.mark.parametrize("i", range(3))
@pytest.mark.parametrize("j", range(3))
def test_a_cell_has_the_equilibria_of_theory(record, i, j):
    expected = equilibria(
        "zipf:1:10",
        temperature=TEMPERATURES[i],
        fresh_fraction=FRACTIONS[j],
        branches=["faithful", 0, 1, 4, 9],
    )
    assert record.values("exists")[i, j].sum() == len(expected)
    for k, each in enumerate(expected):
        assert record.values("branch")[i, j, k] == (each.branch == "locked_in")
        assert record.values("outcome")[i, j, k] == (-1 if each.outcome is None else each.outcome)
        assert record.values("stable")[i, j, k] == each.stable
        assert record.values("relaxation_exponent")[i, j, k] == each.relaxation_exponent
        for name in OBSERVABLES:
            assert record.values(name)[i, j, k] == each.observables[name]


def test_of_equally_frequent_outputs_the_first_one_stands_for_all():
    found = find_equilibria(
        targets.resolve("uniform:10"),
        temperatures=[0.5],
        fresh_fractions=[0.2],
        starts=["collapsed:3:0.01", "collapsed:least:0.01"],
    )
    assert set(found.values("outcome")[found.values("exists") == 1]) == {-1, 3}


def test_a_target_of_one_output_has_one_equilibrium():
    found = find_equilibria(
        targets.resolve([1.0, 0.0]), temperatures=[0.5, 2.0], fresh_fractions=[0.5]
    )
    np.testing.assert_array_equal(found.values("exists"), [[[1]], [[1]]])


def test_the_file_is_that_of_the_record(record, write_target, tmp_path):
    p = targets.resolve("zipf:1:10").probabilities
    target = write_target(tmp_path / "target.nc", p, name="zipf:1:10")
    output = tmp_path / "equilibria.nc"
    found = find_equilibria(
        target,
        temperatures=TEMPERATURES,
        fresh_fractions=FRACTIONS,
        starts=["collapsed:4:0.01"],
    )
    write(found, output)
    written = netcdf.read(output, kind=kind_named("equilibria"))
    assert written.attributes == record.attributes
    for name, (dims, values) in record.variables.items():
        assert written.dimensions(name) == dims
        np.testing.assert_array_equal(written.values(name), values)
