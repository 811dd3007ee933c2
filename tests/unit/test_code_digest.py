import importlib
import re
import sys
import textwrap
from pathlib import Path

import pytest

from heatdeath.study import code_digest as module
from heatdeath.study.catalogue import PRODUCTS
from heatdeath.study.code_digest import code_digest

SCRIPTS = Path(__file__).parents[2] / "workflow" / "scripts"
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
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        for cached in vars(module).values():
            if hasattr(cached, "cache_clear"):
                cached.cache_clear()
        importlib.invalidate_caches()
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


PART = "def part(q):\n    return q\n"
OTHER_PART = "def part(q):\n    return 2 * q\n"


@pytest.mark.parametrize(
    ("rule", "files"),
    [
        ("import own_parts\ndef rule(q):\n    return own_parts.part(q)\n", {}),
        ("from own_parts import part\ndef rule(q):\n    return part(q)\n", {}),
        ("def rule(q):\n    import own_parts\n    return own_parts.part(q)\n", {}),
        (
            "import own_middle\ndef rule(q):\n    return own_middle.part(q)\n",
            {"own_middle.py": "try:\n    from own_parts import part\nexcept ImportError:\n    0"},
        ),
        (
            "import own_middle\ndef rule(q):\n    return own_middle.part(q)\n",
            {"own_middle.py": "from own_parts import *"},
        ),
    ],
)
def test_what_a_rule_of_the_user_imports_beside_it_counts(write, rule, files):
    own = {"own_rules.py": rule, **files}
    options = {"functions": ["own_rules:rule"]}
    before = write(own | {"own_parts.py": PART}, **options)
    assert before != write(own | {"own_parts.py": OTHER_PART}, **options)
    unused = PART + "def unused():\n    return 1\n"
    if rule.startswith("from"):
        assert before == write(own | {"own_parts.py": unused}, **options)


@pytest.mark.parametrize(
    "code",
    [
        "from .parts import part\ndef rule(q):\n    return part(q)\n",
        "from . import parts\ndef rule(q):\n    return parts.part(q)\n",
        "def rule(q):\n    from . import parts\n    return parts.part(q)\n",
    ],
)
@pytest.mark.parametrize("home", ["own.__init__", "own.inner.__init__", "own.inner.rules"])
def test_a_relative_import_is_followed_from_its_package(write, code, home):
    files = {"own/__init__.py": "", "own/inner/__init__.py": ""}
    files[home.replace(".", "/") + ".py"] = code
    parts = home.rpartition(".")[0].replace(".", "/") + "/parts.py"
    options = {"functions": [home.removesuffix(".__init__") + ":rule"]}
    assert write(files | {parts: PART}, **options) != write(files | {parts: OTHER_PART}, **options)


def test_a_relative_import_climbs_by_its_dots(write):
    code = "from ..parts import part\ndef rule(q):\n    return part(q)\n"
    files = {"own/__init__.py": "", "own/inner/__init__.py": "", "own/inner/rules.py": code}
    options = {"functions": ["own.inner.rules:rule"]}
    before = write(files | {"own/parts.py": PART}, **options)
    assert before != write(files | {"own/parts.py": OTHER_PART}, **options)


@pytest.mark.parametrize(
    "code",
    [
        "from folder import parts\ndef rule(q):\n    return parts.part(q)\n",
        "import folder.parts\ndef rule(q):\n    return folder.parts.part(q)\n",
    ],
)
def test_a_folder_without_an_init_file_is_followed(write, code):
    own = {"own_rules.py": code}
    options = {"functions": ["own_rules:rule"]}
    before = write(own | {"folder/parts.py": PART}, **options)
    assert before != write(own | {"folder/parts.py": OTHER_PART}, **options)


def test_neither_installed_packages_nor_what_our_own_code_imports_beside_it_counts(
    write, monkeypatch, tmp_path
):
    monkeypatch.syspath_prepend(tmp_path / "site-packages")
    own = {"own_rules.py": "import installed\ndef rule(q):\n    return installed.part(q)\n"}
    options = {"functions": ["own_rules:rule"]}
    before = write(own | {"site-packages/installed.py": PART}, **options)
    assert before == write(own | {"site-packages/installed.py": OTHER_PART}, **options)
    core = edit("package/core.py", "import math", "import own_parts as math")
    assert write(core | {"own_parts.py": PART}) == write(core | {"own_parts.py": OTHER_PART})


