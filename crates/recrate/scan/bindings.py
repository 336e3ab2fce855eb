"""Names that a cell takes from the cells before it, binds for those behind it, or alters."""

import ast
from collections.abc import Container, Iterator, Sequence

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def names_of(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Return the names that a cell uses before it binds them, and those that it binds."""
    gives: set[str] = set()
    return _taken(tree.body, gives), gives


def _taken(statements: Sequence[ast.stmt], gives: set[str]) -> set[str]:
    """Return the names that statements use before they bind them; what they bind joins `gives`.

    A branch counts as taken: what it binds is bound for all that follows.
    """
    takes: set[str] = set()
    for statement in statements:
        blocks = _blocks(statement)
        inner = {id(one) for block in blocks for one in block}
        used, bound = _used_and_bound(statement, inner)
        if blocks:  # a loop's or a with's own name is bound before its body runs
            used -= bound
        takes |= used - gives
        gives |= bound
        for block in blocks:
            takes |= _taken(block, gives)
    return takes


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    """Return the bodies of a loop, branch, with or try; none for functions and classes."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return []
    handlers = [one.body for one in getattr(statement, "handlers", ())]
    cases = [one.body for one in getattr(statement, "cases", ())]
    bodies = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    return [block for block in (*bodies, *handlers, *cases) if isinstance(block, list) and block]


def _used_and_bound(statement: ast.stmt, inner: set[int]) -> tuple[set[str], set[str]]:
    """Return the names of a statement without those of its blocks, given by their identity."""
    used: set[str] = set()
    bound: set[str] = set()
    for node in _walk(statement, inner):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            bound.add(node.name)
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        used.add(statement.target.id)
    return used, bound


def _walk(statement: ast.stmt, left_out: set[int]) -> Iterator[ast.AST]:
    """Walk a statement; arguments and local names of functions and comprehensions are left out."""
    waiting: list[tuple[ast.AST, frozenset[str], bool]] = [(statement, frozenset(), True)]
    while waiting:
        node, local, outermost = waiting.pop()
        if isinstance(node, _SCOPES):
            if outermost:
                yield node
            outermost = False
            local = local | _local_names(node)
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            local = local | {
                inner.id
                for one in node.generators
                for inner in ast.walk(one.target)
                if isinstance(inner, ast.Name)
            }
        elif not (isinstance(node, ast.Name) and node.id in local):
            yield node
        children = (one for one in ast.iter_child_nodes(node) if id(one) not in left_out)
        waiting += [(child, local, outermost) for child in children]


def _local_names(scope: ast.AST) -> set[str]:
    """Return what a function or class binds for itself, without what it declares global."""
    found = {node.arg for node in ast.walk(scope) if isinstance(node, ast.arg)}
    shared: set[str] = set()
    for node in ast.walk(scope):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            shared.update(node.names)
    return found - shared


_READING_METHODS = frozenset(
    {
        "head", "tail", "describe", "info", "mean", "sum", "std", "min", "max", "median", "plot",
        "groupby", "copy", "to_string", "corr", "value_counts", "format", "join", "keys", "values",
        "items", "get", "astype", "reshape", "predict", "score", "summary", "unique", "shape",
        "loc", "iloc", "query", "merge", "strip", "split", "lower", "upper", "replace", "round",
        "to_csv", "to_html", "isnull", "isna", "notna", "dot", "transform", "agg", "apply", "all",
        "any", "tolist", "count", "index", "var", "quantile", "nunique", "pivot_table",
        "startswith",
    }
)  # fmt: skip
"""Methods that leave their object as it is, in the libraries that notebooks use most."""


_SETTING_METHODS = frozenset(
    {
        "set_option", "reset_option", "set", "set_style", "set_theme", "set_context", "use", "rc",
        "set_palette", "set_printoptions", "seterr", "enable", "init_printing", "filterwarnings",
        "simplefilter", "set_default", "set_defaults", "update", "getcontext", "setlocale",
    }
)  # fmt: skip
"""Functions of modules that change how the module behaves in the cells behind."""


def altered(nodes: Sequence[ast.AST], modules: Container[str]) -> Iterator[str]:
    """Yield names whose object may be changed: by item, attribute, or by a method of its own.

    Methods known to leave their object alone change nothing. A module is changed by what sets
    something for good.

    modules: names that imports bound
    """
    for node in nodes:
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            base: ast.AST = node
            while isinstance(base, ast.Subscript | ast.Attribute):
                base = base.value
            if isinstance(base, ast.Name):
                yield base.id
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, method = node.func.value, node.func.attr
            if not isinstance(owner, ast.Name):
                continue
            changing = method in _SETTING_METHODS
            if owner.id not in modules:
                changing = method not in _READING_METHODS
            if changing:
                yield owner.id
