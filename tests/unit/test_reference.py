from pathlib import Path

from heatdeath.files import netcdf
from heatdeath.reference.__main__ import pages
from heatdeath.reference.dataset import VERSIONS, dataset_reference
from heatdeath.study.catalogue import kind_named

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "dataset.md"


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


def test_the_program_writes_every_generated_page_as_it_stands():
    written = {str(path.relative_to(ROOT)): text for path, text in pages().items()}
    assert set(written) == {
        "config/README.md",
        *(
            f"docs/{name}.md"
            for name in ("reference/command_line", "reference/dataset", "reproduce")
        ),
    }
    for name, text in written.items():
        assert (ROOT / name).read_text(encoding="utf-8") == text
