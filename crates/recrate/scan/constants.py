"""What strings an expression can be, as far as constants tell: simple, bounded, never run.

A value is the tuple of strings an expression may have; the empty tuple means it is not known.
`for year in (2019, 2020): f"data/{year}.csv"` gives two. Numbers are kept as their text.
"""

import ast
from collections.abc import Callable, Iterable
from itertools import islice, product
from typing import Any, ClassVar

from recrate.scan.uses import join

Strings = tuple[str, ...]
LIMIT = 64
"""An expression with more possible values is not known."""
_LONGEST = 4096
_PATH_MAKERS = frozenset(
    {
        "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath", "Path",
        "os.path.join", "os.path.abspath", "os.path.normpath", "os.path.realpath", "os.fspath",
        "os.path.expanduser", "os.path.expandvars", "str",
    }
)  # fmt: skip
_CALLED = {
    "os.getcwd": ".", "os.getcwdu": ".", "pathlib.Path.cwd": ".", "pathlib.Path.home": "~",
}  # fmt: skip
_NAMED = {
    "os.sep": "/", "os.path.sep": "/", "os.pardir": "..", "os.path.pardir": "..",
    "os.curdir": ".", "os.path.curdir": ".",
}  # fmt: skip
_SAME = frozenset({"resolve", "absolute", "expanduser", "as_posix", "__str__", "strip", "format"})


