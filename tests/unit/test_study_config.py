import copy
import inspect
import math
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from heatdeath.errors import HeatdeathError, OutputError, ParameterError
from heatdeath.models.arguments import FAMILY_ARGUMENTS
from heatdeath.reference.configuration import README_PATH, readme
from heatdeath.simulation import simulate
from heatdeath.study.catalogue import KINDS
from heatdeath.study.config import Configuration, load
from heatdeath.study.configuration_schema import read_schema
from heatdeath.study.damage import check_writable
from heatdeath.study.paths import slug

CONFIG = Path(__file__).parents[2] / "config"
VALID = {
    "results": "results",
    "root_seed": 1,
    "studies": {
        "zipf": {
            "description": "a question",
            "kind": "phase_diagram",
            "axes": {
                "temperature": [0.5, 1],
                "fresh_fraction": [0, 0.5],
                "initial": ["target"],
            },
            "settings": {"target": "zipf:1:10", "horizon": 1000},
            "seeds": 2,
        },
        "exact": {
            "description": "a question",
            "kind": "exactness",
            "axes": {"sampler": ["leap"], "temperature": [0.5]},
            "settings": {
                "target": "zipf:1:2",
                "horizon": 10,
                "initial": "proportional",
                "record": "distribution",
            },
            "seeds": 2,
        },
        "variants": {
            "description": "a question",
            "kind": "phase_diagram",
            "axes": {
                "variant": {"keep": {}, "replace": {"regime": "replace", "batch_size": 10}},
                "temperature": [1],
                "fresh_fraction": [0],
            },
            "settings": {"target": "zipf:1:10", "horizon": 1000},
            "seeds": 2,
        },
    },
    "figures": {
        "trajectories": {"study": "zipf", "temperatures": [0.5], "initial": "target"},
        "phase_diagram": {"studies": ["zipf"]},
        "exactness": {"study": "exact"},
        "regimes": {"study": "variants"},
        "cost": {"timings": "docs/benchmarks/cost.csv"},
    },
}
REMOVE = object()


def changed(path, value):
    """Return the valid configuration with one key set, or removed."""
    config = copy.deepcopy(VALID)
    place = config
    *parents, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    for key in parents:
        place = place[key]
    if value is REMOVE:
        del place[last]
    else:
        place[last] = value
    return config


@pytest.mark.parametrize("name", ["config", "quick", "tiny"])
def test_the_configurations_that_we_ship_are_valid(name):
    config = yaml.safe_load((CONFIG / f"{name}.yaml").read_text())
    assert isinstance(load(config), Configuration)


@pytest.mark.parametrize("name", ["config", "quick"])
def test_doubling_the_seeds_of_a_study_that_we_ship_keeps_every_file(name):
    config = yaml.safe_load((CONFIG / f"{name}.yaml").read_text())
    before = load(config).studies
    for entry in config["studies"].values():
        entry["seeds"] *= 2
    after = load(config).studies
    for study in before:
        old, new = before[study].trajectory_paths(), after[study].trajectory_paths()
        assert set(old) < set(new)
        assert len(new) == 2 * len(old)


def test_the_zipf_study_covers_the_plane_that_was_promised():
    zipf = load(yaml.safe_load((CONFIG / "config.yaml").read_text())).studies["zipf"]
    temperatures = zipf.axes["temperature"]
    between = [t for t in temperatures if 0.25 <= t <= 4]
    assert len(between) >= 17
    assert {0.0, 0.25, 1.0, 4.0, math.inf} <= set(temperatures)
    assert len(zipf.axes["fresh_fraction"]) == 13
    assert {0.0, 1.0} <= set(zipf.axes["fresh_fraction"])
    assert zipf.seeds == 32
    assert len(zipf.axes["initial"]) == 2
    assert zipf.settings["horizon"] >= 10**6
    assert zipf.settings["horizon"] / zipf.settings["initial_size"] >= 1000


def test_the_readme_lists_every_key_as_the_schema_has_it():
    text = README_PATH.read_text(encoding="utf-8")
    assert text == readme(text), "run python -m heatdeath.reference"


def test_settings_are_the_arguments_of_simulate_and_of_a_family():
    names = set(inspect.signature(simulate).parameters) - {"seeds", "root_seed"}
    names |= set(FAMILY_ARGUMENTS)
    assert set(read_schema()["$defs"]["settings"]["properties"]) == names


def test_defaults_in_the_schema_are_those_of_simulate():
    for name, parameter in inspect.signature(simulate).parameters.items():
        part = read_schema()["$defs"].get(name, {})
        if "default" in part:
            assert part["default"] == parameter.default


