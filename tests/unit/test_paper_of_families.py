"""What the paper quotes of families: counted cells, rates, and fractions with their ends."""

import numpy as np
import pytest

from heatdeath.files import netcdf
from heatdeath.files.variables import Record
from heatdeath.paper.architecture_numbers import architecture_numbers, model_size_numbers
from heatdeath.study.catalogue import kind_named

SHARED = {"family": "vae", "target": "digits:100", "n_outcomes": 100, "n_seeds": 4}
STARTS = np.array(["target", "collapsed:1:0.01"])
TEMPERATURES = np.array([0.5, 2.0])


def write(folder, kind, variables, attributes):
    netcdf.write(Record(kind_named(kind), variables, SHARED | attributes), folder / f"{kind}.nc")
    return folder / f"{kind}.nc"


def gate(folder, *, passed):
    variables = {
        "gate": (("gate",), np.array(["coverage"])),
        "seed": (("seed",), np.arange(3)),
        "value": (("gate", "seed"), np.ones((1, 3))),
        "threshold": (("gate",), np.array([0.9])),
        "passed": (("gate", "seed"), np.array([[1, 1, int(passed)]], np.int8)),
    }
    attributes = {"family": "vae", "target": "digits:100", "size": 2000, "root_seed": 1}
    netcdf.write(Record(kind_named("gate"), variables, attributes), folder / "gate.nc")
    return folder / "gate.nc"


def agreement(folder):
    """Of ten cells four agree; two are lost, three kept, and one is otherwise apart."""
    names = ["faithful", "collapsed", "heat_death"]
    confusion = np.array([[3, 1, 1, 0], [2, 1, 0, 0], [1, 1, 0, 0]])
    cells = (("temperature", "initial"), np.zeros((2, 2)))
    by_urn = (cells[0], np.array([[0, 1], [1, 1]], np.int8))
    found = (cells[0], np.array([[0, 1], [0, 1]], np.int8))
    variables = {
        "temperature": (("temperature",), TEMPERATURES),
        "initial": (("initial",), STARTS),
        "urn_name": (("urn_name",), np.array(names)),
        "measured_name": (("measured_name",), np.array([*names, "mixed"])),
        "urn_phase": by_urn,
        "urn_total_variation": cells,
        "urn_order_parameter": cells,
        "measured_phase": found,
        "confusion": (("urn_name", "measured_name"), confusion),
    }
    attributes = {
        "tolerance": 0.3,
        "cells": 10,
        "agreeing_cells": 4,
        "agreeing_share": 0.4,
        "share_by_chance": 0.35,
    }
    return write(folder, "urn_agreement", variables, attributes)


def rate(folder):
    variables = {
        "temperature": (("temperature",), TEMPERATURES),
        "bound": (("bound",), np.array(["lower", "upper"])),
        "rate": (("temperature",), np.array([-1.25, 0.5])),
        "rate_interval": (("temperature", "bound"), np.array([[-1.5, -1.0], [0.4, 0.6]])),
        "span": (("temperature",), np.ones(2)),
        "urn_rate": (("temperature",), np.array([-1.1, 0.7])),
        "urn_span": (("temperature",), np.ones(2)),
    }
    attributes = {
        "regime": "replace",
        "confidence": 0.95,
        "clock": "generation",
        "moved": 1.0,
        "initial": "target",
        "fresh_fraction": "0",
    }
    return write(folder, "collapse_rate", variables, attributes)


