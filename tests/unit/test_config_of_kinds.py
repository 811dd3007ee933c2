"""What a kind of study or a figure cannot use is refused by its key, before anything runs."""

import copy
from pathlib import Path

import pytest
import yaml

from heatdeath.errors import ParameterError
from heatdeath.study.config import load

QUICK = yaml.safe_load((Path(__file__).parents[2] / "config" / "quick.yaml").read_text("utf-8"))
# A study of each kind that estimates something, by its name in the quick configuration.
ESTIMATES = ("growth", "recovery", "tolerance", "relaxation", "collapse", "flow", "capture")
WITH_INTERVALS = ("growth", "recovery", "tolerance", "relaxation", "flow")
OF_THEORY = ("growth", "recovery", "tolerance", "relaxation", "capture")


@pytest.fixture
def config():
    """Return the quick configuration, to be changed."""
    return copy.deepcopy(QUICK)


def give(config, study, changes):
    """Set arguments of a study: lists as axes, single values as settings; seeds beside them."""
    entry = config["studies"][study]
    for name, value in changes.items():
        if name == "seeds":
            entry["seeds"] = value
            continue
        for part in ("axes", "settings"):
            entry[part].pop(name, None)
        entry["axes" if isinstance(value, list) else "settings"][name] = value


WRONG_STUDIES = [
    *((study, {"batch_size": 10}, "settings.batch_size", "10", "1, ") for study in ESTIMATES),
    *((study, {"seeds": 1}, "seeds", "1", "2 or more, ") for study in WITH_INTERVALS),
    *(
        (study, {"temperature": [0.5, value]}, "axes.temperature[1]", shown, "a finite number")
        for study in OF_THEORY
        for value, shown in (
            (0, "0.0"),
            (float("inf"), "inf"),
            (1e-9, "1e-09"),
            (1 + 1e-12, "1.000000000001"),
        )
    ),
    *(
        (study, {"target": "uniform:1", "initial": initial}, "settings.target", "'uniform:1'", two)
        for study, initial in (
            ("growth", "target"),
            ("recovery", "collapsed:0:0"),
            ("tolerance", "target"),
            ("relaxation", "proportional"),
            ("collapse", "target"),
            ("flow", "target"),
            ("capture", "target"),
        )
        for two in ["a target of two outcomes or more"]
    ),
    # Values of an axis are named by their place in the configuration.
    ("growth", {"temperature": [0.5, 0]}, "axes.temperature[1]", "0.0", "a finite number"),
    ("growth", {"target": "zipf:1:100"}, "settings.target", "'zipf:1:100'", "a uniform target"),
    ("growth", {"target": "words:100"}, "settings.target", "'words:100'", "a uniform target"),
    (
        "growth",
        {"target": ["uniform:100", "zipf:1:100"]},
        "axes.target[1]",
        "'zipf:1:100'",
        "a uniform target",
    ),
    ("growth", {"initial": "uniform"}, "settings.initial", "'uniform'", "the form target,"),
    ("recovery", {"initial": "proportional"}, "settings.initial", "'proportional'", "collapsed,"),
    ("recovery", {"initial": "target"}, "settings.initial", "'target'", "collapsed,"),
    (
        "tolerance",
        {"initial": "collapsed:0:0.1"},
        "settings.initial",
        "'collapsed:0:0.1'",
        "target or proportional,",
    ),
    ("tolerance", {"initial": "uniform"}, "settings.initial", "'uniform'", "target or"),
    ("relaxation", {"initial": "target"}, "settings.initial", "'target'", "collapsed or file,"),
    ("capture", {"initial": "uniform"}, "settings.initial", "'uniform'", "the form target,"),
    ("relaxation", {"initial": "uniform"}, "settings.initial", "'uniform'", "the flow moves"),
    (
        "relaxation",
        {"initial": "proportional", "fresh_fraction": 0.5},
        "settings.initial",
        "'proportional'",
        "the target is uniform:10",
    ),
    (
        "relaxation",
        {"initial": "uniform", "target": "zipf:1:10", "fresh_fraction": [0, 0.5]},
        "settings.initial",
        "'uniform'",
        "f = 0,",
    ),
    (
        "relaxation",
        {
            "initial": "proportional",
            "target": "zipf:1:10",
            "fresh_fraction": 0.5,
            "temperature": [0.5, 1],
        },
        "settings.initial",
        "'proportional'",
        "T = 1 and",
    ),
    (
        "relaxation",
        {"temperature": [1, 3]},
        "axes.temperature[0]",
        "1.0",
        "another temperature where studies.relaxation.settings.fresh_fraction is 0",
    ),
    (
        "relaxation",
        {"temperature": [1, 3], "fresh_fraction": [0.5, 0]},
        "axes.temperature[0]",
        "1.0",
        "studies.relaxation.axes.fresh_fraction[1] is 0",
    ),
    (
        "flow",
        {"temperature": [0, 3], "fresh_fraction": [0]},
        "axes.temperature[0]",
        "0.0",
        "another temperature where",
    ),
    ("flow", {"temperature": [0.7]}, "axes", "'1 cell'", "2 or more cells"),
    ("collapse", {"temperature": [0.5, 1]}, "axes.temperature[1]", "1.0", "between 0 and 1"),
    ("collapse", {"temperature": [0.5, 2]}, "axes.temperature[1]", "2.0", "between 0 and 1"),
    ("collapse", {"temperature": [0, 0.5]}, "axes.temperature[0]", "0.0", "a finite number"),
    ("capture", {"fresh_fraction": [0.6]}, "axes.fresh_fraction", "[0.6]", "2 or more values"),
]


