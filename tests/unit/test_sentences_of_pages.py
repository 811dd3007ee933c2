from pathlib import Path

import pytest

from heatdeath import simulate

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "architectures.md"


def test_the_page_says_how_long_a_loop_that_replaces_its_data_takes_near_a_temperature_of_one():
    found = simulate(
        "uniform:100",
        temperature=0.9,
        regime="replace",
        batch_size=2000,
        initial_size=2000,
        horizon=200_000,
        checkpoints=list(range(0, 200_001, 8000)),
        seeds=8,
    ).total_variation.mean("seed")
    early, late = found.isel(checkpoint=[2, 25])
    assert (float(early), float(late)) == pytest.approx((0.39, 0.99), abs=0.02)
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert "0.39 after 8 generations and of 0.99 after 100" in text


def test_the_page_says_that_the_temperature_of_vae_scales_its_observation_noise_too():
    (row,) = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `vae`")]
    assert "observation noise" in row
