"""Which studies can play a role where claims are judged."""

import copy
from pathlib import Path

import pytest
import yaml

from heatdeath.errors import ParameterError
from heatdeath.study.catalogue import KINDS, files_made
from heatdeath.study.catalogue.results import read_for_claims
from heatdeath.study.config import load
from heatdeath.study.configuration_schema import read_schema
from heatdeath.study.roles import ROLES

QUICK = yaml.safe_load((Path(__file__).parents[2] / "config/quick.yaml").read_text())


@pytest.fixture
def config():
    return copy.deepcopy({key: QUICK[key] for key in ("root_seed", "studies", "claims")})


def test_the_roles_of_the_schema_are_those_of_the_package():
    assert set(read_schema()["$defs"]["claims"]["properties"]) == set(ROLES)
    aggregated = {name for name, role in ROLES.items() if not role.reads_trajectories}
    assert aggregated <= set(KINDS)
    assert {role.kind for role in ROLES.values()} <= set(KINDS)


FAMILY = {
    "description": "A family.",
    "kind": "phase_diagram",
    "axes": {"temperature": [0.5, 1], "fresh_fraction": [0, 0.5]},
    "settings": {
        "family": "gaussian",
        "target": "normal:2:16",
        "initial_size": 100,
        "batch_size": 100,
        "horizon": 200,
    },
    "seeds": 4,
}


def test_studies_of_families_are_read_with_their_targets_and_gates(config):
    config["studies"]["points"] = FAMILY
    config["claims"] = {"families": ["points"]}
    files = read_for_claims(load(config))
    assert len(files.pop("families")) == 2 * 2
    assert files == {
        "families_targets": ["results/points/target.nc"],
        "families_gates": ["results/points/gate.nc"],
    }


def test_a_family_plays_its_own_role_alone_and_the_urn_none_of_a_family(config):
    config["studies"]["points"] = FAMILY
    for role, study, message in (
        ("plane", "points", r"claims\.plane\[0\]: got 'points'; .* without a setting family"),
        ("families", "zipf", r"claims\.families\[0\]: got 'zipf'; .* with a setting family"),
        ("families", "growth", r"claims\.families\[0\]: got 'growth'; .* kind phase_diagram"),
    ):
        with pytest.raises(ParameterError, match=message):
            load(config | {"claims": {role: [study]}})
    for axes, message in (
        ({"temperature": [1], "initial": ["target"]}, "the axis fresh_fraction"),
        ({"temperature": [1], "fresh_fraction": [0], "width": [4, 8]}, "not width"),
    ):
        config["studies"]["points"] = FAMILY | {"axes": axes}
        with pytest.raises(ParameterError, match=message):
            load(config | {"claims": {"families": ["points"]}})


def test_without_architectures_the_role_of_families_is_left_out(config):
    config["studies"]["points"] = FAMILY
    config["claims"] = {"plane": ["zipf"], "families": ["points"]}
    assert load(config | {"architectures": False}).claims == {"plane": ["zipf"]}


def test_without_roles_there_is_nothing_to_judge(config):
    del config["claims"]
    found = files_made(load(config), wanted=lambda product: product.name == "claims")
    assert found == []


def test_the_files_of_a_role_are_seeds_with_targets_or_one_aggregate_a_study(config):
    config["claims"] = {"plane": ["zipf", "extremes"], "relaxation": ["relaxation"]}
    files = read_for_claims(load(config))
    assert set(files) == {"plane", "plane_targets", "relaxation"}
    assert len(files["plane"]) == 3 * 2 * 2 + 2 * 3
    assert files["plane_targets"] == ["results/zipf/target.nc", "results/extremes/target.nc"]
    assert files["relaxation"] == ["results/relaxation/relaxation.nc"]


@pytest.mark.parametrize(
    ("role", "study", "message"),
    [
        ("plane", "none", r"claims\.plane\[0\]: got 'none'; allowed: one of zipf"),
        ("plane", "growth", r"claims\.plane\[0\]: got 'growth'; .* kind phase_diagram; this is gr"),
        ("plane", "neutral", r"claims\.plane\[0\]: got 'neutral'; .* the axis temperature"),
        ("plane", "regimes", r"claims\.plane\[0\]: got 'regimes'; .* not variant"),
        ("neutral", "zipf", r"claims\.neutral\[0\]: got 'zipf'; .* whose temperature is 1"),
        ("neutral", "regimes", r"claims\.neutral\[0\]: got 'regimes'; .* whose temperature is 1"),
        ("capture", "zipf", r"claims\.capture\[0\]: got 'zipf'; .* of kind capture"),
    ],
)
def test_a_study_that_cannot_play_a_role_is_refused(config, role, study, message):
    config["claims"][role] = [study]
    with pytest.raises(ParameterError, match=message):
        load(config)


@pytest.mark.parametrize(
    ("study", "setting", "message"),
    [
        ("zipf", {"regime": "replace", "batch_size": 4000}, r"claims\.plane.*without regime"),
        ("neutral", {"top_k": 5, "batch_size": 1000}, r"claims\.neutral.*without top_k"),
        ("neutral", {"fresh_fraction": 0.1}, r"claims\.neutral.*whose fresh_fraction is 0"),
    ],
)
def test_a_setting_with_which_a_study_cannot_play_its_role_is_refused(
    config, study, setting, message
):
    config["studies"][study]["settings"] |= setting
    with pytest.raises(ParameterError, match=message):
        load(config)
