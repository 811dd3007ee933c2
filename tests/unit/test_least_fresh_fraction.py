"""Least fresh fractions of families, on distances from the target that are made up."""

import numpy as np
import pytest

from heatdeath.errors import ParameterError
from heatdeath.files import netcdf
from heatdeath.files.writing import write
from heatdeath.measure.least_fresh_fraction import (
    measure_least_fresh_fraction,
)
from heatdeath.study.catalogue import kind_named
from heatdeath.theory.critical import recovery_fraction, tolerance_fraction

N = 20
P = np.full(N, 1 / N)
ZIPF = 1 / np.arange(1, N + 1)
ZIPF /= ZIPF.sum()
OUTPUTS = [0, 50, 100]
FRACTIONS = (0.0, 0.2, 0.5, 0.9)


@pytest.fixture
def measure(tmp_path, write_model_cell, write_target):
    """Return a function that measures a study from its distances at the horizon.

    They are a dict from temperatures and starts to arrays of shape (fraction, seed).
    """

    def measure(distances, *, p=P, tolerance=0.1, theory_at=(), fractions=FRACTIONS):
        temperatures = sorted({temperature for temperature, _ in distances})
        starts = list(dict.fromkeys(start for _, start in distances))
        axes = {
            "temperature": temperatures,
            "fresh_fraction": list(fractions),
            "initial": starts,
        }
        paths = []
        for temperature in temperatures:
            for j, fraction in enumerate(fractions):
                for start in starts:
                    final = np.asarray(distances[temperature, start], float)[j]
                    # What happens before the horizon does not count.
                    earlier = np.random.default_rng(j).random((final.size, 2))
                    paths.append(
                        write_model_cell(
                            tmp_path / f"{len(paths)}.nc",
                            outputs=OUTPUTS,
                            values={"total_variation": np.column_stack([earlier, final])},
                            target="made up",
                            temperature=f"{temperature:g}",
                            fresh_fraction=f"{fraction:g}",
                            initial=start,
                        )
                    )
        target = write_target(tmp_path / "target.nc", p, name="made up")
        return measure_least_fresh_fraction(
            paths, axes=axes, target_paths=target, tolerance=tolerance, theory_at=theory_at
        )

    return measure


def alike(*distances):
    """Give all of three seeds the same distances."""
    return np.repeat(np.array(distances)[:, None], 3, axis=1)


def only(record, name):
    return record.values(name)[0, 0]


def test_the_fraction_is_where_the_line_between_two_of_the_study_crosses(measure):
    record = measure({(0.5, "target"): alike(0.9, 0.25, 0.05, 0.0)})
    assert only(record, "censoring") == 0
    # 0.25 falls by 0.2 from f = 0.2 to 0.5; three quarters of the way are 0.15.
    assert only(record, "least_fresh_fraction") == pytest.approx(0.2 + 0.3 * 0.75)
    np.testing.assert_allclose(only(record, "least_fresh_fraction_interval"), [0.425, 0.425])
    np.testing.assert_array_equal(only(record, "bracket"), [0.2, 0.5])


def test_of_several_crossings_the_last_one_counts(measure):
    record = measure({(0.5, "target"): alike(0.3, 0.05, 0.2, 0.0)})
    assert only(record, "least_fresh_fraction") == pytest.approx(0.5 + 0.4 * 0.5)


def test_the_mean_over_seeds_crosses_and_not_each_seed(measure):
    distances = np.array([[0.5, 0.5], [0.5, 0.1], [0.0, 0.1], [0.0, 0.0]])
    record = measure({(0.5, "target"): distances})
    # From 0.3 to 0.05.
    assert only(record, "least_fresh_fraction") == pytest.approx(0.2 + 0.3 * 0.8)


@pytest.mark.parametrize(
    ("distances", "censoring", "value", "interval"),
    [
        (alike(0.09, 0.05, 0.02, 0.0), 1, 0.0, (0.0, 0.0)),
        (alike(0.9, 0.5, 0.3, 0.11), 2, 0.9, (0.9, 1.0)),
    ],
)
def test_a_scan_that_does_not_cross_says_so(measure, distances, censoring, value, interval):
    record = measure({(0.5, "target"): distances})
    assert only(record, "censoring") == censoring
    assert only(record, "least_fresh_fraction") == value
    np.testing.assert_array_equal(only(record, "least_fresh_fraction_interval"), interval)
    np.testing.assert_array_equal(only(record, "bracket"), interval)


