"""Captions stand with what they describe, and are plain reStructuredText."""

import subprocess
import sys
from pathlib import Path

import pytest

import heatdeath
from heatdeath.study.captions import caption_of

FOLDER = Path(heatdeath.__file__).parent / "figures"
FIGURES = sorted(
    path.stem for path in FOLDER.glob("*.py") if "\ndef draw(" in path.read_text(encoding="utf-8")
)
REPORT = Path(__file__).parents[2] / "workflow/report"


def caption_of_figure(name):
    return caption_of(f"heatdeath.figures.{name}:draw")


def test_there_are_figures_to_look_at():
    assert len(FIGURES) >= 11


@pytest.mark.parametrize("name", FIGURES)
def test_every_caption_renders_without_a_complaint(name):
    core, writers = map(pytest.importorskip, ("docutils.core", "docutils.writers"))
    strict = {"halt_level": 2, "report_level": 2}
    html = core.publish_parts(
        caption_of_figure(name).format(study="mine"),
        writer=writers.get_writer_class("html4")(),
        settings_overrides=strict,
    )["body"]
    assert "<p>" in html
    assert "system-message" not in html


@pytest.mark.parametrize("name", FIGURES)
def test_a_caption_is_the_one_of_the_report(name):
    text = (REPORT / f"{name}.rst").read_text(encoding="utf-8")
    text = text.replace("{{ snakemake.wildcards.study }}", "{study}")
    assert caption_of_figure(name).split() == text.split()


def test_only_the_caption_of_a_figure_of_each_study_has_a_place_for_its_name():
    assert [name for name in FIGURES if "{" in caption_of_figure(name)] == ["phase_diagram"]


def test_reading_a_caption_imports_nothing_to_draw_with():
    script = (
        "import sys\n"
        "from heatdeath.study.captions import caption_of\n"
        "assert caption_of('heatdeath.figures.cost:draw')\n"
        "assert 'matplotlib' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    ("home", "message"),
    [
        ("heatdeath.nowhere:draw", "no source of the module heatdeath.nowhere"),
        ("heatdeath.errors:draw", "heatdeath.errors has no caption"),
    ],
)
def test_a_module_without_a_caption_is_refused(home, message):
    with pytest.raises(LookupError, match=message):
        caption_of(home)
