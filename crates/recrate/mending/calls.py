"""How a gone name must be used for its successor to mean the same."""

import ast
from collections.abc import Iterator

from recrate.mending.renames import Rename
from recrate.mending.spans import Edit, Text


def fits(rename: Rename, node: ast.expr, text: Text) -> bool:
    """Say whether the use of a name at `node` is one that the rename is right for."""
    parent = text.parents.get(id(node))
    if rename.when == "labels":
        inside = isinstance(parent, ast.Subscript) and parent.value is node
        return inside and isinstance(parent, ast.Subscript) and _is_labels(parent.slice)
    if not (rename.when or rename.then or rename.arguments):
        return True
    if not isinstance(parent, ast.Call) or parent.func is not node:
        return False
    return _fits_call(rename, parent)


def _fits_call(rename: Rename, call: ast.Call) -> bool:
    if any(isinstance(one, ast.Starred) for one in call.args):
        return False
    if any(one.arg is None for one in call.keywords):
        return False
    if rename.arguments and len(call.args) > len(rename.arguments):
        return False
    named = {one.arg for one in call.keywords}
    kind, _, name = rename.when.partition(" ")
    return {
        "": True,
        "bare": not call.args and not named,
        "single": len(call.args) == 1 and not named,
        "leading": bool(call.args) and "columns" not in named,
        "keyword": name in named,
    }[kind]


def _is_labels(node: ast.expr) -> bool:
    """Say whether an index can only be of labels or of truth values, never of positions."""
    if isinstance(node, ast.Tuple):
        rows = [not isinstance(one, ast.Slice) or _is_slice(one) for one in node.elts]
        return all(rows) and all(_is_label(one) for one in node.elts)
    return _is_label(node)


def _is_slice(node: ast.Slice) -> bool:
    parts = [one for one in (node.lower, node.upper, node.step) if one is not None]
    return node.step is None and all(_is_label(one) for one in parts)


def _is_label(node: ast.expr) -> bool:
    if isinstance(node, ast.Slice):
        return _is_slice(node)
    if isinstance(node, ast.List):
        return bool(node.elts) and all(_is_text(one) for one in node.elts)
    if isinstance(node, ast.BinOp):
        both = isinstance(node.op, ast.BitAnd | ast.BitOr)
        return both and _is_label(node.left) and _is_label(node.right)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Invert) and _is_label(node.operand)
    return _is_text(node) or isinstance(node, ast.Compare)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def around(rename: Rename, node: ast.expr, text: Text) -> Iterator[Edit]:
    """Yield what changes of the call itself: names for its arguments, and what stands behind it."""
    parent = text.parents.get(id(node))
    if not isinstance(parent, ast.Call) or parent.func is not node:
        return
    for argument, name in zip(parent.args, rename.arguments, strict=False):
        span = text.span(argument)
        if name and span is not None:
            yield Edit(span[0], span[0], f"{name}=")
    whole = text.span(parent)
    if rename.then and whole is not None:
        yield Edit(whole[1], whole[1], rename.then)
