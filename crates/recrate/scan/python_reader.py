"""Python code read by its syntax tree: imports, files, URLs, environment variables, GPUs.

One reader walks the cells of a notebook in order, so that what a cell binds is known to the next.
"""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from recrate.scan.calls import GPU_MODULES
from recrate.scan.commands import read_command
from recrate.scan.constants import Constants
from recrate.scan.magics import Command
from recrate.scan.python_calls import read_call
from recrate.scan.uses import ImportUse, Place, Uses, dois_in

_URL = re.compile(r"(?:https?|ftp|s3|gs)://[^\s'\"<>{}|\\^`]+")
_MACHINE_PATH = re.compile(
    r"(?:~/|/(?:home|Users|mnt|media|scratch|gpfs|lustre|content|root|Volumes|work|nfs)/"
    r"|[A-Za-z]:[\\/]{1,2}\w[\w .-]*(?:[\\/]|$)).*"
)
_MISSING_MODULE = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_MISSING_FILE = frozenset(
    {"FileNotFoundError", "OSError", "IOError", "EnvironmentError", "Exception", "BaseException"}
)
_LOOKS = frozenset({"exists", "isfile", "isdir", "is_file", "is_dir", "access", "lexists"})
_NAMESPACES = frozenset(
    {"google", "google.cloud", "azure", "mpl_toolkits", "ruamel", "zope", "backports", "jaraco",
     "sphinxcontrib", "scikits"}
)  # fmt: skip