@pytest.mark.parametrize(
    ("path", "value", "key", "says"),
    [
        ("root_sed", 1, "root_sed", "did you mean root_seed"),
        ("results", 202411, "results", "--config results=./..."),
        ("results", math.inf, "results", "--config results=./..."),
        ("studies/zipf/description", True, "studies.zipf.description", "stands in quotes"),
        ("architectures", "no", "architectures", "architectures=True or architectures=False"),
        ("studies/zipf/tolerence", 0.1, "studies.zipf.tolerence", "did you mean tolerance"),
        (
            "studies/zipf/axes/temprature",
            [1],
            "studies.zipf.axes.temprature",
            "did you mean temperature",
        ),
        ("studies/zipf/settings/horzon", 1, "studies.zipf.settings.horzon", "horizon"),
        ("figures/zipf", {}, "figures.zipf", "trajectories"),
        ("studies/Big Study", {}, "studies.Big Study", "lower-case"),
        ("root_seed", REMOVE, "root_seed", "required"),
        ("root_seed", -1, "root_seed", ">= 0"),
        ("root_seed", 2**63, "root_seed", f"<= {2**63 - 1}"),
        ("root_seed", "1", "root_seed", "an integer"),
        ("results", "a b", "results", "Folder"),
        ("studies", {}, "studies", "one or more"),
        ("studies", None, "studies", "one or more"),
        ("studies/zipf/kind", "plane", "studies.zipf.kind", "phase_diagram, exactness"),
        ("studies/zipf/seeds", 0, "studies.zipf.seeds", ">= 1"),
        ("studies/zipf/seeds", 1000001, "studies.zipf.seeds", "<= 1000000"),
        ("studies/zipf/seeds", 1.5, "studies.zipf.seeds", "an integer"),
        ("studies/zipf/seeds_per_job", 0, "studies.zipf.seeds_per_job", ">= 1"),
        ("studies/zipf/tolerance", 1, "studies.zipf.tolerance", "< 1"),
        ("studies/zipf/axes", {}, "studies.zipf.axes", "temperature"),
        ("studies/zipf/axes/temperature", [], "studies.zipf.axes.temperature", "1 or more"),
        ("studies/zipf/axes/temperature", 1, "studies.zipf.axes.temperature", "a list"),
        (
            "studies/zipf/axes/temperature",
            [1, 0.5, 1.0],
            "studies.zipf.axes.temperature[2]",
            "once",
        ),
        ("studies/zipf/axes/temperature/1", -1, "studies.zipf.axes.temperature[1]", ">= 0"),
        ("studies/zipf/axes/temperature/1", math.nan, "studies.zipf.axes.temperature[1]", ""),
        ("studies/zipf/axes/temperature/1", True, "studies.zipf.axes.temperature[1]", "number"),
        (
            "studies/zipf/axes/temperature/1",
            "1e-3",
            "studies.zipf.axes.temperature[1]",
            "YAML reads this spelling as text",
        ),
        (
            "studies/zipf/axes/temperature/1",
            "inf",
            "studies.zipf.axes.temperature[1]",
            "YAML reads this spelling as text: write it as .inf",
        ),
        (
            "studies/zipf/axes/temperature/1",
            10**400,
            "studies.zipf.axes.temperature[1]",
            "fits a double",
        ),
        ("studies/zipf/settings/horizon", 10**400, "studies.zipf.settings.horizon", "to 10000"),
        ("studies/logs", VALID["studies"]["zipf"], "studies.logs", "benchmarks, figures, logs"),
        ("studies/figures", VALID["studies"]["zipf"], "studies.figures", "other than"),
        ("studies/benchmarks", VALID["studies"]["zipf"], "studies.benchmarks", "other than"),
        ("studies/zipf/axes/temperature/1", "hot", "studies.zipf.axes.temperature[1]", ">= 0"),
        (
            "studies/zipf/axes/fresh_fraction/1",
            1.1,
            "studies.zipf.axes.fresh_fraction[1]",
            "<= 1",
        ),
        (
            "studies/zipf/axes/initial",
            ["collapsed:most:0.01", "collapsed:most:1e-2"],
            "studies.zipf.axes.initial[1]",
            "once",
        ),
        ("studies/zipf/axes/initial/0", "nowhere", "studies.zipf.axes.initial[0]", "proportional"),
        (
            "studies/zipf/axes/initial/0",
            "collapsed:10:0.1",
            "studies.zipf.axes.initial[0]",
            "from 0 to 9",
        ),
        ("studies/zipf/settings/temperature", 1, "studies.zipf.settings.temperature", "an axis"),
        ("studies/zipf/settings/horizon", REMOVE, "studies.zipf.settings.horizon", "a value"),
        ("studies/zipf/settings/horizon", 0, "studies.zipf.settings.horizon", ">= 1"),
        ("studies/zipf/settings/horizon", "1e6", "studies.zipf.settings.horizon", "YAML"),
        ("studies/zipf/settings/batch_size", 7, "studies.zipf.settings.horizon", "multiple"),
        (
            "studies/zipf/settings/initial_size",
            0,
            "studies.zipf.settings.initial_size",
            ">= 0.000001",
        ),
        ("studies/zipf/settings/initial_size", 2**54, "studies.zipf.settings.initial_size", "<= "),
        ("studies/zipf/settings/initial_size", "inf", "studies.zipf.settings.initial_size", "<= "),
        ("studies/zipf/settings/window", 2**53 + 1, "studies.zipf.settings.window", f"<= {2**53}"),
        (
            "studies/zipf/settings/subsample",
            2**53 + 1,
            "studies.zipf.settings.subsample",
            f"<= {2**53}",
        ),
        (
            "studies/zipf/settings/initial_size",
            2.5,
            "studies.zipf.settings.initial_size",
            "integer",
        ),
        ("studies/zipf/settings/target", "zipf:0", "studies.zipf.settings.target", "uniform"),
        ("studies/zipf/settings/target", "uniform:0", "studies.zipf.settings.target", "from 1"),
        ("studies/zipf/settings/target", "words:0", "studies.zipf.settings.target", ">= 1"),
        (
            "studies/zipf/settings/target",
            "words:321181",
            "studies.zipf.settings.target",
            "<= 321180",
        ),
        (
            "studies/zipf/settings/target",
            "words:" + "9" * 5000,
            "studies.zipf.settings.target",
            "<= 321180",
        ),
        ("studies/zipf/settings/target", "file:no.csv", "studies.zipf.settings.target", "no.csv"),
        ("studies/zipf/settings/top_k", 11, "studies.zipf.settings.top_k", "10"),
        ("studies/zipf/settings/rule", "no_colon", "studies.zipf.settings.rule", ""),
        ("studies/zipf/settings/checkpoints", 1, "studies.zipf.settings.checkpoints", ">= 2"),
        (
            "studies/zipf/settings/checkpoints",
            [0, 10],
            "studies.zipf.settings.checkpoints",
            "horizon",
        ),
        (
            "studies/variants/axes/variant/replace",
            {"regime": "replace"},
            "studies.variants.axes.variant.replace.batch_size",
            "needs one",
        ),
        (
            "studies/variants/axes/variant/replace",
            {"temperature": 1},
            "studies.variants.axes.variant.replace.temperature",
            "an axis",
        ),
        ("studies/exact/settings/top_k", 1, "studies.exact.axes.sampler[0]", "top_k"),
        ("studies/exact/settings/target", "zipf:1:3", "studies.exact.settings.target", "two"),
        ("studies/exact/settings/target", "uniform:1", "studies.exact.settings.target", "two"),
        ("studies/exact/settings/record", REMOVE, "studies.exact.settings.record", "distribution"),
        ("studies/exact/settings/initial", "target", "studies.exact.settings.initial", "collapsed"),
        ("figures/trajectories/study", "zip", "figures.trajectories.study", "zipf"),
        ("figures/trajectories/study", "exact", "figures.trajectories.study", "phase_diagram"),
        ("figures/trajectories/temperatures/0", 3, "figures.trajectories.temperatures[0]", "zipf"),
        ("figures/trajectories/initial", "uniform", "figures.trajectories.initial", "target"),
        ("figures/phase_diagram/studies/0", "zip", "figures.phase_diagram.studies[0]", "zipf"),
        (
            "figures/phase_diagram/studies/0",
            "variants",
            "figures.phase_diagram.studies[0]",
            "axes",
        ),
        ("figures/regimes/study", "zipf", "figures.regimes.study", "variant"),
        ("figures/cost/timings", "no.csv", "figures.cost.timings", "a file that exists"),
        ("figures/cost/timings", "docs", "figures.cost.timings", "a file that exists"),
    ],
)
def test_a_bad_value_is_refused_by_its_key_with_what_is_allowed(path, value, key, says):
    load(VALID)
    with pytest.raises(ParameterError) as caught:
        load(changed(path, value))
    message = str(caught.value)
    assert message.startswith(f"{key}: got "), message
    assert says in message.removeprefix(key), message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("path", "values", "first", "repeated"),
    [
        ("figures/trajectories/temperatures", [0.5, 1, 0.5], 0, 2),
        ("figures/trajectories/fresh_fractions", [0, 0.0], 0, 1),
        ("figures/phase_diagram/studies", ["zipf", "zipf"], 0, 1),
        ("figures/sizes/families", ["words", "uniform", "uniform"], 1, 2),
        ("figures/sizes/n_outcomes", [3, 10, 10.0], 1, 2),
        ("figures/sizes/temperatures", [0.5, 0.5], 0, 1),
        ("claims/plane", ["zipf", "zipf"], 0, 1),
        ("explorer/studies", ["zipf", "zipf"], 0, 1),
        ("studies/zipf/axes/temperature", [0.5, 0.5], 0, 1),
    ],
)
def test_a_list_that_repeats_a_value_is_refused_as_an_axis_is(path, values, first, repeated):
    config = place = yaml.safe_load((CONFIG / "config.yaml").read_text())
    *parents, last = path.split("/")
    for key in parents:
        place = place[key]
    place[last] = values
    with pytest.raises(ParameterError) as caught:
        load(config)
    key = path.replace("/", ".")
    assert str(caught.value) == (
        f"{key}[{repeated}]: got {values[repeated]!r}; allowed: each value once; this one is "
        f"{key}[{first}] as well"
    )


