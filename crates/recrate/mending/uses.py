"""Where code uses a gone name, and the smallest edits that put its successor there."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recrate.mending.calls import around, fits
from recrate.mending.imports import import_edit, module_edit
from recrate.mending.paths import parent_of
from recrate.mending.renames import Rename
from recrate.mending.scopes import Scope, canonical
from recrate.mending.spans import Edit, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of a gone name. `text`: number of the cell; `node`: what it is of, and its line."""

    rename: Rename
    text: int
    node: ast.expr | ast.stmt
    edits: tuple[Edit, ...]


class Finder:
    """Looks for uses of a family of renames in all cells of a notebook, or in one module."""

    def __init__(self, family: Sequence[Rename], texts: Sequence[Text], scope: Scope) -> None:
        self.family = family
        self.texts = texts
        self.scope = scope

    def uses(self) -> Iterator[Use]:
        """Yield the uses, in the order of the cells; those that are not sure are left out."""
        for number, text in enumerate(self.texts):
            if text.tree is None:
                continue
            for node in ast.walk(text.tree):
                if id(node) not in text.guarded:
                    yield from self._of(number, text, node)

    def _of(self, number: int, text: Text, node: ast.AST) -> Iterator[Use]:
        if isinstance(node, ast.ImportFrom | ast.Import):
            yield from self._imported(text, node)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield from self._attribute(number, text, node)
        elif isinstance(node, ast.Call):
            for rename in self.family:
                edits = tuple(_passed(rename, node, text, self.scope))
                if edits:
                    yield Use(rename=rename, text=number, node=node, edits=edits)

    def _attribute(self, number: int, text: Text, node: ast.Attribute) -> Iterator[Use]:
        dotted = self.scope.dotted(node)
        for rename in self.family:
            if rename.kind == "method":
                found = not dotted and node.attr == rename.before and fits(rename, node, text)
                edits = _method(rename, node, text) if found else ()
            elif rename.kind in ("name", "module") and dotted == rename.before:
                edits = self._named(rename, node, text) if self._is_same(rename, node, text) else ()
            else:
                continue
            if edits:
                yield Use(rename=rename, text=number, node=node, edits=edits)

    def _is_same(self, rename: Rename, node: ast.expr, text: Text) -> bool:
        if rename.kind == "name":
            return fits(rename, node, text)
        outer = text.parents.get(id(node))
        return not rename.only or (isinstance(outer, ast.Attribute) and outer.attr in rename.only)

    def _named(self, rename: Rename, node: ast.Attribute, text: Text) -> tuple[Edit, ...]:
        """Return the edits for a dotted name: as few characters as will do."""
        span = text.span(node)
        if span is None:
            return ()
        more = tuple(around(rename, node, text))
        after = rename.after.removeprefix("-")
        minus = rename.after.startswith("-")
        if parent_of(after) == parent_of(rename.before) and not minus:
            start = span[1] - len(node.attr)
            return (Edit(start, span[1], after.rpartition(".")[2]), *more)
        if "." not in after and rename.kind == "name":
            free = after not in self.scope.bound
            return (Edit(*span, after), *more) if free else ()
        owner, name = rename.owner.removeprefix("-"), after
        base = _base_of(node)
        if rename.kind == "name" and self.scope.bound.get(base) == owner:
            name, needed = base + after[len(owner) :], ""
        else:
            owner = after if rename.kind == "module" else owner
            root = owner.partition(".")[0]
            if not self.scope.is_free(root, root):
                return ()
            needed = owner
        name = f"(-{name})" if minus else name
        edits = (Edit(*span, name), *more)
        return (*edits, *import_edit(text, node, needed)) if needed else edits

    def _imported(self, text: Text, node: ast.Import | ast.ImportFrom) -> Iterator[Use]:
        for rename, where, what, edits in module_edit(self, text, node):
            yield Use(rename=rename, text=self.texts.index(where), node=what, edits=edits)

    def uses_of_name(self, name: str) -> Iterator[tuple[Text, ast.Name]]:
        """Yield where a bound name is read, in all cells."""
        for text in self.texts:
            for node in ast.walk(text.tree) if text.tree is not None else ():
                if isinstance(node, ast.Name) and node.id == name:
                    yield text, node

    def is_whole(self, rename: Rename) -> bool:
        """Say whether all that is taken from a module is the same in the new one."""
        if not rename.only:
            return True
        taken = (
            node.attr
            for text in self.texts
            for node in (ast.walk(text.tree) if text.tree is not None else ())
            if isinstance(node, ast.Attribute) and self.scope.dotted(node.value) == rename.before
        )
        return all(name in rename.only for name in taken)


def _base_of(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _method(rename: Rename, node: ast.Attribute, text: Text) -> tuple[Edit, ...]:
    span, value = text.span(node), text.span(node.value)
    if span is None or value is None:
        return ()
    more = tuple(around(rename, node, text))
    if rename.after.startswith("["):
        return (Edit(value[1], span[1], rename.after), *more)
    return (Edit(span[1] - len(node.attr), span[1], rename.after), *more)


def _passed(rename: Rename, call: ast.Call, text: Text, scope: Scope) -> Iterator[Edit]:
    """Yield the edits of what is passed to a call: an argument's name, or a literal."""
    if rename.kind == "keyword" and _is_called(rename, call, scope):
        yield from _keyword(rename, call, text)
    elif rename.kind == "value" and scope.dotted(call.func) in rename.functions:
        for argument in call.args:
            parts = argument.elts if isinstance(argument, ast.List) else [argument]
            for one in parts:
                span = text.span(one)
                if span is not None and ast.unparse(one) == rename.before:
                    yield Edit(*span, rename.after)


def _is_called(rename: Rename, call: ast.Call, scope: Scope) -> bool:
    if isinstance(call.func, ast.Name):
        dotted = scope.bound.get(call.func.id, "")
        return canonical(dotted).rpartition(".")[2] in rename.functions
    return isinstance(call.func, ast.Attribute) and call.func.attr in rename.functions


def _keyword(rename: Rename, call: ast.Call, text: Text) -> Iterator[Edit]:
    name, _, value = rename.before.partition("=")
    named = {one.arg for one in call.keywords}
    if rename.after.partition("=")[0] in named:
        return
    for one in call.keywords:
        span = text.span(one)
        if one.arg != name or span is None:
            continue
        if not value:
            yield Edit(span[0], span[0] + len(name), rename.after)
        elif ast.unparse(one.value) == value:
            yield Edit(*span, rename.after)
