"""A configuration is data: what it can cause is listed here, and nothing else is possible."""

import ast
import re
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from heatdeath.errors import FileFormatError, OutputError, ParameterError
from heatdeath.study.catalogue import files_made, kind_named
from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.damage import check_writable
from heatdeath.study.paths import axis_part, slug
from heatdeath.study.plan import all_jobs

ROOT = Path(__file__).parents[2]
CODE = sorted(
    path for folder in ("heatdeath", "workflow", "tools") for path in (ROOT / folder).rglob("*.py")
)
RULES = [ROOT / "Snakefile", *sorted((ROOT / "workflow").rglob("*.smk"))]

# Whatever turns bytes into objects or code, or hands text to a shell.
FORBIDDEN_MODULES = {
    *("pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "code", "runpy"),
    *("subprocess", "pty", "commands"),
}
FORBIDDEN_CALLS = {
    *("eval", "exec", "compile", "__import__", "execfile"),
    *("os.system", "os.popen", "os.execv", "os.execvp", "os.spawnv", "builtins.eval"),
    *("yaml.load", "yaml.load_all", "yaml.full_load", "yaml.unsafe_load"),
    *("np.load", "numpy.load", "np.fromregex", "np.frompyfunc"),
}
# Where a module is imported by a name that is computed, and which names there can be.
COMPUTED_IMPORTS = {
    "heatdeath/__init__.py": "the public names, from a fixed list",
    "heatdeath/cli/__init__.py": "the commands, from a fixed list",
    "heatdeath/reference/command_line.py": "the commands, from the same list",
    "heatdeath/measure/summary.py": "what yields the rows of the summary, from the catalogue",
    "heatdeath/models/lookup.py": "families and sources, from a fixed list, or of the user's",
    "heatdeath/study/catalogue/__init__.py": "the homes of the kinds of file, from a fixed list",
    "heatdeath/study/jobs.py": "the homes of the products, from the catalogue",
    "heatdeath/sampling_rules.py": "a sampling rule of the user's, named by its dotted path",
}

# Where a program is started, without a shell and never for a configuration, and which.
STARTED_PROGRAMS = {"heatdeath/archive/checkout.py": "git, for the code of an archive"}

BAD_NAMES = [
    *("../x", "..", ".", "a/b", "/a", "a;b", "a b", " a", "a ", "a\n", "a\tb", "a\0", "", "-a"),
    *("$(id)", "`id`", "a|b", "a&b", "a'b", 'a"b', "a*", "{a}", "~", "A", "é", "ａ", "a\u2028"),
]


def dotted(node):
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_unpickles_evaluates_or_starts_a_shell(path):
    nodes = list(ast.walk(tree(path)))
    imported = {
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    allowed = {"subprocess"} if str(path.relative_to(ROOT)) in STARTED_PROGRAMS else set()
    assert {name.partition(".")[0] for name in imported} & FORBIDDEN_MODULES == allowed
    assert not any(
        keyword.arg == "shell"
        for node in nodes
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    )
    called = {dotted(node.func) for node in nodes if isinstance(node, ast.Call)}
    assert called & FORBIDDEN_CALLS == set()


def test_only_these_modules_import_by_a_computed_name_and_one_of_them_for_a_configuration():
    found = {
        str(path.relative_to(ROOT))
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and dotted(node.func).endswith("import_module")
    }
    assert found == set(COMPUTED_IMPORTS)


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_rule_hands_anything_to_a_shell(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^\s*(shell|run|notebook|wrapper|cwl)\s*:|\bshell\(", text, re.MULTILINE)


@pytest.mark.parametrize("kind", ["os", "../os", "..os", "os.path", "", "a-b", "Target", 1, None])
def test_the_kind_that_a_file_claims_to_be_imports_no_other_module(kind):
    kind_named("target")
    before = set(sys.modules)
    with pytest.raises(FileFormatError, match="is not one that this version knows"):
        kind_named(kind)
    assert set(sys.modules) == before


def tiny():
    return yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_study_or_a_variant_with_a_malicious_name_is_refused(name):
    config = tiny()
    config["studies"] = {name: config["studies"]["tiny"]}
    with pytest.raises(ParameterError, match="letter first"):
        load(config)
    config = tiny()
    config["studies"]["tiny"]["axes"]["variant"] = {name: {}}
    with pytest.raises(ParameterError, match="letter first"):
        load(config)


def nested(levels):
    """Return YAML of a few hundred bytes that stands for 9^levels texts."""
    lines = ["l0: &l0 [a, a, a, a, a, a, a, a, a]"]
    for i in range(1, levels):
        lines.append(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text", [nested(9), "a: &a [*a]", "a: &a {b: *a}"], ids=["bomb", "list", "mapping"]
)
def test_a_configuration_that_stands_for_endlessly_many_values_is_refused(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ParameterError, match=r"configuration: got .* allowed: at most"):
        load(read_configuration(path))


def test_a_configuration_that_is_too_deep_to_be_read_is_refused(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("a: " + "[" * 5000 + "]" * 5000)
    with pytest.raises(FileFormatError, match="it is too deep"):
        read_configuration(path)


@pytest.mark.parametrize("results", [".", "./", "x/..", "..", "/"])
def test_results_have_a_folder_of_their_own(results):
    with pytest.raises(ParameterError, match=r"results: got .*a folder of its own"):
        load(tiny() | {"results": results})


@pytest.mark.parametrize(
    ("results", "owner"),
    [
        (".git", "Git"),
        ("x/../.git/objects", "Git"),
        (".GIT/x", "Git"),
        ("clone/.git/x", "Git"),
        (".snakemake/results", "Snakemake"),
        (f"{ROOT}/heatdeath", "the package"),
        (f"{ROOT}/heatdeath/results", "the package"),
        (f"{ROOT}/workflow/rules/../results", "the rules of the workflow"),
    ],
)
def test_no_results_go_where_git_snakemake_or_the_code_is(results, owner):
    with pytest.raises(ParameterError, match=rf"results: got .*not within .*{owner}$"):
        load(tiny() | {"results": results})


def test_a_link_does_not_lead_results_into_the_package(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").symlink_to(ROOT / "heatdeath")
    with pytest.raises(ParameterError, match="the package"):
        load(tiny() | {"results": "mine/results"})


def test_results_behind_links_in_a_circle_are_refused_in_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    configuration = load(tiny() | {"results": "one/results"})
    with pytest.raises(OutputError, match="one is not a folder"):
        check_writable(configuration.results)


def test_a_folder_of_the_user_may_have_the_name_of_the_package(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for results in ("heatdeath", "workflow/results", "x.git"):
        assert load(tiny() | {"results": results}).results == results


def test_one_who_works_below_a_folder_of_git_has_results(tmp_path, monkeypatch):
    (tmp_path / ".git/trees/mine").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / ".git/trees/mine")
    assert load(tiny() | {"results": "results"}).results == "results"


def test_a_results_folder_has_one_spelling():
    assert load(tiny() | {"results": "./a//b/"}).results == "a/b"


@pytest.mark.parametrize("results", ["a;b", "a b", "$HOME", "a\n", "", "~/a", "a|b", "é", "s3:x"])
def test_a_results_folder_whose_name_could_be_more_than_a_path_is_refused(results):
    with pytest.raises(ParameterError, match="results: got"):
        load(tiny() | {"results": results})


@pytest.mark.parametrize(
    "rule", ["os.system", "os:system;x", "../x:rule", "a b:rule", "x:rule\n", ":rule", "x:()"]
)
def test_a_rule_that_is_no_dotted_path_is_refused_unseen(rule):
    config = tiny()
    config["studies"]["tiny"]["settings"]["rule"] = rule
    with pytest.raises(ParameterError, match="rule: got"):
        load(config)


@given(st.text())
def test_any_text_becomes_one_part_of_a_path(text):
    assert re.fullmatch(r"[A-Za-z0-9._+-]+", slug(text))
    part = axis_part("target", text)
    assert "/" not in part
    assert part not in (".", "..")


@pytest.mark.parametrize("form", ["../{}", "../../{}", "{}", "x/../../{}"])
def test_no_file_that_a_configuration_names_leads_out_of_the_results_folder(
    tmp_path, monkeypatch, form
):
    working = tmp_path / "a" / "b" / "c"
    (working / "x").mkdir(parents=True)
    source = form.format("weights;id $(x) é.csv")
    monkeypatch.chdir(working)
    Path(source).write_text("3\n2\n1\n")
    config = tiny() | {"results": "out"}
    study = config["studies"]["tiny"]
    del study["settings"]["target"]
    study["axes"]["target"] = [f"file:{source}"]
    study["axes"]["initial"] = [f"file:{source}", "target"]
    checked = load(config)
    paths = [path for job in all_jobs(checked) for path in job.outputs]
    paths += files_made(checked)
    for path in paths:
        assert re.fullmatch(r"out/[A-Za-z0-9._+=/-]+", path)
        assert ".." not in Path(path).parts


def test_the_rule_of_a_configuration_is_the_only_module_that_it_imports(tmp_path, monkeypatch):
    for name in ("named_rule", "unnamed_rule"):
        (tmp_path / f"{name}.py").write_text("def rule(q):\n    return q\n")
    monkeypatch.syspath_prepend(tmp_path)
    config = tiny()
    study = config["studies"]["tiny"]
    study["description"] = "unnamed_rule:rule"
    load(config)
    assert {"named_rule", "unnamed_rule"} & set(sys.modules) == set()
    study["settings"]["rule"] = "named_rule:rule"
    load(config)
    assert {"named_rule", "unnamed_rule"} & set(sys.modules) == {"named_rule"}
    monkeypatch.delitem(sys.modules, "named_rule")
