"""Names that a notebook uses but no cell defines, because their cell was deleted or never saved.

Cells are looked at in their order by the compiler's own symbol tables. Whatever can bind names
unseen (star imports, `%run`, `exec`, magics of other languages) silences the whole notebook: a
missed finding is better than a false one.
"""

import ast
import builtins
import re
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, field

from recrate.model.finding import Finding, Severity
from recrate.scan.codes import finding
from recrate.scan.magics import PARSE_ERRORS, PlainCell

_ALWAYS = frozenset(dir(builtins)) | {
    "In", "Out", "get_ipython", "exit", "quit", "display", "open", "_ih", "_oh", "_dh", "_sh",
    "__name__", "__doc__", "__builtins__", "__spec__", "__loader__", "__package__", "__session__",
    "__class__", "__annotations__", "__debug__", "_exit_code",
}  # fmt: skip
_HISTORY = re.compile(r"_+|_+i*\d*")
_AUTOMAGIC = frozenset(
    {
        "ls", "pwd", "cd", "who", "whos", "history", "hist", "clear", "pip", "conda", "magic",
        "lsmagic", "pylab", "matplotlib", "ll", "quickref", "pinfo", "reset", "cat", "rm", "cp",
        "mv", "mkdir", "less", "more", "man", "env", "debug", "pdb", "autocall", "dirs", "colors",
    }
)  # fmt: skip
_BINDING_CALLS = frozenset({"exec", "execfile", "globals", "locals", "vars", "setattr", "eval"})
_BINDING_METHODS = frozenset(
    {"run_line_magic", "run_cell_magic", "magic", "run_cell", "ex", "push", "runcode"}
)
_HARMLESS = frozenset(
    {
        "!", "!!", "matplotlib", "time", "timeit", "config", "pip", "conda", "mamba", "load_ext",
        "reload_ext", "autoreload", "cd", "pwd", "ls", "env", "set_env", "who", "whos", "prun",
        "html", "HTML", "javascript", "js", "latex", "markdown", "bash", "sh", "script", "svg",
        "SVG", "writefile", "file", "watermark", "version_information", "memit", "mprun", "lprun",
        "precision", "capture", "debug", "pdb", "xmode", "history", "system", "sx", "cat", "mkdir",
        "nbagg", "colors", "alias", "load", "psource", "pinfo", "pinfo2", "pdoc", "doctest_mode",
        "rm", "cp", "mv", "logstart", "logstop", "reset", "reset_selective", "del", "xdel",
        "killbgscripts", "lsmagic", "magic", "quickref", "notebook", "unload_ext", "black",
        "nb_black", "lab_black", "tensorboard", "snakeviz", "python", "python3", "pfile", "page",
    }
)  # fmt: skip
"""Magics that bind no names but those written on their line."""


@dataclass(slots=True)
class _CellNames:
    defined: set[str] = field(default_factory=set)
    now: set[str] = field(default_factory=set)
    """Used while the cell runs."""
    later: set[str] = field(default_factory=set)
    """Used in functions, which may be called below."""


def name_findings(path: str, cells: list[tuple[int, PlainCell]]) -> Iterator[Finding]:
    """Yield names that no cell of the Python notebook defines, and names defined further down.

    cells: (index, plain cell) of the code cells in order
    """
    if any(_binds_unseen(cell) for _, cell in cells):
        return
    names: list[_CellNames] = []
    for _, cell in cells:
        found = _names_of(cell)
        if found is None:
            return
        names.append(found)
    everywhere = set().union(*(one.defined for one in names)) if names else set()
    above: set[str] = set()
    seen: set[str] = set()
    for (index, cell), one in zip(cells, names, strict=True):
        wanted = {name for name in one.now | one.later if not _is_known(name, everywhere)}
        early = {name for name in one.now & everywhere if name not in above | one.defined}
        for name in sorted((wanted | early) - seen):
            line = _line_of(cell, name)
            if line is None:
                continue
            seen.add(name)
            yield _finding(path, index, line, name, defined=name in early, soft=name not in one.now)
        above |= one.defined


