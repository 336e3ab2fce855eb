"""String literals in a stranger's code, replaced only where the meaning is sure to be the same.

The code is never run. Whatever is written is parsed again, and must give the tree that was meant:
anything else (an f-string, a pattern, a literal glued to a word) is left alone.
"""

import ast
import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Parse = Callable[[str], ast.Module | None]
"""Gives the tree of a cell or script; magics may be taken out, line numbers must stay."""

_SHOWN_LINES = 12
_SHOWN_CHARACTERS = 160
_COMPARED_LINES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A string literal: its value, where it stands (characters), and as it is written."""

    value: str
    start: int
    end: int
    written: str
    line: int
    name: str
    """What it is assigned or passed to; empty when that has no name."""
    key: tuple[int, int]


def literals(source: str, tree: ast.Module) -> tuple[Literal, ...]:
    """Return the string literals of `source` that can be replaced by another expression."""
    lines = source.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    barred = _barred(tree)
    names = _names(tree)
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) in barred or node.end_lineno is None or node.end_lineno > len(lines):
            continue
        start = starts[node.lineno - 1] + _characters(lines[node.lineno - 1], node.col_offset)
        last = node.end_col_offset or 0
        end = starts[node.end_lineno - 1] + _characters(lines[node.end_lineno - 1], last)
        written = source[start:end]
        if _value(written) == node.value:
            found.append(
                Literal(
                    value=node.value,
                    start=start,
                    end=end,
                    written=written,
                    line=node.lineno,
                    name=names.get(id(node), ""),
                    key=(node.lineno, node.col_offset),
                )
            )
    return tuple(sorted(found, key=lambda one: one.start))


def _barred(tree: ast.Module) -> set[int]:
    """Return the constants that no expression can stand for: docstrings, patterns, f-strings."""
    barred: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.MatchValue | ast.MatchMapping):
            barred.update(id(inner) for inner in ast.walk(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            barred.add(id(node.value))
    return barred


def _names(tree: ast.Module) -> dict[int, str]:
    names: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            target = node.targets[0]
            if isinstance(target, ast.Name | ast.Attribute):
                names[id(node.value)] = target.id if isinstance(target, ast.Name) else target.attr
            elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                names[id(node.value)] = str(target.slice.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            names[id(node.value)] = node.target.id
        elif isinstance(node, ast.keyword) and node.arg:
            names[id(node.value)] = node.arg
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant):
                    names[id(value)] = str(key.value)
    return names


def _characters(line: str, offset: int) -> int:
    """Return a column counted in bytes of UTF-8 as one counted in characters."""
    return offset if line.isascii() else len(line.encode("utf-8", "replace")[:offset].decode())


def _value(written: str) -> object:
    try:
        return ast.literal_eval(f"({written})")
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def with_literals_replaced(
    source: str,
    replacements: Sequence[tuple[Literal, str]],
    parse: Parse,
    *,
    import_os: bool = False,
) -> str | None:
    """Return `source` with each literal replaced by an expression, or None where that is not safe.

    import_os: `import os` is put before the first statement
    """
    before = parse(source)
    if before is None:
        return None
    text = source
    for literal, expression in sorted(replacements, key=lambda one: -one[0].start):
        head = " " if literal.start and _is_word(text[literal.start - 1]) else ""
        tail = " " if _is_word(text[literal.end : literal.end + 1]) else ""
        text = text[: literal.start] + head + expression + tail + text[literal.end :]
    index = 0
    if import_os:
        index, line = _import_place(before)
        lines = text.split("\n")
        indent = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
        lines.insert(line, f"{indent}import os")
        text = "\n".join(lines)
    after = parse(text)
    if after is None:
        return None
    meant = {literal.key: expression for literal, expression in replacements}
    try:
        expected = _Replacer(meant).visit(before)
        if import_os:
            expected.body.insert(index, ast.Import(names=[ast.alias(name="os")]))
        return text if ast.dump(expected) == ast.dump(after) else None
    except RecursionError:
        return None


class _Replacer(ast.NodeTransformer):
    def __init__(self, meant: dict[tuple[int, int], str]) -> None:
        self._meant = meant

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Put the meant expression in the place of a literal."""
        if not isinstance(node.value, str):
            return node
        expression = self._meant.get((node.lineno, node.col_offset))
        return node if expression is None else ast.parse(expression, mode="eval").body


def _is_word(sign: str) -> bool:
    return bool(sign) and (sign.isalnum() or sign == "_")


def _import_place(tree: ast.Module) -> tuple[int, int]:
    """Return before which statement an import can stand, and its line counted from 0."""
    for index, node in enumerate(tree.body):
        is_docstring = (
            index == 0
            and isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        )
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not is_docstring and not is_future:
            decorators = getattr(node, "decorator_list", [])
            return index, min([node.lineno, *(one.lineno for one in decorators)]) - 1
    return 0, 0


def imports_os(tree: ast.Module, before_line: int | None = None) -> bool:
    """Say whether `import os` stands at the top level, above a line where one is given."""
    return any(
        isinstance(node, ast.Import)
        and (before_line is None or node.lineno < before_line)
        and any(one.name.split(".")[0] == "os" and one.asname is None for one in node.names)
        for node in tree.body
    )


def rebinds_os(tree: ast.Module) -> bool:
    """Say whether `os` may be something else than the module here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "os" and not isinstance(node.ctx, ast.Load):
            return True
        if isinstance(node, ast.arg) and node.arg == "os":
            return True
        if isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler
        ) and (node.name == "os"):
            return True
        if isinstance(node, ast.alias) and node.asname == "os":
            return True
        if isinstance(node, ast.ImportFrom) and any(one.name == "os" for one in node.names):
            return True
    return False


def changed_lines(before: str, after: str) -> tuple[str, str]:
    """Return the lines that differ, at most a dozen of each, long ones cut."""
    old, new = before.split("\n"), after.split("\n")
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(old), len(new)) <= _COMPARED_LINES:
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        parts = [code for code in matcher.get_opcodes() if code[0] != "equal"]
        old, new = (
            [line for _, a, b, _, _ in parts for line in old[a:b]],
            [line for _, _, _, a, b in parts for line in new[a:b]],
        )
    return _shown(old), _shown(new)


def _shown(lines: Sequence[str]) -> str:
    cut = [
        line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 1] + "…"
        for line in lines[:_SHOWN_LINES]
    ]
    return "\n".join([*cut, "…"] if len(lines) > _SHOWN_LINES else cut)
