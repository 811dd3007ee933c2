"""What the name of a target says without the list of words."""

import sys
from subprocess import run

import pytest
import wordfreq

from heatdeath import targets
from heatdeath.errors import ParameterError
from heatdeath.study.target_names import (
    N_WORDS,
    canonical_name,
    check_family,
    is_uniform,
    n_outcomes,
)


def test_the_list_of_words_is_as_long_as_is_said():
    assert len(wordfreq.get_frequency_dict("en", wordlist="large")) == N_WORDS


@pytest.mark.parametrize("name", ["uniform:3", "zipf:1.5:4", "words:1", "words:5", "zipf:0:3"])
def test_names_say_of_targets_what_their_probabilities_say(name):
    target = targets.resolve(name)
    assert canonical_name(name) == target.name
    assert n_outcomes(name) == target.n_outcomes
    assert is_uniform(name) == (target.probabilities.min() == target.probabilities.max())


def test_one_target_has_one_name():
    assert canonical_name("zipf:1.50:010") == "zipf:1.5:10"
    assert canonical_name("words:007") == "words:7"
    assert canonical_name("file:a.csv") == "file:a.csv"


def test_a_file_is_uniform_if_its_weights_are_equal(tmp_path):
    for weights, expected in (("2\n2\n", True), ("2\n1\n", False)):
        (tmp_path / "weights.csv").write_text(weights)
        assert is_uniform(f"file:{tmp_path / 'weights.csv'}") == expected


def test_words_are_counted_without_the_list_of_them():
    code = (
        "import sys; from heatdeath.study.target_names import *; canonical_name('words:9'); "
        "n_outcomes('words:9'); is_uniform('words:9'); check_family('words', [2, 9]); "
        "sys.exit('wordfreq' in sys.modules)"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("digits", ["0", "321181", "9" * 5000])
def test_a_number_of_words_that_there_is_not_is_refused(digits):
    for function in (canonical_name, n_outcomes):
        with pytest.raises(ParameterError, match="n >= 1 and <= 321180"):
            function(f"words:{digits}")


@pytest.mark.parametrize(
    ("family", "sizes"),
    [
        ("zipf:1.2.3", [2, 10]),
        ("zipf:.", [2, 10]),
        ("zipf:99999", [2, 10]),
        ("zipf:1.0", [2, 10]),
        ("zipf:01", [2, 10]),
        ("zipf", [2, 10]),
        ("zipf:50", [10**7, 2]),
        ("words", [400_000, 2]),
        ("uniform", [0, 10]),
    ],
)
def test_a_family_without_a_target_of_each_number_is_refused(family, sizes):
    check_family("zipf:0.5", [2, 10])
    with pytest.raises(ParameterError):
        check_family(family, sizes)