class Constants:
    """Names bound to constant strings so far, aliases of modules, and how to read expressions."""

    def __init__(self) -> None:
        self.values: dict[str, Strings] = {}
        self.lists: dict[str, Strings] = {}
        self.aliases: dict[str, str] = {}

    def copy(self) -> "Constants":
        """Return a scope that starts with what is known here."""
        inner = Constants()
        inner.values = dict(self.values)
        inner.lists = dict(self.lists)
        inner.aliases = self.aliases
        return inner

    def bind(self, target: ast.expr, value: ast.expr) -> None:
        """Note an assignment; what is not constant makes the name unknown."""
        if not isinstance(target, ast.Name):
            self.forget(target)
            return
        self.forget(target)
        if strings := self.strings(value):
            self.values[target.id] = strings
        elif items := self.items(value):
            self.lists[target.id] = items

    def bind_items(self, target: ast.expr, values: ast.expr) -> None:
        """Note `for target in values`."""
        self.forget(target)
        if isinstance(target, ast.Name) and (items := self.items(values)):
            self.values[target.id] = items

    def forget(self, target: ast.AST) -> None:
        """Note that the names in `target` are bound to something that is not known."""
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                self.values.pop(node.id, None)
                self.lists.pop(node.id, None)

    def dotted(self, node: ast.expr) -> str:
        """Return the full dotted name of `np.load` as `numpy.load`; empty for anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        parts.append(self.aliases.get(node.id, node.id))
        return ".".join(reversed(parts))

    def items(self, node: ast.expr) -> Strings:
        """Return the strings in a list, tuple, set or `range` of constants."""
        if isinstance(node, ast.Name):
            return self.lists.get(node.id, ())
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            if not node.elts or len(node.elts) > LIMIT:
                return ()
            each = [self.strings(element) for element in node.elts]
            return tuple(islice((one for ones in each for one in ones), LIMIT)) if all(each) else ()
        if isinstance(node, ast.Call) and self.dotted(node.func) == "range":
            return _range([self.strings(argument) for argument in node.args])
        return ()

    def strings(self, node: ast.expr | None) -> Strings:
        """Return what strings `node` can be."""
        reader = None if node is None else self._READERS.get(type(node))
        return reader(self, node) if reader is not None else ()

    def _literal(self, node: ast.Constant) -> Strings:
        return _constant(node.value)

    def _name(self, node: ast.Name) -> Strings:
        return self.values.get(node.id, ())

    def _joined(self, node: ast.JoinedStr) -> Strings:
        return _combined([self._piece(piece) for piece in node.values], "".join)

    def _piece(self, node: ast.expr) -> Strings:
        if isinstance(node, ast.FormattedValue):
            return () if node.format_spec else self.strings(node.value)
        return self.strings(node)

    def _operation(self, node: ast.BinOp) -> Strings:
        if isinstance(node.op, ast.Add):
            return _combined([self.strings(node.left), self.strings(node.right)], "".join)
        if isinstance(node.op, ast.Div):
            sides = [self.strings(node.left), self.strings(node.right)]
            return _combined(sides, lambda pair: join(pair[0], pair[1]))
        return ()

    def _attribute(self, node: ast.Attribute) -> Strings:
        named = _NAMED.get(self.dotted(node))
        if named is not None:
            return (named,)
        if node.attr == "parent":
            return tuple(_parent(one) for one in self.strings(node.value))
        return ()

    def _call(self, node: ast.Call) -> Strings:
        name = self.dotted(node.func)
        if name in _CALLED:
            return (_CALLED[name],)
        if name in _PATH_MAKERS:
            if not node.args:
                return (".",) if name.endswith("Path") else ()
            return _combined([self.strings(one) for one in node.args], _join_all)
        if name == "os.path.dirname" and node.args:
            return tuple(_parent(one) for one in self.strings(node.args[0]))
        if isinstance(node.func, ast.Attribute):
            return self._method(node.func, node)
        return ()

    def _method(self, function: ast.Attribute, node: ast.Call) -> Strings:
        around = self.strings(function.value)
        if not around:
            return ()
        if function.attr == "joinpath":
            return _combined([around, *(self.strings(one) for one in node.args)], _join_all)
        if function.attr == "with_suffix" and node.args:
            pair = [around, self.strings(node.args[0])]
            return _combined(pair, lambda both: both[0].rpartition(".")[0] + both[1])
        if function.attr == "format" and (node.args or node.keywords):
            return self._formatted(around, node)
        return around if function.attr in _SAME and not node.args else ()

    def _formatted(self, around: Strings, node: ast.Call) -> Strings:
        if any(keyword.arg is None for keyword in node.keywords):
            return ()
        pieces = [self.strings(one) for one in node.args]
        named = [self.strings(keyword.value) for keyword in node.keywords]
        names = [str(keyword.arg) for keyword in node.keywords]

        def fill(parts: tuple[str, ...]) -> str:
            rest = parts[1 + len(pieces) :]
            text = parts[0]
            for index, piece in enumerate(parts[1 : 1 + len(pieces)]):
                text = text.replace("{%d}" % index, piece).replace("{}", piece, 1)  # noqa: UP031
            for name, piece in zip(names, rest, strict=True):
                text = text.replace("{" + name + "}", piece)
            return text

        filled = _combined([around, *pieces, *named], fill)
        return () if any("{" in one for one in filled) else filled

    _READERS: ClassVar[dict[type[ast.AST], Callable[["Constants", Any], Strings]]] = {
        ast.Constant: _literal,
        ast.Name: _name,
        ast.JoinedStr: _joined,
        ast.BinOp: _operation,
        ast.Call: _call,
        ast.Attribute: _attribute,
    }


def _constant(value: object) -> Strings:
    if isinstance(value, str):
        return (value,) if len(value) <= _LONGEST else ()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return (str(value),)
    return ()


def _combined(parts: list[Strings], how: Callable[[tuple[str, ...]], str]) -> Strings:
    """Return every combination of `parts` put together, or nothing when they are too many."""
    size = 1
    for part in parts:
        size *= len(part)
        if not 0 < size <= LIMIT:
            return ()
    made = tuple(how(pick) for pick in product(*parts))
    return made if all(len(one) <= _LONGEST for one in made) else ()


def _join_all(parts: Iterable[str]) -> str:
    path = ""
    for part in parts:
        path = join(path, part)
    return path


def _parent(path: str) -> str:
    if path in {"", "."}:
        return ".."
    if path == ".." or path.endswith("/.."):
        return path + "/.."
    return path.rstrip("/").rpartition("/")[0] or ("/" if path.startswith("/") else ".")


def _range(bounds: list[Strings]) -> Strings:
    if not 1 <= len(bounds) <= 3 or not all(len(bound) == 1 for bound in bounds):
        return ()
    try:
        numbers = range(*(int(bound[0]) for bound in bounds))
    except ValueError:
        return ()
    return tuple(map(str, numbers)) if len(numbers) <= LIMIT else ()
