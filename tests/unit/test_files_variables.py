import netCDF4
import numpy as np
import pytest

from heatdeath.errors import FileFormatError
from heatdeath.files.variables import FILL_VALUES, Record, annotate, validate
from heatdeath.observables import OBSERVABLES
from heatdeath.study.catalogue import kind_named

KINDS = ("trajectories", "target", "ensemble", "mean_field", "phase_diagram", "exactness")


def replaced(record, name, dims=None, values=None):
    """Return the record with one variable changed."""
    old_dims, old_values = record.variables[name]
    new = (old_dims if dims is None else dims, old_values if values is None else values)
    return Record(record.declaration, {**record.variables, name: new}, record.attributes)


def test_every_example_is_valid(records):
    for record in records.values():
        validate(record)


@pytest.mark.parametrize("kind", KINDS)
def test_every_variable_has_a_description_and_every_number_has_units(kind):
    for variable in kind_named(kind).variables:
        assert variable.long_name
        assert (variable.units is None) == (
            variable.dtypes == ("string",) or bool(variable.flags)
        ), variable.name
        assert set(variable.dims) <= {*kind_named(kind).dimensions, "<cell axes>"}


@pytest.mark.parametrize("kind", ["trajectories", "ensemble", "mean_field", "phase_diagram"])
def test_every_observable_is_declared_as_it_is_measured(kind):
    for name, observable in OBSERVABLES.items():
        variable = kind_named(kind).variable(name)
        assert variable.units == observable.units
        assert observable.long_name in variable.long_name
        assert variable.formula == observable.formula
        assert variable.may_be_infinite == observable.may_be_infinite


def test_fill_values_are_those_of_the_library():
    library = {"float64": "f8", "int64": "i8", "int8": "i1"}
    assert {name: netCDF4.default_fillvals[key] for name, key in library.items()} == FILL_VALUES


@pytest.mark.parametrize("kind", ["nonsense", "../trajectories", "", None, 3])
def test_an_unknown_kind_is_refused(kind):
    with pytest.raises(FileFormatError, match=r"kind .* is not one that this version knows"):
        validate(Record(kind_named(kind)))


@pytest.mark.parametrize("name", ["entropy", "seed", "outputs", "top_outcome"])
def test_a_missing_variable_is_named(make_trajectories, name):
    record = make_trajectories()
    del record.variables[name]
    with pytest.raises(FileFormatError, match=rf"variable {name} of kind trajectories is missing"):
        validate(record)


def test_an_unknown_or_derived_variable_is_named(make_trajectories):
    for name in ("entropie", "theta"):
        record = make_trajectories(n_outcomes=5)
        record.variables[name] = record.variables["counts"]
        with pytest.raises(FileFormatError, match=rf"no stored variable {name}"):
            validate(record)


def test_a_missing_attribute_is_named(make_trajectories):
    record = make_trajectories()
    del record.attributes["temperature"]
    with pytest.raises(FileFormatError, match="attribute temperature of kind trajectories is miss"):
        validate(record)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("more", None),
        ("more", True),
        ("more", [1, 2]),
        ("more", float("nan")),
        ("more", np.float64(1)),
        ("checksum", "0"),
        ("with space", 1),
    ],
)
def test_an_attribute_that_a_file_cannot_hold_is_named(make_trajectories, name, value):
    record = make_trajectories()
    record.attributes[name] = value
    with pytest.raises(FileFormatError, match=name):
        validate(record)


@pytest.mark.parametrize(
    ("name", "dims", "values", "message"),
    [
        ("entropy", None, np.zeros((4, 6), np.float32), "has type float32; allowed: float64"),
        ("entropy", None, np.zeros((4, 6), np.int64), "has type int64; allowed: float64"),
        ("entropy", None, [[0.0]], "is a list; allowed: a NumPy array"),
        ("entropy", ("checkpoint", "seed"), np.zeros((6, 4)), "allowed: \\(seed, checkpoint\\)"),
        ("entropy", None, np.zeros(4), "1 dimensions of data"),
        ("entropy", None, np.zeros((4, 7)), "length 7 along checkpoint; allowed: 6"),
        ("entropy", None, np.full((4, 6), np.nan), "entropy: holds NaN"),
        ("entropy", None, np.full((4, 6), np.inf), "entropy: holds infinities"),
        ("kl_from_target", None, np.full((4, 6), np.nan), "kl_from_target: holds NaN"),
        ("entropy", None, np.full((4, 6), 9.969209968386869e36), "holds fill values"),
        ("top_outcome", None, np.full((4, 6), FILL_VALUES["int64"]), "holds fill values"),
    ],
)
def test_a_wrong_variable_is_named_with_what_is_allowed(
    make_trajectories, name, dims, values, message
):
    with pytest.raises(FileFormatError, match=message):
        validate(replaced(make_trajectories(), name, dims, values))


def test_a_single_nan_is_found(make_trajectories):
    record = make_trajectories()
    record.values("kl_from_target")[2, 3] = np.nan
    with pytest.raises(FileFormatError, match="kl_from_target: holds NaN"):
        validate(record)


def test_nothing_may_be_empty(make_trajectories):
    with pytest.raises(FileFormatError, match="length 0 along seed; allowed: at least 1"):
        validate(_without_seeds(make_trajectories()))


def _without_seeds(record):
    for name, (dims, values) in record.variables.items():
        if dims[0] == "seed":
            record.variables[name] = (dims, values[:0])
    return record


def test_an_empty_text_is_refused(records):
    with pytest.raises(FileFormatError, match="label: an empty text"):
        validate(replaced(records["target"], "label", values=np.array(["a", "", "c"])))


def test_a_flag_that_has_no_meaning_is_refused(records):
    with pytest.raises(FileFormatError, match="phase: holds a flag"):
        validate(replaced(records["phase_diagram"], "phase", values=np.full((3, 2, 2), 9, np.int8)))


def test_cell_axes_are_declared_axes_with_a_coordinate_each(records):
    record = records["phase_diagram"]
    with pytest.raises(FileFormatError, match="phase: seed is not an axis of a study"):
        validate(replaced(record, "phase", ("temperature", "fresh_fraction", "seed")))
    with pytest.raises(FileFormatError, match="allowed"):
        validate(replaced(record, "phase", ("temperature", "initial", "initial")))
    del record.variables["initial"]
    with pytest.raises(FileFormatError, match="the coordinate variable of initial is missing"):
        validate(record)


def test_data_name_the_coordinates_that_their_dimensions_do_not(records):
    assert annotate(records["trajectories"])["entropy"]["coordinates"] == "outputs dataset_size"
    assert annotate(records["target"])["probability"]["coordinates"] == "label"
    assert annotate(records["phase_diagram"])["phase"]["coordinates"] == "initial"
    assert "coordinates" not in annotate(records["trajectories"])["outputs"]
