"""Every rule on made-up data for which the claim is true, and on data for which it is false."""

import math

import numpy as np
import pytest

from heatdeath.claims import fresh_data, limits, signs, speed
from heatdeath.claims.data import Data
from heatdeath.claims.statement import load_claims
from heatdeath.claims.verdict import decide
from heatdeath.files.variables import Record
from heatdeath.measure.endpoints import Endpoints
from heatdeath.observables import observe
from heatdeath.study.catalogue import kind_named

P = 1 / np.arange(1, 31)
P /= P.sum()
ONE_OUTCOME = 0.97 * np.eye(30)[0] + 0.03 * P
UNIFORM = np.full(30, 1 / 30)
THRESHOLDS = {claim.id: claim.thresholds for claim in load_claims()}
N_SEEDS = 16


def cell(temperature, fresh_fraction, end, *, start=P, variant=None, seeds=N_SEEDS, **more):
    """Make the endpoints of a cell whose models are spread a little around two given ones."""
    rng = np.random.default_rng([seeds, int(100 * fresh_fraction)])

    def measured(theta, reference=None):
        thetas = np.stack([rng.dirichlet(20000 * theta + 1e-9) for _ in range(seeds)])
        found = {name: np.asarray(values) for name, values in observe(thetas, P).items()}
        distance = 0.0 if reference is None else abs(thetas - reference).sum(-1) / 2
        return found | {"total_variation_from_start": np.broadcast_to(distance, seeds)}

    attributes = {
        "temperature": str(temperature),
        "fresh_fraction": str(fresh_fraction),
        "initial": "target",
        "target": "zipf:1:30",
        "regime": "accumulate",
    } | more
    place = {} if variant is None else {"variant": variant}
    return Endpoints(
        place=place,
        attributes=attributes,
        p=P,
        tolerance=0.1,
        initial_size=1000.0,
        horizon=999000,
        outputs=np.array([0, 999000]),
        departure=np.zeros((seeds, 2)),
        start=measured(start),
        end=measured(end, start),
    )


def relaxation(exponents, *, target="uniform:10", last=0.01):
    """Make relaxation studies of the temperatures and exponents that are given."""
    temperatures, values = np.array(list(exponents.items())).T
    bounds = values[:, None] + np.array([-0.01, 0.01])
    deviation = np.tile([0.2, 0.2 * last], (values.size, 1))
    interval = deviation[..., None] * np.array([0.95, 1.05])
    variables = {
        "temperature": (("temperature",), temperatures),
        "bound": (("bound",), np.array(["lower", "upper"])),
        "growth": (("temperature", "checkpoint"), np.tile([1.0, 1e5], (values.size, 1))),
        "deviation": (("temperature", "checkpoint"), deviation),
        "deviation_interval": (("temperature", "checkpoint", "bound"), interval),
        "exponent": (("temperature",), values),
        "exponent_interval": (("temperature", "bound"), bounds),
    }
    attributes = {"target": target, "fresh_fraction": "0", "initial_size": "1000", "horizon": 1}
    return Record(kind_named("relaxation"), variables, attributes | {"fit_from": 100.0})


def collapse_time(medians, *, collapsed=1.0):
    """Make a study of collapse times of the temperatures and medians that are given."""
    temperatures, values = np.array(list(medians.items())).T
    quantiles = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    variables = {
        "temperature": (("temperature",), temperatures),
        "quantile": (("quantile",), quantiles),
        "bound": (("bound",), np.array(["lower", "upper"])),
        "log_growth": (("temperature", "quantile"), values[:, None] + 0.2 * (quantiles - 0.5)),
        "median_interval": (("temperature", "bound"), values[:, None] + np.array([-0.05, 0.05])),
        "collapsed_share": (("temperature",), np.full(values.size, collapsed)),
    }
    attributes = {"target": "uniform:10", "fresh_fraction": "0", "initial_size": "100"}
    return Record(kind_named("collapse_time"), variables, attributes | {"n_seeds": 32})


def verdict(rule, claim, data):
    finding = rule(data, **THRESHOLDS[claim])
    found, condition = decide(finding.evidence)
    assert (condition is None) == (found != "holds only if")
    if found in ("holds", "fails"):
        assert finding.summary
    return found


def plane(*cells):
    return Data(plane=cells)


def moved(share, towards):
    return (1 - share) * P + share * towards


COLLAPSING = [cell(0.5, 0, ONE_OUTCOME), cell(1.0, 0, P), cell(2.0, 0, UNIFORM)]


