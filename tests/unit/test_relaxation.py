"""Measured exponents of relaxation, from trajectories of known exponents."""

import numpy as np
import pytest

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files import netcdf
from heatdeath.files.writing import write
from heatdeath.measure.relaxation import measure_relaxation
from heatdeath.study.catalogue import kind_named

N = 4
UNIFORM = np.full(N, 1 / N)
OUTPUTS = np.concatenate([[0], np.geomspace(10**6, 10**13, 40).astype(int)])
SIZE = 1e8
GROWTH = (OUTPUTS + SIZE) / SIZE
SHAPE = np.array([1.0, -1 / 3, -1 / 3, -1 / 3])


def models(exponent, *, seeds=6, amplitude=0.005, spread=0.0):
    """Deviations from the uniform distribution that fall as a power of the dataset size."""
    rng = np.random.default_rng(1)
    factors = amplitude * (1 + spread * rng.normal(size=(seeds, 1, 1)))
    falling = GROWTH[:, None] ** -exponent * np.ones((seeds, 1, 1))
    falling[:, 1:] *= factors / amplitude
    return UNIFORM + amplitude * falling * SHAPE


@pytest.fixture
def study(tmp_path, write_cell, write_target):
    """Return the function that writes cells and measures them."""

    def measure(cells, *, fresh_fraction=0.0, **arguments):
        paths = [
            write_cell(
                tmp_path / f"{i}.nc", theta, outputs=OUTPUTS, initial_size=SIZE,
                temperature=f"{temperature:g}", fresh_fraction=f"{fresh_fraction:g}",
            )
            for i, (temperature, theta) in enumerate(cells)
        ]  # fmt: skip
        target = write_target(tmp_path / "target.nc", UNIFORM)
        axes = {"temperature": [temperature for temperature, _ in cells]}
        return measure_relaxation(paths, axes=axes, target_paths=target, **arguments)

    return measure


def test_the_exponent_of_a_power_law_is_found(study):
    cells = [(1.25, models(0.2, spread=0.1)), (3.0, models(0.45, spread=0.1))]
    found = study(cells)
    np.testing.assert_allclose(found.values("exponent"), [0.2, 0.45], atol=2e-4)
    np.testing.assert_allclose(found.values("mean_exponent")[0], 0.2, atol=1e-9)
    np.testing.assert_allclose(found.values("relaxation_exponent"), [0.2, 2 / 3])
    np.testing.assert_allclose(found.values("limiting_exponent"), [0.2, 0.5])
    assert found.attributes["n_seeds"] == 6


def test_the_flow_is_predicted_with_the_exponent_that_it_has(study):
    found = study([(1.25, models(0.2))])
    assert found.values("predicted_mean_exponent")[0] == pytest.approx(0.2, abs=1e-3)
    late = found.values("predicted_mean_deviation")[0] * GROWTH**0.2
    np.testing.assert_allclose(late[20:], late[-1], rtol=3e-3)


def test_intervals_hold_the_spread_of_the_seeds(study):
    theta = models(0.2, seeds=40)
    rng = np.random.default_rng(2)
    own = 0.2 + 0.02 * rng.normal(size=40)
    theta[:, 1:] = UNIFORM + 0.005 * GROWTH[1:, None] ** -own[:, None, None] * SHAPE
    found = study([(1.25, theta)])
    lower, upper = found.values("mean_exponent_interval")[0]
    standard_error = 0.02 / np.sqrt(40)
    assert lower < found.values("mean_exponent")[0] < upper
    assert 2 * standard_error < upper - lower < 8 * standard_error


