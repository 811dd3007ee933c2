"""Critical and tolerance fractions that simulations measure, against those of theory, jointly.

The estimators know nothing of the theory: growth exponents come from regression on the start, the
fraction of recovery from the least drift on the way from collapse, the tolerance fraction from
distances at long horizons. Tests of agreement reject with the probability `false_alarm` at most:
errors hold, beside the spread of the seeds, what other choices of the analysis would change.
"""

import itertools

import numpy as np
import pytest
from scipy import stats

from heatdeath.files import netcdf
from heatdeath.measure.growth import measure_prevention
from heatdeath.measure.recovery import measure_recovery
from heatdeath.measure.tolerance_scan import measure_tolerance
from heatdeath.simulation import record_trajectories
from heatdeath.study.jobs import write_target

ROOT_SEED = 3
SHIFT = 0.1
WIDEST = 0.03

# Fresh fractions above that of recovery, in steps that leave its place open.
_UNIFORM = {
    0.5: ([0.86, 0.88, 0.9], 3000, 3 * 10**7),
    0.6: ([0.78, 0.8, 0.82, 0.84], 3000, 10**8),
    0.7: ([0.66, 0.68, 0.7, 0.72], 3000, 10**8),
    0.8: ([0.5, 0.53, 0.56, 0.59], 100, 10**8),
    0.9: ([0.32, 0.35, 0.38, 0.41], 100, 10**8),
}
# At a temperature of 0.9 it takes horizons of 10¹¹, which the studies of the paper have.
_ZIPF = {
    0.5: ([0.54, 0.56, 0.58, 0.6], 300, 10**8),
    0.6: ([0.46, 0.48, 0.5, 0.52], 1000, 10**9),
    0.7: ([0.36, 0.38, 0.4, 0.42], 100, 10**9),
    0.8: ([0.27, 0.29, 0.31, 0.33], 30, 2 * 10**9),
}
_GROWTH = {
    0.5: [0.4, 0.5, 0.6],
    0.6: [0.3, 0.4, 0.5],
    0.7: [0.2, 0.3, 0.4],
    0.8: [0.1, 0.2, 0.3],
    0.9: [0.0, 0.1, 0.2],
}
_TOLERANCE = {0.8: [0.7, 0.75, 0.8, 0.85], 2: [0.75, 0.8, 0.85, 0.9]}


def simulated(folder, target, axes, *, seeds, labelled=None, **settings):
    """Simulate every cell of the axes; return the files, the axes by their labels, the target."""
    folder.mkdir(parents=True)
    paths = []
    for values in itertools.product(*axes.values()):
        record = record_trajectories(
            target,
            seeds=seeds,
            root_seed=ROOT_SEED,
            **settings,
            **dict(zip(axes, values, strict=True)),
        )
        if labelled:
            record.attributes |= {name: f"{value[0]:g}" for name, value in labelled.items()}
        paths.append(folder / f"{len(paths)}.nc")
        netcdf.write(record, paths[-1])
    write_target(target, output=folder / "target.nc")
    axes = axes | (labelled or {})
    return {"trajectory_paths": paths, "axes": axes, "target_paths": folder / "target.nc"}


def plane(temperature, fractions):
    return {"temperature": [temperature], "fresh_fraction": fractions}


def measured_prevention(folder, temperature_error=0.0):
    """Measure f_prevent; sampled at temperatures that are off by a share, but labelled as ever."""
    settings = {
        "initial_size": 100_000,
        "horizon": 1_000_000,
        "checkpoints": [0, 1_000_000],
        "record": "distribution",
        "seeds": 16,
    }
    return [
        measure_prevention(
            **simulated(
                folder / f"{T}",
                "uniform:100",
                plane(T * (1 + temperature_error), fractions),
                labelled={"temperature": [T]},
                **settings,
            )
        )
        for T, fractions in _GROWTH.items()
    ]


@pytest.fixture(scope="module")
def prevention(tmp_path_factory):
    """Measured f_prevent at several temperatures."""
    return measured_prevention(tmp_path_factory.mktemp("growth"))


@pytest.fixture(scope="module")
def recovery(tmp_path_factory):
    """Measured f_recover of a uniform target and of Zipf's law at several temperatures."""
    folder = tmp_path_factory.mktemp("recovery")
    # The second most frequent outcome of Zipf's law holds a model longest.
    studies = {("uniform:100", 0): _UNIFORM, ("zipf:1:30", 1): _ZIPF}
    return [
        measure_recovery(
            **simulated(
                folder / f"{target.replace(':', '-')}-{T}",
                target,
                plane(T, fractions),
                initial=f"collapsed:{outcome}:0.01",
                initial_size=size,
                horizon=horizon,
                checkpoints=80,
                seeds=6,
            )
        )
        for (target, outcome), cells in studies.items()
        for T, (fractions, size, horizon) in cells.items()
    ]


@pytest.fixture(scope="module")
def tolerance(tmp_path_factory):
    """Measured tolerance fractions of Zipf's law and of words, below and above T = 1."""
    folder = tmp_path_factory.mktemp("tolerance")
    return [
        measure_tolerance(
            **simulated(
                folder / f"{target.replace(':', '-')}-{T}",
                target,
                plane(T, fractions),
                initial="proportional",
                initial_size=1000,
                horizon=10**7,
                checkpoints=32,
                seeds=4,
            ),
            tolerance=0.05,
        )
        for target in ("zipf:1:100", "words:100")
        for T, fractions in _TOLERANCE.items()
    ]


def read(records, name):
    """Return measured values, errors, half-widths, theory and seeds of single scans."""
    assert all(record.values(f"{name}_measured").all() for record in records)
    assert all(record.values(f"{name}_theory_exists").all() for record in records)
    values, errors, theory = (
        np.array([record.values(key).item() for record in records])
        for key in (name, f"{name}_error", f"{name}_theory")
    )
    widths = np.array([np.ptp(record.values(f"{name}_interval")) / 2 for record in records])
    n_seeds = np.array([record.attributes["n_seeds"] for record in records])
    return values, errors, widths, theory, n_seeds


def joint_p_value(values, errors, theory, n_seeds):
    # Errors from few seeds are uncertain: Student's deviates become normal ones.
    tails = stats.t.sf(abs(values - theory) / errors, n_seeds - 1)
    return stats.chi2.sf(np.sum(stats.norm.isf(tails) ** 2), len(values))


@pytest.mark.parametrize(
    ("name", "fixture"),
    [("prevent", "prevention"), ("recover", "recovery"), ("sufficient", "tolerance")],
)
def test_measured_fractions_agree_with_theory_and_not_with_a_shifted_one(
    request, false_alarm, name, fixture
):
    values, errors, widths, theory, n_seeds = read(request.getfixturevalue(fixture), name)
    assert np.all(widths <= WIDEST)
    assert joint_p_value(values, errors, theory, n_seeds) > false_alarm
    for shift in (-SHIFT, SHIFT):
        assert joint_p_value(values, errors, theory + shift, n_seeds) < false_alarm**2
        assert np.all(abs(values - theory - shift) > widths)


def test_a_sampler_at_temperatures_two_hundredths_off_is_found_out(tmp_path, false_alarm):
    values, errors, _, theory, n_seeds = read(measured_prevention(tmp_path, 0.02), "prevent")
    assert joint_p_value(values, errors, theory, n_seeds) < false_alarm**2
