"""What one Python cell takes from the cells above it, and what it leaves to those below."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from recrate.scan.magics import plain_cell

_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_SETTINGS = frozenset(
    {
        "seed", "use", "set", "set_theme", "set_style", "set_context", "set_palette", "set_option",
        "rc", "update", "set_printoptions", "set_default_dtype", "manual_seed", "set_seed",
        "set_random_seed", "setlocale", "chdir", "append", "insert", "set_matplotlib_formats",
    }
)  # fmt: skip
"""Functions of libraries that say how all that follows is done."""
_LOOP = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True)
class Touched:
    """Names at the top of a notebook that a cell has to do with.

    uses:    read while it runs, before it binds them itself
    binds:   bound by assignments and the like
    defines: bound by imports, functions and classes
    changes: changed in place: an item or attribute is set, or a method is called for its effect
    settings: of those, the names on which something is set that holds for the whole run
    later:   function or class of the cell → the names it reads once it is called
    unknown: it is no Python that can be read, so that nothing is known
    """

    uses: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    defines: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()
    later: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unknown: bool = False


def touched_by(source: str, since_line: int = 1) -> Touched:
    """Return what the cell touches, from a line on; never raises on a stranger's code."""
    cell = plain_cell(source)
    if cell.tree is None or cell.foreign:
        return Touched(unknown=True)
    try:
        return _read([one for one in cell.tree.body if (one.end_lineno or 0) >= since_line])
    except RecursionError:
        return Touched(unknown=True)


def _read(statements: list[ast.stmt]) -> Touched:
    uses: set[str] = set()
    binds: set[str] = set()
    defines: set[str] = set()
    changes: set[str] = set()
    settings: set[str] = set()
    later: dict[str, frozenset[str]] = {}
    for statement in statements:
        stored, made = _stored(statement), set(_made(statement))
        simple = isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr)
        read = _loaded(statement) - (set() if simple else stored)
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            read.add(statement.target.id)
        if isinstance(statement, _FUNCTION):
            later[statement.name] = frozenset(_free(statement))
        uses |= read - binds - defines
        changes |= set(_changed(statement)) - stored
        settings |= set(_set(statement)) - stored
        binds |= stored - made
        defines |= made
    return Touched(
        uses=frozenset(uses),
        binds=frozenset(binds),
        defines=frozenset(defines),
        changes=frozenset(changes - defines),
        settings=frozenset(settings),
        later=later,
    )


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes that run with the cell: bodies of functions are left out."""
    yield node
    for child in ast.iter_child_nodes(node):
        inner = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if not (inner and child in _body(node)):
            yield from _outside_functions(child)


def _body(node: ast.AST) -> list[ast.AST]:
    body = getattr(node, "body", [])
    return body if isinstance(body, list) else []  # a lambda's is read: it is called nearby


def _own_to_loops(node: ast.AST) -> set[str]:
    """Return the names that comprehensions and lambdas keep for themselves."""
    own: set[str] = set()
    for inner in _outside_functions(node):
        if isinstance(inner, _LOOP):
            own |= {name for one in inner.generators for name in _names(one.target)}
        elif isinstance(inner, ast.Lambda):
            own |= {one.arg for one in ast.walk(inner.args) if isinstance(one, ast.arg)}
    return own


def _names(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield one.id


def _loaded(node: ast.AST) -> set[str]:
    found = {
        one.id
        for one in _outside_functions(node)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
    }
    return found - _own_to_loops(node)


def _stored(node: ast.AST) -> set[str]:
    found = set(_made(node))
    for one in _outside_functions(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found.add(one.id)
    return found - _own_to_loops(node)


def _made(node: ast.AST) -> Iterator[str]:
    """Yield what imports, functions and classes bind."""
    for one in _outside_functions(node):
        if isinstance(one, ast.Import | ast.ImportFrom):
            for alias in one.names:
                yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(one, _FUNCTION):
            yield one.name


def _changed(node: ast.AST) -> Iterator[str]:
    for one in _outside_functions(node):
        if isinstance(one, ast.Subscript | ast.Attribute) and isinstance(one.ctx, ast.Store):
            yield from _root(one)
        elif isinstance(one, ast.Expr) and isinstance(one.value, ast.Call):
            yield from _root(one.value.func)


def _set(node: ast.AST) -> Iterator[str]:
    for one in _outside_functions(node):
        if isinstance(one, ast.Subscript | ast.Attribute) and isinstance(one.ctx, ast.Store):
            yield from _root(one)
        elif isinstance(one, ast.Expr) and isinstance(one.value, ast.Call):
            function = one.value.func
            if isinstance(function, ast.Attribute) and function.attr in _SETTINGS:
                yield from _root(function)


def _root(node: ast.AST) -> Iterable[str]:
    """Return the name that `a.b[0].c` begins with; nothing for a name alone."""
    inside = False
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        node, inside = (node.func if isinstance(node, ast.Call) else node.value), True
    return (node.id,) if inside and isinstance(node, ast.Name) else ()


def _free(node: ast.AST) -> set[str]:
    """Return the names that a function reads and does not bind."""
    own = {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
    read: set[str] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            (read if isinstance(one.ctx, ast.Load) else own).add(one.id)
    return read - own
