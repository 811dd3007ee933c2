"""The part of a configuration that says what the paper speaks of."""

from pathlib import Path

import pytest

from heatdeath.errors import ParameterError
from heatdeath.study.catalogue import files_made
from heatdeath.study.catalogue.results import numbers_inputs
from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration

QUICK = Path(__file__).parents[2] / "config" / "quick.yaml"
PAPER = {"plane": "zipf", "example_target": "uniform:10", "example_temperature": 0.5}


@pytest.fixture
def config(part_of_quick):
    """Return the configuration of a plane and a paper."""
    return part_of_quick(["zipf", "words"], "phase_diagram") | {"paper": PAPER}


def test_every_part_that_a_figure_shows_has_its_files(config):
    whole = read_configuration(QUICK)
    found = numbers_inputs(load(whole))
    assert found["plane_diagram"] == "results/zipf/phase_diagram.nc"
    assert found["real_target"] == "results/words/target.nc"
    assert found["recovery"] == ["results/recovery/recovery.nc"]
    assert found["growth"] == "results/growth/growth.nc"
    assert found["cost"] == "docs/benchmarks/cost.csv"
    few = numbers_inputs(load(config))
    assert set(few) == {f"plane_{name}" for name in ("diagram", "ensemble", "lines", "target")}


def paper(configuration):
    """Return the files of the paper."""
    return files_made(configuration, wanted=lambda product: product.name in ("numbers", "paper"))


def test_there_is_no_paper_without_the_key(config):
    assert paper(load(config)) == ["results/numbers.json", "results/paper.pdf"]
    del config["paper"]
    assert paper(load(config)) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"plane": "nothing"}, r"paper\.plane: got 'nothing'; .*zipf, words"),
        ({"real": "growth"}, r"paper\.real: got 'growth'; .*zipf, words"),
        ({"tolerance": "zipf"}, r"paper\.tolerance: got 'zipf'; .*tolerance_scan"),
        ({"tolerance": "nothing"}, r"paper\.tolerance"),
        ({"example_target": "file:x.csv"}, r"paper\.example_target"),
        ({"example_target": "uniform:0"}, r"paper\.example_target: got 'uniform:0'"),
        ({"example_target": "uniform:1"}, r"paper\.example_target: got 'uniform:1'"),
        ({"example_temperature": 1.0}, r"paper\.example_temperature"),
        ({"example_temperature": 0.9999999}, r"paper\.example_temperature"),
        ({"extra": 1}, r"extra"),
    ],
)
def test_what_cannot_play_its_part_is_refused_by_its_key(config, change, message):
    config["paper"] = PAPER | change
    with pytest.raises(ParameterError, match=message):
        load(config)


def test_a_plane_that_theory_has_no_lines_for_is_refused(config):
    config["studies"]["zipf"]["settings"]["top_k"] = 5
    with pytest.raises(ParameterError, match=r"paper\.plane: got 'zipf'; .*sampling rules"):
        load(config)
