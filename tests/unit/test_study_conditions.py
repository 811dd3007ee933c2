"""Which studies have lines of theory in their phase diagrams."""

import math

import pytest

from heatdeath.study.conditions import has_theory_lines, theory_arguments
from heatdeath.study.config import load


def study(kind="phase_diagram", axes=None, **settings):
    axes = {"temperature": [0, 0.5, math.inf], "fresh_fraction": [0, 0.5]} | (axes or {})
    settings = {"target": "zipf:1:10", "horizon": 1000} | settings
    entry = {"description": "a question", "kind": kind, "axes": axes, "seeds": 1}
    config = {"root_seed": 1, "studies": {"own": entry | {"settings": settings}}}
    return load(config).studies["own"]


def test_a_plane_of_growing_data_has_lines_of_its_finite_temperatures():
    found = study(axes={"initial": ["target", "collapsed:1:0.01"]})
    assert has_theory_lines(found)
    assert theory_arguments(found) == {
        "temperatures": [0.5],
        "starts": ["target", "collapsed:1:0.01"],
        "tolerance": 0.1,
    }
    assert theory_arguments(study(initial="uniform"))["starts"] == ["uniform"]


def test_temperatures_at_which_theory_has_no_answer_have_no_lines():
    near_one, beyond = [1 - 1e-12, 1 + 1e-12], [1e-9, 1e9]
    found = study(axes={"temperature": [*beyond, *near_one, 1, 2]})
    assert theory_arguments(found)["temperatures"] == [1.0, 2.0]
    assert not has_theory_lines(study(axes={"temperature": [*beyond, *near_one]}))


def test_a_batch_of_one_output_changes_nothing():
    assert has_theory_lines(study(batch_size=1))


@pytest.mark.parametrize(
    "changes",
    [
        {"regime": "replace", "batch_size": 10},
        {"batch_size": 10},
        {"top_k": 3},
        {"axes": {"temperature": [0, math.inf]}},
        {"axes": {"initial_size": [100, 1000]}},
        {"axes": {"variant": {"keep": {}, "cut": {"top_p": 0.9}}}},
    ],
)
def test_a_study_that_the_theory_is_not_of_has_no_lines(changes):
    assert not has_theory_lines(study(**changes))