@pytest.mark.parametrize("content", ["1\n-1\n", "1\nnan\n", "0\n0\n", ""])
def test_a_bad_target_file_is_refused_by_key_and_file(tmp_path, content):
    path = tmp_path / "weights.csv"
    path.write_text(content)
    with pytest.raises(ParameterError, match=r"studies\.zipf\.settings\.target.*weights\.csv"):
        load(changed("studies/zipf/settings/target", f"file:{path}"))


def test_keys_that_are_numbers_are_refused():
    with pytest.raises(ParameterError, match="keys that are texts"):
        load(changed("studies", {1: {}}))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["studies", "temperature", "axes", "target"]) | st.text(max_size=4),
                inner,
                max_size=3,
            )
        ),
        max_leaves=6,
    ),
    st.sampled_from(
        [
            "results",
            "root_seed",
            "studies",
            "studies/zipf",
            "studies/zipf/axes",
            "studies/zipf/axes/temperature",
            "studies/zipf/axes/initial",
            "studies/zipf/settings",
            "studies/zipf/settings/target",
            "studies/zipf/settings/checkpoints",
            "studies/zipf/settings/initial_size",
            "studies/zipf/seeds",
            "studies/variants/axes/variant",
            "figures",
            "figures/trajectories",
            "figures/phase_diagram/studies",
        ]
    ),
)
@example({"\n": None}, "studies")
@settings(deadline=None, max_examples=300)
def test_whatever_stands_in_a_configuration_is_used_or_refused_in_one_line(value, path):
    message = ""
    try:
        load(changed(path, value))
    except HeatdeathError as error:
        message = str(error)
    assert "\n" not in message


