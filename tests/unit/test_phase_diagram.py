"""From trajectories to ensemble, phase diagram and table."""

import csv
import json
import math

import numpy as np
import pytest

from heatdeath import phases
from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files import netcdf
from heatdeath.files.variables import Record
from heatdeath.files.writing import write
from heatdeath.measure.phase_diagram import QUANTILES, aggregate, phase_diagram_files
from heatdeath.observables import OBSERVABLES, observe
from heatdeath.study.catalogue import kind_named

P = np.array([0.5, 0.3, 0.2])
AXES = {"temperature": [0.5, math.inf], "fresh_fraction": [0.1], "initial": ["target", "uniform"]}


def trajectories(seeds, *, final, outputs=(0, 10, 100), **attributes):
    """Make a record whose models go from the target to `final`, one for each seed."""
    share = np.linspace(0, 1, len(outputs))[:, None]
    theta = np.stack([P + (np.asarray(final)[seed] - P) * share for seed in seeds])
    both = ("seed", "checkpoint")
    variables = {name: (both, values) for name, values in observe(theta, P).items()}
    variables |= {
        "seed": (("seed",), np.array(seeds)),
        "outputs": (("checkpoint",), np.array(outputs)),
        "dataset_size": (("checkpoint",), np.array(outputs) + 30.0),
        "total_variation_from_start": (both, 0.5 * abs(theta - theta[:, :1]).sum(-1)),
        "top_outcome": (both, theta.argmax(-1)),
    }
    shared = {
        "target": "sha256:0",
        "n_outcomes": 3,
        "horizon": outputs[-1],
        "initial_size": "30",
        "regime": "accumulate",
        "root_seed": 0,
        "sampler": "auto",
        "package_version": "1",
        "library_versions": "numpy=2",
    }
    return Record(kind_named("trajectories"), variables, shared | attributes)


def models(rng, n_seeds):
    return rng.dirichlet([3, 2, 1], size=n_seeds)


@pytest.fixture
def target(tmp_path):
    path = tmp_path / "target.nc"
    attributes = {"target": "sha256:0", "package_version": "1"}
    netcdf.write(Record(kind_named("target"), {"probability": (("outcome",), P)}, attributes), path)
    return path


@pytest.fixture
def study(tmp_path, target):
    """Write a study of four cells, and return how to aggregate it for a size of seed blocks."""
    rng = np.random.default_rng(1)
    finals = {(t, start): models(rng, 6) for t in ("0.5", "inf") for start in ("target", "uniform")}

    def write(seeds_per_file):
        paths = []
        for (temperature, start), final in finals.items():
            for first in range(0, 6, seeds_per_file):
                block = range(first, first + seeds_per_file)
                path = tmp_path / f"{temperature}-{start}-{first}-{seeds_per_file}.nc"
                record = trajectories(
                    list(block),
                    final=final,
                    temperature=temperature,
                    fresh_fraction="0.1",
                    initial=start,
                )
                netcdf.write(record, path)
                paths.append(path)
        return paths

    write.finals = finals
    return write


def test_every_cell_stands_in_its_place_with_the_quantiles_of_its_seeds(study, target):
    ensemble, diagram = aggregate(study(6), axes=AXES, target_paths=target, tolerance=0.1)
    assert ensemble.dimensions("entropy") == (*AXES, "checkpoint", "quantile")
    for i, temperature in enumerate(("0.5", "inf")):
        for k, start in enumerate(("target", "uniform")):
            expected = observe(study.finals[temperature, start], P)
            for name in OBSERVABLES:
                quantiles = np.quantile(expected[name], QUANTILES)
                at_horizon = ensemble.values(name)[i, 0, k, -1]
                np.testing.assert_allclose(at_horizon, quantiles, rtol=1e-12, atol=1e-14)
                np.testing.assert_array_equal(diagram.values(name)[i, 0, k], at_horizon)


