"""One test of all measured critical fractions against theory."""

import numpy as np
import pytest
from scipy import stats

from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files import netcdf
from heatdeath.measure.fraction_agreement import compare_fractions
from heatdeath.study.catalogue import kind_named

THEORY = [0.5, 0.2]


def measured(record, quantity, values, error, *, known=(1, 1), n_seeds=8, theory=THEORY):
    """Fill in what was measured at two temperatures."""
    values = np.asarray(values, float)
    record.variables |= {
        quantity: (("temperature",), values),
        f"{quantity}_error": (("temperature",), np.full(2, error)),
        f"{quantity}_interval": (
            ("temperature", "bound"),
            np.stack([values - 2 * error, values + 2 * error], axis=-1),
        ),
        f"{quantity}_measured": (("temperature",), np.array(known, np.int8)),
        f"{quantity}_theory": (("temperature",), np.array(theory)),
        f"{quantity}_theory_exists": (("temperature",), np.ones(2, np.int8)),
    }
    record.attributes |= {"n_seeds": n_seeds, "target": "uniform:5"}
    return record


@pytest.fixture
def write(records, tmp_path):
    """Write what the two kinds measured; return the files."""

    def write(growth, recovery):
        paths = [tmp_path / "growth.nc", tmp_path / "recovery.nc"]
        netcdf.write(measured(records["growth"], "prevent", **growth), paths[0])
        netcdf.write(measured(records["recovery"], "recover", **recovery), paths[1])
        return [[path] for path in paths]

    return write


def test_all_that_was_measured_enters_one_chi_square(write, tmp_path):
    paths = write(
        {"values": [0.51, 0.2], "error": 0.01, "n_seeds": 10**6},
        {"values": [0.54, 0.9], "error": 0.02, "known": (1, 0), "n_seeds": 10**6},
    )
    netcdf.write(compare_fractions(*paths), tmp_path / "agreement.nc")
    record = netcdf.read(tmp_path / "agreement.nc", kind=kind_named("fraction_agreement"))
    assert record.values("quantity").tolist() == ["prevent", "prevent", "recover"]
    assert record.values("temperature").tolist() == [0.5, 0.8, 0.5]
    assert record.values("target").tolist() == ["uniform:5"] * 3
    np.testing.assert_allclose(record.values("half_width"), [0.02, 0.02, 0.04])
    np.testing.assert_allclose(record.values("z_score"), [1, 0, 2], rtol=1e-4, atol=1e-12)
    assert record.attributes["chi_square"] == pytest.approx(5, rel=1e-4)
    assert record.attributes["degrees_of_freedom"] == 3
    assert record.attributes["p_value"] == pytest.approx(stats.chi2.sf(5, 3), rel=1e-3)
    assert record.attributes["shifted_p_value"] < 1e-6


def test_errors_of_few_seeds_count_as_uncertain(write):
    paths = write(
        {"values": [0.53, 0.2], "error": 0.01, "n_seeds": 2}, {"values": THEORY, "error": 0.01}
    )
    z = compare_fractions(*paths).values("z_score")[0]
    assert stats.norm.sf(z) == pytest.approx(stats.t.sf(3, 1))


def test_studies_that_measured_nothing_are_refused(write):
    nothing = {"values": THEORY, "error": 1.0, "known": (0, 0)}
    with pytest.raises(ParameterError, match="studies that measured a fraction"):
        compare_fractions(*write(nothing, nothing))


def test_other_files_are_refused(records, tmp_path):
    netcdf.write(records["target"], tmp_path / "target.nc")
    with pytest.raises(FileFormatError, match="growth"):
        compare_fractions([tmp_path / "target.nc"], [])
