"""The claims judged on made-up planes of families, for which the verdicts are known."""

import math
from dataclasses import replace

import numpy as np
import pytest

from heatdeath.claims import limits, speed
from heatdeath.claims.data import Data, FamilyStudy
from heatdeath.claims.judgement import JUDGES, judge_families
from heatdeath.claims.statement import load_claims
from heatdeath.errors import ParameterError
from heatdeath.measure.endpoints import Endpoints
from heatdeath.observables import observe
from heatdeath.tempering import temper

P = 1 / np.arange(1, 31)
P /= P.sum()
ONE_OUTCOME = 0.97 * np.eye(30)[0] + 0.03 * P
UNIFORM = np.full(30, 1 / 30)
CLAIMS = {claim.id: claim for claim in load_claims() if claim.families is not None}
FAMILY_JUDGES = [name for name, judge in JUDGES.items() if judge.family is not None]
BATCH = 500


def cell(
    temperature,
    fresh_fraction,
    path,
    *,
    generations=None,
    seeds=8,
    initial="target",
    tolerance=0.1,
    **attributes,
):
    """Make a cell whose models are spread a little around a path of models, one a checkpoint."""
    if generations is None:
        generations = range(len(path))
    rng = np.random.default_rng([seeds, int(100 * fresh_fraction)])
    thetas = np.stack([[rng.dirichlet(20000 * step + 1e-9) for step in path] for _ in range(seeds)])
    observed = {name: np.asarray(values) for name, values in observe(thetas, P).items()}
    departure = abs(thetas - thetas[:, :1]).sum(-1) / 2
    observed["total_variation_from_start"] = departure
    outputs = BATCH * np.array(list(generations))
    return Endpoints(
        place={},
        attributes={
            "temperature": str(temperature),
            "fresh_fraction": str(fresh_fraction),
            "initial": initial,
            "target": "made:30",
            "regime": "replace",
            "batch_size": BATCH,
        }
        | attributes,
        p=P,
        tolerance=tolerance,
        initial_size=float(BATCH),
        horizon=int(outputs[-1]),
        outputs=outputs,
        departure=departure,
        start={name: values[:, 0] for name, values in observed.items()},
        end={name: values[:, -1] for name, values in observed.items()},
    )


def ends(temperature, end, *, generations=10, start=P, **more):
    """Make a cell without fresh data that goes from one model to another."""
    return cell(temperature, 0, [start, end], generations=(0, generations), **more)


def study(*cells, failed_gates=()):
    return FamilyStudy("made", "made_family", "made:30", tuple(failed_gates), cells)


def judged(claim, *cells, **options):
    (row,) = judge_families(CLAIMS[claim], [study(*cells, **options)])
    return row


def found(rule, claim, *cells):
    """Return whether the claim holds at every place, in the order of the evidence."""
    finding = rule(Data(plane=cells), **CLAIMS[claim].families.thresholds)
    return [each.holds for each in finding.evidence]


def moved(share, towards):
    return (1 - share) * P + share * towards


def mean_field(temperature, fresh_fraction, start, *, generations=14):
    """Return what a loop without chance and without errors of fit becomes."""
    path = [start]
    for _ in range(generations):
        synthetic = temper(path[-1], temperature)
        path.append(fresh_fraction * P + (1 - fresh_fraction) * synthetic)
    return path


COLLAPSED = 0.99 * np.eye(30)[3] + 0.01 * P


@pytest.fixture(scope="module")
def mean_field_plane():
    return [
        cell(temperature, fraction, mean_field(temperature, fraction, start), initial=name)
        for temperature in (0, 0.25, 0.5, 0.8, 1, 1.25, 2, 4)
        for fraction in (0, 0.3, 0.6, 0.95)
        for name, start in (("target", P), ("collapsed:3:0.01", COLLAPSED))
    ]


