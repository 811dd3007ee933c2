"""The published sufficient conditions: their numbers, their order and what they refuse."""

import math

import numpy as np
import pytest

from heatdeath.errors import ParameterError
from heatdeath.theory.equilibria import equilibria
from heatdeath.theory.published_bounds import (
    euclidean_bound,
    euclidean_radius,
    fisher_rao_bound,
)


def test_a_hundred_equally_probable_outcomes_at_half_the_temperature_need_what_the_papers_say():
    euclidean = euclidean_bound("uniform:100", temperature=0.5)
    assert euclidean.ratio == pytest.approx(200)
    assert euclidean.fresh_fraction == pytest.approx(0.995, abs=5e-4)
    assert fisher_rao_bound("uniform:100", temperature=0.5).ratio == pytest.approx(4e4)


def test_a_training_error_and_a_slower_contraction_ask_for_more():
    settings = {"training_error": 0.02, "contraction": 0.8}
    found = euclidean_bound([0.5, 0.3, 0.2], temperature=0.7, **settings)
    assert found.ratio == pytest.approx((0.02 + 1 / (0.8 * 0.7)) / 0.2)
    found = fisher_rao_bound([0.5, 0.3, 0.2], temperature=0.7, least_share=0.1, **settings)
    assert found.ratio == pytest.approx((0.02 + 2 / (0.8 * 0.7 * 0.1)) / 0.2)


@pytest.mark.parametrize("share", [1e-6, 0.01, 0.3, 1.0])
@pytest.mark.parametrize("contraction", [0.05, 0.7, 1.0])
def test_the_second_term_of_the_fisher_rao_condition_is_the_larger(share, contraction):
    p, temperature = [0.6, 0.4], 0.5
    first = (1 + contraction / share) / (temperature * 0.4 * contraction)
    found = fisher_rao_bound(p, temperature=temperature, contraction=contraction, least_share=share)
    assert found.ratio >= first * (1 - 1e-12)
    assert found.ratio == pytest.approx(2 / (contraction * temperature * share) / 0.4)


@pytest.mark.parametrize("temperature", [0.3, 0.8, 2.0])
def test_the_least_share_is_that_of_the_equilibrium_at_the_bound_itself(temperature):
    found = fisher_rao_bound("zipf:1:10", temperature=temperature)
    faithful = equilibria(
        "zipf:1:10",
        temperature=temperature,
        fresh_fraction=found.fresh_fraction,
        branches="faithful",
    )[0]
    again = fisher_rao_bound(
        "zipf:1:10", temperature=temperature, least_share=float(faithful.theta.min())
    )
    assert again.ratio == pytest.approx(found.ratio, rel=1e-9)


def test_the_radius_is_positive_exactly_where_the_condition_holds():
    settings = {"temperature": 0.5, "training_error": 0.01, "contraction": 0.9}
    bound = euclidean_bound("uniform:10", **settings).fresh_fraction
    assert euclidean_radius("uniform:10", fresh_fraction=bound - 1e-6, **settings) == math.inf
    radius = euclidean_radius("uniform:10", fresh_fraction=0.99, **settings)
    gain = 0.9 * (99 * 0.1 - 0.01) * 0.5
    assert radius == pytest.approx(0.01 * gain / (100 * (gain - 1)))
    assert 0 < radius < math.inf


def test_without_training_error_the_radius_is_zero():
    settings = {"temperature": 0.5, "training_error": 0, "contraction": 0.9}
    assert euclidean_radius("uniform:10", fresh_fraction=0.99, **settings) == 0


def test_no_ratio_is_enough_where_an_outcome_has_no_fresh_data():
    p = np.array([0.5, 0.5, 0.0])
    assert euclidean_bound(p, temperature=0.5) == (math.inf, 1.0)
    assert fisher_rao_bound(p, temperature=0.5) == (math.inf, 1.0)


@pytest.mark.parametrize("bound", [euclidean_bound, fisher_rao_bound])
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"temperature": 0}, "temperature: got 0.*above 0"),
        ({"temperature": math.inf}, "temperature: got inf"),
        ({"temperature": math.nan}, "temperature: got nan"),
        ({"training_error": -0.1}, "training_error: got -0.1"),
        ({"training_error": "small"}, "training_error: got 'small'"),
        ({"contraction": 0}, "contraction: got 0"),
        ({"contraction": 1.5}, "contraction: got 1.5"),
        ({"contraction": True}, "contraction: got True"),
    ],
)
def test_a_bad_argument_is_refused_by_name(bound, changes, says):
    with pytest.raises(ParameterError, match=says):
        bound("uniform:10", **({"temperature": 0.5} | changes))


def test_a_bad_share_fraction_or_contraction_of_the_radius_is_refused_by_name():
    with pytest.raises(ParameterError, match="least_share: got 0"):
        fisher_rao_bound("uniform:10", temperature=0.5, least_share=0)
    settings = {"temperature": 0.5, "training_error": 0.1, "contraction": 0.5}
    with pytest.raises(ParameterError, match="fresh_fraction: got 1"):
        euclidean_radius("uniform:10", fresh_fraction=1, **settings)
    with pytest.raises(ParameterError, match="contraction: got 1"):
        euclidean_radius("uniform:10", fresh_fraction=0.9, **(settings | {"contraction": 1}))
