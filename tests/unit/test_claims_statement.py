import copy

import pytest
import yaml

from heatdeath.claims.statement import CLAIMS_PATH, load_claims
from heatdeath.errors import FileFormatError, ParameterError

GIVEN = yaml.safe_load(CLAIMS_PATH.read_text(encoding="utf-8"))


def loaded(tmp_path, change):
    given = copy.deepcopy(GIVEN)
    change(given["claims"])
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump(given), encoding="utf-8")
    return load_claims(path)


def test_the_claims_are_eleven_in_order():
    assert [claim.id for claim in load_claims()] == [f"C{i}" for i in range(1, 12)]


def test_a_rule_says_its_thresholds_as_numbers():
    for claim in load_claims():
        for judged in filter(None, (claim, claim.families)):
            assert "{" not in judged.rule
            for value in judged.thresholds.values():
                assert f"{value:g}" in judged.rule


def test_all_but_the_claim_about_data_regimes_have_a_rule_for_families():
    assert [claim.id for claim in load_claims() if claim.families is None] == ["C11"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c[1].update(id="C1"), r"claims\[1\].id: got 'C1'; allowed: each id once"),
        (lambda c: c[0].update(id="1"), r"claims\[0\].id: got '1'; allowed: C and a number"),
        (lambda c: c[0].update(rules="x"), r"claims\[0\].rules: .*did you mean rule"),
        (lambda c: c[0].pop("control"), r"claims\[0\].control: .*required"),
        (lambda c: c[0].update(needs=["planes"]), r"claims\[0\].needs\[0\]: got 'planes'"),
        (lambda c: c[0].update(rule="above {other}"), r"claims\[0\].rule: got '\{other\}'"),
        (lambda c: c[0]["thresholds"].update(more=1), r"claims\[0\].thresholds.more: got 1"),
        (lambda c: c[0]["thresholds"].update(level="0.9"), r"claims\[0\].thresholds.level"),
        (lambda c: c[0]["families"].pop("rule"), r"claims\[0\].families.rule: .*required"),
        (
            lambda c: c[1]["families"].update(rule="above {other}"),
            r"claims\[1\].families.rule: got '\{other\}'",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_the_key_the_value_and_what_is_allowed(
    tmp_path, change, message
):
    with pytest.raises(ParameterError, match=message):
        loaded(tmp_path, change)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileFormatError, match=r"none\.yaml"):
        load_claims(tmp_path / "none.yaml")
