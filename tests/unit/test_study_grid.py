import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatdeath.files.axes import AXES
from heatdeath.study.config import load
from heatdeath.study.configuration_schema import read_schema
from heatdeath.study.grid import AXIS_ORDER
from heatdeath.study.paths import axis_part, parse_seeds, seeds_part, slug


def study(**changes):
    entry = {
        "description": "a question",
        "kind": "phase_diagram",
        "axes": {"temperature": [2, 0.5, math.inf], "fresh_fraction": [0, 0.5]},
        "settings": {"target": "zipf:1:10", "horizon": 1000},
        "seeds": 6,
    } | changes
    return load({"root_seed": 1, "studies": {"s": entry}}).studies["s"]


def test_files_are_named_by_canonical_values_and_blocks_of_seeds():
    paths = study(
        axes={
            "initial": ["collapsed:most:1e-2"],
            "fresh_fraction": [0.1],
            "temperature": [0.8],
        },
        seeds_per_job=4,
    ).trajectory_paths()
    assert paths == [
        "trajectories/T=0.8/f=0.1/initial=collapsed-most-0.01/seeds=0-3.nc",
        "trajectories/T=0.8/f=0.1/initial=collapsed-most-0.01/seeds=4-5.nc",
    ]


def test_cells_run_over_the_last_axis_first_and_numbers_increase():
    cells = list(study().cells.values())
    assert [cell.index for cell in cells] == [(i, j) for i in range(3) for j in range(2)]
    assert [cell.arguments["temperature"] for cell in cells[::2]] == [0.5, 2.0, math.inf]


def test_the_order_in_which_axes_and_values_are_written_changes_no_cell():
    swapped = study(axes={"fresh_fraction": [0.5, 0], "temperature": [math.inf, 0.5, 2]})
    assert swapped.cells == study().cells


def test_an_integer_and_its_float_make_the_same_cell_with_plain_numbers():
    one = study(settings={"target": "zipf:1.0:10", "horizon": 1e3})
    assert one.cells == study().cells
    for cell in one.cells.values():
        assert {type(value) for value in cell.arguments.values()} <= {int, float, str}


def test_a_setting_that_repeats_a_default_changes_no_cell():
    settings = {"target": "zipf:1:10", "horizon": 1000, "sampler": "auto", "checkpoints": 64}
    assert study(settings=settings).cells == study().cells


@pytest.mark.parametrize("regime", [{}, {"regime": "accumulate"}])
def test_batches_of_one_output_are_the_default_where_data_accumulate(regime):
    settings = {"target": "zipf:1:10", "horizon": 1000, "batch_size": 1, **regime}
    assert study(settings=settings).cells == study().cells


def test_batches_of_one_output_are_no_default_of_another_regime():
    settings = {"target": "zipf:1:10", "horizon": 100, "batch_size": 1, "regime": "replace"}
    for cell in study(settings=settings).cells.values():
        assert cell.arguments["batch_size"] == 1


def test_a_variant_returns_to_a_default_that_the_settings_replace():
    cells = study(
        axes={
            "variant": {"keep": {"regime": "accumulate", "batch_size": 1}, "replace": {}},
            "temperature": [1],
        },
        settings={
            "target": "zipf:1:10",
            "horizon": 1000,
            "regime": "replace",
            "batch_size": 10,
        },
    ).cells
    assert cells["T=1/variant=keep"].arguments == {
        "temperature": 1.0,
        "horizon": 1000,
        "regime": "accumulate",
    }
    assert cells["T=1/variant=replace"].arguments["regime"] == "replace"


def test_a_variant_overlays_the_settings():
    cells = study(
        axes={
            "variant": {
                "keep": {},
                "replace": {"regime": "replace", "batch_size": 10, "horizon": 500},
            },
            "temperature": [1],
        }
    ).cells
    assert cells["T=1/variant=keep"].arguments == {"temperature": 1.0, "horizon": 1000}
    assert cells["T=1/variant=replace"].arguments == {
        "temperature": 1.0,
        "horizon": 500,
        "regime": "replace",
        "batch_size": 10,
    }


def test_each_target_on_an_axis_has_a_file():
    targets = study(
        axes={"target": ["zipf:1:10", "uniform:5"], "temperature": [1]}, settings={"horizon": 10}
    )
    assert [targets.target_path(target) for target in targets.targets] == [
        "targets/zipf-1-10.nc",
        "targets/uniform-5.nc",
    ]
    assert study().target_path("zipf:1:10") == "target.nc"


def test_a_target_from_a_file_is_labelled_by_its_content(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text("3\n1\n")
    axes = {"target": [f"file:{path}", "uniform:2"], "temperature": [1]}
    label, other = study(axes=axes, settings={"horizon": 10}).labelled_axes["target"]
    assert label.startswith("sha256:")
    assert other == "uniform:2"


@pytest.mark.parametrize(("seeds", "per_job"), [(6, 6), (6, 4), (6, 1), (6, 100)])
def test_blocks_of_seeds_cover_each_seed_once(seeds, per_job):
    blocks = study(seeds=seeds, seeds_per_job=per_job).seed_blocks
    assert [seed for block in blocks for seed in parse_seeds(seeds_part(block))] == list(
        range(seeds)
    )


@pytest.mark.parametrize(
    ("seeds", "changes", "blocks"),
    [
        (20, {}, ["0-19"]),
        (32, {}, ["0-31"]),
        (40, {}, ["0-31", "32-39"]),
        (64, {}, ["0-31", "32-63"]),
        (2, {"seeds_per_job": 4}, ["0-1"]),
        (8, {"seeds_per_job": 4}, ["0-3", "4-7"]),
    ],
)
def test_the_size_of_a_block_does_not_depend_on_the_number_of_seeds(seeds, changes, blocks):
    made = study(seeds=seeds, **changes).seed_blocks
    assert [seeds_part(block) for block in made] == blocks


@given(st.floats(min_value=0, allow_nan=False))
def test_a_number_in_a_path_reads_back_as_the_same_number(value):
    name, _, text = axis_part("temperature", value).partition("=")
    assert name == "T"
    assert float(text) == value


@given(st.text(min_size=1))
def test_a_text_in_a_path_is_one_safe_part(text):
    assert set(slug(text)) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"
    )
    assert slug(text) != ""


def test_every_axis_of_the_files_is_an_axis_of_the_schema():
    names = set(read_schema()["$defs"]["axes"]["properties"])
    assert names == {axis.name for axis in AXES} == set(AXIS_ORDER)
