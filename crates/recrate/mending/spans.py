"""Places in a stranger's code, and small edits at them; all else stays as it is."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Parse = Callable[[str], ast.Module | None]
"""Gives the tree of a cell or module; magics may be taken out, line numbers must stay."""

LONGEST = 200_000
"""Characters of a cell or module; a longer one is left alone."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters `start` to `end` become `text`."""

    start: int
    end: int
    text: str


class Text:
    """The source of a cell or module with its tree; `tree` is None where it cannot be mended."""

    def __init__(self, source: str, parse: Parse) -> None:
        self.source = source
        self.tree = None if len(source) > LONGEST else parse(source)
        self.lines = source.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self.parents: dict[int, ast.AST] = {}
        self.guarded: set[int] = set()
        """Ids of all nodes in a `try` that expects a name to be gone: that works as it is."""
        for node in ast.walk(self.tree) if self.tree is not None else ():
            for child in ast.iter_child_nodes(node):
                self.parents[id(child)] = node
            if isinstance(node, ast.Try) and any(_expects(one) for one in node.handlers):
                for statement in (*node.body, *node.handlers):
                    self.guarded.update(id(inner) for inner in ast.walk(statement))

    def place(self, line: int, column: int) -> int:
        """Return a place in characters; `line` from 1, `column` in bytes of UTF-8."""
        text = self.lines[line - 1]
        if not text.isascii():
            column = len(text.encode("utf-8", "replace")[:column].decode("utf-8", "replace"))
        return self._starts[line - 1] + column

    def start_of_line(self, line: int) -> int:
        """Return where a line begins, counted from 1."""
        return self._starts[line - 1]

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int] | None:
        """Return where a node stands; None where the tree has something else than the text."""
        if node.end_lineno is None or node.end_lineno > len(self.lines):
            return None
        start = self.place(node.lineno, node.col_offset)
        end = self.place(node.end_lineno, node.end_col_offset or 0)
        return (start, end) if self._is_written(node, self.source[start:end]) else None

    def _is_written(self, node: ast.AST, written: str) -> bool:
        """Say whether the text is that node: a line with a magic is another one in the tree."""
        try:
            if isinstance(node, ast.expr):
                return ast.dump(ast.parse(f"({written}\n)", mode="eval").body) == ast.dump(node)
            if isinstance(node, ast.keyword):
                return written.startswith(f"{node.arg}")
            return ast.dump(ast.parse(written).body[0]) == ast.dump(node)
        except (SyntaxError, ValueError, MemoryError, RecursionError, IndexError):
            return False

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """Return the statement at the top that holds `node`."""
        while not isinstance(self.parents.get(id(node)), ast.Module):
            found = self.parents.get(id(node))
            if found is None:
                return None
            node = found
        return node if isinstance(node, ast.stmt) else None

    def edited(self, edits: Iterable[Edit]) -> str | None:
        """Return the source with all edits; None where two of them touch the same characters."""
        pieces: list[str] = []
        last = 0
        for edit in sorted(set(edits)):
            if edit.start < last:
                return None
            pieces += [self.source[last : edit.start], edit.text]
            last = edit.end
        return "".join([*pieces, self.source[last:]])


_EXPECTED = {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"}


def _expects(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(one, ast.Name) and one.id in _EXPECTED for one in kinds)