def _finding(path: str, cell: int, line: int, name: str, *, defined: bool, soft: bool) -> Finding:
    if defined and not _is_known(name, set()):
        message = f"`{name}` is used here, but only a cell further down defines it"
        return finding("used-before-definition", message, path=path, cell=cell, line=line)
    return finding(
        "undefined-name",
        f"no cell defines `{name}`",
        severity=Severity.WARNING if soft else None,
        path=path,
        cell=cell,
        line=line,
    )


def _is_known(name: str, defined: set[str]) -> bool:
    return (
        name in defined
        or name in _ALWAYS
        or name in _AUTOMAGIC
        or _HISTORY.fullmatch(name) is not None
    )


def _binds_unseen(cell: PlainCell) -> bool:
    if any(command.name not in _HARMLESS for command in cell.commands) or cell.tree is None:
        return True
    if re.search(r"import\s*\(?\s*\*", cell.text):
        return True
    if not any(word in cell.text for word in (*_BINDING_CALLS, "ipython", "pylab", "magic")):
        return False
    return any(_is_binding(node) for node in ast.walk(cell.tree))


def _is_binding(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    if isinstance(called, ast.Name):
        return called.id in _BINDING_CALLS
    return isinstance(called, ast.Attribute) and called.attr in _BINDING_METHODS


def _names_of(cell: PlainCell) -> _CellNames | None:
    """Return the names of a cell, or None when the compiler has no symbol table for it."""
    found = _CellNames()
    for command in cell.commands:
        if command.name == "capture" and command.rest:
            found.defined.add(command.rest.split()[-1])
    if cell.foreign:
        return found
    try:
        table = symtable.symtable(cell.text, "<cell>", "exec")
    except PARSE_ERRORS:
        return None
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
            found.defined.add(symbol.get_name())
        elif symbol.is_referenced():
            found.now.add(symbol.get_name())
    for inner in table.get_children():
        _take_in(inner, found, now=_runs_at_once(inner))
    return found


def _take_in(table: symtable.SymbolTable, found: _CellNames, *, now: bool) -> None:
    for symbol in table.get_symbols():
        if not symbol.is_global():
            continue
        if symbol.is_assigned() or symbol.is_imported():
            found.defined.add(symbol.get_name())
        elif symbol.is_referenced():
            (found.now if now else found.later).add(symbol.get_name())
    for inner in table.get_children():
        _take_in(inner, found, now=now and _runs_at_once(inner))


def _runs_at_once(table: symtable.SymbolTable) -> bool:
    return table.get_type() == "class" or table.get_name() in {
        "listcomp", "setcomp", "dictcomp", "genexpr",
    }  # fmt: skip


def _line_of(cell: PlainCell, name: str) -> int | None:
    """Return the line that uses `name` in earnest: not deleted, tried, typed or looked for."""
    if cell.tree is None:
        return None
    spared = _spared(cell.tree)
    lines = [
        node.lineno
        for node in ast.walk(cell.tree)
        if isinstance(node, ast.Name)
        and node.id == name
        and isinstance(node.ctx, ast.Load)
        and node not in spared
    ]
    return min(lines, default=None)


def _spared(tree: ast.Module) -> set[ast.AST]:
    """Return nodes whose NameError is caught, or that may never be reached."""
    spared: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            caught = " ".join(ast.dump(one.type) for one in node.handlers if one.type)
            bare = any(handler.type is None for handler in node.handlers)
            if bare or re.search(r"'(NameError|Exception|BaseException)'", caught):
                for statement in node.body:
                    spared.update(ast.walk(statement))
        elif isinstance(node, ast.If):
            if isinstance(node.test, ast.Constant) or "__name__" in ast.dump(node.test):
                for statement in node.body:
                    spared.update(ast.walk(statement))
        elif isinstance(node, ast.Delete):
            spared.update(ast.walk(node))
    return spared
