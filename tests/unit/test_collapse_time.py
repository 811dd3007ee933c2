"""Measured times to collapse, from trajectories of known times."""

import numpy as np
import pytest

from heatdeath.errors import ParameterError
from heatdeath.files.variables import validate
from heatdeath.measure.collapse_time import measure_collapse_time, median_interval
from heatdeath.theory.free_flow import collapse_time, free_flow

SIZE = 300.0
OUTPUTS = np.unique(np.concatenate([[0], np.geomspace(30, 3 * 10**6, 60).astype(int)]))
TIMES = np.log((OUTPUTS + SIZE) / SIZE)
P = np.array([0.4, 0.35, 0.25])


@pytest.fixture
def study(tmp_path, write_cell, write_target):
    """Return the function that writes cells and measures them."""

    def measure(cells, *, fresh_fraction=0.0):
        paths = [
            write_cell(
                tmp_path / f"{i}.nc", theta, outputs=OUTPUTS, initial_size=SIZE,
                temperature=f"{temperature:g}", fresh_fraction=f"{fresh_fraction:g}",
            )
            for i, (temperature, theta) in enumerate(cells)
        ]  # fmt: skip
        target = write_target(tmp_path / "target.nc", P)
        axes = {"temperature": [temperature for temperature, _ in cells]}
        record = measure_collapse_time(paths, axes=axes, target_paths=target)
        validate(record)
        return record

    return measure


def flows(temperature, seeds):
    starts = np.random.default_rng(3).multinomial(int(SIZE), P, size=seeds) / SIZE
    theta = np.moveaxis(free_flow(starts, temperature=temperature, log_growth=TIMES), 0, 1)
    return starts, theta


def test_trajectories_that_follow_the_flow_collapse_when_it_says(study):
    starts, theta = flows(0.6, 31)
    found = study([(0.6, theta)])
    expected = np.median(collapse_time(starts, temperature=0.6))
    middle = found.values("log_growth")[0, 2]
    assert middle == pytest.approx(expected, abs=0.02)
    assert found.values("flow_median")[0] == pytest.approx(expected)
    lower, upper = found.values("median_interval")[0]
    assert lower < expected < upper
    assert found.values("flow_p_value")[0] > 0.5


def test_seeds_that_do_not_collapse_count_as_later_than_all_others(study):
    _, theta = flows(0.6, 10)
    theta[:7] = P
    found = study([(0.6, theta)])
    assert found.values("collapsed_share")[0] == pytest.approx(0.3)
    assert found.values("log_growth")[0, 2] == np.inf
    assert np.isfinite(found.values("log_growth")[0, 0])
    assert found.values("median_interval")[0, 1] == np.inf
    assert found.values("prediction_p_value")[0] < 0.05


def test_a_start_that_is_collapsed_takes_no_time(study):
    theta = np.broadcast_to([0.8, 0.1, 0.1], (5, OUTPUTS.size, 3))
    found = study([(0.5, theta)])
    np.testing.assert_array_equal(found.values("log_growth")[0], 0)
    assert found.values("flow_median")[0] == 0


def test_the_interval_of_the_median_has_the_coverage_that_it_states():
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(2000):
        lower, upper = median_interval(rng.exponential(size=24))
        inside += lower <= np.log(2) <= upper
    # 95.7 % by the binomial law; four standard deviations of 2,000 trials are 1.8 %.
    assert inside / 2000 > 0.957 - 0.018


def test_too_few_samples_have_an_interval_of_all_of_them():
    np.testing.assert_array_equal(median_interval([2.0, 1.0, np.inf]), [1, np.inf])


@pytest.mark.parametrize(
    ("temperature", "fresh_fraction", "message"),
    [
        (1.0, 0.0, "temperature: got 1.0"),
        (0.0, 0.0, "temperature: got 0.0"),
        (0.5, 0.1, "fresh_fraction: got 0.1"),
    ],
)
def test_cells_that_do_not_collapse_are_refused(study, temperature, fresh_fraction, message):
    theta = np.broadcast_to(P, (3, OUTPUTS.size, 3))
    with pytest.raises(ParameterError, match=message):
        study([(temperature, theta)], fresh_fraction=fresh_fraction)