@pytest.mark.parametrize(
    ("claim", "verdict", "condition"),
    [
        # tau_T(θ) = θ^(1/T)/Z: log-ratios grow by 1/T a generation below T = 1 and shrink above.
        ("C1", "holds", None),
        ("C2", "holds", None),
        ("C3", "holds", None),
        ("C7", "holds", None),
        # The total variation of what f p + (1 − f) θ becomes is at most 1 − f.
        ("C4", "fails", None),
        ("C5", "holds", None),
        # θ^∞ is one outcome.
        ("C6", "fails", None),
        ("C8", "holds only if", "T ≤ 0.8 (fails from 1.25 on)"),
        ("C9", "holds only if", "T ≤ 0.8 (fails from 1.25 on)"),
    ],
)
def test_a_family_that_follows_the_mean_field_gets_the_verdicts_of_theory(
    mean_field_plane, claim, verdict, condition
):
    row = judged(claim, *mean_field_plane)
    assert (row["verdict"], row["condition"]) == (verdict, condition), row["summary"]
    assert row["control"]["flipped"], row["control"]
    assert row["effect"]["value"] is not None
    assert row["summary"]


def test_the_least_fresh_fraction_of_every_temperature_is_evidence_of_c5(mean_field_plane):
    row = judged("C5", *mean_field_plane)
    drawn = [each for each in row["evidence"] if each["where"]["initial"] == "target"]
    fractions = {each["where"]["temperature"]: each["value"] for each in drawn}
    assert set(fractions) == {0, 0.25, 0.5, 0.8, 1.25, 2, 4}
    for temperature, fraction in fractions.items():
        faithful = {
            cell.fresh_fraction: bool(cell.faithful.all())
            for cell in mean_field_plane
            if cell.initial == "target" and cell.temperature == temperature
        }
        assert fraction == min(f for f in faithful if all(faithful[g] for g in faithful if g >= f))


def test_c4_and_c5_name_the_temperatures_whose_grid_ends_too_early():
    saved = [ends(0.5, ONE_OUTCOME), cell(0.5, 0.6, [P, P], generations=(0, 10))]
    lost = [ends(2, UNIFORM), cell(2, 0.6, [P, UNIFORM], generations=(0, 10)), ends(1, P)]
    for claim, verdict in (("C4", "fails"), ("C5", "holds")):
        row = judged(claim, *saved, *lost)
        assert row["verdict"] == verdict
        assert "Not judged at T = 2, where no cell is certainly faithful" in row["summary"]
        assert "Not judged" not in judged(claim, *saved)["summary"]
    frozen = [ends(0, ONE_OUTCOME), cell(0, 0.6, [P, ONE_OUTCOME], generations=(0, 10))]
    assert "Not judged" not in judged("C4", *saved, *frozen)["summary"]
    assert "Not judged at T = 0," in judged("C5", *saved, *frozen)["summary"]


def test_c10_holds_where_distance_goes_with_change_and_its_control_flips():
    cells = [ends(0.5, ONE_OUTCOME, initial_seed=i) for i in range(20)]
    cells += [ends(1, P, initial_seed=i) for i in range(20)]
    row = judged("C10", *cells)
    assert row["verdict"] == "holds"
    assert row["control"]["flipped"]
    away = [ends(1, P[::-1]) for _ in range(20)]
    assert judged("C10", *cells, *away)["verdict"] == "fails"


def test_c10_is_undecided_on_few_cells_and_says_so():
    row = judged("C10", ends(0.5, ONE_OUTCOME), ends(1, P))
    assert row["verdict"] == "undecided"
    assert "open at 5 of 5 places" in row["summary"]


def test_c1_fails_where_a_family_stays_and_is_undecided_where_it_had_no_time():
    still = ends(1, P)
    assert judged("C1", ends(0.5, ONE_OUTCOME), still, ends(2, UNIFORM))["verdict"] == "holds"
    assert judged("C1", ends(0.5, P), still, ends(2, P))["verdict"] == "fails"
    row = judged("C1", ends(0.5, ONE_OUTCOME), still, ends(2, P))
    assert (row["verdict"], row["condition"]) == ("holds only if", "T ≤ 0.5 (fails from 2 on)")
    # (1/0.9 − 1)·5 generations are less than the time of the rule.
    near = ends(0.9, P, generations=5)
    assert judged("C1", near, ends(1, P, generations=5))["verdict"] == "undecided"


def test_c1_asks_for_more_than_the_error_of_the_fit():
    # Both are beyond the tolerance of 0.1, and equally far: that is no limit of the temperature.
    rule = limits.further_than_at_one
    far = moved(0.3, P[::-1])
    assert found(rule, "C1", ends(0.5, far), ends(1, far)) == [True, None]
    # Further than at T = 1, and yet within the tolerance.
    assert found(rule, "C1", ends(0.5, moved(0.1, UNIFORM)), ends(1, P)) == [False, True]


