"""Where the time goes that a cell asks for: into which of its names, beside what it prints."""

import ast
from collections.abc import Mapping

from recrate.scan.chance import asks_clock, dotted

_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef


def names_with_time(tree: ast.Module, aliases: Mapping[str, str]) -> frozenset[str] | None:
    """Return the names whose values may hold what a clock said; None where the code does not tell.

    aliases: names that imports bind, with what they stand for
    `t0 = time(); solve(); print(time() - t0)` leaves the time in `t0` and nowhere else: what a
    later cell draws of the solution does not hang on the clock.
    """
    held: set[str] = set()
    while True:
        reached = _reached(tree, aliases, held)
        if reached is None or reached <= held:
            return None if reached is None else frozenset(held)
        held |= reached


def _reached(tree: ast.Module, aliases: Mapping[str, str], held: set[str]) -> set[str] | None:
    """Return the names that get the time in one pass, when those of `held` have it already."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, _SCOPES) and _has_time(node, aliases, held):
            return None
        if not isinstance(node, ast.stmt):
            continue
        names = _of_statement(node, aliases, held)
        if names is None:
            return None
        found |= names
    return found


def _of_statement(node: ast.stmt, aliases: Mapping[str, str], held: set[str]) -> set[str] | None:
    if isinstance(node, ast.For):
        return _roots([node.target], aliases) if _has_time(node.iter, aliases, held) else set()
    if hasattr(node, "body"):  # the statements in it are walked themselves
        heads = [one.context_expr for one in getattr(node, "items", ())]
        heads += [node.test] if isinstance(node, ast.If | ast.While) else []
        return None if any(_has_time(one, aliases, held) for one in heads) else set()
    if not _has_time(node, aliases, held):
        return set()
    if any(isinstance(one, ast.NamedExpr) for one in ast.walk(node)):
        return None
    return _of_simple(node, aliases)


def _of_simple(node: ast.stmt, aliases: Mapping[str, str]) -> set[str] | None:
    """Return what a statement that has the time in it passes it on to."""
    if isinstance(node, ast.Assign):
        return _roots(node.targets, aliases)
    if isinstance(node, ast.AnnAssign | ast.AugAssign):
        return _roots([node.target], aliases)
    if not isinstance(node, ast.Expr):
        return None
    call = node.value
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        at_hand = asks_clock(dotted(call.func, aliases))
        return set() if at_hand else _roots([call.func], aliases)
    named = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    quiet = all(asks_clock(dotted(one.func, aliases)) for one in calls)
    return set() if quiet or named in {"print", "display"} else None


def _has_time(node: ast.AST, aliases: Mapping[str, str], held: set[str]) -> bool:
    return any(
        (isinstance(one, ast.Call) and asks_clock(dotted(one.func, aliases)))
        or (isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id in held)
        for one in ast.walk(node)
    )


def _roots(targets: list[ast.expr], aliases: Mapping[str, str]) -> set[str] | None:
    """Return the names behind `a`, `a.b`, `a["b"]` and `a, b`; None where one is no variable."""
    found: set[str] = set()
    for target in targets:
        if isinstance(target, ast.Tuple | ast.List):
            inner = _roots(target.elts, aliases)
            if inner is None:
                return None
            found |= inner
            continue
        node: ast.expr = target
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
            node = node.value
        if not isinstance(node, ast.Name) or node.id in aliases:
            return None
        found.add(node.id)
    return found
