"""A digest of the code that a rule runs, so that editing it reruns the rule and nothing else.

The workflow engine does not track imported code. The digest therefore covers, from a script or a
function on, every definition that can be reached by name through the modules of the package, and
from a function of the user also through every module that is neither of the standard library nor
installed among the site packages:

- statements at the top level of an imported module always count, for importing runs them; so do
  decorated definitions, whose decorators run too;
- an undecorated function or class counts once a statement that counts names it;
- a name that a package imports when it is first used counts where a literal dictionary at its
  top level gives its home;
- comments, docstrings and formatting do not count, nor does the order of imports.

What cannot be seen is a module looked up by a text; such modules are named to the digest.
"""

import ast
import hashlib
import importlib.util
import sys
import sysconfig
from functools import cache
from importlib import metadata
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

PACKAGE = __name__.partition(".")[0]
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_SCRIPT = "<script>"
_INSTALLED = [
    Path(sysconfig.get_path(key)).resolve()
    for key in ("stdlib", "platstdlib", "purelib", "platlib")
]


def code_digest(script=None, *, modules=(), functions=()) -> str:
    """Hash the code that a script, modules of the package, and functions reach.

    Functions are named by their dotted paths, ``"package.module:name"``. The top-level package of
    one that is the user's is followed like our own; one of an installed package counts by its path
    and the package's version.
    """
    closure = _Closure()
    if script is not None:
        closure.add_whole(_SCRIPT, _read(Path(script), _SCRIPT))
    for module in modules:
        closure.add_module(module)
    for function in sorted(functions):
        module, _, name = function.partition(":")
        top = module.split(".")[0]
        if top == PACKAGE or not _exists(top) or _is_the_users(top):
            closure.add_name(module, name.split(".")[0])
        else:
            closure.add_installed(function, top)
    return closure.digest()[:16]


class _Module:
    """The top level of a source file, sorted by whether a statement always counts."""

    def __init__(self, tree, package, *, compiled=False):
        self.package = package
        self.always = []
        self.definitions = {}
        self.bindings = {}
        self.imports = []
        for node in tree.body:
            if isinstance(node, _DEFINITIONS) and not node.decorator_list:
                self.definitions.setdefault(node.name, []).append(node)
            elif isinstance(node, _IMPORTS):
                self.imports.append(node)
                self.bindings.update(_bindings(node, package))
            else:
                self.always.append(node)
        self.assigned = {
            inner.name if isinstance(inner, _DEFINITIONS) else inner.id
            for node in self.always
            for inner in ast.walk(node)
            if isinstance(inner, _DEFINITIONS)
            or (isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store))
        }
        for node in self.always:
            for inner in ast.walk(node):
                if isinstance(inner, _IMPORTS):
                    self.assigned.update(_bindings(inner, package))
        self.hides_names = compiled or "*" in self.bindings or "*" in self.assigned
        self.homes = _homes(self.always) if "__getattr__" in self.definitions else {}