def test_c1_counts_time_by_what_the_regime_keeps():
    rule = limits.further_than_at_one

    def stays(generations, **regime):
        return found(
            rule,
            "C1",
            ends(0.5, P, generations=generations, **regime),
            ends(1, P, generations=generations, **regime),
        )

    assert stays(1) == [False, False]
    assert stays(3, regime="window", window=4) == [None, None]
    assert stays(4, regime="window", window=4) == [False, False]
    # ln((ℓ₀ + K)/ℓ₀) is 0.69 after a batch as large as the start, and 1.1 after two.
    assert stays(1, regime="accumulate") == [None, None]
    assert stays(2, regime="accumulate") == [False, False]


def test_c2_holds_for_equal_shares_and_fails_for_a_hot_family_that_concentrates():
    hot = ends(2, UNIFORM)
    assert judged("C2", hot)["verdict"] == "holds"
    row = judged("C2", ends(2, ONE_OUTCOME))
    assert row["verdict"] == "fails"
    assert "exponent of the approach is not judged" in row["summary"]
    row = judged("C2", hot, ends(4, ONE_OUTCOME))
    assert (row["verdict"], row["condition"]) == ("holds only if", "T ≤ 2 (fails from 4 on)")


def test_c2_fails_where_a_family_stays_uneven_only_after_enough_time():
    rule = limits.equal_shares
    still = 0.9 * P + 0.1 * UNIFORM
    assert found(rule, "C2", ends(2, still, generations=5)) == [None]
    assert found(rule, "C2", ends(2, still, generations=6)) == [False]
    assert judged("C2", ends(2, still, generations=5))["verdict"] == "undecided"


def test_c2_counts_the_outcomes_of_the_start():
    # Equal shares of five outcomes of thirty.
    few = np.repeat([0.2, 0.0], [5, 25])
    assert found(limits.equal_shares, "C2", ends(2, few)) == [False]


def test_c3_reaches_every_verdict():
    five = np.repeat([0.2, 0.0], [5, 25])
    start = np.repeat([0.15, 0.01], [5, 25])
    assert judged("C3", ends(0.5, ONE_OUTCOME))["verdict"] == "holds"
    assert judged("C3", ends(0.5, UNIFORM))["verdict"] == "fails"
    assert judged("C3", ends(0.5, five, start=start))["verdict"] == "undecided"
    row = judged("C3", ends(0.5, ONE_OUTCOME), ends(0.9, UNIFORM))
    assert row["condition"] == "T ≤ 0.5 (fails from 0.9 on)"


def ramp(temperature, generations_to_move, *, last=8, every=1, **more):
    """Make a cell that leaves its start at a steady pace, by 0.25 after so many generations."""
    far = abs(P - np.eye(30)[29]).sum() / 2
    moments = range(0, last + 1, every)
    shares = [min(0.9, 0.25 / far * g / generations_to_move) for g in moments]
    path = [moved(share, np.eye(30)[29]) for share in shares]
    return cell(temperature, 0, path, generations=moments, **more)


def test_c7_measures_the_generations_until_the_model_has_moved():
    (row,) = judge_families(CLAIMS["C7"], [study(ramp(0.5, 2), ramp(0.8, 6))])
    assert row["verdict"] == "holds"
    assert row["effect"]["value"] == pytest.approx(math.log(3), abs=0.03)
    assert row["control"]["verdict"] == "fails"


def test_c7_reaches_every_verdict():
    assert judged("C7", ramp(0.5, 6), ramp(0.8, 2))["verdict"] == "fails"
    # Four and more generations, the same at both temperatures within the margin.
    assert judged("C7", ramp(2, 4), ramp(4, 4))["verdict"] == "fails"
    row = judged("C7", ramp(0.5, 2), ramp(0.8, 6), ramp(2, 2), ramp(4, 6))
    assert (row["verdict"], row["condition"]) == ("holds only if", "T ≤ 0.8 (fails from 2 on)")
    # Neither has moved by the horizon.
    row = judged("C7", ramp(0.5, 20), ramp(0.8, 30))
    assert row["verdict"] == "undecided"


