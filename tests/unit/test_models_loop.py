"""The closed loop of families: the data kept, what is measured, and errors in their code."""

import ast
import importlib
from pathlib import Path

import numpy as np
import pytest

from heatdeath.errors import ParameterError
from heatdeath.files import netcdf
from heatdeath.models import lookup
from heatdeath.models.arguments import check_loop
from heatdeath.models.gates import record_gates
from heatdeath.models.jobs import train_cell, write_source
from heatdeath.models.lookup import (
    canonical_source,
    make_family,
    open_source,
    outcomes_of_source,
)
from heatdeath.models.loop import FamilyError, record_loops
from heatdeath.models.source_points import Normal
from heatdeath.observables import observe
from heatdeath.study.catalogue import kind_named

# A family whose model is its dataset, which remembers what it was fitted to.
OWN = """
import numpy as np

SIZES = []


class Copies:
    def __init__(self, width=3):
        self.width = width

    def fit(self, data, key):
        SIZES.append(len(data))
        return np.array(data)

    def sample(self, model, n, temperature, key):
        return model[np.random.default_rng(key).integers(len(model), size=n)]


class Raises(Copies):
    def fit(self, data, key):
        raise KeyError("no such weight")


class Shapeless(Copies):
    def sample(self, model, n, temperature, key):
        return np.zeros((n, 7))


class Nowhere(Copies):
    def sample(self, model, n, temperature, key):
        return np.full((n, 1), np.nan)


class Late(Copies):
    def sample(self, model, n, temperature, key):
        if len(SIZES) > 2:
            raise OverflowError("weights exploded")
        return super().sample(model, n, temperature, key)


class Unhashable(Copies):
    def __eq__(self, other):
        return True


class NoSample:
    def fit(self, data, key):
        return data


class Unmakeable(Copies):
    def __init__(self, depth):
        pass
"""
ARGUMENTS = {"temperature": 1, "initial_size": 300, "batch_size": 100, "horizon": 400}
REGIMES = {
    "accumulate": ({}, [300, 400, 500, 600, 700]),
    "replace": ({}, [300, 100, 100, 100, 100]),
    "window": ({"window": 2}, [300, 400, 200, 200, 200]),
    "subsample": ({"subsample": 350}, [300, 350, 350, 350, 350]),
}


@pytest.fixture
def own(tmp_path, monkeypatch):
    (tmp_path / "own_families.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("own_families")
    module.SIZES.clear()
    return module


@pytest.mark.parametrize("regime", REGIMES)
def test_a_model_is_fitted_to_the_data_that_the_regime_keeps(own, regime):
    extra, sizes = REGIMES[regime]
    record = record_loops(
        open_source("normal:1:10"),
        family="own_families:Copies",
        regime=regime,
        checkpoints=[0, 100, 200, 300, 400],
        **ARGUMENTS,
        **extra,
    )
    assert sizes == own.SIZES
    assert record.values("dataset_size").tolist() == sizes


def test_with_all_data_fresh_the_models_are_those_of_the_target():
    record = record_loops(
        open_source("normal:2:25"),
        family="gaussian",
        seeds=3,
        regime="replace",
        fresh_fraction=1,
        temperature=0.1,
        initial_size=4000,
        batch_size=4000,
        horizon=20000,
        checkpoints=2,
    )
    # 25 cells from 4096 samples of a fit: about 0.04 away by chance.
    assert record.values("total_variation").max() < 0.1
    cold = record_loops(
        open_source("normal:2:25"),
        family="gaussian",
        seeds=3,
        regime="replace",
        temperature=0.1,
        initial_size=4000,
        batch_size=4000,
        horizon=20000,
        checkpoints=2,
    )
    assert cold.values("total_variation")[:, -1].min() > 0.9


def test_a_collapsed_start_holds_its_outcome_and_a_share_of_fresh_data(own):
    arguments = {**ARGUMENTS, "initial_size": 10000, "batch_size": 1, "horizon": 1}
    record = record_loops(
        open_source("normal:1:10"),
        family="own_families:Copies",
        initial="collapsed:3:0.1",
        checkpoints=[0, 1],
        **arguments,
    )
    theta = record.values("theta")[0, 0]
    assert np.argmax(theta) == 3
    # 0.9 + 0.1 / 10, measured from 4096 samples: five standard errors are 0.022.
    assert abs(theta[3] - 0.91) < 0.022


def test_what_is_measured_is_what_the_observables_say_of_theta():
    source = open_source("normal:1:10")
    record = record_loops(source, family="gaussian", seeds=2, checkpoints=3, **ARGUMENTS)
    expected = observe(record.values("theta"), source.probabilities)
    for name, values in expected.items():
        np.testing.assert_array_equal(record.values(name), values)


def test_a_seed_has_the_same_trajectory_whichever_others_are_in_its_job():
    run = {"family": "gaussian", "checkpoints": 3, **ARGUMENTS}
    together = record_loops(open_source("normal:1:10"), seeds=[0, 1, 2], **run)
    alone = record_loops(open_source("normal:1:10"), seeds=[2], **run)
    np.testing.assert_array_equal(together.values("theta")[2], alone.values("theta")[0])


def test_what_is_recorded_changes_no_number():
    run = {"family": "gaussian", "seeds": 2, **ARGUMENTS}
    often = record_loops(open_source("normal:1:10"), checkpoints=[0, 100, 200, 400], **run)
    seldom = record_loops(open_source("normal:1:10"), checkpoints=[0, 400], **run)
    np.testing.assert_array_equal(often.values("theta")[:, -1], seldom.values("theta")[:, -1])


@pytest.mark.parametrize(
    ("change", "differs"),
    [({"width": 4}, True), ({"root_seed": 5}, True), ({"fresh_fraction": 0.0}, False)],
)
def test_streams_are_keyed_by_the_loop_and_not_by_defaults_spelt_out(own, change, differs):
    run = {"family": "own_families:Copies", "checkpoints": 2, **ARGUMENTS}
    first = record_loops(open_source("normal:1:10"), **run).values("theta")
    second = record_loops(open_source("normal:1:10"), **run, **change).values("theta")
    assert (not np.array_equal(first, second)) == differs


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ("Raises", r"generation 0: fit raised KeyError: 'no such weight'"),
        ("Shapeless", r"generation 0: sample returned arrays of shape \(4096, 7\); expected"),
        ("Nowhere", r"generation 0: sample returned numbers that are not finite"),
        ("Late", r"generation 2: sample raised OverflowError: weights exploded"),
    ],
)
def test_an_error_in_a_users_family_names_it_and_the_cell_and_leaves_no_file(
    own, tmp_path, family, words
):
    target, output = tmp_path / "target.nc", tmp_path / "results" / "seeds=0-0.nc"
    write_source("normal:1:10", output=target)
    with pytest.raises(
        FamilyError, match=rf"family own_families:{family}, T = 0\.5, f = 0\.1, .*"
    ) as raised:
        train_cell(
            {
                **ARGUMENTS,
                "family": f"own_families:{family}",
                "temperature": 0.5,
                "fresh_fraction": 0.1,
                "checkpoints": 2,
            },
            seeds=[0],
            root_seed=1,
            source="normal:1:10",
            target_path=target,
            output=output,
        )
    assert raised.match(words)
    assert not output.parent.exists() or not list(output.parent.iterdir())


