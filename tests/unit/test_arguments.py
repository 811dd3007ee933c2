import inspect
import math

import pytest

from heatdeath import simulate
from heatdeath.arguments import ARGUMENTS, REQUIRED
from heatdeath.errors import ParameterError
from heatdeath.files.axes import AXES
from heatdeath.models.arguments import FAMILY_ARGUMENTS, LARGEST_WIDTH, check_loop
from heatdeath.models.gates import GATE
from heatdeath.process import DEFAULTS, check_arguments
from heatdeath.sampling_rules import RULE_ARGUMENTS, SamplingRule
from heatdeath.starts import MAX_INITIAL_SIZE, MIN_INITIAL_SIZE
from heatdeath.study import code_digest

ROWS = {argument.name: argument for argument in ARGUMENTS}
# With which other arguments the least and the largest value of an argument are allowed.
NEEDED = {
    "initial_size": {"initial": "proportional"},
    "window": {"regime": "window", "batch_size": 1},
    "subsample": {"regime": "subsample", "batch_size": 1},
}
# Beyond these the largest value is refused for another reason, such as the memory that it takes.
TOO_LARGE = ("window",)
BOUNDED = [
    argument
    for argument in ARGUMENTS
    if (argument.least, argument.above, argument.most) != (None, None, None)
    and argument.name not in FAMILY_ARGUMENTS
]


def check(argument, value):
    arguments = {"temperature": 0.5, "horizon": 10, **NEEDED.get(argument.name, {})}
    return check_arguments(5, **(arguments | {argument.name: value}))


def test_each_argument_has_one_row():
    assert len(ROWS) == len(ARGUMENTS)
    assert set(ROWS) == {*inspect.signature(simulate).parameters, *FAMILY_ARGUMENTS}


def test_the_defaults_of_the_rows_are_those_of_the_functions():
    for function in (simulate, check_loop):
        for name, parameter in inspect.signature(function).parameters.items():
            if name in ROWS and parameter.default is not parameter.empty:
                assert ROWS[name].default == parameter.default, name
    assert {name: ROWS[name].default for name in DEFAULTS} == DEFAULTS


def test_the_required_arguments_are_those_without_a_default():
    parameters = inspect.signature(simulate).parameters.values()
    assert tuple(each.name for each in parameters if each.default is each.empty) == REQUIRED


def test_the_rows_have_every_argument_of_a_sampling_rule():
    assert [name for name in ROWS if name in RULE_ARGUMENTS] == [*RULE_ARGUMENTS]
    fields = inspect.signature(SamplingRule).parameters
    assert [*fields] == [*RULE_ARGUMENTS[:-1], "function"]


def test_a_default_is_among_the_choices():
    for argument in ARGUMENTS:
        assert not argument.choices or argument.default in argument.choices, argument.name


@pytest.mark.parametrize("argument", BOUNDED, ids=lambda argument: argument.name)
def test_the_limits_of_a_row_are_those_that_are_checked(argument):
    whole = argument.type != "number"
    for bound in (argument.least, argument.most):
        if bound is not None and not (bound == argument.most and argument.name in TOO_LARGE):
            check(argument, bound)
    refused = []
    if argument.least is not None:
        refused.append(argument.least - 1 if whole else math.nextafter(argument.least, -math.inf))
    if argument.above is not None:
        refused.append(argument.above)
    if argument.most is not None:
        refused.append(argument.most + 1 if whole else math.nextafter(argument.most, math.inf))
    for value in refused:
        with pytest.raises(ParameterError) as caught:
            check(argument, value)
        assert caught.value.name == argument.name


def test_the_limits_of_a_row_are_those_that_the_checks_have():
    size, width = ROWS["initial_size"], ROWS["width"]
    assert (size.least, size.most) == (MIN_INITIAL_SIZE, MAX_INITIAL_SIZE)
    assert (width.least, width.most) == (1, LARGEST_WIDTH)


def test_what_is_said_of_an_argument_is_said_wherever_it_stands():
    for argument in ARGUMENTS:
        assert argument.setting is not None or argument.axis is None, argument.name
        assert (argument.axis is None) == (argument.long_name is None), argument.name
        for sentence in (argument.setting, argument.axis):
            assert sentence is None or sentence.endswith("."), argument.name


def test_no_simulation_training_or_gate_depends_on_what_is_said_of_arguments():
    closure = code_digest._Closure()
    closure.add_name("heatdeath.study.jobs", "simulate_cell")
    closure.add_name("heatdeath.models.jobs", "train_cell")
    closure.add_name("heatdeath.models.gates", "record_gates")
    closure.add_name("heatdeath.study.paths", "parse_seeds")
    assert "heatdeath.process" in closure._texts
    assert "heatdeath.arguments" not in closure._texts


def test_the_width_of_a_gate_is_the_axis_of_a_study():
    (of_gates,) = (variable for variable in GATE.variables if variable.name == "width")
    assert of_gates in AXES
