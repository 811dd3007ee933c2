"""f_recover from the least drift, on trajectories that are made up or follow the flow."""

import numpy as np
import pytest

from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf
from heatdeath.files.writing import write
from heatdeath.measure.recovery import FAST, HELD, SLOWED, measure_recovery
from heatdeath.study.catalogue import kind_named
from heatdeath.theory.flow import mean_field

N, TEMPERATURE = 100, 0.5
EXACT = 0.8340301047258184  # of 100 equally probable outcomes at T = 1/2, in closed form
SIZE, HORIZON = 10_000, 10**9
OUTPUTS = np.unique(np.concatenate([[0], np.geomspace(1000, HORIZON, 110).astype(np.int64)]))


def write_study(folder, write_cell, write_target, fractions, *, noise=0.0, **attributes):
    """Write cells whose seeds follow the flow from collapse, each from a start of its own."""
    p = np.full(N, 1 / N)
    rng = np.random.default_rng(2)
    growth = np.log((SIZE + OUTPUTS + 0.5) / (SIZE + 0.5))
    paths = []
    for fraction in fractions:
        seeds = []
        for _ in range(4):
            start = np.full(N, 0.02 / (N - 1))
            start[0] = 0.98 + noise * rng.uniform(-1, 1)
            start[1:] *= (1 - start[0]) / start[1:].sum()
            flow = mean_field(
                start, p, temperature=TEMPERATURE, fresh_fraction=fraction, log_growth=growth
            )
            seeds.append(np.maximum(flow, 0) / np.maximum(flow, 0).sum(-1, keepdims=True))
        paths.append(
            write_cell(
                folder / f"{len(paths)}.nc",
                np.array(seeds),
                outputs=OUTPUTS,
                initial_size=SIZE,
                p=p,
                **{
                    "target": "uniform:100",
                    "temperature": "0.5",
                    "fresh_fraction": f"{fraction:g}",
                    "initial": "collapsed:0:0.02",
                }
                | attributes,
            )
        )
    return paths, write_target(folder / "target.nc", p, name="uniform:100")


def test_the_fraction_at_which_the_flow_no_longer_recovers_is_found(
    tmp_path, write_cell, write_target
):
    fractions = [0.78, 0.82, 0.85, 0.86, 0.87, 0.88]
    paths, target = write_study(tmp_path, write_cell, write_target, fractions, noise=0.01)
    axes = {"temperature": [TEMPERATURE], "fresh_fraction": fractions}
    write(measure_recovery(paths, axes=axes, target_paths=target), tmp_path / "recovery.nc")
    record = netcdf.read(tmp_path / "recovery.nc", kind=kind_named("recovery"))
    assert record.values("passage").tolist() == [[HELD, HELD, SLOWED, SLOWED, SLOWED, SLOWED]]
    np.testing.assert_allclose(record.values("recover"), EXACT, atol=2e-3)
    np.testing.assert_allclose(record.values("recover_theory"), EXACT, atol=1e-9)
    assert record.values("recover_error")[0] < 0.005
    # The mass at the saddle-node, where (r^β − r)/((r − 1)(r^β + n − 1)) is largest.
    np.testing.assert_allclose(record.values("bottleneck_mass")[0, 2], 0.0913, rtol=0.05)


def test_two_slow_passages_are_too_few(tmp_path, write_cell, write_target):
    fractions = [0.82, 0.86, 0.88]
    paths, target = write_study(tmp_path, write_cell, write_target, fractions)
    axes = {"temperature": [TEMPERATURE], "fresh_fraction": fractions}
    record = measure_recovery(paths, axes=axes, target_paths=target)
    assert record.values("recover_measured").tolist() == [0]


def test_fresh_data_alone_meet_no_bottleneck(tmp_path, write_cell, write_target):
    paths, target = write_study(tmp_path, write_cell, write_target, [1.0])
    axes = {"temperature": [TEMPERATURE], "fresh_fraction": [1.0]}
    record = measure_recovery(paths, axes=axes, target_paths=target)
    assert record.values("passage").tolist() == [[FAST]]


def test_a_start_that_is_not_collapsed_is_refused(tmp_path, write_cell, write_target):
    paths, target = write_study(tmp_path, write_cell, write_target, [0.9], initial="uniform")
    axes = {"temperature": [TEMPERATURE], "fresh_fraction": [0.9]}
    with pytest.raises(FileFormatError, match="collapsed on one outcome"):
        measure_recovery(paths, axes=axes, target_paths=target)


def test_a_start_that_is_no_excess_over_the_target_is_not_measured(
    tmp_path, write_cell, write_target
):
    p = np.array([0.6, 0.4])
    path = write_cell(
        tmp_path / "cell.nc",
        np.broadcast_to(p, (2, 3, 2)),
        outputs=[0, 10, 100],
        initial_size=10,
        p=p,
        target="zipf:1:5",
        temperature="0.5",
        fresh_fraction="0.9",
        initial="collapsed:0:0.1",
    )
    target = write_target(tmp_path / "target.nc", p)
    axes = {"temperature": [0.5], "fresh_fraction": [0.9]}
    record = measure_recovery([path], axes=axes, target_paths=target)
    assert record.values("passage").tolist() == [[FAST]]
    assert record.values("recover_measured").tolist() == [0]
