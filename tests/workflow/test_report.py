"""The report: each figure with caption, category and labels, in one page that loads nothing."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What makes a browser load something; links that a reader follows do not.
LOADING = {
    *(("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("embed", "src")),
    *(("link", "href"), ("object", "data"), ("video", "src"), ("audio", "src"), ("use", "href")),
}


class Loads(HTMLParser):
    """Collects what the markup of a page loads beside itself, and its scripts and styles."""

    def __init__(self):
        super().__init__()
        self.addresses, self.code, self.inside = [], [], None

    def handle_starttag(self, tag, attributes):
        self.inside = tag
        for name, value in attributes:
            if (tag, name) in LOADING and not value.startswith("data:"):
                self.addresses.append(value)

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside in ("script", "style"):
            self.code.append(data)


def loads(page):
    """Return the addresses that a page loads from its markup and its styles."""
    parser = Loads()
    parser.feed(page)
    imported = [
        address
        for code in parser.code
        for address in re.findall(r"@import\s+(?:url\()?[\"']?(https?:[^\"')\s]+)", code)
    ]
    return parser.addresses + imported


def variable(page, name):
    """Return what the script with that name assigns to its variable."""
    return json.loads(re.search(rf'<script id="{name}">\s*var \w+ = (.*);\n', page)[1])


@pytest.fixture(scope="module")
def page(finished_project, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "project"
    shutil.copytree(finished_project.folder, folder)
    project = type(finished_project)(folder)
    project.run("--report", "results/report.html")
    return project


@pytest.fixture(scope="module")
def text(page):
    return (page / "results/report.html").read_text()


def test_every_figure_has_a_caption_a_category_and_labels(text):
    results = variable(text, "results")
    assert set(results) == {"results/figures/phase_diagram_tiny.png", "results/summary.csv"}
    figure = results["results/figures/phase_diagram_tiny.png"]
    assert figure["labels"] == {"figure": "phase diagram", "study": "tiny"}
    assert "Colour is the median" in figure["caption"]
    assert '<tt class="docutils literal">tiny</tt>' in figure["caption"]
    assert figure["data_uri"].startswith("data:image/png")
    assert results["results/summary.csv"]["labels"] == {"table": "summary"}
    categories = variable(text, "categories")
    # Neither has parts, for which the page's own word is Other.
    assert categories == {
        "Figures": {"Other": ["results/figures/phase_diagram_tiny.png"]},
        "Numbers": {"Other": ["results/summary.csv"]},
    }


def test_it_begins_with_the_question_and_the_studies_of_the_configuration(text):
    description = variable(text, "workflow-desc")
    assert "retrained, again and again" in description
    assert "Does every part of the workflow run?" in description
    assert "root seed 2404" in description


def test_it_loads_nothing_and_names_no_folder_of_the_machine(text, page):
    assert loads(text) == []
    assert loads('<script src="https://example.org/a.js"></script>') != []
    assert loads("<style>@import url('https://example.org/a.css');</style>") != []
    assert str(page.folder) not in text


def test_it_has_the_same_bytes_when_it_is_made_again(text, page):
    page.run("--report", "again.html")
    assert (page / "again.html").read_text() == text


def test_its_text_renders_without_a_complaint():
    core, writers = map(pytest.importorskip, ("docutils.core", "docutils.writers"))
    jinja2 = pytest.importorskip("jinja2")
    studies = {"mine": {"description": "Does it survive?"}}
    snakemake = {"config": {"root_seed": 1, "studies": studies}}
    environment = jinja2.Environment(
        trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    text = (ROOT / "workflow/report/workflow.rst").read_text(encoding="utf-8")
    source = environment.from_string(text).render(snakemake=snakemake)
    strict = {"halt_level": 2, "report_level": 2}
    writer = writers.get_writer_class("html4")()
    html = core.publish_parts(source, writer=writer, settings_overrides=strict)["body"]
    assert "<p>" in html
    assert "system-message" not in html