def test_the_order_parameter_is_the_logarithm_of_effective_outcomes_over_those_of_the_target(
    study, target
):
    _, diagram = aggregate(study(6), axes=AXES, target_paths=target, tolerance=0.1)
    effective = observe(study.finals["inf", "target"], P)["effective_outcomes"]
    own = float(observe(P, P)["effective_outcomes"])
    expected = np.quantile(np.log(effective / own), QUANTILES)
    np.testing.assert_allclose(diagram.values("order_parameter")[1, 0, 0], expected, rtol=1e-12)
    assert diagram.attributes["target_entropy"] == pytest.approx(math.log(own))


def test_shares_of_phases_add_up_and_lie_within_their_intervals(study, target):
    _, diagram = aggregate(study(6), axes=AXES, target_paths=target, tolerance=0.1)
    share, interval = diagram.values("phase_share"), diagram.values("phase_share_interval")
    np.testing.assert_allclose(share.sum(-1), 1)
    assert (interval[..., 0] <= share).all()
    assert (share <= interval[..., 1]).all()


def test_the_size_of_seed_blocks_changes_no_byte_of_the_aggregates(study, target, tmp_path):
    files = []
    for size in (1, 3, 6):
        folder = tmp_path / f"blocks-of-{size}"
        paths = [folder / name for name in ("ensemble.nc", "phase_diagram.nc", "table.csv")]
        contents = phase_diagram_files(study(size), axes=AXES, target_paths=[target], tolerance=0.1)
        for content, path in zip(contents, paths, strict=True):
            write(content, path)
        files.append([path.read_bytes() for path in paths])
    assert files[0] == files[1] == files[2]


def test_the_table_has_a_row_a_cell_and_words_for_phases(study, target):
    _, diagram, table = phase_diagram_files(study(6), axes=AXES, target_paths=target, tolerance=0.1)
    rows = list(csv.DictReader(table.splitlines()))
    assert [row["temperature"] for row in rows] == ["0.5", "0.5", "inf", "inf"]
    assert [row["initial"] for row in rows] == ["target", "uniform"] * 2
    for row, code in zip(rows, diagram.values("phase").ravel(), strict=True):
        assert row["phase"] == phases.CELL_PHASES[code]
    medians = [float(row["entropy[0.5]"]) for row in rows]
    np.testing.assert_array_equal(medians, diagram.values("entropy")[..., 2].ravel())


@pytest.mark.parametrize(
    ("finals", "expected"),
    [
        ((P, [1.0, 0, 0]), [phases.FAITHFUL, phases.COLLAPSED]),
        (([1.0, 0, 0], [0, 0, 1.0]), [phases.COLLAPSED, phases.COLLAPSED]),
    ],
)
def test_starts_that_lead_to_different_phases_or_outcomes_disagree(
    finals, expected, tmp_path, target
):
    paths = []
    for start, final in zip(("target", "uniform"), finals, strict=True):
        paths.append(tmp_path / f"from-{start}.nc")
        record = trajectories(
            list(range(8)),
            final=[final] * 8,
            temperature="0.5",
            fresh_fraction="0.1",
            initial=start,
        )
        netcdf.write(record, paths[-1])
    axes = {"initial": ["target", "uniform"], "temperature": [0.5]}
    _, diagram = aggregate(paths, axes=axes, target_paths=target, tolerance=0.1)
    np.testing.assert_array_equal(diagram.values("phase")[:, 0], expected)
    assert diagram.dimensions("joint_phase") == ("temperature",)
    np.testing.assert_array_equal(diagram.values("joint_phase"), [phases.DISAGREE])


def write_cell(path, **changes):
    seeds = changes.pop("seeds", [0, 1])
    settings = {"temperature": "0.5", "fresh_fraction": "0.1", "initial": "target"} | changes
    netcdf.write(trajectories(seeds, final=[P] * 9, **settings), path)
    return path


def test_a_file_in_the_place_of_another_cell_is_refused_by_name(tmp_path, target):
    path = write_cell(tmp_path / "cold.nc")
    with pytest.raises(FileFormatError, match=r"cold\.nc: has temperature '0.5'.*0.8"):
        aggregate([path], axes={"temperature": [0.8]}, target_paths=target, tolerance=0.1)