def test_c1_holds_where_other_temperatures_leave_the_target_and_fails_where_they_stay():
    rule = limits.other_limit_than_the_target
    away = relaxation({2: 0.5}, last=2.0)
    data = Data(plane=tuple(COLLAPSING), relaxation=(away,))
    assert verdict(rule, "C1", data) == "holds"
    still = (cell(0.5, 0, P), cell(1.0, 0, P), cell(2.0, 0, P))
    towards = relaxation({2: 0.5})
    assert verdict(rule, "C1", Data(plane=still, relaxation=(towards,))) == "fails"
    both = Data(plane=tuple(COLLAPSING), relaxation=(towards,))
    assert verdict(rule, "C1", both) == "holds only if"


def test_c1_holds_for_cold_loops_of_a_uniform_target_and_fails_for_hot_ones():
    towards, away = relaxation({2: 0.5}), collapse_time({0.5: 2, 0.7: 4})
    data = Data(plane=tuple(COLLAPSING), relaxation=(towards,), collapse_time=(away,))
    finding = limits.other_limit_than_the_target(data, **THRESHOLDS["C1"])
    verdict, condition = decide(finding.evidence)
    assert verdict == "holds only if"
    assert condition == "target = zipf:1:30; target = uniform:10 and T ≤ 0.7 (fails from 2 on)"


def test_c1_leaves_open_temperatures_that_had_no_time_to_change_the_model():
    still = [cell(temperature, 0, P) for temperature in (0.5, 0.95, 1.0)]
    finding = limits.other_limit_than_the_target(plane(*still), **THRESHOLDS["C1"])
    found = {each.where["temperature"]: each.holds for each in finding.evidence}
    assert found == {0.5: False, 0.95: None}


def test_c1_leaves_open_what_has_not_collapsed_yet():
    data = Data(collapse_time=(collapse_time({0.5: 2, 0.9: 9}, collapsed=0.0),))
    finding = limits.other_limit_than_the_target(data, **THRESHOLDS["C1"])
    assert [each.holds for each in finding.evidence] == [None, None]


def test_c1_is_judged_against_the_same_start_and_horizon_alone():
    other = cell(1.0, 0, P)
    other = Endpoints(**{**vars(other), "horizon": 5})
    assert verdict(limits.other_limit_than_the_target, "C1", plane(COLLAPSING[0], other)) == (
        "undecided"
    )


def test_c2_holds_for_the_exponents_that_are_claimed_and_fails_for_others():
    rule = limits.uniform_limit
    right = relaxation({1.25: 0.2, 1.5: 1 / 3, 4: 0.5})
    wrong = relaxation({1.25: 0.3, 2: 0.6, 4: 0.75})
    hot = (cell(2.0, 0, moved(0.99, UNIFORM)),)
    cold = (cell(2.0, 0, ONE_OUTCOME),)
    assert verdict(rule, "C2", Data(plane=hot, relaxation=(right,))) == "holds"
    assert verdict(rule, "C2", Data(plane=cold, relaxation=(wrong,))) == "fails"


def test_c2_expects_the_exponent_of_a_fit_where_the_approach_has_a_logarithm():
    growth = np.geomspace(100, 3e5, 400)
    slope, _ = np.polyfit(np.log(growth), 0.5 * np.log(np.log(growth) / growth), 1)
    assert limits.fitted_exponent(2.0, (100, 3e5)) == pytest.approx(-slope, abs=0.006)
    assert limits.fitted_exponent(1.5, (100, 3e5)) == limits.claimed_exponent(1.5)
    data = Data(plane=(cell(2.0, 0, moved(0.99, UNIFORM)),), relaxation=(relaxation({2: 0.44}),))
    assert verdict(limits.uniform_limit, "C2", data) == "holds"


def test_c3_holds_where_one_outcome_takes_all_and_fails_where_many_share():
    rule = limits.single_limit
    assert verdict(rule, "C3", plane(cell(0.5, 0, ONE_OUTCOME))) == "holds"
    assert verdict(rule, "C3", plane(cell(0.5, 0, UNIFORM))) == "fails"
    # Five outcomes that share all are a few, and may be on their way to one.
    five = np.repeat([0.2, 0.0], [5, 25]) + 1e-6
    start = np.repeat([0.15, 0.01], [5, 25])
    assert verdict(rule, "C3", plane(cell(0.5, 0, five / five.sum(), start=start))) == "undecided"


