"""A digest of the code that a rule runs, so that editing it reruns the rule and nothing else.

The workflow engine does not track imported code. The digest therefore covers, from a script or a
function on, every definition that can be reached by name through the modules of the package:

- statements at the top level of an imported module always count, for importing runs them; so do
  decorated definitions, whose decorators run too;
- an undecorated function or class counts once a statement that counts names it;
- comments, docstrings and formatting do not count, nor does the order of imports.

What cannot be seen is a module looked up by a text; such modules are named to the digest.
"""

import ast
import hashlib
import importlib.util
from functools import cache
from pathlib import Path

PACKAGE = __name__.partition(".")[0]
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)


def code_digest(script, *, modules=(), functions=()) -> str:
    """Hash the code that a script reaches.

    Parameters
    ----------
    script : str or os.PathLike
        A Python file from which the closure starts; all of it counts.
    modules : iterable of str
        Modules of the package that the script's code looks up by a text, wholly counted.
    functions : iterable of str
        Functions by their dotted paths, ``"package.module:name"``; with their modules, the
        top-level package of each is followed like our own.

    Returns
    -------
    str
        The first 16 hexadecimal digits of a SHA-256.

    Raises
    ------
    LookupError
        If a name that is imported from a followed package cannot be found in it.
    """
    functions = sorted(functions)
    closure = _Closure({PACKAGE, *(name.partition(":")[0].split(".")[0] for name in functions)})
    closure.add_whole("<script>", _read(Path(script)))
    for module in modules:
        closure.add_module(module)
    for function in functions:
        module, _, name = function.partition(":")
        closure.add_name(module, name)
    return closure.digest()[:16]


class _Module:
    """The top level of a source file, sorted by whether a statement always counts."""

    def __init__(self, tree):
        self.always = []
        self.definitions = {}
        self.bindings = {}
        self.imports = []
        for node in tree.body:
            if isinstance(node, _DEFINITIONS) and not node.decorator_list:
                self.definitions.setdefault(node.name, []).append(node)
            elif isinstance(node, _IMPORTS):
                self.imports.append(node)
                self.bindings.update(_bindings(node))
            else:
                self.always.append(node)
        self.assigned = {
            inner.name if isinstance(inner, _DEFINITIONS) else inner.id
            for node in self.always
            for inner in ast.walk(node)
            if isinstance(inner, _DEFINITIONS)
            or (isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store))
        }


class _Closure:
    """Everything reached so far: for each module, lines and texts of statements."""

    def __init__(self, packages):
        self._packages = packages
        self._texts = {}
        self._seen = set()

    def digest(self):
        # Lines order the statements of a module and are left out, so that comments may move them.
        lines = [
            f"{module}\n{text}"
            for module in sorted(self._texts)
            for _, text in sorted(self._texts[module])
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def add_whole(self, name, module):
        """Count every definition of a module, given as a parsed file."""
        self._run(name, module)
        for nodes in list(module.definitions.values()):
            for node in nodes:
                self._count(name, module, node)

    def add_module(self, name):
        """Count every definition of a module, given by name."""
        if self._follows(name):
            self._import(name)
            self.add_whole(name, self._load(name))

    def add_name(self, name, attribute):
        """Count what a module binds to a name."""
        if not self._follows(name):
            return
        self._import(name)
        module = self._load(name)
        if attribute == "*":
            self.add_whole(name, module)
        elif attribute in module.definitions:
            for node in module.definitions[attribute]:
                self._count(name, module, node)
        elif attribute in module.bindings:
            self._use(name, attribute, module.bindings[attribute])
        elif attribute not in module.assigned and not attribute.startswith("__"):
            if _source(f"{name}.{attribute}") is None:
                raise LookupError(f"{name} binds no {attribute} that its source shows")
            self.add_module(f"{name}.{attribute}")

    def _follows(self, name):
        return name.split(".")[0] in self._packages

    def _load(self, name):
        source = _source(name)
        if source is None:
            raise LookupError(f"the module {name} has no source file")
        return _read(source)

    def _import(self, name):
        """Count what importing a module runs: its top level and those of its packages."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            package = ".".join(parts[:length])
            source = _source(package)
            if source is not None:
                self._run(package, _read(source))

    def _run(self, name, module):
        if name in self._texts:
            return
        self._texts[name] = set()
        for node in module.imports:
            for target, attribute in _bindings(node).values():
                if attribute == "*":
                    self.add_name(target, attribute)
                elif self._follows(target):
                    self._import(target)
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
                for target, attribute in _bindings(inner).values():
                    self._use_target(target, attribute)
            elif isinstance(inner, ast.Name):
                for definition in module.definitions.get(inner.id, ()):
                    self._count(name, module, definition)
                if inner.id in module.bindings:
                    binding = module.bindings[inner.id]
                    if inner.id in whole_names or not self._is_module(binding):
                        self._use(name, inner.id, binding)
            elif (
                isinstance(inner, ast.Attribute)
                and isinstance(inner.value, ast.Name)
                and inner.value.id in module.bindings
                and self._is_module(module.bindings[inner.value.id])
            ):
                target, attribute = module.bindings[inner.value.id]
                self.add_name(f"{target}.{attribute}" if attribute else target, inner.attr)

    def _is_module(self, binding):
        target, attribute = binding
        if not self._follows(target):
            return False
        if attribute is None:
            return True
        return _source(f"{target}.{attribute}") is not None

    def _use(self, name, local, binding):
        target, attribute = binding
        self._texts[name].add((0, f"{local} is {attribute} of {target}"))
        self._use_target(target, attribute)

    def _use_target(self, target, attribute):
        if attribute is None:
            self.add_module(target)
        else:
            self.add_name(target, attribute)


def _bindings(node):
    """Map each local name that an import binds to its module and attribute.

    The attribute is None for the module itself, and ``*`` for all that it holds. The latter also
    stands for ``import package.module``, whose uses are not told apart.
    """
    if isinstance(node, ast.ImportFrom):
        return {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
    return {
        alias.asname or alias.name: (
            alias.name,
            "*" if "." in alias.name and not alias.asname else None,
        )
        for alias in node.names
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
    spec = importlib.util.find_spec(top)
    if spec is None:
        return None
    if not rest and spec.origin:
        return Path(spec.origin)
    for folder in spec.submodule_search_locations or ():
        path = Path(folder).joinpath(*rest)
        for candidate in (path.with_suffix(".py"), path / "__init__.py"):
            if rest and candidate.is_file():
                return candidate
    return None


@cache
def _read(path):
    tree = ast.parse(path.read_bytes(), filename=str(path))
    return _Module(_WithoutDocstrings().visit(tree))


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
