"""The page that says how the code is built says what the code is."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")


@pytest.fixture
def architecture(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs/site")
    import architecture

    yield architecture
    sys.modules.pop("architecture")


def test_the_picture_is_that_of_the_code(architecture):
    assert architecture.PICTURE.read_text(encoding="utf-8") == architecture.picture()


def test_every_part_stands_on_what_it_imports(architecture):
    height = {part: i for i, floor in enumerate(architecture.floors()) for part in floor}
    assert all(height[start] > height[end] for start, end in architecture.arrows())


def test_parts_that_import_each_other_in_a_circle_are_named(architecture, monkeypatch):
    found = {name: set(imported) for name, imported in architecture.imports().items()}
    found["heatdeath.files.netcdf"].add("heatdeath.models.gates")
    monkeypatch.setattr(architecture, "imports", lambda: found)
    architecture.parts.cache_clear()
    with pytest.raises(ValueError, match=r"in a circle.*'files'.*'models'"):
        architecture.floors()
    architecture.parts.cache_clear()


def test_the_page_names_every_part(architecture):
    rows = re.findall(r"^\| ([a-z, ]+) \| .*heatdeath|^\| ([a-z, ]+) \| ", PAGE, re.MULTILINE)
    named = {part for row in rows for cell in row for part in cell.split(", ") if part}
    assert set(architecture.parts().values()) <= named


def test_the_files_on_the_way_of_a_temperature_exist_and_hand_it_on():
    section = PAGE.partition("## The way of a temperature")[2].partition("\n## ")[0]
    paths = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    assert len(paths) >= 12
    for path in paths:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.search("temperature|argument", text, re.IGNORECASE), path
