"""The comparison of simulations with the flow, on cells whose agreement is known."""

import numpy as np
import pytest
from scipy import stats

from heatdeath.errors import ParameterError
from heatdeath.files.variables import validate
from heatdeath.measure.flow_agreement import compare_with_flow
from heatdeath.measure.intervals import normal_deviate
from heatdeath.theory.flow import mean_field

P = np.array([0.5, 0.3, 0.2])
TEMPERATURES, FRACTIONS = [0.6, 1.0, 2.0], [0.1, 0.4]
SIZE, OUTPUTS = 10**5, [0, 10**6]
NOISE = 1e-4


@pytest.fixture
def compare(tmp_path, write_cell, write_target):
    """Return the function that compares flows with noise, and perhaps an offset, with the flow."""

    def run(*, offset=0.0, noise=NOISE, seeds=12):
        rng = np.random.default_rng(7)
        paths = []
        for temperature in TEMPERATURES:
            for f in FRACTIONS:
                starts = rng.multinomial(SIZE, P, size=seeds) / SIZE
                end = mean_field(
                    starts, P, temperature=temperature, fresh_fraction=f,
                    log_growth=[np.log((SIZE + OUTPUTS[-1]) / SIZE)],
                )[0]  # fmt: skip
                moved = offset + noise * rng.normal(size=seeds)
                end = end + np.stack([moved, -moved, 0 * moved], axis=-1)
                path = tmp_path / f"{temperature}-{f}.nc"
                write_cell(
                    path, np.stack([starts, end], axis=1), outputs=OUTPUTS, initial_size=SIZE,
                    temperature=f"{temperature:g}", fresh_fraction=f"{f:g}",
                )  # fmt: skip
                paths.append(path)
        record = compare_with_flow(
            paths,
            axes={"temperature": TEMPERATURES, "fresh_fraction": FRACTIONS},
            target_paths=write_target(tmp_path / "target.nc", P),
        )
        validate(record)
        return record

    return run


def test_cells_that_scatter_around_the_flow_agree_with_it(compare):
    record = compare()
    assert record.values("z_score").shape == (3, 2)
    assert record.attributes["p_value"] > 1e-4
    assert record.attributes["degrees_of_freedom"] == 6
    np.testing.assert_allclose(record.values("standard_error"), NOISE / np.sqrt(12), rtol=0.8)


def test_a_flow_that_is_shifted_by_a_fiftieth_of_its_range_is_found_out(compare):
    assert compare().attributes["shifted_p_value"] < 1e-10


def test_cells_off_the_flow_are_found_out(compare):
    assert compare(offset=3 * NOISE).attributes["p_value"] < 1e-10


def test_normal_deviates_have_the_probability_of_the_pull():
    t = np.array([-3.0, 0.0, 0.7, 5.0])
    np.testing.assert_allclose(stats.norm.cdf(normal_deviate(t, 7)), stats.t.cdf(t, 7), rtol=1e-10)
    assert normal_deviate(1e30, 50) == 37


def test_a_cell_of_one_seed_is_refused(compare):
    with pytest.raises(ParameterError, match="seeds: got 1"):
        compare(seeds=1)


def without_chance(folder, write_cell, write_target, temperatures):
    end = (P * SIZE + np.array([OUTPUTS[-1], 0, 0])) / (SIZE + OUTPUTS[-1])
    paths = [
        write_cell(
            folder / f"{T}.nc", np.stack([[P, end]] * 3), outputs=OUTPUTS, initial_size=SIZE,
            temperature=f"{T}", fresh_fraction="0",
        )
        for T in temperatures
    ]  # fmt: skip
    return compare_with_flow(
        paths,
        axes={"temperature": temperatures, "fresh_fraction": [0.0]},
        target_paths=write_target(folder / "target.nc", P),
    )


def test_a_cell_without_chance_is_refused(tmp_path, write_cell, write_target):
    with pytest.raises(ParameterError, match=r"temperature: got 0\.0; allowed: one at which"):
        without_chance(tmp_path, write_cell, write_target, [0, 1])


def test_a_single_cell_which_has_no_range_to_shift_by_is_refused(
    tmp_path, write_cell, write_target
):
    with pytest.raises(ParameterError, match="two cells at least"):
        without_chance(tmp_path, write_cell, write_target, [0])
