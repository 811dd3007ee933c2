import math

import pytest

from heatdeath.claims.verdict import Evidence, above, below, decide, together, within
from heatdeath.measure.estimates import Estimate

INF = math.inf


def evidence(*places):
    return [Evidence("x", Estimate(0, 0, 0), where, holds) for where, holds in places]


def at(temperature, holds, **further):
    return {"temperature": temperature, **further}, holds


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1.1, 2, (True, False, False)), (0, 0.9, (False, True, True)), (0, 2, (None, None, None))],
)
def test_an_interval_decides_only_on_one_side_of_the_threshold(low, high, expected):
    estimate = Estimate(1, low, high)
    assert (above(estimate, 1), below(estimate, 1), within(estimate, 0, 1)) == expected


def test_an_interval_without_limits_is_open():
    nothing = Estimate(0, -INF, INF)
    assert above(nothing, 0) is below(nothing, 0) is within(nothing, -1, 1) is None


def test_one_failure_decides_about_a_place_and_one_open_number_leaves_it_open():
    assert together([True, True]) is True
    assert together([True, None]) is None
    assert together([True, None, False]) is False


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([True, True, None], "holds"),
        ([False, False, None], "fails"),
        ([True, False, None], "holds only if"),
        ([True, None, None], "undecided"),
        ([None], "undecided"),
        ([], "undecided"),
    ],
)
def test_a_verdict_is_what_all_places_that_are_not_open_say(found, expected):
    assert decide(evidence(*(at(T, holds) for T, holds in enumerate(found))))[0] == expected


def test_evidence_of_one_place_is_one_vote():
    many = [at(1.0, True)] * 5 + [at(2.0, True), at(2.0, False)]
    assert decide(evidence(*many)) == ("holds only if", "T ≤ 1 (fails from 2 on)")


@pytest.mark.parametrize(
    ("places", "region"),
    [
        ([at(0.5, True), at(0.8, True), at(2, False)], "T ≤ 0.8 (fails from 2 on)"),
        ([at(0.5, False), at(INF, True)], "T ≥ ∞ (fails up to 0.5)"),
        ([at(0.5, True), at(1, False), at(2, True)], "T = 0.5, 2 (fails at 1)"),
        (
            [at(0.5, True, target="a"), at(2, True, target="a"), at(2, False, target="b")],
            "target = a (fails at b)",
        ),
        (
            # No temperature is in both targets, which is no reason to name temperatures alone.
            [
                ({"target": "a", "temperature": 0.5}, True),
                ({"target": "a", "temperature": 2}, True),
                ({"target": "b", "temperature": 0.6}, True),
                ({"target": "b", "temperature": 1.5}, False),
            ],
            "target = a; target = b and T ≤ 0.6 (fails from 1.5 on)",
        ),
        (
            [
                at(0.5, True, fresh_fraction=0),
                at(0.5, True, fresh_fraction=0.5),
                at(2, False, fresh_fraction=0),
                at(2, True, fresh_fraction=0.5),
                at(3, False, fresh_fraction=0),
                at(3, False, fresh_fraction=0.5),
            ],
            "T = 0.5; T = 2 and f ≥ 0.5 (fails up to 0)",
        ),
    ],
)
def test_the_region_is_named_by_the_fewest_keys(places, region):
    assert decide(evidence(*places)) == ("holds only if", region)
