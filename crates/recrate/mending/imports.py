"""Import statements that name what is gone, written anew."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from recrate.mending.calls import around, fits
from recrate.mending.paths import parent_of
from recrate.mending.renames import Rename
from recrate.mending.scopes import canonical
from recrate.mending.spans import Edit, Text

if TYPE_CHECKING:
    from recrate.mending.uses import Finder

Edits = tuple[Edit, ...]
Found = tuple[Rename, Text, ast.stmt | ast.expr, Edits]
"""A rename, the cell and the node that it changes there, and how."""


def import_edit(text: Text, node: ast.AST, module: str) -> Edits:
    """Return the import of a module before the statement at the top that holds `node`."""
    statement = text.statement(node)
    if statement is None:
        return ()
    decorators = getattr(statement, "decorator_list", [])
    line = min([statement.lineno, *(one.lineno for one in decorators)])
    written = text.lines[line - 1]
    indent = written[: len(written) - len(written.lstrip())]
    place = text.start_of_line(line)
    return (Edit(place, place, f"{indent}import {module}\n"),)


def module_edit(finder: "Finder", text: Text, node: ast.Import | ast.ImportFrom) -> Iterator[Found]:
    """Yield the edits of an import statement, and of where what it imports is used."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            for rename, edits in _plain(finder, text, alias):
                yield rename, text, node, edits
    elif node.module and not node.level and not any(one.name == "*" for one in node.names):
        yield from _taken(finder, text, node, node.module)


def _plain(finder: "Finder", text: Text, alias: ast.alias) -> Iterator[tuple[Rename, Edits]]:
    for rename in finder.family:
        inside = alias.name == rename.before or alias.name.startswith(f"{rename.before}.")
        if rename.kind != "module" or not inside or not finder.is_whole(rename):
            continue
        start = text.place(alias.lineno, alias.col_offset)
        end = start + len(alias.name)
        if text.source[start:end] == alias.name:
            new = rename.after + alias.name[len(rename.before) :]
            if alias.asname is None and "." not in alias.name:
                new += f" as {alias.name}"
            yield rename, (Edit(start, end, new),)
        return


def _taken(finder: "Finder", text: Text, node: ast.ImportFrom, module: str) -> Iterator[Found]:
    """Yield the edits of `from module import …`: what is gone gets a statement of its own."""
    span = text.span(node)
    if span is None:
        return
    kept: list[str] = []
    moved: dict[str, None] = {}
    renames: list[tuple[Rename, list[Found]]] = []
    for alias in node.names:
        bound = alias.asname or alias.name
        found = _rename_of(finder, canonical(f"{module}.{alias.name}"), bound)
        if found is None:
            kept.append(ast.unparse(alias))
            continue
        rename, statements, used = found
        moved.update(dict.fromkeys(statements))
        renames.append((rename, used))
    if not renames:
        return
    first = [f"from {module} import {', '.join(kept)}"] if kept else []
    joint = _joint(text, node, span[1])
    whole = Edit(*span, joint.join([*first, *moved]) or "pass")
    for rename, used in renames:
        yield rename, text, node, (whole,)
        yield from used


def _joint(text: Text, node: ast.ImportFrom, end: int) -> str:
    """Return what stands between two statements there: a new line where they begin one."""
    line = text.lines[node.lineno - 1]
    start = text.place(node.lineno, node.col_offset) - text.start_of_line(node.lineno)
    rest = text.source[end:].partition("\n")[0].strip()
    alone = not line[:start].strip() and (not rest or rest.startswith("#"))
    return "\n" + line[:start] if alone else "; "


def _rename_of(
    finder: "Finder", dotted: str, bound: str
) -> tuple[Rename, list[str], list[Found]] | None:
    for rename in finder.family:
        target = _target(finder, rename, dotted)
        if not target:
            continue
        used = _of_uses(finder, rename, bound)
        statements = _statements(rename, target, bound)
        if used is not None and statements is not None:
            return rename, statements, used
    return None


def _target(finder: "Finder", rename: Rename, dotted: str) -> str:
    """Return what is to be taken instead, empty where the rename is about something else."""
    if rename.kind == "name":
        return rename.after if dotted == rename.before else ""
    if rename.kind != "module":
        return ""
    if dotted == rename.before:
        return rename.after if finder.is_whole(rename) else ""
    rest = dotted.removeprefix(f"{rename.before}.")
    if rest == dotted or (rename.only and rest.partition(".")[0] not in rename.only):
        return ""
    return f"{rename.after}.{rest}"


def _of_uses(finder: "Finder", rename: Rename, bound: str) -> list[Found] | None:
    """Return what changes where the imported name is used; None where one use does not fit."""
    found: list[Found] = []
    if not (rename.when or rename.then or rename.arguments):
        return found
    for text, node in finder.uses_of_name(bound):
        if not fits(rename, node, text):
            return None
        edits = tuple(around(rename, node, text))
        if edits:
            found.append((rename, text, node, edits))
    return found


def _statements(rename: Rename, target: str, bound: str) -> list[str] | None:
    """Return statements that bind `bound` to `target`; None where there is no short way."""
    if target.startswith("-"):
        return None
    if "." not in target:
        if rename.kind == "module":
            return [f"import {target}" + (f" as {bound}" if bound != target else "")]
        return [] if bound == target else [f"{bound} = {target}"]
    same = parent_of(target) == parent_of(rename.before) or rename.kind == "module"
    module = parent_of(target) if same else rename.owner
    first, _, rest = target.removeprefix(f"{module}.").partition(".")
    if rest:
        return [f"from {module} import {first}", f"{bound} = {target.removeprefix(f'{module}.')}"]
    return [f"from {module} import {first}" + (f" as {bound}" if bound != first else "")]