@given(
    st.lists(
        # Others have more digits than the name of a folder can have.
        st.floats(min_value=0, allow_nan=False).filter(lambda t: len(slug(t)) <= 253),
        min_size=1,
        max_size=6,
    )
)
@settings(deadline=None)
def test_temperatures_are_cells_exactly_if_they_differ(temperatures):
    config = changed("studies/zipf/axes/temperature", temperatures)
    del config["figures"]
    if len(set(temperatures)) == len(temperatures):
        assert load(config).studies["zipf"].axes["temperature"] == sorted(temperatures)
    else:
        with pytest.raises(ParameterError, match="once"):
            load(config)


def test_a_results_folder_below_a_file_is_refused(tmp_path):
    (tmp_path / "results").write_text("kept")
    with pytest.raises(OutputError, match="not a folder"):
        check_writable(tmp_path / "results" / "deeper")
    assert (tmp_path / "results").read_text() == "kept"


def test_a_folder_that_can_be_made_is_not_made_yet(tmp_path):
    check_writable(tmp_path / "results" / "deeper")
    assert list(tmp_path.iterdir()) == []


def test_the_schema_lists_the_kinds_of_study():
    assert read_schema()["$defs"]["study"]["properties"]["kind"]["enum"] == list(KINDS)


@pytest.mark.parametrize("beside", [{"target": "uniform:3"}, {}])
def test_a_target_in_a_variant_is_refused_and_the_axis_named(beside):
    config = {
        "root_seed": 1,
        "studies": {
            "own": {
                "description": "?",
                "kind": "phase_diagram",
                "axes": {"variant": {"a": {"target": "zipf:1:3"}}, "temperature": [1]},
                "settings": {"horizon": 10, **beside},
                "seeds": 1,
            }
        },
    }
    with pytest.raises(ParameterError, match=r"variant\.a\.target: .* make the target an axis"):
        load(config)