@pytest.mark.parametrize(
    ("family", "allowed"),
    [
        ("own_families:NoSample", "a class with the method sample"),
        ("own_families:Unmakeable", "a class that can be made"),
        ("own_families:Missing", "a class that can be imported"),
        ("no_such_module:Family", "a class that can be imported"),
    ],
)
def test_a_family_that_cannot_be_used_is_refused(own, family, allowed):
    with pytest.raises(ParameterError, match=allowed):
        make_family(family)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"family": "vae2"}, "family"),
        ({"temperature": np.inf}, "temperature"),
        ({"initial": "uniform"}, "initial"),
        ({"initial_size": 10.5, "initial": "collapsed:0:0.1"}, "initial_size"),
        ({"top_k": 3}, "top_k"),
        ({"sampler": "leap"}, "sampler"),
        ({"record": "distribution"}, "record"),
        ({"batch_size": None}, "batch_size"),
        ({"width": 0}, "width"),
        ({"regime": "window"}, "window"),
    ],
)
def test_arguments_that_no_family_has_are_refused_by_name(change, name):
    with pytest.raises(ParameterError) as error:
        check_loop(10, **{"family": "gaussian", **ARGUMENTS, **change})
    assert error.value.name == name


def test_data_beyond_memory_are_refused_before_anything_is_drawn(own):
    huge = {**ARGUMENTS, "horizon": 10**9, "checkpoints": [0, 10**9]}
    with pytest.raises(ParameterError, match=r"horizon.*bytes are above"):
        record_loops(open_source("normal:1:10"), family="own_families:Copies", **huge)
    assert own.SIZES == []


@pytest.mark.parametrize(
    ("written", "canonical"),
    [("digits:0100", "digits:100"), ("normal:02:25", "normal:2:25"), ("own:Source", "own:Source")],
)
def test_a_source_has_one_name(written, canonical):
    assert canonical_source(written) == canonical


@pytest.mark.parametrize(
    "name", ["digits", "digits:0", "digits:x", "normal:2", "letters:5", "a b:C"]
)
def test_what_is_no_source_is_refused(name):
    with pytest.raises(ParameterError, match="normal:<dimensions>:<outcomes>"):
        canonical_source(name)


OWN_SOURCE = """
import numpy as np


class Coin:
    name = "own_sources:Coin"
    probabilities = np.array([0.5, 0.5])
    labels = None
    outcomes = None

    def draw(self, n, rng):
        return rng.integers(2, size=(n, 1)) * 1.0

    def draw_outcome(self, outcome, n, rng):
        return np.full((n, 1), float(outcome))

    def assign(self, data):
        return np.rint(data[:, 0]).astype(np.int64)

    def measures(self, theta, sample):
        return {}


class Misnamed(Coin):
    name = "a coin"


class Unfair(Coin):
    name = "own_sources:Unfair"
    probabilities = np.array([0.5, 0.6])


class Unlabelled(Coin):
    name = "own_sources:Unlabelled"
    labels = property()


class Undrawn(Coin):
    name = "own_sources:Undrawn"
    draw_outcome = None
"""