def test_a_number_of_files_that_does_not_fit_the_axes_is_refused(tmp_path, target):
    path = write_cell(tmp_path / "cold.nc")
    with pytest.raises(ParameterError, match=r"trajectory_paths: got '1 files'.*2 cells"):
        aggregate([path], axes={"temperature": [0.5, 1]}, target_paths=target, tolerance=0.1)


def test_seeds_that_stand_in_two_files_of_a_cell_are_refused(tmp_path, target):
    paths = [write_cell(tmp_path / "a.nc"), write_cell(tmp_path / "b.nc", seeds=[1, 2])]
    with pytest.raises(FileFormatError, match=r"b\.nc: repeats seeds"):
        aggregate(paths, axes={"temperature": [0.5]}, target_paths=target, tolerance=0.1)


def test_cells_with_different_numbers_of_seeds_are_refused(tmp_path, target):
    few = write_cell(tmp_path / "few.nc")
    many = write_cell(tmp_path / "many.nc", seeds=[0, 1, 2], temperature="1")
    with pytest.raises(FileFormatError, match=r"many\.nc: its cell has 3 seeds; the first.* 2"):
        aggregate([few, many], axes={"temperature": [0.5, 1]}, target_paths=target, tolerance=0.1)


def test_cells_of_different_horizons_keep_their_own_checkpoints(tmp_path, target):
    paths = [
        write_cell(tmp_path / f"{horizon}.nc", outputs=(0, 10, horizon)) for horizon in (100, 1000)
    ]
    ensemble, diagram = aggregate(
        paths, axes={"horizon": [100, 1000]}, target_paths=target, tolerance=0.1
    )
    assert ensemble.dimensions("outputs") == ("horizon", "checkpoint")
    np.testing.assert_array_equal(ensemble.values("outputs")[:, -1], [100, 1000])
    assert "horizon" not in diagram.attributes


def test_of_cells_with_unequally_many_checkpoints_the_shared_ones_are_kept(tmp_path, target):
    settings = {"fine": (0, 1, 10, 100), "coarse": (0, 10, 100)}
    paths = [
        write_cell(tmp_path / f"{name}.nc", outputs=outputs, regime=name)
        for name, outputs in settings.items()
    ]
    ensemble, _ = aggregate(
        paths, axes={"variant": list(settings)}, target_paths=target, tolerance=0.1
    )
    np.testing.assert_array_equal(ensemble.values("outputs"), [0, 10, 100])
    variants = json.loads(ensemble.attributes["variants"])
    assert variants == {"fine": {"regime": "fine"}, "coarse": {"regime": "coarse"}}


def test_a_cell_keeps_its_horizon_though_no_other_shares_it(tmp_path, target):
    settings = {"short": (0, 1, 10), "long": (0, 1, 10, 100), "other": (0, 1, 7, 20)}
    paths = [
        write_cell(tmp_path / f"{name}.nc", outputs=outputs, regime=name)
        for name, outputs in settings.items()
    ]
    ensemble, diagram = aggregate(
        paths, axes={"variant": list(settings)}, target_paths=target, tolerance=0.1
    )
    np.testing.assert_array_equal(ensemble.values("outputs"), [[0, 1, 10], [0, 1, 100], [0, 1, 20]])
    np.testing.assert_array_equal(
        ensemble.values("total_variation")[:, -1], diagram.values("total_variation")
    )


def test_each_target_of_an_axis_has_its_own_reference(tmp_path, target):
    other = tmp_path / "other.nc"
    uniform = np.full(3, 1 / 3)
    record = Record(
        kind_named("target"),
        {"probability": (("outcome",), uniform)},
        {"target": "u", "package_version": "1"},
    )
    netcdf.write(record, other)
    paths = [write_cell(tmp_path / f"{name}.nc", target=name) for name in ("sha256:0", "u")]
    _, diagram = aggregate(
        paths, axes={"target": ["sha256:0", "u"]}, target_paths=[target, other], tolerance=0.1
    )
    own = float(observe(P, P)["entropy"])
    expected = [0, own - math.log(3)]
    np.testing.assert_allclose(diagram.values("order_parameter")[:, 2], expected, atol=1e-14)
    assert "target_entropy" not in diagram.attributes
