"""Captions stand with what they describe, and are plain reStructuredText."""

import subprocess
import sys

import pytest

from heatdeath.study.captions import caption_of
from heatdeath.study.catalogue import PRODUCTS

REPORTED = {product.name: product for product in PRODUCTS if product.reported}


def test_every_figure_the_verdicts_and_the_numbers_are_shown_in_the_report():
    figures = {product.name for product in PRODUCTS if product.section}
    assert len(figures) >= 11
    assert set(REPORTED) == figures | {"claims", "summary"}


@pytest.mark.parametrize("name", REPORTED)
def test_every_caption_renders_without_a_complaint(name):
    core, writers = map(pytest.importorskip, ("docutils.core", "docutils.writers"))
    strict = {"halt_level": 2, "report_level": 2}
    html = core.publish_parts(
        caption_of(REPORTED[name].home).replace("{study}", "mine"),
        writer=writers.get_writer_class("html4")(),
        settings_overrides=strict,
    )["body"]
    assert "<p>" in html
    assert "system-message" not in html


@pytest.mark.parametrize("name", REPORTED)
def test_what_the_report_shows_has_a_category_and_the_study_that_labels_it(name):
    shown, category = REPORTED[name].reported
    assert shown in REPORTED[name].files
    assert category.istitle()
    section = REPORTED[name].section
    assert section is None or section.name == "cost" or section.labelled in section.keys


def test_only_the_caption_of_a_figure_of_each_study_has_a_place_for_its_name():
    named = [name for name, product in REPORTED.items() if "{" in caption_of(product.home)]
    assert named == [name for name, product in REPORTED.items() if product.is_of_studies]


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
