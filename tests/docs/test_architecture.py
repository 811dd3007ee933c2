"""The page that says how the code is built says what the code is."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")


@pytest.fixture
def architecture():
    path = ROOT / "docs/site/architecture.py"
    spec = importlib.util.spec_from_file_location("architecture", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_is_that_of_the_code(architecture):
    assert architecture.PICTURE.read_text(encoding="utf-8") == architecture.picture()


def test_every_part_stands_on_what_it_imports(architecture):
    height = {part: i for i, floor in enumerate(architecture.floors()) for part in floor}
    assert all(height[start] > height[end] for start, end in architecture.arrows())


def test_parts_that_import_each_other_in_a_circle_are_named(architecture, monkeypatch):
    found = {name: set(imported) for name, imported in architecture.imports().items()}
    found["heatdeath.files.netcdf"].add("heatdeath.models.gates")
    monkeypatch.setattr(architecture, "imports", lambda: found)
    with pytest.raises(ValueError, match=r"in a circle.*'files'.*'models'"):
        architecture.floors()


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
        assert re.search("temperature|argument|axes", text, re.IGNORECASE), path
