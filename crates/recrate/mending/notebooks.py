"""One cell of a notebook's file changed, and nothing else of the file."""

import codecs
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recrate.mending.json_text import Span, items, members, replaced

LIMIT_BYTES = 100_000_000
"""A larger notebook is mended by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCell:
    """A code cell as the file holds it; `lines`: its source is kept as a list of lines."""

    source: str
    lines: bool
    outputs: tuple[Any, ...]
    count: int | None
    spans: dict[str, Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEdit:
    """What becomes of a cell: another source, or no outputs and no execution count."""

    source: str | None = None
    clear: bool = False


class NotebookFile:
    """A notebook of format 4 as text, with the places of its code cells."""

    def __init__(self, content: bytes) -> None:
        """Read the text; raises ValueError for no notebook of format 4, or one too large."""
        if len(content) > LIMIT_BYTES:
            raise ValueError("too large to mend")
        self._mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
        self.text = content[len(self._mark) :].decode("utf-8")
        try:
            self.document: dict[str, Any] = json.loads(self.text)
            top = members(self.text, 0)
            if self.document.get("nbformat") != 4:
                raise ValueError("not of format 4")
            self._places = items(self.text, top["cells"][0])
        except (RecursionError, AttributeError, KeyError) as error:
            raise ValueError("no notebook") from error
        self.cells: dict[int, CodeCell] = {
            index: cell
            for index, place in enumerate(self._places)
            if (cell := self._cell(self.document["cells"][index], place)) is not None
        }

    def _cell(self, cell: Any, place: Span) -> CodeCell | None:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            return None
        source, outputs = cell.get("source", ""), cell.get("outputs")
        is_lines = isinstance(source, list)
        text = "".join(map(str, source)) if is_lines else source
        if not isinstance(text, str) or (is_lines and not all(isinstance(x, str) for x in source)):
            return None
        count = cell.get("execution_count")
        return CodeCell(
            source=text,
            lines=is_lines,
            outputs=tuple(outputs) if isinstance(outputs, list) else (),
            count=count if isinstance(count, int) and not isinstance(count, bool) else None,
            spans=members(self.text, place[0]),
        )

    def edited(self, edits: Mapping[int, CellEdit]) -> bytes:
        """Return the file with these cells changed.

        Raises ValueError for a cell that is no code cell, or text that UTF-8 cannot hold.
        """
        values: dict[Span, Any] = {}
        for index, edit in edits.items():
            cell = self.cells.get(index)
            if cell is None:
                raise ValueError("no code cell")
            if edit.source is not None:
                source = edit.source.splitlines(keepends=True) if cell.lines else edit.source
                values[cell.spans["source"]] = source
            if edit.clear:
                for key, empty in (("outputs", []), ("execution_count", None)):
                    if key in cell.spans:
                        values[cell.spans[key]] = empty
        return self._mark + replaced(self.text, values).encode("utf-8")


def out_of_order(notebook: NotebookFile) -> tuple[int, ...]:
    """Return the fewest cells without which the rest was run from top to bottom."""
    counted = [
        (index, cell.count) for index, cell in notebook.cells.items() if cell.count is not None
    ]
    best: list[tuple[int, int]] = []
    """For each cell that was run: (cells in order up to it, the one before it in that order)."""
    tails: list[int] = []
    for number, (_, count) in enumerate(counted):
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            if counted[tails[middle]][1] <= count:
                low = middle + 1
            else:
                high = middle
        best.append((low + 1, tails[low - 1] if low else -1))
        tails[low : low + 1] = [number]
    kept: set[int] = set()
    last = tails[-1] if tails else -1
    while last >= 0:
        kept.add(last)
        last = best[last][1]
    return tuple(index for number, (index, _) in enumerate(counted) if number not in kept)