def test_the_interval_is_that_of_the_spread_of_the_seeds(measure):
    spread = np.array([-0.02, -0.01, 0.0, 0.01, 0.02])
    distances = np.array([0.9, 0.25, 0.05, 0.0])[:, None] + np.zeros(5)
    distances[1:3] += spread
    record = measure({(0.5, "target"): distances})
    low, high = only(record, "least_fresh_fraction_interval")
    # Both ends move together, so the crossing moves by 0.3/0.2 of the mean; t for four degrees.
    reach = 2.776 * 1.5 * spread.std(ddof=1) / np.sqrt(5)
    assert (high - low) / 2 == pytest.approx(reach, rel=0.1)
    assert (low + high) / 2 == pytest.approx(0.425)


def test_beside_it_stand_the_folds_of_the_urn_in_closed_form(measure):
    flat = alike(0.3, 0.2, 0.15, 0.0)
    record = measure(
        {(0.5, "target"): flat, (0.5, "collapsed:2:0.01"): flat}, tolerance=0.01, theory_at=[0.5]
    )
    recover = recovery_fraction(P, temperature=0.5, outcome=2)
    # A uniform target is left at 1 − T, and μ* = n/(2√(n − 1)) undoes collapse at T = 1/2.
    odds = N / (2 * np.sqrt(N - 1))
    assert recover == pytest.approx(odds / (1 + odds), rel=1e-6)
    np.testing.assert_array_equal(record.values("urn_exists"), [[1, 1]])
    np.testing.assert_allclose(record.values("urn_fold"), [[0.5, recover]], rtol=1e-9)
    np.testing.assert_allclose(
        record.values("urn_least_fresh_fraction"), [[0.5, recover]], atol=1e-6
    )


def test_from_collapse_the_urn_may_be_within_the_tolerance_before_the_fold(measure):
    flat = alike(0.3, 0.2, 0.15, 0.0)
    found = measure({(0.5, "collapsed:2:0.01"): flat}, tolerance=0.2, theory_at=[0.5])
    assert 0.5 < only(found, "urn_least_fresh_fraction") < only(found, "urn_fold") - 0.01


@pytest.mark.parametrize("temperature", [0.8, 2.0])
def test_without_a_fold_the_fraction_of_the_urn_is_its_tolerance_fraction(measure, temperature):
    flat = alike(0.3, 0.2, 0.15, 0.0)
    record = measure({(temperature, "target"): flat}, p=ZIPF, theory_at=[temperature])
    expected = tolerance_fraction(ZIPF, temperature=temperature, tolerance=0.1)
    assert expected > 0.1
    assert only(record, "urn_fold_exists") == 0
    assert only(record, "urn_tolerance_fraction") == pytest.approx(expected, rel=1e-9)
    assert only(record, "urn_least_fresh_fraction") == pytest.approx(expected, abs=1e-6)


def test_a_temperature_without_theory_has_none(measure):
    record = measure({(0.0, "target"): alike(0.3, 0.2, 0.15, 0.0)}, theory_at=[0.5])
    assert only(record, "urn_exists") == 0
    assert only(record, "urn_least_fresh_fraction") == 0


def test_one_fresh_fraction_is_no_scan(measure):
    with pytest.raises(ParameterError, match=r"axes\.fresh_fraction: got \[0\.5\]; .* 2 or more"):
        measure({(0.5, "target"): alike(0.3)}, fractions=(0.5,))


def test_the_file_is_written_over_the_axes_beside_the_fresh_fraction(
    tmp_path, write_model_cell, write_target
):
    paths = [
        write_model_cell(
            tmp_path / f"{fraction}.nc",
            outputs=OUTPUTS,
            values={"total_variation": np.full((2, 3), 0.4 - 0.6 * fraction)},
            target="made up",
            temperature="0.5",
            fresh_fraction=f"{fraction:g}",
        )
        for fraction in (0.0, 0.6)
    ]
    target = write_target(tmp_path / "target.nc", P, name="made up")
    output = tmp_path / "least_fresh_fraction.nc"
    measured = measure_least_fresh_fraction(
        paths,
        axes={"temperature": [0.5], "fresh_fraction": [0, 0.6]},
        target_paths=target,
        tolerance=0.1,
        theory_at=[],
    )
    write(measured, output)
    record = netcdf.read(output, kind=kind_named("least_fresh_fraction"))
    assert record.dimensions("least_fresh_fraction") == ("temperature",)
    assert record.values("least_fresh_fraction") == pytest.approx(0.5)
    assert record.attributes["tolerance"] == 0.1
