"""The parts of the documentation's builder that are ours: docs/site."""

import importlib.util
import re

import pytest

import heatdeath

from .pages import ROOT

SITE = ROOT / "docs" / "site"


@pytest.fixture
def part(request):
    spec = importlib.util.spec_from_file_location(request.param, SITE / f"{request.param}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("part", ["offline"], indirect=True)
@pytest.mark.parametrize(
    "element",
    [
        '<script src="https://example.org/x.js"></script>',
        '<script async src="//example.org/x.js"></script>',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        '<link rel="preload" as="font" href="https://example.org/x.woff2">',
        '<img src="a.png" srcset="https://example.org/a.png 2x">',
        '<iframe src="https://example.org/"></iframe>',
    ],
)
def test_what_a_page_loads_from_another_host_is_found(part, element):
    assert len(part.foreign_resources(f"<body><p>text</p>{element}</body>")) == 1


@pytest.mark.parametrize("part", ["offline"], indirect=True)
def test_links_that_load_nothing_and_files_of_the_site_are_no_foreign_resources(part):
    page = (
        '<a href="https://example.org/">there</a><script src="../_static/x.js?v=1"></script>'
        '<link rel="stylesheet" href="_static/x.css"><img src="data:image/png;base64,//8=">'
    )
    assert part.foreign_resources(page) == []


@pytest.mark.parametrize("part", ["offline"], indirect=True)
@pytest.mark.parametrize(
    "style",
    [
        '@import "other.css";',
        "src: url(https://example.org/a.woff2)",
        "src: url('//example.org/a')",
        'src:url("http://example.org/a")',
    ],
)
def test_what_a_style_loads_from_another_host_is_found(part, style):
    assert part.loads_from_elsewhere(style)
    assert not part.loads_from_elsewhere("src: url(fonts/a.woff2); a: url(data:x//y)")


@pytest.mark.parametrize("part", ["contents"], indirect=True)
def test_the_lists_of_links_of_an_index_page_are_its_contents(part):
    page = (
        "# Title\n\nSee [this](this.md).\n\n- [One](a/one.md): first\n"
        "- [Elsewhere](https://example.org/x)\n\n## More\n\n- [Two](../two.md#part)\n"
        "- [Three](three.md)\n\n## Nothing\n\ntext\n"
    )
    assert part.contents_of(page) == [("", ["a/one.md"]), ("More", ["three.md"])]


@pytest.mark.parametrize("part", ["formulas"], indirect=True)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("θ_i^β", [("", "θ"), ("sub", "i"), ("sup", "β")]),
        ("e^{−κ_k s}", [("", "e"), ("sup", "−κ_k s")]),
        ("θ_e,i, so", [("", "θ"), ("sub", "e,i"), ("", ", so")]),
        ("f_prevent", [("", "f"), ("sub", "prevent")]),
        ("θ^(1/T)", [("", "θ"), ("sup", "(1/T)")]),
        ("fresh_fraction and array_like", [("", "fresh_fraction and array_like")]),
        ("a _b_ c", [("", "a _b_ c")]),
    ],
)
def test_formulas_are_told_from_names(part, text, expected):
    assert list(part.pieces(text)) == expected


def test_the_page_of_python_names_every_public_name():
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\.\. auto\w+:: heatdeath\.(\w+)", page, re.MULTILINE))
    assert set(heatdeath.__all__) - {"__version__"} <= documented


def test_the_page_of_theory_names_every_module_with_public_functions():
    page = (ROOT / "docs" / "reference" / "api_theory.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\.\. automodule:: heatdeath\.theory\.(\w+)", page, re.MULTILINE))
    theory = (ROOT / "docs" / "explanation" / "theory.md").read_text(encoding="utf-8")
    table = theory[theory.index("## Where each formula is") :]
    modules = set(re.findall(r"\| `(\w+)` \|$", table, re.MULTILINE)) - {"equilibria"}
    assert modules <= documented