class _Closure:
    """Everything reached so far: for each module, lines and texts of statements."""

    def __init__(self):
        self._texts = {}
        self._seen = set()
        self._whole = set()
        self._named = set()

    def digest(self):
        # Lines order the statements of a module and are left out, so that comments may move them.
        lines = [
            f"{module}\n{text}"
            for module in sorted(self._texts)
            for _, text in sorted(self._texts[module])
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def add_installed(self, function, package):
        """Count a function of an installed package by its path and the version that it is of."""
        distributions = sorted(set(metadata.packages_distributions().get(package, ())))
        versions = [f"{name} {metadata.version(name)}" for name in distributions]
        self._texts[function] = [(0, ", ".join(versions) or sys.version)]

    def add_whole(self, name, module):
        """Count every definition of a module, given as a parsed file."""
        if name in self._whole:
            return
        self._whole.add(name)
        self._run(name, module)
        for nodes in list(module.definitions.values()):
            for node in nodes:
                self._count(name, module, node)
        for attribute in module.homes:
            self.add_name(name, attribute)

    def add_module(self, name):
        """Count every definition of a module, given by name."""
        self._import(name)
        self.add_whole(name, self._load(name))

    def add_name(self, name, attribute):
        """Count what a module binds to a name."""
        if (name, attribute) in self._named:
            return
        self._named.add((name, attribute))
        self._import(name)
        module = self._load(name)
        if attribute == "*":
            self.add_whole(name, module)
        elif attribute in module.definitions:
            for node in module.definitions[attribute]:
                self._count(name, module, node)
        elif module.bindings.get(attribute) == (name, attribute):
            self._add_submodule(name, attribute)
        elif attribute in module.bindings:
            self._use(name, attribute, module.bindings[attribute])
        elif attribute in module.homes:
            for node in module.definitions["__getattr__"]:
                self._count(name, module, node)
            self._use(name, attribute, (module.homes[attribute], attribute))
        elif attribute in module.assigned or attribute.startswith("__"):
            return
        elif not module.hides_names or _exists(f"{name}.{attribute}"):
            self._add_submodule(name, attribute)

    def _add_submodule(self, name, attribute):
        if not _exists(f"{name}.{attribute}"):
            raise LookupError(f"{name} binds no {attribute} that its source shows")
        self.add_module(f"{name}.{attribute}")

    def _follows(self, importer, name):
        """Return whether an import is followed: of our code only into our own package."""
        top, importer = name.split(".")[0], importer.split(".")[0]
        if top == PACKAGE or importer in (PACKAGE, _SCRIPT):
            return top == PACKAGE
        return top == importer or _is_the_users(top)

    def _load(self, name):
        source = _source(name)
        if source is None and not _exists(name):
            raise LookupError(f"the module {name} has no source file")
        if source is None:
            return _Module(ast.parse(""), name)
        return _read(source, name)

    def _import(self, name):
        """Count what importing a module runs: its top level and those of its packages."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            package = ".".join(parts[:length])
            source = _source(package)
            if source is not None:
                self._run(package, _read(source, package))

    def _run(self, name, module):
        if name in self._texts:
            return
        self._texts[name] = set()
        for node in module.imports:
            for target, attribute in _bindings(node, module.package).values():
                if not self._follows(name, target):
                    continue
                if attribute == "*":
                    self.add_name(target, attribute)
                else:
                    self._import(f"{target}.{attribute}" if attribute else target)
        for node in module.always:
            self._count(name, module, node)

    def _count(self, name, module, node):
        if id(node) in self._seen:
            return
        self._seen.add(id(node))
        self._texts[name].add((node.lineno, _text(node)))
        whole_names = _names_beyond_attributes(node)
        for inner in ast.walk(node):
            if isinstance(inner, _IMPORTS):
                for target, attribute in _bindings(inner, module.package).values():
                    self._use_target(name, target, attribute)
            elif isinstance(inner, ast.Name):
                for definition in module.definitions.get(inner.id, ()):
                    self._count(name, module, definition)
                if inner.id in module.bindings:
                    binding = module.bindings[inner.id]
                    if inner.id in whole_names or not self._is_module(name, binding):
                        self._use(name, inner.id, binding)
            elif (
                isinstance(inner, ast.Attribute)
                and isinstance(inner.value, ast.Name)
                and inner.value.id in module.bindings
                and self._is_module(name, module.bindings[inner.value.id])
            ):
                target, attribute = module.bindings[inner.value.id]
                self.add_name(f"{target}.{attribute}" if attribute else target, inner.attr)

    def _is_module(self, name, binding):
        target, attribute = binding
        if not self._follows(name, target):
            return False
        if attribute is None:
            return True
        return _exists(f"{target}.{attribute}")

    def _use(self, name, local, binding):
        target, attribute = binding
        self._texts[name].add((0, f"{local} is {attribute} of {target}"))
        self._use_target(name, target, attribute)

    def _use_target(self, name, target, attribute):
        if not self._follows(name, target):
            return
        if attribute is None:
            self.add_module(target)
        else:
            self.add_name(target, attribute)


def _bindings(node, package):
    """Map each local name that an import binds to its module and attribute.

    The attribute is None for the module itself, and ``*`` for all that it holds. The latter also
    stands for ``import package.module``, which binds its top-level package too. A relative import
    starts at the package of the module that it is in.
    """
    if isinstance(node, ast.ImportFrom):
        target = node.module
        if node.level:
            above = package.split(".")
            if not package or node.level > len(above):
                raise LookupError(f"a relative import in {package or 'no package'} leads outside")
            parts = above[: len(above) - node.level + 1]
            target = ".".join([*parts, node.module] if node.module else parts)
        return {alias.asname or alias.name: (target, alias.name) for alias in node.names}
    found = {}
    for alias in node.names:
        if "." in alias.name and not alias.asname:
            found[alias.name] = (alias.name, "*")
            top = alias.name.split(".")[0]
            found[top] = (top, None)
        else:
            found[alias.asname or alias.name] = (alias.name, None)
    return found


def _homes(nodes):
    """Map names to modules as the literal dictionaries among top-level assignments do."""
    found = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            try:
                found.update(ast.literal_eval(node.value))
            except ValueError:
                continue
    return {
        name: home
        for name, home in found.items()
        if isinstance(name, str) and isinstance(home, str) and _source(home) is not None
    }


def _names_beyond_attributes(node):
    """Return the names that are used otherwise than to look up an attribute."""
    looked_up = {id(n.value) for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and id(n) not in looked_up}


@cache
def _text(node):
    return ast.unparse(node)


@cache
def _source(name):
    """Return the source file of a module, None for a namespace package or no module at all."""
    top, *rest = name.split(".")
    spec = _spec(top)
    if spec is None:
        return None
    if not rest:
        return Path(spec.origin) if spec.has_location else None
    for folder in spec.submodule_search_locations or ():
        path = Path(folder).joinpath(*rest)
        files = [path.with_name(path.name + suffix) for suffix in (*EXTENSION_SUFFIXES, ".py")]
        for candidate in (path / "__init__.py", *files):
            if candidate.is_file():
                return candidate
    return None


@cache
def _exists(name):
    """Return whether a module has a source file or is a folder, which is a namespace package."""
    top, *rest = name.split(".")
    folders = getattr(_spec(top), "submodule_search_locations", None) or ()
    return _source(name) is not None or any(Path(f).joinpath(*rest).is_dir() for f in folders)


def _spec(top):
    try:
        return importlib.util.find_spec(top)
    except ValueError:  # A module such as __main__ may have none.
        return None


@cache
def _is_the_users(top):
    """Return whether a top-level module is neither of the standard library nor installed."""
    spec = _spec(top)
    if spec is None:
        return False
    places = [spec.origin] if spec.has_location else spec.submodule_search_locations or ()
    return any(not _is_installed(Path(place).resolve()) for place in places)


def _is_installed(path):
    named = {"site-packages", "dist-packages"} & set(path.parts)
    return bool(named) or any(path.is_relative_to(folder) for folder in _INSTALLED)


@cache
def _read(path, name):
    """Parse the file of a module; a compiled one counts by its bytes."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    if path.name.endswith(tuple(EXTENSION_SUFFIXES)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        return _Module(ast.parse(f"__compiled__ = {content!r}"), package, compiled=True)
    tree = ast.parse(path.read_bytes(), filename=str(path))
    return _Module(_WithoutDocstrings().visit(tree), package)


class _WithoutDocstrings(ast.NodeTransformer):
    """Drop statements that are nothing but a text."""

    def visit_Expr(self, node):
        text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if text else node

    def generic_visit(self, node):
        super().generic_visit(node)
        if isinstance(node, _DEFINITIONS) and not node.body:
            node.body = [ast.Pass()]
        return node
