"""Tolerance fractions, on distances from the target that are made up."""

import numpy as np
import pytest

from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf
from heatdeath.files.writing import write
from heatdeath.measure.tolerance_scan import measure_tolerance
from heatdeath.study.catalogue import kind_named

P = np.array([0.4, 0.3, 0.2, 0.1])
SIZE = 10_000
OUTPUTS = np.unique(np.concatenate([[0], np.geomspace(100, 10**7, 60).astype(np.int64)]))
TOLERANCE = 0.05


def write_study(folder, write_cell, write_target, distance, *, noise=0.0, **attributes):
    """Write a cell for each fraction of a dict from fractions to functions of ln(ℓ/ℓ₀)."""
    rng = np.random.default_rng(3)
    growth = np.log((SIZE + OUTPUTS + 0.5) / (SIZE + 0.5))
    paths = []
    for fraction, function in distance.items():
        distances = function(growth) + noise * rng.normal(size=(4, 1))
        # Mass that goes from the first outcome to the last is the total variation.
        theta = P + distances[..., None] * np.array([-1, 0, 0, 1])
        paths.append(
            write_cell(
                folder / f"{len(paths)}.nc",
                theta,
                outputs=OUTPUTS,
                initial_size=SIZE,
                p=P,
                **{
                    "target": "made up",
                    "temperature": "0.8",
                    "fresh_fraction": f"{fraction:g}",
                    "initial": "proportional",
                }
                | attributes,
            )
        )
    return paths, write_target(folder / "target.nc", P, name="made up")


def approach(limit, rate=0.4):
    return lambda growth: limit * (1 - np.exp(-rate * growth))


def measured(paths, target, fractions):
    axes = {"temperature": [0.8], "fresh_fraction": list(fractions)}
    return measure_tolerance(paths, axes=axes, target_paths=target, tolerance=TOLERANCE)


def test_the_limit_and_the_fraction_that_keeps_it_tolerable_are_found(
    tmp_path, write_cell, write_target
):
    limits = {f: 0.2 * np.exp(-3 * f - f**2) for f in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)}
    distance = {f: approach(limit) for f, limit in limits.items()}
    paths, target = write_study(tmp_path, write_cell, write_target, distance, noise=1e-5)
    axes = {"temperature": [0.8], "fresh_fraction": list(limits)}
    output = tmp_path / "tolerance_scan.nc"
    write(measure_tolerance(paths, axes=axes, target_paths=target, tolerance=TOLERANCE), output)
    record = netcdf.read(output, kind=kind_named("tolerance_scan"))
    values = np.array(list(limits.values()))
    np.testing.assert_allclose(record.values("limit_total_variation")[0], values, rtol=2e-3)
    assert np.all(record.values("final_total_variation")[0] < values)
    exact = (-3 + np.sqrt(9 + 4 * np.log(4))) / 2
    assert abs(record.values("sufficient")[0] - exact) < 1e-3
    low, high = record.values("sufficient_interval")[0]
    assert low < exact < high < low + 0.06
    assert record.values("sufficient_theory")[0] > 0


def test_a_distance_that_only_fluctuates_is_not_extrapolated(tmp_path, write_cell, write_target):
    distance = {
        f: lambda growth, f=f: 0.1 - 0.1 * f + 1e-4 * np.sin(1.3 * growth) for f in (0.3, 0.8)
    }
    distance[0.9] = lambda growth: 0.02 + 1e-3 * growth**2 / growth[-1] ** 2
    paths, target = write_study(tmp_path, write_cell, write_target, distance)
    record = measured(paths, target, distance)
    final, limit = record.values("final_total_variation"), record.values("limit_total_variation")
    np.testing.assert_allclose(limit[0], final[0], atol=3e-4)
    assert limit[0, 2] == final[0, 2]


@pytest.mark.parametrize("limits", [(0.3, 0.2, 0.1), (0.04, 0.03, 0.02)])
def test_no_fraction_is_given_where_the_tolerance_is_not_crossed(
    tmp_path, write_cell, write_target, limits
):
    distance = {f: approach(limit) for f, limit in zip((0.2, 0.4, 0.6), limits, strict=True)}
    paths, target = write_study(tmp_path, write_cell, write_target, distance)
    assert measured(paths, target, distance).values("sufficient_measured").tolist() == [0]


def test_a_start_elsewhere_is_refused(tmp_path, write_cell, write_target):
    paths, target = write_study(
        tmp_path, write_cell, write_target, {0.5: approach(0.1)}, initial="collapsed:0:0.01"
    )
    with pytest.raises(FileFormatError, match="proportional"):
        measured(paths, target, [0.5])