def test_c7_takes_what_has_not_moved_within_the_horizon_as_later():
    assert judged("C7", ramp(0.5, 2), ramp(0.8, 30))["verdict"] == "holds"
    assert judged("C7", ramp(0.5, 30), ramp(0.8, 2))["verdict"] == "fails"


def test_c7_leaves_open_what_no_checkpoint_tells_apart():
    rule = speed.sooner_away_from_one
    assert found(rule, "C7", ramp(0.5, 1), ramp(0.8, 2)) == [True]
    assert found(rule, "C7", ramp(0.5, 1, every=4), ramp(0.8, 2, every=4)) == [None]
    assert found(rule, "C7", ramp(0.5, 1, every=4), ramp(0.8, 6, every=4)) == [True]


@pytest.mark.parametrize(
    ("claim", "cells", "reason"),
    [
        ("C1", [ends(0.5, ONE_OUTCOME)], "no cell at T = 1 without fresh data"),
        ("C1", [ends(1, P)], "no cell at a T other than 1 without fresh data"),
        ("C2", [ends(0.5, P), ends(1, P)], "no cell above T = 1 without fresh data"),
        ("C3", [ends(2, P)], "no cell below T = 1 without fresh data"),
        ("C4", [ends(0.5, P)], "no cell with a fresh fraction between 0 and 1"),
        (
            "C4",
            [ends(0.5, P), cell(0.5, 0.5, [P, P], generations=(0, 10))],
            "No temperature is judged",
        ),
        (
            "C5",
            [cell(0.5, 0.5, [P, P], generations=(0, 10))],
            "no cell at any T without fresh data",
        ),
        ("C5", [ends(1, P), cell(1, 0.5, [P, P], generations=(0, 10))], "No temperature is judged"),
        ("C6", [ends(0.5, P)], "no cell at T = 0"),
        ("C6", [cell(0, 0.95, [P, P])], "Every fresh fraction at T = 0 is 1 − tolerance or more"),
        ("C7", [ends(0.5, P), ends(2, P)], "No two temperatures are on the same side of T = 1"),
        ("C8", [ends(0.5, P)], "Every cell is faithful"),
        ("C9", [ends(0.5, P, initial="collapsed:0:0.01")], "no cell from a start drawn"),
        ("C10", [ends(2, 0.2 * P + 0.8 * UNIFORM)], "neither changed nor unchanged"),
    ],
)
def test_what_cannot_be_judged_is_undecided_and_says_why(claim, cells, reason):
    row = judged(claim, *cells)
    assert row["verdict"] == "undecided"
    assert reason in row["summary"]
    assert row["control"]["flipped"] is False


def test_a_single_seed_decides_nothing(mean_field_plane):
    first = [
        replace(
            each,
            departure=each.departure[:1],
            start={name: values[:1] for name, values in each.start.items()},
            end={name: values[:1] for name, values in each.end.items()},
        )
        for each in mean_field_plane
    ]
    for claim in ("C1", "C2", "C3", "C4", "C5", "C6", "C8", "C9"):
        row = judged(claim, *first)
        assert row["verdict"] == "undecided", claim
        assert row["summary"]


@pytest.mark.parametrize("claim", FAMILY_JUDGES)
def test_a_family_that_fails_its_gate_is_undecided_on_every_claim(mean_field_plane, claim):
    row = judged(claim, *mean_field_plane, failed_gates=["frechet_distance"])
    assert row["verdict"] == "undecided"
    assert row["summary"] == (
        "The family fails its quality gate on real data alone (frechet distance), so that its "
        "collapse says nothing."
    )
    assert row["evidence"] == []


def test_every_study_is_judged_on_its_own(mean_field_plane):
    still = study(ends(0.5, P), ends(1, P), ends(2, P))
    rows = judge_families(CLAIMS["C1"], [study(*mean_field_plane), still])
    assert [row["verdict"] for row in rows] == ["holds", "fails"]


def test_the_claims_with_a_rule_for_families_are_those_with_a_judge():
    assert set(CLAIMS) == set(FAMILY_JUDGES)


def test_thresholds_that_no_rule_asks_for_are_refused():
    stated = replace(CLAIMS["C2"].families, thresholds={"level": 0.9})
    with pytest.raises(ParameterError, match=r"C2\.families\.thresholds: got 'level'; .* exactly"):
        judge_families(replace(CLAIMS["C2"], families=stated), [])