def column(temperature, faithful_from, fractions=(0, 0.5, 0.95)):
    return [cell(temperature, f, P if f >= faithful_from else ONE_OUTCOME) for f in fractions]


def test_c4_and_c5_are_opposites_where_the_grid_reaches_the_bound():
    saved, lost = plane(*column(0.5, 0.9)), plane(*column(0.5, 2))
    assert verdict(fresh_data.no_prevention, "C4", saved) == "fails"
    assert verdict(fresh_data.no_prevention, "C4", lost) == "holds"
    assert verdict(fresh_data.prevention, "C5", saved) == "holds"
    assert verdict(fresh_data.prevention, "C5", lost) == "fails"


def test_c4_and_c5_do_not_judge_temperatures_whose_grid_ends_below_the_bound():
    short = plane(*column(0.5, 2, fractions=(0, 0.5)))
    assert verdict(fresh_data.no_prevention, "C4", short) == "undecided"
    assert verdict(fresh_data.prevention, "C5", short) == "undecided"


def test_the_effect_of_c4_leaves_out_grids_that_are_judged_only_where_it_fails():
    short = column(0.5, 0.5, fractions=(0, 0.5))
    finding = fresh_data.no_prevention(plane(*short, *column(2.0, 2)), level=0.95)
    assert decide(finding.evidence)[0] == "holds only if"
    assert finding.effect.value == 0
    assert fresh_data.no_prevention(plane(*short), level=0.95).effect is None


def test_c5_keeps_studies_of_one_target_apart():
    shorter = [Endpoints(**{**vars(c), "horizon": 5}) for c in column(0.5, 2, fractions=(0, 0.98))]
    finding = fresh_data.prevention(plane(*column(0.5, 0.5), *shorter), level=0.95)
    assert sorted(each.holds for each in finding.evidence) == [False, True]


def test_c4_leaves_out_temperature_zero_and_what_is_faithful_without_fresh_data():
    data = plane(*column(0.0, 0.9), *column(1.0, 0))
    assert not fresh_data.no_prevention(data, level=0.95).evidence


def test_c5_names_the_sufficient_fraction_and_the_step_below():
    (found,) = fresh_data.prevention(plane(*column(0.5, 0.95)), level=0.95).evidence
    assert found.estimate == (0.95, 0.5, 0.95)


def test_c5_shows_measured_fractions_beside_and_not_as_evidence(records):
    records["growth"].variables["prevent_measured"][1][:] = 1
    records["tolerance_scan"].variables["sufficient_measured"][1][:] = [0, 1]
    records["tolerance_scan"].attributes["tolerance"] = 0.05
    records["capture"].variables["half_flag"][1][:] = 1
    for name in ("growth", "tolerance_scan", "capture"):
        records[name].attributes["target"] = "uniform:9"
    records["capture"].attributes["initial_size"] = "30"
    shown = {name: (records[name],) for name in ("growth", "tolerance_scan", "capture")}
    data = Data(plane=tuple(column(0.5, 0.9)), **shown)
    found = fresh_data.prevention(data, level=0.95)
    names = [each.name for each in found.beside]
    sufficient = "sufficient fresh fraction for a total variation of 0.05"
    assert names == ["f_prevent"] * 2 + [sufficient] + ["fresh fraction of half capture"] * 2
    assert all(each.holds is None for each in found.beside)
    assert "f_prevent" in found.summary


def test_c6_holds_where_zero_temperature_is_faithful_and_fails_where_it_locks_in():
    rule = fresh_data.zero_temperature
    assert verdict(rule, "C6", plane(cell(0.0, 0, P), cell(0.0, 0.5, P))) == "holds"
    assert verdict(rule, "C6", plane(cell(0.0, 0, ONE_OUTCOME))) == "fails"
    # Beyond 1 − tolerance every temperature is faithful.
    assert verdict(rule, "C6", plane(cell(0.0, 0.95, P))) == "undecided"


def test_c7_holds_for_monotone_clocks_and_fails_for_the_others():
    rule = speed.faster_away_from_one
    cold, hot = collapse_time({0.5: 2, 0.7: 4}), relaxation({1.25: 0.2, 2: 0.5})
    assert verdict(rule, "C7", Data(collapse_time=(cold,), relaxation=(hot,))) == "holds"
    cold, hot = collapse_time({0.5: 4, 0.7: 2}), relaxation({1.25: 0.5, 2: 0.2})
    assert verdict(rule, "C7", Data(collapse_time=(cold,), relaxation=(hot,))) == "fails"