def test_a_cold_loop_approaches_the_outcome_that_leads_at_the_end(study):
    falling = 0.3 * GROWTH[:, None] ** -1.0 * np.ones((4, 1, 1))
    winners = np.eye(N)[[0, 1, 1, 3]][:, None]
    theta = winners * (1 - falling) + (1 - winners) * falling / (N - 1)
    theta[:, 0] = UNIFORM
    found = study([(0.5, theta)])
    assert found.values("observable")[0] == 1
    assert found.values("exponent")[0] == pytest.approx(1, abs=1e-12)
    assert found.values("limiting_exponent")[0] == 1
    np.testing.assert_allclose(found.values("deviation")[0, 1:], 0.3 / GROWTH[1:])


def test_with_fresh_data_the_limit_is_the_equilibrium(study):
    found = study([(2.0, models(0.75))], fresh_fraction=0.5)
    assert found.values("relaxation_exponent")[0] == pytest.approx(0.75, abs=1e-12)
    assert found.values("limiting_exponent")[0] == 0.5


def test_a_mean_that_noise_hides_is_flagged_and_not_fitted(study):
    found = study([(3.0, models(2 / 3, amplitude=1e-6))])
    assert found.values("mean_exponent_flag")[0] == 0
    assert found.values("mean_exponent")[0] == 0


def test_the_result_is_written_and_read_back(tmp_path, write_cell, write_target):
    path = write_cell(
        tmp_path / "cell.nc", models(0.2), outputs=OUTPUTS, initial_size=SIZE,
        temperature="1.25", fresh_fraction="0",
    )  # fmt: skip
    record = measure_relaxation(
        [path],
        axes={"temperature": [1.25]},
        target_paths=write_target(tmp_path / "target.nc", UNIFORM),
    )
    write(record, tmp_path / "relaxation.nc")
    read = netcdf.read(tmp_path / "relaxation.nc", kind=kind_named("relaxation"))
    assert read.values("exponent").shape == (1,)


@pytest.mark.parametrize(
    ("temperature", "theta", "arguments", "message"),
    [
        (1.0, models(0.2), {}, "temperature: got 1.0"),
        (0.0, models(0.2), {}, "temperature: got 0.0"),
        (2.0, models(0.2, seeds=1), {}, "seeds: got 1"),
        (2.0, models(0.2), {"fit_from": 1e6}, "fit_from: got 1000000.0"),
        (2.0, np.broadcast_to(UNIFORM, (3, OUTPUTS.size, N)), {}, "initial: got 'the limit"),
    ],
)
def test_cells_without_a_relaxation_are_refused(study, temperature, theta, arguments, message):
    with pytest.raises(ParameterError, match=message):
        study([(temperature, theta)], **arguments)


def test_seeds_with_different_starts_are_refused(study):
    theta = models(0.2)
    theta[1, 0] = [0.3, 0.3, 0.2, 0.2]
    with pytest.raises(FileFormatError, match="random start"):
        study([(2.0, theta)])


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"regime": "replace"}, "regime 'replace'"),
        ({"top_k": 2}, "sampling rule 'top_k'"),
        ({"batch_size": 10}, "batches of 10"),
        ({"temperature": "3"}, "temperature '3', but stands where 2.0"),
    ],
)
def test_files_of_another_sort_are_refused(tmp_path, write_cell, write_target, attributes, message):
    settings = {"temperature": "2", "fresh_fraction": "0"} | attributes
    path = write_cell(
        tmp_path / "cell.nc", models(0.5), outputs=OUTPUTS, initial_size=SIZE, **settings
    )
    target = write_target(tmp_path / "target.nc", UNIFORM)
    with pytest.raises(FileFormatError, match=message):
        measure_relaxation([path], axes={"temperature": [2.0]}, target_paths=target)


def test_a_target_for_each_value_of_the_axis_is_needed(tmp_path, write_target):
    target = write_target(tmp_path / "target.nc", UNIFORM)
    with pytest.raises(ParameterError, match="target_paths: got '1 files'"):
        measure_relaxation(
            [tmp_path / "a.nc", tmp_path / "b.nc"],
            axes={"target": ["uniform:4", "uniform:5"]},
            target_paths=target,
        )
