"""Studies of rates, and the figure of them, in a configuration."""

import pytest

from heatdeath.errors import ParameterError
from heatdeath.study.config import load

RATES = ("relaxation", "collapse", "flow")


@pytest.fixture
def config(part_of_quick):
    """Return the quick configuration with the studies of rates alone."""
    return part_of_quick(RATES, "rates")


def test_each_study_of_rates_ends_in_the_file_of_its_kind(config):
    studies = load(config).studies
    kinds = {name: study.kind for name, study in studies.items()}
    assert kinds == dict(zip(RATES, ("relaxation", "collapse_time", "flow_agreement"), strict=True))


@pytest.mark.parametrize(
    ("study", "key", "value", "message"),
    [
        ("relaxation", "initial", "target", "settings.initial: got 'target'; allowed: a start"),
        ("relaxation", "record", "observables", "settings.record: got 'observables'"),
        ("relaxation", "top_k", 3, "settings.top_k: got 3; allowed: nothing"),
        ("collapse", "fresh_fraction", 0.5, "settings.fresh_fraction: got 0.5; allowed: 0"),
        ("collapse", "regime", "replace", "settings.regime: got 'replace'"),
        ("flow", "record", "observables", "settings.record: got 'observables'"),
    ],
)
def test_a_setting_that_the_kind_cannot_use_is_refused(config, study, key, value, message):
    config["studies"][study]["settings"][key] = value
    if value == "replace":
        config["studies"][study]["settings"]["batch_size"] = 1000
    with pytest.raises(ParameterError, match=message):
        load(config)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("collapse_time", "none", r"figures\.rates\.collapse_time: got 'none'"),
        ("collapse_time", "flow", r"figures\.rates\.collapse_time: got 'flow'.*collapse_time"),
        ("relaxation", ["flow"], r"figures\.rates\.relaxation\[0\]: got 'flow'"),
        ("relaxation", [], r"figures\.rates\.relaxation"),
        ("flow_agreement", "collapse", r"figures\.rates\.flow_agreement: got 'collapse'"),
    ],
)
def test_a_study_that_the_figure_cannot_show_is_refused(config, key, value, message):
    config["figures"]["rates"][key] = value
    with pytest.raises(ParameterError, match=message):
        load(config)