def test_c7_fails_where_the_rate_saturates():
    hot = relaxation({1.25: 0.2, 2: 0.5, 4: 0.51})
    data = Data(collapse_time=(collapse_time({0.5: 2, 0.7: 4}),), relaxation=(hot,))
    finding = speed.faster_away_from_one(data, **THRESHOLDS["C7"])
    assert decide(finding.evidence) == ("holds only if", "T ≤ 1.25 (fails from 2 on)")


def test_c7_takes_a_median_beyond_the_horizon_as_later():
    data = Data(collapse_time=(collapse_time({0.5: 2, 0.7: math.inf}),))
    assert verdict(speed.faster_away_from_one, "C7", data) == "holds"


def test_c7_compares_no_temperatures_of_different_studies():
    # The same temperature in two studies is no pair, though its clocks are equal.
    studies = collapse_time({0.5: 2, 0.7: 4}), collapse_time({0.5: 2, 0.7: 4})
    assert verdict(speed.faster_away_from_one, "C7", Data(collapse_time=studies)) == "holds"


def test_c7_has_no_size_where_fewer_than_two_medians_are_within_the_horizon():
    data = Data(collapse_time=(collapse_time({0.5: 2, 0.7: math.inf, 0.8: math.inf}),))
    finding = speed.faster_away_from_one(data, **THRESHOLDS["C7"])
    assert finding.effect is None
    assert [each.holds for each in finding.evidence] == [True, None]


@pytest.mark.parametrize(
    ("rule", "claim"), [(signs.falling_entropy, "C8"), (signs.growing_self_similarity, "C9")]
)
def test_c8_and_c9_hold_for_collapse_and_fail_for_heat_death(rule, claim):
    assert verdict(rule, claim, plane(cell(0.5, 0, ONE_OUTCOME))) == "holds"
    assert verdict(rule, claim, plane(cell(2.0, 0, UNIFORM))) == "fails"
    assert verdict(rule, claim, plane(*COLLAPSING)) == "holds only if"
    assert verdict(rule, claim, plane(cell(1.0, 0, P))) == "undecided"


def test_c10_holds_where_distance_goes_with_change_and_fails_where_it_does_not():
    changed = [cell(0.5, f / 100, ONE_OUTCOME) for f in range(20)]
    kept = [cell(1.0, f / 100, P) for f in range(20)]
    assert verdict(signs.divergence, "C10", plane(*changed, *kept)) == "holds"
    # The same probabilities on other outcomes: far away, and as many as before.
    moved_away = [cell(1.0, f / 100, P[::-1]) for f in range(40)]
    assert verdict(signs.divergence, "C10", plane(*changed[:5], *moved_away)) == "fails"


def test_c10_is_not_won_by_an_alarm_that_always_sounds():
    # Most of this plane has changed, so that such an alarm is right nearly everywhere.
    changed = [cell(0.5, f / 100, ONE_OUTCOME) for f in range(80)]
    moved_away = [cell(1.0, f / 100, P[::-1]) for f in range(8)]
    assert verdict(signs.divergence, "C10", plane(*changed, *moved_away)) == "fails"
    assert verdict(signs.divergence, "C10", plane(*changed)) == "undecided"


def test_c11_holds_where_all_is_kept_and_fails_where_anything_is_lost():
    kept = Data(neutral=(cell(1.0, 0, P, seeds=64, variant="accumulate"),))
    assert verdict(limits.nothing_lost, "C11", kept) == "holds"
    lost = cell(1.0, 0, ONE_OUTCOME, seeds=64, variant="replace")
    assert verdict(limits.nothing_lost, "C11", Data(neutral=(lost,))) == "fails"
    both = Data(neutral=(*kept.neutral, lost))
    finding = limits.nothing_lost(both, **THRESHOLDS["C11"])
    assert decide(finding.evidence) == (
        "holds only if", "regime = accumulate (fails at replace)"
    )  # fmt: skip


def test_c11_sees_a_single_outcome_that_is_lost():
    whole = cell(1.0, 0, P, seeds=64, variant="replace")
    kept = whole.end["support_size"] - (np.arange(64) < 30)
    lost = Endpoints(**{**vars(whole), "end": whole.end | {"support_size": kept}})
    assert verdict(limits.nothing_lost, "C11", Data(neutral=(lost,))) == "fails"
