"""Studies of critical fractions, and the figure of them, in a configuration."""

import pytest

from heatdeath.errors import ParameterError
from heatdeath.study.config import load

STUDIES = ("zipf", "growth", "recovery", "tolerance")


@pytest.fixture
def config(part_of_quick):
    """Return the quick configuration with the studies of critical fractions alone."""
    return part_of_quick(STUDIES, "rescue")


def test_each_study_of_fractions_is_of_its_kind(config):
    kinds = {name: study.kind for name, study in load(config).studies.items()}
    expected = ("phase_diagram", "growth", "recovery", "tolerance_scan")
    assert kinds == dict(zip(STUDIES, expected, strict=True))


@pytest.mark.parametrize(
    ("study", "key", "value", "message"),
    [
        ("growth", "initial", "proportional", "settings.initial: got 'proportional'"),
        ("growth", "record", "observables", "settings.record: got 'observables'"),
        ("recovery", "initial", "target", "settings.initial: got 'target'"),
        ("recovery", "top_k", 3, "settings.top_k: got 3; allowed: nothing"),
        ("tolerance", "regime", "replace", "settings.regime: got 'replace'"),
    ],
)
def test_a_setting_that_the_kind_cannot_use_is_refused(config, study, key, value, message):
    config["studies"][study]["settings"][key] = value
    if value == "replace":
        config["studies"][study]["settings"]["batch_size"] = 1000
    with pytest.raises(ParameterError, match=message):
        load(config)


@pytest.mark.parametrize("study", ["growth", "recovery", "tolerance"])
def test_a_scan_needs_fresh_fractions(config, study):
    entry = config["studies"][study]
    entry["settings"]["fresh_fraction"] = entry["axes"].pop("fresh_fraction")[0]
    with pytest.raises(ParameterError, match=rf"studies\.{study}\.axes"):
        load(config)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("hysteresis", "none", r"figures\.rescue\.hysteresis: got 'none'"),
        ("hysteresis", "growth", r"figures\.rescue\.hysteresis: got 'growth'"),
        ("growth", "recovery", r"figures\.rescue\.growth: got 'recovery'"),
        ("recovery", ["growth"], r"figures\.rescue\.recovery\[0\]: got 'growth'"),
        ("recovery", [], r"figures\.rescue\.recovery"),
    ],
)
def test_the_figure_refuses_studies_that_it_cannot_show(config, key, value, message):
    config["figures"]["rescue"][key] = value
    with pytest.raises(ParameterError, match=message):
        load(config)


@pytest.mark.parametrize(
    ("axis", "values", "message"),
    [
        ("temperature", [0, 0.5], "above 0 and finite"),
        ("initial", ["target", "uniform"], "collapsed start"),
    ],
)
def test_branches_need_a_temperature_and_a_collapsed_start(config, axis, values, message):
    config["studies"]["zipf"]["axes"][axis] = values
    with pytest.raises(ParameterError, match=message):
        load(config)
