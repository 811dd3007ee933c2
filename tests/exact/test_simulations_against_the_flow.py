"""Large datasets follow the mean-field flow, and rates are those of theory."""

import numpy as np
import pytest
from scipy import special

from heatdeath.files import netcdf
from heatdeath.files.variables import Record
from heatdeath.measure.collapse_time import measure_collapse_time
from heatdeath.measure.flow_agreement import compare_with_flow
from heatdeath.measure.relaxation import measure_relaxation
from heatdeath.simulation import record_trajectories
from heatdeath.study.catalogue import kind_named
from heatdeath.targets import resolve


@pytest.fixture
def study(tmp_path):
    """Return the function that simulates a study: arguments of an analysis of it."""

    def simulate(target, *, axes, **arguments):
        shape = tuple(len(values) for values in axes.values())
        paths = []
        for index in np.ndindex(shape):
            place = {name: axes[name][i] for name, i in zip(axes, index, strict=True)}
            record = record_trajectories(
                target, record="distribution", root_seed=20240404, **place, **arguments
            )
            paths.append(tmp_path / f"{'-'.join(map(str, index))}.nc")
            netcdf.write(record, paths[-1])
        resolved = resolve(target)
        content = {"probability": (("outcome",), resolved.probabilities)}
        attributes = {"target": resolved.name, "package_version": "0"}
        netcdf.write(Record(kind_named("target"), content, attributes), tmp_path / "target.nc")
        return {"trajectory_paths": paths, "axes": axes, "target_paths": tmp_path / "target.nc"}

    return simulate


def test_simulations_follow_the_flow_and_a_flow_shifted_by_a_fiftieth_is_found_out(
    study, false_alarm
):
    axes = {
        "temperature": [0.3, 0.6, 0.9, 1.0, 1.1, 1.5, 3.0, np.inf],
        "fresh_fraction": [0.0, 0.1, 0.4, 0.9],
    }
    cells = study(
        "zipf:1:10", axes=axes, initial_size=10**6, horizon=10**7, checkpoints=2, seeds=12
    )
    found = compare_with_flow(**cells).attributes
    assert found["degrees_of_freedom"] == 32
    assert found["p_value"] > false_alarm
    assert found["shifted_p_value"] < false_alarm


def test_exponents_are_those_of_theory_and_not_three_hundredths_off(study, false_alarm):
    cells = study(
        "uniform:10", axes={"temperature": [1.25, 1.5, 3.0]}, initial="collapsed:0:0.87",
        initial_size=1000, horizon=3 * 10**8, checkpoints=40, seeds=24,
    )  # fmt: skip
    found = measure_relaxation(**cells)
    measured, predicted = found.values("exponent"), found.values("predicted_exponent")
    half_width = np.ptp(found.values("exponent_interval"), axis=-1) / 2
    error = half_width / special.stdtrit(23, 0.975)
    allowed = -special.stdtrit(23, false_alarm / 2 / measured.size)
    assert (abs(measured - predicted) < allowed * error).all()
    # The negative control: exponents that are off by 0.03 fail.
    assert (abs(measured - predicted - 0.03) > allowed * error).any()
    # Within 3 % of the limit of long horizons, or within the interval where noise sets the floor.
    limit = found.values("limiting_exponent")
    np.testing.assert_allclose(limit, [0.2, 1 / 3, 0.5])
    near = abs(measured / limit - 1) < 0.03
    assert (near | (abs(measured - limit) < half_width)).all()


def test_without_noise_the_bias_falls_with_kappa_beyond_a_half(study):
    cells = study(
        "uniform:10", axes={"temperature": [3.0]}, initial="collapsed:0:0.87",
        initial_size=10**6, horizon=10**9, checkpoints=30, seeds=12,
    )  # fmt: skip
    found = measure_relaxation(**cells)
    assert found.values("mean_exponent_flag")[0] == 1
    lower, upper = found.values("mean_exponent_interval")[0]
    assert lower - 0.01 < 2 / 3 < upper + 0.01
    assert lower > 0.55


def test_cold_loops_collapse_when_the_flow_with_the_noise_of_the_run_says(study, false_alarm):
    axes = {"temperature": [0.5, 0.7, 0.75]}
    cells = study(
        "uniform:10", axes=axes, initial_size=100, horizon=10**7, checkpoints=100, seeds=120
    )
    found = measure_collapse_time(**cells)
    assert (found.values("prediction_p_value") > false_alarm / 3).all()
    # The negative control: without the noise of the run the flow is late.
    assert found.values("flow_p_value").min() < false_alarm
