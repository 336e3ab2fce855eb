"""Whether a recorded output can come from the recorded code at all."""

import re
from collections.abc import Mapping, Sequence

from recrate.compare.hostile import cells_of, mapping, sequence, source_of
from recrate.compare.pieces import BUNDLE, STREAM, Piece
from recrate.compare.slices import Slice, taken_from_elsewhere
from recrate.model.code import CellCode
from recrate.model.study import Notebook

_WORD = re.compile(r"[^\W\d_]{3,40}")
_OWN_MODULES = frozenset(
    {
        "math", "cmath", "statistics", "fractions", "decimal", "itertools", "functools", "operator",
        "collections", "string", "re", "json", "textwrap", "bisect", "heapq", "copy", "typing",
        "dataclasses", "enum", "abc", "numbers", "__future__", "pprint", "array", "struct",
    }
)  # fmt: skip
"""Modules of Python itself that ask for nothing outside: no file, no clock, no machine."""
_FEW_CALLS = frozenset({"open", "input", "eval", "exec", "compile", "__import__", "globals"})


def impossible(piece: Piece, notebook: Notebook, code: CellCode) -> str:
    """Say why the code of its own cell cannot have shown a recorded output; empty when it can."""
    cell = mapping(cells_of(notebook)[code.cell])
    output = mapping(_at(sequence(cell.get("outputs")), piece.index))
    if not code.known:
        return ""
    if output.get("output_type") == "execute_result" and code.shows is False:
        return "the recorded output is a cell's value, and the code of the cell ends without one"
    if not code.acts and code.shows is False and piece.kind in (STREAM, BUNDLE):
        return "nothing in the code of the cell shows anything"
    number, own = output.get("execution_count"), cell.get("execution_count")
    if isinstance(number, int) and isinstance(own, int) and number != own:
        return f"the output is of run [{number}] and the cell of run [{own}]"
    return ""


def _at(items: Sequence[object], index: int) -> object:
    return items[index] if 0 <= index < len(items) else None


def other_literals(piece: Piece, code: CellCode) -> str:
    """Say that a cell which prints nothing but literal text prints another text than recorded."""
    if code.printed is None or piece.kind != STREAM or piece.name != "stdout":
        return ""
    if piece.text.split() == code.printed.split():
        return ""
    return f"the code prints “{_short(code.printed)}”, whatever it is run with"


def other_words(piece: Piece, rerun: Piece, notebook: Notebook, codes: Sequence[CellCode]) -> str:
    """Say that the record has words where the code has others: it was changed afterwards.

    That is said only where the rerun's words stand in the code and the record's stand nowhere.
    """
    before, after = _text(piece), _text(rerun)
    gone = set(_WORD.findall(before)) - set(_WORD.findall(after))
    new = set(_WORD.findall(after)) - set(_WORD.findall(before))
    if not gone or not new:
        return ""
    literals = set(_WORD.findall("\n".join(one.words for one in codes)))
    sources = {word for cell in cells_of(notebook) for word in _WORD.findall(source_of(cell))}
    mine = sorted(new & literals, key=after.index)
    theirs = sorted(gone - sources, key=before.index)
    if not mine or gone & sources:
        return ""
    return f"the code says “{mine[0]}” where the record says “{theirs[0]}”, a word that it lacks"


def _text(piece: Piece) -> str:
    found = piece.text or piece.data.get("text/plain", "")
    return found[:100_000] if isinstance(found, str) else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line[:60] + "…" if len(line) > 61 else line


def out_of_order(hangs: Slice, codes: Sequence[CellCode], counts: Mapping[int, int]) -> str:
    """Say where the recorded run took a name from another cell than a run from the top does."""
    for one in hangs.cells:
        found = taken_from_elsewhere(one, codes, counts)
        if found is None:
            continue
        name, recorded, above = found
        instead = f"from cell {above}" if above >= 0 else "from none"
        return (
            f"the record was not run from top to bottom: in cell {one.cell} [{counts[one.cell]}]"
            f" `{name}` came from cell {recorded} [{counts[recorded]}], and now comes {instead}"
        )
    return ""


def run_again(hangs: Slice, counts: Mapping[int, int]) -> str:
    """Say that a cell which changes what it uses was run more often than it stands there."""
    for one in hangs.cells:
        kept = sorted(name for name in one.alters | one.gives if name in one.takes)
        if not kept or one.cell not in counts:
            continue
        before = [count for count in counts.values() if count < counts[one.cell]]
        if counts[one.cell] - max(before, default=0) > 1:
            return (
                f"cell {one.cell} changes `{kept[0]}` each time it is run, and the record"
                f" (it is run [{counts[one.cell]}], the one before [{max(before, default=0)}])"
                " misses runs before it"
            )
    return ""


def from_python_alone(hangs: Slice) -> bool:
    """Say whether the output hangs on Python's own arithmetic and nothing else.

    Then the same code gives the same output everywhere, today and in ten years.
    """
    return (
        hangs.complete
        and not hangs.unbound
        and all(
            one.modules <= _OWN_MODULES
            and not one.draws
            and not one.clock
            and not one.machine
            and not one.unordered
            and not one.commands
            and not one.reads
            and not one.takes & _FEW_CALLS
            for one in hangs.cells
        )
    )
