import argparse
import inspect
import re

import pytest

from heatdeath import ParameterError, critical_fractions, equilibria, tolerance_fraction
from heatdeath.cli import critical
from heatdeath.theory.critical import recovery_fraction
from heatdeath.theory.rates import relaxation_spectrum
from heatdeath.theory.uniform import uniform_critical_fractions

SENTENCE = re.compile(
    r"from (1e-\d+) to (1e\d+), and 1 or at\s+least (1e-\d+) away from it", re.MULTILINE
)
FUNCTIONS = {
    equilibria: lambda T: equilibria([3, 1], temperature=T, fresh_fraction=0.5),
    critical_fractions: lambda T: critical_fractions([3, 1], temperature=T),
    tolerance_fraction: lambda T: tolerance_fraction([3, 1], temperature=T, tolerance=0.1),
    recovery_fraction: lambda T: recovery_fraction([3, 1], temperature=T, outcome=1),
    uniform_critical_fractions: lambda T: uniform_critical_fractions(3, temperature=T),
    relaxation_spectrum: lambda T: relaxation_spectrum(
        [0.5, 0.5], temperature=T, fresh_fraction=0.5
    ),
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_the_docstring_says_which_temperatures_the_function_takes(function):
    lowest, highest, distance = map(float, SENTENCE.search(inspect.getdoc(function)).groups())
    for allowed in (lowest, 1 - distance, 1, 1 + distance, highest):
        FUNCTIONS[function](allowed)
    for refused in (lowest * 0.99, 1 - 0.99 * distance, 1 + 0.99 * distance, highest * 1.01):
        with pytest.raises(ParameterError, match="temperature"):
            FUNCTIONS[function](refused)


def test_the_help_of_critical_says_the_same_temperatures_as_the_docstrings():
    parser = argparse.ArgumentParser()
    critical.add_arguments(parser)
    # The help is folded at hyphens too.
    helped = " ".join(parser.format_help().split()).replace("1e- 4", "1e-4")
    found = SENTENCE.search(inspect.getdoc(critical_fractions))
    assert " ".join(found.group().split()) in helped
