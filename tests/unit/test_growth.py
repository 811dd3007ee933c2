"""f_prevent from the growth of deviations, on trajectories that are made up."""

import itertools

import numpy as np
import pytest

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files import netcdf
from heatdeath.files.writing import write
from heatdeath.measure.growth import LARGEST_DEVIATION, measure_prevention
from heatdeath.study.catalogue import kind_named

N = 20
SIZE, HORIZON = 100_000, 3_000_000
GROWTH = np.log((SIZE + HORIZON + 0.5) / (SIZE + 0.5))


def write_study(folder, write_cell, write_target, *, exponents, p=None, spread=0.01, seeds=16):
    """Write cells in which deviations of the size `spread` grow with given exponents."""
    p = np.full(N, 1 / N) if p is None else p
    rng = np.random.default_rng(1)
    paths = []
    for (temperature, fraction), exponent in exponents.items():
        first = spread / N * rng.normal(size=(seeds, N))
        noise = 0.3 * spread / N * rng.normal(size=(seeds, N))
        deviations = np.stack([first, first * np.exp(exponent * GROWTH) + noise], axis=1)
        deviations -= deviations.mean(-1, keepdims=True)
        paths.append(
            write_cell(
                folder / f"{len(paths)}.nc",
                p + deviations,
                outputs=[0, HORIZON],
                initial_size=SIZE,
                temperature=f"{temperature:g}",
                fresh_fraction=f"{fraction:g}",
                target="made up",
            )
        )
    return paths, write_target(folder / "target.nc", p, name="made up")


def grid(temperatures, fractions, exponent):
    places = itertools.product(temperatures, fractions)
    return {(T, f): exponent(T, f) for T, f in places}


def test_the_zero_of_the_growth_exponent_is_found(tmp_path, write_cell, write_target):
    axes = {"temperature": [0.5, 0.8], "fresh_fraction": [0.2, 0.3, 0.4, 0.5, 0.6]}
    exponents = grid(*axes.values(), lambda T, f: T * (0.43 - f))
    paths, target = write_study(tmp_path, write_cell, write_target, exponents=exponents)
    write(measure_prevention(paths, axes=axes, target_paths=target), tmp_path / "growth.nc")
    record = netcdf.read(tmp_path / "growth.nc", kind=kind_named("growth"))
    assert record.dimensions("growth_exponent") == ("temperature", "fresh_fraction")
    expected = np.reshape(list(exponents.values()), (2, 5))
    pulls = (record.values("growth_exponent") - expected) / record.values("growth_exponent_error")
    assert np.all(np.abs(pulls) < 5)
    assert np.all(record.values("used") == 1)
    assert np.all(record.values("prevent_measured") == 1)
    low, high = record.values("prevent_interval").T
    assert np.all((low < 0.43) & (high > 0.43))
    assert np.all(high - low < 0.06)
    np.testing.assert_allclose(record.values("prevent_theory"), [0.5, 0.2], atol=1e-9)


def test_deviations_that_are_no_longer_small_are_left_out(tmp_path, write_cell, write_target):
    axes = {"temperature": [0.5], "fresh_fraction": [0.0, 0.4, 0.5, 0.6]}
    exponents = {
        (0.5, f): value for f, value in zip(axes["fresh_fraction"], [2, 0.1, 0, -0.1], strict=True)
    }
    paths, target = write_study(tmp_path, write_cell, write_target, exponents=exponents)
    record = measure_prevention(paths, axes=axes, target_paths=target)
    assert record.values("relative_deviation")[0, 0] > LARGEST_DEVIATION
    assert record.values("used").tolist() == [[0, 1, 1, 1]]
    assert record.values("prevent_interval")[0, 0] < 0.5 < record.values("prevent_interval")[0, 1]


def test_no_fraction_is_given_where_the_exponent_keeps_its_sign(tmp_path, write_cell, write_target):
    axes = {"temperature": [0.5], "fresh_fraction": [0.6, 0.7, 0.8]}
    exponents = grid(*axes.values(), lambda T, f: 0.5 - f)
    paths, target = write_study(tmp_path, write_cell, write_target, exponents=exponents)
    record = measure_prevention(paths, axes=axes, target_paths=target)
    assert record.values("prevent_measured").tolist() == [0]
    assert record.values("prevent_interval").tolist() == [[0, 1]]
    assert record.attributes["degrees_of_freedom"] == 0
    assert record.attributes["p_value"] == 1


def test_slopes_that_are_lost_in_noise_are_left_out(tmp_path, write_cell, write_target):
    axes = {"temperature": [0.5], "fresh_fraction": [0.1, 0.4, 0.5, 0.9]}
    exponents = grid(*axes.values(), lambda T, f: {0.1: 0.3, 0.4: 0.1, 0.5: 0.0, 0.9: -3.0}[f])
    paths, target = write_study(tmp_path, write_cell, write_target, exponents=exponents)
    record = measure_prevention(paths, axes=axes, target_paths=target)
    assert record.values("used")[0, -1] == 0
    assert record.values("growth_exponent")[0, -1] == 0


def test_targets_that_are_not_uniform_are_refused(tmp_path, write_cell, write_target):
    axes = {"temperature": [0.5], "fresh_fraction": [0.4]}
    p = np.linspace(1, 2, N) / np.linspace(1, 2, N).sum()
    paths, target = write_study(
        tmp_path, write_cell, write_target, exponents={(0.5, 0.4): 0.0}, p=p
    )
    with pytest.raises(ParameterError, match="uniform"):
        measure_prevention(paths, axes=axes, target_paths=target)


def test_starts_at_the_target_are_refused(tmp_path, write_cell, write_target):
    axes = {"temperature": [0.5], "fresh_fraction": [0.4]}
    paths, target = write_study(
        tmp_path, write_cell, write_target, exponents={(0.5, 0.4): 0.0}, spread=0.0
    )
    with pytest.raises(FileFormatError, match="drawn from it"):
        measure_prevention(paths, axes=axes, target_paths=target)