LAZY = """
import importlib

_HOMES = {"part": "package.parts"}
_MODULES = ("plugins",)

def __getattr__(name):
    return importlib.import_module(_HOMES[name])
"""


@pytest.mark.parametrize(
    "rule",
    [
        "import package\ndef rule(q):\n    return package.part(q)\n",
        "from package import part\ndef rule(q):\n    return part(q)\n",
        "def rule(q):\n    import package\n    return package.part(q)\n",
        "import package.kinds\ndef rule(q):\n    return package.part(q)\n",
    ],
)
def test_a_name_that_our_package_imports_lazily_counts_from_its_home(write, rule):
    own = {"package/__init__.py": LAZY, "own_rules.py": rule}
    options = {"functions": ["own_rules:rule"]}
    before = write(own | {"package/parts.py": PART}, **options)
    assert before != write(own | {"package/parts.py": OTHER_PART}, **options)


def test_a_lazy_module_counts_and_importing_the_package_alone_counts_neither(write):
    changed = edit("package/plugins.py", "return 1", "return 7")
    options = {"functions": ["own_rules:rule"]}
    files = {"package/__init__.py": LAZY, "package/parts.py": PART}
    files["own_rules.py"] = "import package\ndef rule(q):\n    return q\n"
    assert write(files, **options) == write(files | changed, **options)
    files["own_rules.py"] = "import package\ndef rule(q):\n    return package.plugins.first()\n"
    assert write(files, **options) != write(files | changed, **options)


@pytest.mark.parametrize("name", ["simulate", "temper", "targets", "observables", "__version__"])
def test_a_rule_may_use_every_public_name_of_our_package(monkeypatch, tmp_path, name):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / f"own_{name}.py").write_text(
        f"import heatdeath\ndef rule(q):\n    return heatdeath.{name}\n"
    )
    assert code_digest(SCRIPTS / "target.py", functions=[f"own_{name}:rule"])


def test_a_name_that_no_source_shows_is_an_error(write):
    with pytest.raises(LookupError, match=r"package\.core binds no missing"):
        write({"script.py": "from package.core import missing\n\nmissing()\n"})


HOMES = [
    *(product.home for product in PRODUCTS),
    *(f"heatdeath.study.jobs:{name}" for name in ("write_target", "simulate_cell")),
    *(f"heatdeath.models.jobs:{name}" for name in ("write_source", "train_cell")),
]


@pytest.mark.parametrize("home", HOMES)
def test_the_declaration_of_every_kind_of_file_that_a_job_reads_or_writes_counts(home):
    closure = module._Closure()
    closure.add_name(*home.split(":"))
    code = "\n".join(text for texts in closure._texts.values() for _, text in texts)
    used = set(re.findall(r"(?:kind=|Record\()([A-Z_]{2,})\b", code))
    assert used <= set(re.findall(r"^([A-Z_]+) = Kind\(", code, flags=re.MULTILINE))
    # The summary finds kinds by the modules of its rows, which its digest is told.
    no_kind = ("cost:draw", "build:build_paper", "summary:summary_table")
    assert used or home.split(".")[-1] in no_kind


@pytest.mark.parametrize("home", HOMES)
def test_no_job_reaches_the_catalogue(home):
    closure = module._Closure()
    closure.add_name(*home.split(":"))
    assert not [name for name in closure._texts if "study.catalogue" in name]


def test_a_rule_of_an_installed_package_counts_by_its_path_and_version(write, monkeypatch):
    softmax = write(functions=["scipy.special:softmax"])
    assert softmax == write(functions=["scipy.special:softmax"])
    assert softmax != write(functions=["scipy.special:expit"])
    monkeypatch.setattr(module.metadata, "version", lambda name: "0")
    assert softmax != write(functions=["scipy.special:softmax"])
