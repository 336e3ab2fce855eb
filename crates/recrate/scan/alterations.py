"""Names whose objects a cell may change, though it does not bind them."""

import ast
from collections.abc import Container, Iterator, Sequence

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