def test_a_source_of_ones_own_is_looked_at_before_anything_runs(tmp_path, monkeypatch):
    (tmp_path / "own_sources.py").write_text(OWN_SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    assert outcomes_of_source("own_sources:Coin") == 2
    for name, allowed in {
        "Misnamed": "its dotted path; not 'a coin'",
        "Unfair": "another sum of probabilities: got 1.1",
        "Unlabelled": "the attribute labels",
        "Undrawn": "the method draw_outcome",
    }.items():
        with pytest.raises(ParameterError, match=f"target: got 'own_sources:{name}'.*{allowed}"):
            outcomes_of_source(f"own_sources:{name}")


def test_an_error_in_a_users_family_at_its_gate_names_both(own):
    words = "family own_families:Raises, quality gate: KeyError: 'no such weight'"
    with pytest.raises(FamilyError, match=words):
        record_gates("own_families:Raises", "normal:1:10", size=100)


def test_a_gate_judges_a_family_without_a_hash(own):
    record = record_gates("own_families:Unhashable", "normal:1:10", size=100)
    assert record.values("passed").shape == (1, 3)


def test_a_target_file_of_another_source_is_refused(tmp_path):
    write_source("normal:1:9", output=tmp_path / "target.nc")
    with pytest.raises(ValueError, match="does not hold the distribution of normal:1:10"):
        train_cell(
            {**ARGUMENTS, "family": "gaussian"},
            seeds=[0],
            root_seed=1,
            source="normal:1:10",
            target_path=tmp_path / "target.nc",
            output=tmp_path / "out.nc",
        )


def test_the_file_of_a_loop_says_what_it_was_made_from(tmp_path):
    target, output = tmp_path / "target.nc", tmp_path / "out.nc"
    write_source("normal:1:10", output=target)
    train_cell(
        {**ARGUMENTS, "family": "gaussian", "checkpoints": 2},
        seeds=[4],
        root_seed=1,
        source="normal:1:10",
        target_path=target,
        output=output,
    )
    stated = netcdf.read(output, kind=kind_named("model_trajectories")).attributes
    assert {"family": "gaussian", "device": "cpu", "theta_from": "4096 samples"}.items() <= (
        stated.items()
    )
    assert "width" not in stated
    assert "sampler" not in stated


def test_a_family_whose_packages_are_not_installed_is_refused_with_what_installs_them(monkeypatch):
    monkeypatch.setattr(lookup.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ParameterError, match=r"jax.*sklearn.*`pip install 'heatdeath\[neural\]'`"):
        lookup.check_packages("vae", "digits:100")
    lookup.check_packages("ngram", "spelling:200")
    with pytest.raises(ParameterError, match=r"^target: got 'digits:100'; allowed: only where"):
        lookup.open_source("digits:100")


def test_every_row_of_the_registry_leads_to_a_definition_of_the_package():
    homes = [row.home for row in (*lookup.FAMILIES.values(), *lookup.SOURCES.values())]
    for path in {*homes, *(row.gate for row in lookup.SOURCES.values())}:
        module, _, name = path.partition(":")
        assert module.startswith("heatdeath.models.")
        tree = ast.parse(Path(importlib.util.find_spec(module).origin).read_text(encoding="utf-8"))
        assert name in {getattr(node, "name", None) for node in tree.body}


class Clumsy(Normal):
    def assign(self, data):
        raise IndexError("no such cell")


class Talkative(Normal):
    def measures(self, theta, sample):
        return {"beauty": 1.0}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Clumsy, r"source normal:1:10, T = 1, f = 0: assign raised IndexError: no such cell"),
        (Talkative, r"measures returned beauty; allowed: coverage, perplexity"),
    ],
)
def test_an_error_in_a_users_source_names_it_and_the_cell(source, words):
    with pytest.raises(FamilyError, match=words):
        record_loops(source(1, 10), family="gaussian", checkpoints=2, **ARGUMENTS)


def test_a_seeded_loop_of_the_gaussian_family_gives_the_recorded_numbers():
    record = record_loops(
        open_source("normal:2:25"),
        family="gaussian",
        seeds=2,
        temperature=0.8,
        fresh_fraction=0.1,
        regime="replace",
        initial_size=500,
        batch_size=500,
        horizon=2000,
        checkpoints=[0, 500, 2000],
    )
    # Rounding can move one of 4096 samples over the edge of a cell.
    found = record.values("total_variation")
    expected = [[0.037744, 0.063945, 0.161523], [0.046123, 0.082051, 0.217432]]
    np.testing.assert_allclose(found, expected, atol=5e-4)
