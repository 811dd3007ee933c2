"""Rates of collapse of families, on order parameters that are made up."""

import numpy as np
import pytest

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files import netcdf
from heatdeath.files.writing import write
from heatdeath.measure.collapse_rate import (
    early_rate,
    measure_collapse_rate,
)
from heatdeath.study.catalogue import kind_named

P = np.array([0.4, 0.3, 0.2, 0.1])
ENTROPY = -(P * np.log(P)).sum()
OUTPUTS = np.array([0, 50, 100, 200, 400])
GENERATIONS = OUTPUTS / 50
SLOPES = np.array([-0.1, -0.12, -0.08, -0.14])


def lines(slopes, time=GENERATIONS):
    return ENTROPY + np.asarray(slopes)[:, None] * time


@pytest.fixture
def study(tmp_path, write_model_cell, write_target):
    """Return a function that measures a study of one temperature from given entropies."""

    def measure(entropy, axes=None, **attributes):
        stated = {"temperature": "0.5", "fresh_fraction": "0", "target": "made up"} | attributes
        path = write_model_cell(
            tmp_path / "cell.nc", outputs=OUTPUTS, values={"entropy": entropy}, **stated
        )
        target = write_target(tmp_path / "target.nc", P, name="made up")
        axes = axes or {"temperature": [0.5]}
        return measure_collapse_rate([path], axes=axes, target_paths=target)

    return measure


def test_the_rate_of_a_line_is_its_slope_wherever_it_begins():
    time = np.array([2.0, 3.0, 5.0, 8.0])
    order = np.array([0.3, -2.0])[:, None] + np.array([-0.05, 0.1])[:, None] * time
    slopes, spans = early_rate(time, order)
    np.testing.assert_allclose(slopes, [-0.05, 0.1], rtol=1e-12)
    np.testing.assert_array_equal(spans, [6, 6])


def test_the_rate_is_that_of_least_squares_through_the_first_model():
    order = np.array([[0.0, -0.2, -0.1, -0.4]])
    # (1·0.2 + 2·0.1 + 3·0.4) / (1 + 4 + 9)
    slopes, _ = early_rate(np.arange(4), order)
    np.testing.assert_allclose(slopes, [-1.6 / 14], rtol=1e-12)


def test_what_follows_a_change_of_one_nat_does_not_count():
    order = np.array([[0.0, -0.5, -1.0, -1.0, -1.0], [0.0, 3.0, 3.0, 3.0, 3.0]])
    slopes, spans = early_rate(np.arange(5), order)
    np.testing.assert_allclose(slopes, [-0.5, 3.0], rtol=1e-12)
    np.testing.assert_array_equal(spans, [2, 1])
    just_less, _ = early_rate(np.arange(5), 0.999 * order)
    assert just_less[0] > -0.4


def test_the_rate_is_the_mean_over_seeds_with_the_interval_that_their_spread_gives(study):
    record = study(lines(SLOPES))
    assert record.values("rate") == pytest.approx(SLOPES.mean(), rel=1e-9)
    low, high = record.values("rate_interval")[0]
    # Student's t for three degrees of freedom at 95 %.
    reach = 3.182 * SLOPES.std(ddof=1) / 2
    assert (high - low) / 2 == pytest.approx(reach, rel=0.1)
    assert (high + low) / 2 == pytest.approx(SLOPES.mean(), rel=1e-9)
    assert record.attributes["clock"] == "generation"
    assert record.values("span") == pytest.approx(8)


def test_models_that_spread_have_a_positive_rate(study):
    assert study(lines(-SLOPES)).values("rate")[0] > 0


def test_where_all_data_are_kept_time_is_the_logarithm_of_their_number(study):
    growth = np.log((25 + OUTPUTS) / 25)
    record = study(lines(SLOPES, growth), regime="accumulate", initial_size="25")
    assert record.values("rate") == pytest.approx(SLOPES.mean(), rel=1e-9)
    assert record.attributes["clock"] == "e_fold"
    assert record.values("span") == pytest.approx(growth[-1])


@pytest.mark.parametrize("temperature", ["0.5", "0.8", "1.25"])
def test_the_rate_of_the_urn_is_that_of_the_target_tempered_again_and_again(study, temperature):
    record = study(
        lines(SLOPES), axes={"temperature": [float(temperature)]}, temperature=temperature
    )
    powers = P ** (float(temperature) ** -GENERATIONS[:, None])
    models = powers / powers.sum(1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.where(models > 0, models * np.log(models), 0).sum(1)
    moved = entropy - entropy[0]
    far = np.flatnonzero(abs(moved) >= 1)
    used = slice(0, (far[0] if far.size else moved.size) + 1)
    slope = np.linalg.lstsq(GENERATIONS[used, None], moved[used], rcond=None)[0][0]
    assert record.values("urn_rate")[0] == pytest.approx(slope, rel=1e-9)
    assert np.sign(slope) == np.sign(float(temperature) - 1)


def test_only_cells_without_fresh_data_and_from_the_target_are_read(
    tmp_path, write_model_cell, write_target
):
    axes = {
        "temperature": [0.5, 2],
        "fresh_fraction": [0, 0.5],
        "initial": ["target", "collapsed:0:0.01"],
        "width": [4, 8],
    }
    paths, expected = [], np.empty((2, 2))
    for index in np.ndindex(2, 2, 2, 2):
        i, j, k, w = index
        path = tmp_path / f"{index}.nc"
        paths.append(path)
        if j or k:  # there is no such file
            continue
        expected[i, w] = -0.1 * (1 + i + 2 * w)
        write_model_cell(
            path,
            outputs=OUTPUTS,
            values={"entropy": lines(expected[i, w] * np.ones(2))},
            target="made up",
            temperature=("0.5", "2")[i],
            fresh_fraction="0",
            width=axes["width"][w],
        )
    target = write_target(tmp_path / "target.nc", P, name="made up")
    output = tmp_path / "collapse_rate.nc"
    write(measure_collapse_rate(paths, axes=axes, target_paths=target), output)
    record = netcdf.read(output, kind=kind_named("collapse_rate"))
    assert record.dimensions("rate") == ("temperature", "width")
    np.testing.assert_allclose(record.values("rate"), expected, rtol=1e-9)


@pytest.mark.parametrize("attributes", [{"fresh_fraction": "0.1"}, {"initial": "collapsed:0:0.01"}])
def test_a_cell_with_fresh_data_or_from_collapse_is_refused(study, attributes):
    with pytest.raises(FileFormatError, match="needed: no fresh data, and a start drawn"):
        study(lines(SLOPES), **attributes)


def test_one_seed_gives_no_interval_and_is_refused(study):
    with pytest.raises(ParameterError, match=r"seeds: got 1; .* at least 2"):
        study(lines(SLOPES[:1]))
