from pathlib import Path

from heatdeath.files import netcdf
from heatdeath.files.reference import VERSIONS, dataset_reference
from heatdeath.study.catalogue import kind_named

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "dataset.md"


def test_the_reference_page_is_the_one_that_the_declarations_give():
    assert PAGE.read_text(encoding="utf-8") == dataset_reference()


def test_the_reference_page_names_every_variable():
    page = dataset_reference()
    for kind in ("trajectories", "target", "ensemble", "mean_field", "phase_diagram", "exactness"):
        assert f"## `{kind}`" in page
        for variable in kind_named(kind).variables:
            assert f"| `{variable.name}` |" in page


def test_the_reference_page_tells_every_version_of_the_format():
    assert list(VERSIONS) == list(range(1, netcdf.FORMAT_VERSION + 1))