class PythonReader:
    """Reads trees into `uses`; one per notebook or script."""

    def __init__(self, uses: Uses) -> None:
        self.uses = uses
        self.known = Constants()
        self.cell: int | None = None
        self.optional = False
        self.guarded = False
        self.checked = False
        self.fetching = False

    def read(self, tree: ast.Module, commands: list[Command], cell: int | None) -> None:
        """Take in one cell or script, its statements and commands by their lines."""
        self.cell = cell
        waiting = sorted(commands, key=lambda one: one.line)
        for statement in tree.body:
            while waiting and waiting[0].line <= statement.lineno:
                read_command(waiting.pop(0), cell, self.uses)
            self.visit(statement)
        for command in waiting:
            read_command(command, cell, self.uses)

    def place(self, node: ast.AST) -> Place:
        """Return where `node` stands."""
        return Place(self.cell, getattr(node, "lineno", 1))

    def visit(self, node: ast.AST) -> None:
        """Take in `node` and all below it."""
        reader = self.READERS.get(type(node))
        if reader is not None:
            reader(self, node)
        else:
            for child in ast.iter_child_nodes(node):
                self.visit(child)

    def visit_all(self, nodes: list[Any]) -> None:
        """Take in each of `nodes`, in order."""
        for node in nodes:
            if node is not None:
                self.visit(node)

    @contextmanager
    def inside(self, **flags: bool) -> Iterator[None]:
        """Raise some of the flags `optional`, `guarded`, `checked` while the block lasts."""
        before = {name: getattr(self, name) for name in flags}
        for name, raised in flags.items():
            setattr(self, name, before[name] or raised)
        yield
        for name, value in before.items():
            setattr(self, name, value)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.uses.add_import(alias.name, self.place(node), optional=self.optional)
            bound = alias.asname or alias.name.partition(".")[0]
            self.known.aliases[bound] = alias.name if alias.asname else bound
            self._gpu_module(alias.name, node)

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        names = tuple(alias.name for alias in node.names)
        self.uses.imports.append(
            ImportUse(module, self.place(node), self.optional, node.level, names)
        )
        if module == "__future__":
            return
        if module in _NAMESPACES and not node.level:
            for name in names:
                if name != "*":
                    full = f"{module}.{name}"
                    self.uses.add_import(full, self.place(node), optional=self.optional)
        for alias in node.names:
            self.known.aliases[alias.asname or alias.name] = f"{module}.{alias.name}"
            self._gpu_module(f"{module}.{alias.name}", node)

    def _gpu_module(self, name: str, node: ast.AST) -> None:
        if self.optional:
            return
        if (
            name.split(".", maxsplit=1)[0] in GPU_MODULES
            or ".".join(name.split(".")[:2]) in GPU_MODULES
        ):
            self.uses.gpu.append((self.place(node), f"`import {name}`"))

    def _assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            if not isinstance(target, ast.Name):
                self.visit(target)
            for name, value in _pairs(target, node.value):
                self.known.bind(name, value)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
            self.known.bind(node.target, node.value)

    def _named(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.known.bind(node.target, node.value)

    def _augmented(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name) and isinstance(node.op, ast.Add | ast.Div):
            left = ast.copy_location(ast.Name(node.target.id, ast.Load()), node)
            strings = self.known.strings(ast.BinOp(left, node.op, node.value))
            self.known.forget(node.target)
            if strings:
                self.known.values[node.target.id] = strings
        else:
            self.known.forget(node.target)

    def _for(self, node: ast.For) -> None:
        self.visit(node.iter)
        self.known.bind_items(node.target, node.iter)
        self.visit_all(node.body)
        self.visit_all(node.orelse)

    def _comprehension(self, node: ast.ListComp) -> None:
        outer, self.known = self.known, self.known.copy()
        for generator in node.generators:
            self.visit(generator.iter)
            self.known.bind_items(generator.target, generator.iter)
            self.visit_all(generator.ifs)
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self.visit_all(parts)
        self.known = outer

    def _with(self, node: ast.With) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.known.forget(item.optional_vars)
        self.visit_all(node.body)

    def _function(self, node: ast.FunctionDef) -> None:
        arguments = node.args
        self.visit_all([*getattr(node, "decorator_list", []), *arguments.defaults])
        self.visit_all(arguments.kw_defaults)
        outer, self.known = self.known, self.known.copy()
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for argument in [*every, arguments.vararg, arguments.kwarg]:
            if argument is not None:
                self.known.values.pop(argument.arg, None)
                self.known.lists.pop(argument.arg, None)
        body = node.body if isinstance(node.body, list) else [node.body]
        with self.inside(guarded=True):
            self.visit_all(body)
        self.known = outer

    def _if(self, node: ast.If) -> None:
        test = node.test
        if isinstance(test, ast.Constant) and not test.value:
            self.visit_all(node.orelse)
            return
        self.visit(test)
        typing_only = self.known.dotted(test).endswith("TYPE_CHECKING")
        main = isinstance(test, ast.Compare) and self.known.dotted(test.left) == "__name__"
        with self.inside(guarded=not main, checked=_looks(test), optional=typing_only):
            self.visit_all(node.body)
            self.visit_all(node.orelse)

    def _try(self, node: ast.Try) -> None:
        caught = {name for handler in node.handlers for name in _caught(handler)}
        no_module = bool(caught & _MISSING_MODULE)
        with self.inside(optional=no_module, checked=bool(caught & _MISSING_FILE)):
            self.visit_all(node.body)
        with self.inside(optional=no_module, guarded=True):
            for handler in node.handlers:
                self.visit_all(handler.body)
        self.visit_all(node.orelse)
        self.visit_all(node.finalbody)

    def _expression(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.visit(node.value)

    def _constant(self, node: ast.Constant) -> None:
        text = node.value
        if not isinstance(text, str) or not 4 < len(text) <= 20_000:
            return
        if "://" in text:
            for match in _URL.finditer(text):
                url = match.group().rstrip(".,;:)]")
                self.uses.add_web(url, self.place(node), fetched=False)
        if "10." in text:
            for doi in dois_in(_URL.sub(" ", text)):
                self.uses.add_web(f"https://doi.org/{doi}", self.place(node), fetched=False)
        if len(text) < 500 and "\n" not in text and _MACHINE_PATH.fullmatch(text):
            self.uses.absolute.append((self.place(node), text))

    def _subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.ctx, ast.Load) and self.known.dotted(node.value) in {
            "os.environ",
            "environ",
        }:
            for name in self.known.strings(node.slice):
                self.uses.variables.setdefault(name, self.place(node))
        self.visit(node.value)
        self.visit(node.slice)

    def _call(self, node: ast.Call) -> None:
        read_call(self, node)

    READERS: ClassVar[dict[type[ast.AST], Callable[["PythonReader", Any], None]]] = {
        ast.Import: _import,
        ast.ImportFrom: _import_from,
        ast.Assign: _assign,
        ast.AnnAssign: _annotated,
        ast.NamedExpr: _named,
        ast.AugAssign: _augmented,
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.DictComp: _comprehension,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.FunctionDef: _function,
        ast.AsyncFunctionDef: _function,
        ast.Lambda: _function,
        ast.If: _if,
        ast.Try: _try,
        ast.Expr: _expression,
        ast.Constant: _constant,
        ast.Subscript: _subscript,
        ast.Call: _call,
    }


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Return what is bound to what: `a, b = 1, 2` binds twice."""
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return [(target, value)]
    if len(target.elts) != len(value.elts):
        return [(target, value)]
    return list(zip(target.elts, value.elts, strict=True))


def _looks(test: ast.expr) -> bool:
    """Say whether a condition looks if a file is there."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr in _LOOKS)
        or (isinstance(node, ast.Name) and node.id in _LOOKS)
        for node in ast.walk(test)
    )


def _caught(handler: ast.ExceptHandler) -> Iterator[str]:
    if handler.type is None:
        yield "BaseException"
        return
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    for one in types:
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.Attribute):
            yield one.attr
