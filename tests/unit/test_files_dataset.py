import numpy as np
import pytest

import heatdeath
from heatdeath.errors import FileFormatError
from heatdeath.files import netcdf
from heatdeath.files.dataset import to_dataset
from heatdeath.files.provenance import provenance
from heatdeath.results import open_trajectories
from heatdeath.study.catalogue import kind_named


def test_a_dataset_has_the_record_with_coordinates_units_and_attributes(records):
    for record in records.values():
        dataset = to_dataset(record)
        assert dataset.attrs["kind"] == record.kind
        assert record.attributes.items() <= dataset.attrs.items()
        for name, (dims, values) in record.variables.items():
            assert dataset[name].dims == dims
            np.testing.assert_array_equal(dataset[name].values, values)
            assert dataset[name].attrs["long_name"]
    assert {"seed", "outputs", "dataset_size"} == set(to_dataset(records["trajectories"]).coords)
    assert to_dataset(records["phase_diagram"]).phase.sel(initial="target").shape == (3, 2)


def test_theta_is_the_share_of_the_counts(records):
    dataset = to_dataset(records["distribution"])
    np.testing.assert_allclose(dataset.theta.sum("outcome"), 1, rtol=1e-15)
    np.testing.assert_array_equal(dataset.theta, dataset.counts / dataset.counts.sum("outcome"))
    assert "theta" not in to_dataset(records["trajectories"])


def test_opened_trajectories_are_those_that_were_written(records, tmp_path):
    netcdf.write(records["distribution"], tmp_path / "file.nc")
    opened = heatdeath.open_trajectories(tmp_path / "file.nc")
    assert opened.identical(to_dataset(records["distribution"]))


def test_open_trajectories_refuses_other_kinds_and_open_file_does_not(records, tmp_path):
    netcdf.write(records["target"], tmp_path / "file.nc")
    with pytest.raises(FileFormatError, match="holds target; needed: trajectories"):
        open_trajectories(tmp_path / "file.nc")
    assert to_dataset(netcdf.read(tmp_path / "file.nc", kind=kind_named)).identical(
        to_dataset(records["target"])
    )


def test_provenance_names_versions_and_nothing_else():
    assert provenance().keys() == {"package_version", "library_versions"}
    assert provenance()["package_version"] == heatdeath.__version__
    assert f"numpy {np.__version__}" in provenance()["library_versions"]
