import re
import sys
import textwrap
from pathlib import Path

import pytest

from heatdeath.study import code_digest as module
from heatdeath.study.code_digest import code_digest

SCRIPTS = Path(__file__).parents[2] / "workflow" / "scripts"
KINDS = SCRIPTS.parents[1] / "heatdeath" / "storage" / "kinds"
FILES = {
    "package/__init__.py": "",
    "package/core.py": '''
        """What it is."""
        import math
        from package.helpers import half

        LIMIT = 3

        def used(x):
            """Say what it does."""
            return half(x) + math.pi  # why

        def unused(x):
            return x + 1
    ''',
    "package/helpers.py": """
        def half(x):
            return x / 2

        def double(x):
            return x * 2
    """,
    "package/registry.py": """
        from package import plugins

        TABLE = {"a": plugins.first}

        def register(function):
            return function
    """,
    "package/plugins.py": """
        def first():
            return 1

        def second():
            return 2
    """,
    "package/kinds.py": "KIND = 1",
    "script.py": "from package.core import used\nused(1)\n",
}
FILES = {name: textwrap.dedent(text) for name, text in FILES.items()}


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write files of a package beside a script, and return a function that digests it."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(module, "PACKAGE", "package")

    def write(changes=None, **options):
        for name, text in (FILES | (changes or {})).items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        for cached in (module._read, module._source, module._text):
            cached.cache_clear()
        sys.modules.pop("package", None)
        return code_digest(tmp_path / "script.py", **options)

    return write


def edit(name, old, new):
    assert old in FILES[name]
    return {name: FILES[name].replace(old, new)}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("package/core.py", "# why", "# because"),
        ("package/core.py", "Say what it does.", "Say it otherwise."),
        ("package/core.py", "What it is.", "What it was."),
        ("package/core.py", "math.pi  # why", "(\n math.pi)"),
        ("package/core.py", "LIMIT", "\n\nLIMIT"),
        ("package/core.py", "x + 1", "x + 2"),
        ("package/helpers.py", "x * 2", "x * 3"),
        ("package/plugins.py", "return 1", "return 7"),
        ("package/core.py", "import math", "import math\nimport os"),
    ],
)
def test_what_the_script_does_not_run_leaves_the_digest(write, name, old, new):
    assert write(edit(name, old, new)) == write()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("script.py", "used(1)", "used(2)"),
        ("package/core.py", "half(x) +", "half(x) -"),
        ("package/core.py", "LIMIT = 3", "LIMIT = 4"),
        ("package/core.py", "import math", "import cmath as math"),
        ("package/core.py", "half(x) + math", "unused(x) + math"),
        ("package/helpers.py", "x / 2", "x / 3"),
    ],
)
def test_what_the_script_runs_changes_the_digest(write, name, old, new):
    assert write(edit(name, old, new)) != write()


def test_the_top_level_of_every_package_above_an_import_counts(write):
    assert write({"package/__init__.py": "SETTING = 1"}) != write()


def test_an_import_within_a_function_is_followed(write):
    late = edit(
        "script.py",
        "from package.core import used\n",
        "def used(x):\n    from package.plugins import first\n",
    )
    assert write(late) != write(late | edit("package/plugins.py", "return 1", "return 7"))
    assert write(late) == write(late | edit("package/plugins.py", "return 2", "return 7"))


def test_a_function_named_at_the_top_level_of_a_module_is_followed(write):
    table = {"script.py": "from package.registry import TABLE\nTABLE\n"}
    assert write(table) != write(table | edit("package/plugins.py", "return 1", "return 7"))
    assert write(table) == write(table | edit("package/plugins.py", "return 2", "return 7"))


@pytest.mark.parametrize(
    "script",
    [
        "import package.plugins\npackage.plugins.second()\n",
        "from package import plugins\nuse(plugins)\n",
        "import package.plugins as p\np.second()\n",
        "from package.plugins import *\nsecond()\n",
    ],
)
def test_every_way_to_import_is_followed(write, script):
    using = {"script.py": script}
    assert write(using) != write(using | edit("package/plugins.py", "return 2", "return 7"))


def test_a_decorated_function_counts_since_its_decorator_runs(write):
    def decorated(value):
        text = "from package.registry import register\n\n@register\ndef f():\n    return "
        return {"package/core.py": FILES["package/core.py"] + text + value}

    assert write(decorated("1")) != write(decorated("2"))


def test_a_module_that_is_looked_up_by_a_text_counts_where_it_is_named(write):
    changed = {"package/kinds.py": "KIND = 2"}
    assert write() == write(changed)
    named = {"modules": ["package.kinds"]}
    assert write(**named) != write(changed, **named)


def test_a_function_of_the_user_counts_with_what_it_calls(write):
    own = {"own_rules.py": "from own_parts import part\ndef rule(q):\n    return part(q)\n"}
    options = {"functions": ["own_rules:rule"]}
    parts = {"own_parts.py": "def part(q):\n    return q\n"}
    before = write(own | parts, **options)
    assert before != write(
        own | {"own_rules.py": "def rule(q):\n    return 1\n"} | parts, **options
    )


def test_a_name_that_no_source_shows_is_an_error(write):
    with pytest.raises(LookupError, match=r"package\.core binds no missing"):
        write({"script.py": "from package.core import missing\n\nmissing()\n"})


@pytest.mark.parametrize("script", sorted(path.name for path in SCRIPTS.glob("*.py")))
def test_a_rule_names_the_kinds_of_file_that_its_code_reads_and_writes(script):
    rules = "".join(path.read_text() for path in SCRIPTS.parent.glob("rules/*.smk"))
    (named,) = re.findall(rf'digest\(\s*"{script}"(.*?)\)', rules, flags=re.DOTALL)
    closure = module._Closure({"heatdeath"})
    closure.add_whole("<script>", module._read(SCRIPTS / script))
    code = "\n".join(text for texts in closure._texts.values() for _, text in texts)
    known = "|".join(path.stem for path in KINDS.glob("[a-z]*.py"))
    used = re.findall(rf"(?:kind=|Record\()'({known})'", code)
    assert set(re.findall(r'"(\w+)"', named)) == set(used)