def fraction(folder, *, widths=None):
    axes = ("temperature", "initial") if widths is None else ("temperature", "width")
    shape = (2, 2)
    exists = (axes, np.ones(shape, np.int8))
    numbers = (axes, np.full(shape, 0.25))
    variables = {
        "temperature": (("temperature",), TEMPERATURES),
        "bound": (("bound",), np.array(["lower", "upper"])),
        "censoring": (axes, np.array([[0, 0], [2, 1]], np.int8)),
        "least_fresh_fraction": (axes, np.array([[0.42, 0.61], [0.75, 0.25]])),
        "least_fresh_fraction_interval": (
            (*axes, "bound"),
            np.array([[[0.4, 0.44], [0.5, 0.7]], [[0.75, 1.0], [0.0, 0.25]]]),
        ),
        "bracket": ((*axes, "bound"), np.zeros((*shape, 2))),
        "urn_exists": exists,
        "urn_least_fresh_fraction": numbers,
        "urn_tolerance_fraction": numbers,
        "urn_fold_exists": exists,
        "urn_fold": numbers,
    }
    attributes = {"confidence": 0.95, "tolerance": 0.3}
    if widths is None:
        variables["initial"] = (("initial",), STARTS)
    else:
        variables["width"] = (("width",), np.array(widths))
        attributes["initial"] = "target"
    return write(folder, "least_fresh_fraction", variables, attributes)


@pytest.fixture
def study(tmp_path, records):
    """Write the files of one study; whether it passes its gate is for the test to say."""

    def made(name, *, passed):
        folder = tmp_path / name
        folder.mkdir()
        netcdf.write(records["ensemble"], folder / "ensemble.nc")
        return {
            "agreement": agreement(folder),
            "gate": gate(folder, passed=passed),
            "ensemble": folder / "ensemble.nc",
            "rate": rate(folder),
            "fraction": fraction(folder),
        }

    return made


def numbers_of(*studies):
    return architecture_numbers(**{part: [each[part] for each in studies] for part in studies[0]})


def test_cells_are_counted_by_what_the_urn_and_the_family_say(study):
    numbers = numbers_of(study("a", passed=True), study("b", passed=True))
    (row, _) = numbers["rows"]
    counted = {name: row[name]["value"] for name in ("cells", "agreeing", "lost", "kept")}
    assert counted == {"cells": 10, "agreeing": 4, "lost": 2, "kept": 3}
    names = ("pairs", "urn_decided", "decided", "both_decided")
    assert [row[name]["value"] for name in names] == [2, 1, 2, 1]
    assert numbers["chance_cells"]["value"] == 7
    assert numbers["cells"]["value"] == 20
    assert numbers["agreeing_cells"]["value"] == 8
    assert "failed" not in numbers


def test_rates_and_fractions_are_those_of_the_drawn_start_at_the_two_temperatures(study):
    (row,) = numbers_of(study("a", passed=True))["rows"]
    assert (row["cold_rate"]["text"], row["cold_rate"]["half"]) == ("−1.2", "0.2")
    assert row["hot_urn_rate"]["value"] == 0.7
    assert row["cold_fraction"]["range"] == "0.40–0.44"
    assert row["hot_fraction"]["text"] == "> 0.75"
    assert row["cold_urn_fraction"]["value"] == 0.25


def test_a_family_that_fails_its_gate_is_no_row_and_is_said(study):
    numbers = numbers_of(study("a", passed=True), study("b", passed=False))
    assert len(numbers["rows"]) == 1
    assert numbers["failed"]["text"] == "one family fails its gate and is left out"


def test_sizes_quote_the_narrowest_and_the_widest_models(tmp_path):
    paths = {
        "fraction": [fraction(tmp_path, widths=[4, 64])],
        "gate": [gate(tmp_path, passed=True)],
    }
    rows = model_size_numbers(**paths)["rows"]
    assert [row["temperature"]["text"] for row in rows] == ["0.5", "2"]
    assert [rows[0][f"{name}_width"]["value"] for name in ("narrow", "wide")] == [4, 64]
    assert rows[0]["wide_fraction"]["text"] == "0.61"
    assert rows[1]["wide_fraction"]["text"] == "≤ 0.25"


def test_sizes_of_which_none_passes_its_gate_are_no_rows(tmp_path):
    paths = {
        "fraction": [fraction(tmp_path, widths=[4, 64])],
        "gate": [gate(tmp_path, passed=False)],
    }
    assert model_size_numbers(**paths)["rows"] == []