@pytest.mark.parametrize(("study", "changes", "key", "value", "allowed"), WRONG_STUDIES)
def test_a_study_that_its_kind_cannot_use_is_refused(config, study, changes, key, value, allowed):
    load(config)
    del config["figures"]
    give(config, study, changes)
    with pytest.raises(ParameterError) as caught:
        load(config)
    message = str(caught.value)
    assert message.startswith(f"studies.{study}.{key}: got {value}; allowed: "), message
    assert allowed in message.partition("allowed: ")[2], message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("study", "changes"),
    [
        *((study, {"batch_size": 1}) for study in ESTIMATES),
        ("collapse", {"seeds": 1}),
        ("capture", {"seeds": 1}),
        ("growth", {"target": "zipf:0:100"}),
        ("tolerance", {"initial": "target"}),
        ("relaxation", {"temperature": [1, 3], "fresh_fraction": 0.5}),
        ("relaxation", {"initial": "uniform", "target": "zipf:1:10", "fresh_fraction": 0.5}),
        ("relaxation", {"initial": "proportional", "target": "zipf:1:10"}),
        ("flow", {"temperature": [0, float("inf")]}),
        ("flow", {"temperature": [0.7], "fresh_fraction": [0.1, 0.2]}),
    ],
)
def test_a_study_that_its_kind_can_use_is_accepted(config, study, changes):
    del config["figures"], config["paper"]
    give(config, study, changes)
    load(config)


def five_recoveries(config):
    for n in range(5):
        entry = copy.deepcopy(config["studies"]["recovery"])
        entry["settings"]["target"] = f"uniform:{10 + n}"
        config["studies"][f"recovery_{n}"] = entry
    config["figures"]["rescue"]["recovery"] = [f"recovery_{n}" for n in range(5)]


def sizes(**changes):
    return lambda config: config["figures"]["sizes"].update(changes)


@pytest.mark.parametrize(
    ("change", "key", "value", "allowed"),
    [
        (
            lambda config: give(config, "zipf", {"target": ["zipf:1:100"]}),
            "trajectories.study",
            "'zipf'",
            "even of one value",
        ),
        (
            lambda config: give(config, "zipf", {"horizon": [400000]}),
            "trajectories.study",
            "'zipf'",
            "not horizon",
        ),
        (
            lambda config: (
                config["figures"].pop("trajectories"),
                give(config, "zipf", {"target": ["zipf:1:100"]}),
            ),
            "rescue.hysteresis",
            "'zipf'",
            "not an axis, even of one value",
        ),
        (
            lambda config: (
                config["figures"].pop("trajectories"),
                give(config, "zipf", {"regime": ["window"], "batch_size": 10, "window": 2}),
            ),
            "rescue.hysteresis",
            "'zipf'",
            "without regime",
        ),
        (
            lambda config: give(config, "zipf", {"temperature": [0.5, 1 + 1e-12]}),
            "rescue.hysteresis",
            "'zipf'",
            "not 1.000000000001",
        ),
        (
            lambda config: give(config, "recovery", {"target": ["uniform:100"]}),
            "rescue.recovery[0]",
            "'recovery'",
            "not an axis, even of one value",
        ),
        (
            five_recoveries,
            "rescue.recovery",
            "'uniform:10, uniform:11, uniform:12, uniform:13, uniform:14'",
            "at most 4 different targets",
        ),
        (sizes(families=["zipf:1.2.3"]), "sizes.families[0]", "'zipf:1.2.3'", "EXPONENT a number"),
        (sizes(families=["uniform", "zipf:."]), "sizes.families[1]", "'zipf:.'", "EXPONENT"),
        (sizes(families=["zipf:99999"]), "sizes.families[0]", "'zipf:99999'", "small enough"),
        (
            sizes(families=["zipf:100"], n_outcomes=[2, 100000]),
            "sizes.families[0]",
            "'zipf:100'",
            "from 2 to 100000",
        ),
        (sizes(families=["zipf:1.0"]), "sizes.families[0]", "'zipf:1.0'", "zipf:1, as"),
        (
            sizes(families=["words"], n_outcomes=[10, 321181]),
            "sizes.families[0]",
            "'words'",
            "<= 321180",
        ),
        (sizes(temperatures=[0.5, 1e-9]), "sizes.temperatures[1]", "1e-09", "next to 0"),
    ],
)
def test_a_figure_of_what_it_cannot_show_is_refused(config, change, key, value, allowed):
    change(config)
    with pytest.raises(ParameterError) as caught:
        load(config)
    message = str(caught.value)
    assert message.startswith(f"figures.{key}: got {value}; allowed: "), message
    assert allowed in message.partition("allowed: ")[2], message
    assert "\n" not in message


def test_a_capture_of_a_file_cannot_be_drawn_over_the_number_of_outcomes(config, tmp_path):
    (tmp_path / "weights.csv").write_text("3\n2\n1\n")
    target = f"file:{tmp_path / 'weights.csv'}"
    give(config, "capture", {"target": target})
    with pytest.raises(ParameterError, match=r"figures\.sizes\.capture: got 'capture'.*not file:"):
        load(config)
    del config["figures"]["sizes"]
    load(config)


def test_recoveries_of_four_targets_can_be_drawn(config):
    five_recoveries(config)
    config["studies"]["recovery_4"]["settings"]["target"] = "uniform:10"
    load(config)


def test_the_most_words_that_there_are_can_be_drawn(config):
    sizes(families=["words"], n_outcomes=[2, 321180])(config)
    load(config)
