"""One fresh cell of a person's notebook beside the recorded one: found, and judged alone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from recrate.compare.cells import align_cells
from recrate.compare.hostile import cells_of, identifier, is_code, source_of, tags_of
from recrate.compare.outputs import Place, compare_cell
from recrate.compare.pieces import ERROR, RASTER, Piece, pieces_of
from recrate.compare.sentence import count, judgement_of
from recrate.model.policy import Policy
from recrate.model.study import Notebook
from recrate.model.verdict import CellVerdict, Coverage, Judgement

_ALIKE = 0.6
_LOOKED_AT = 2_000
_LONGEST_NAME = 100

UNKNOWN_NOTEBOOK = "this notebook is not among the published ones"
UNKNOWN_CELL = "this cell is not among the published ones: shown, not judged"
CHANGED = "this cell is not as published: shown, not judged"
NOTHING = "nothing is recorded here to compare with"
ASIDE = "none of its outputs can be compared"
IDENTICAL = "identical to what is published"
EQUIVALENT = "equivalent to what is published"
DIFFERENT = "different from what is published"
STOPPED = "stopped with an error that was not recorded"
TOO_LARGE = "too large to be compared while you work: the review compares it"

LIVE_CHARACTERS = 1 << 20
"""Of text in one cell; a search through more of it holds up the whole server for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A code cell of the person's notebook as it stands; `index` is among all its cells."""

    index: int
    source: str
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshCell(Around):
    """One that was just run. `outputs`: as nbformat has them, each text in one piece."""

    outputs: Sequence[Any]

    def as_notebook(self) -> Notebook:
        """Return a notebook of this cell alone."""
        cell = {
            "cell_type": "code",
            "metadata": {},
            "source": self.source,
            "outputs": list(self.outputs),
        }
        return {"cells": [cell], "metadata": {}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """How a fresh cell compares.

    index:   of the recorded cell, None where the published notebook has none
    changed: the source is not the published one
    verdict: None where it is not judged
    cell:    the verdict in full: index of the recorded notebook, `rerun_index` 0; None as above
    """

    index: int | None
    changed: bool
    verdict: Judgement | None
    cell: CellVerdict | None
    sentence: str


def same_source(one: str, other: str) -> bool:
    """Say whether two sources are the same but for blanks at the ends of lines."""
    return settled(one) == settled(other)


def settled(source: str) -> str:
    """Return a source without blanks at the ends of its lines and without empty lines behind."""
    lines = source.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip(" \t\r") for line in lines).rstrip("\n")


def source_digest(source: str) -> str:
    """Return the SHA-256 of a settled source in UTF-8, in hex."""
    return hashlib.sha256(settled(source).encode("utf-8", "replace")).hexdigest()


def find_recorded(recorded: Notebook, fresh: FreshCell, around: Sequence[Around]) -> int | None:
    """Return the index of the recorded cell that a fresh one belongs to, None where there is none.

    around: the code cells of the person's notebook in order; without them the cell is known by its
            id, else by its place and source
    """
    if around:
        cells = {one.index: one for one in around} | {fresh.index: fresh}
        places = sorted(cells)
        standing = [_plain(cells[place]) for place in places]
        pairs = align_cells(recorded, {"cells": standing})
        here = places.index(fresh.index)
        return next((before for before, after in pairs.items() if after == here), None)
    return _by_itself(recorded, fresh)


def _plain(cell: Around) -> dict[str, object]:
    return {"cell_type": "code", "id": cell.id, "metadata": {}, "source": cell.source}


def _by_itself(recorded: Notebook, fresh: FreshCell) -> int | None:
    code = {index: cell for index, cell in enumerate(cells_of(recorded)) if is_code(cell)}
    named = [index for index, cell in code.items() if fresh.id and identifier(cell) == fresh.id]
    if len(named) == 1:
        return named[0]
    here = code.get(fresh.index)
    if here is not None and same_source(source_of(here), fresh.source):
        return fresh.index
    same = [index for index, cell in code.items() if same_source(source_of(cell), fresh.source)]
    if len(same) == 1:
        return same[0]
    return fresh.index if here is not None and _alike(source_of(here), fresh.source) else None


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one[:_LOOKED_AT], other[:_LOOKED_AT])
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def judge_beside(
    path: str,
    recorded: Notebook,
    fresh: FreshCell,
    around: Sequence[Around],
    policy: Policy,
) -> Beside:
    """Compare a fresh cell with the recorded one, by the rules of a replay.

    path: of the notebook, for waivers. Raises nothing on malformed notebooks or outputs.
    """
    index = find_recorded(recorded, fresh, around)
    if index is None:
        return Beside(index=None, changed=False, verdict=None, cell=None, sentence=UNKNOWN_CELL)
    cell = cells_of(recorded)[index]
    changed = not same_source(source_of(cell), fresh.source)
    alone = fresh.as_notebook()
    place = Place(path=path, policy=policy, recorded=recorded, reruns=(alone,))
    if _is_too_large(cell, alone["cells"][0]):
        left = CellVerdict(index=index, verdict=Judgement.RAN, outputs=(), rerun_index=0)
        return Beside(index=index, changed=changed, verdict=None, cell=left, sentence=TOO_LARGE)
    outputs = compare_cell(place, index, cell, [0], aside=CHANGED if changed else "")
    counts = count(outputs)
    stopped = "" if changed else unrecorded_error(cell, alone["cells"][0])
    verdict = Judgement.FAILED if stopped else judgement_of(counts)
    return Beside(
        index=index,
        changed=changed,
        verdict=None if changed else verdict,
        cell=CellVerdict(index=index, verdict=verdict, outputs=outputs, rerun_index=0),
        sentence=CHANGED if changed else _sentence(verdict, counts, stopped),
    )


def unrecorded_error(recorded: object, fresh: object) -> str:
    """Return the name of an error that a cell raised and its author did not record or allow.

    Empty where there is none; a name that no exception can have is called `Error`.
    """
    if "raises-exception" in tags_of(recorded):
        return ""
    if any(piece.kind == ERROR for piece in pieces_of(recorded)):
        return ""
    raised = next((piece for piece in pieces_of(fresh) if piece.kind == ERROR), None)
    if raised is None:
        return ""
    name = raised.name[:_LONGEST_NAME]
    return name if name.replace(".", "").isidentifier() else "Error"


def _is_too_large(recorded: object, fresh: object) -> bool:
    """Say whether there is too much text to be compared at once; what is equal never is."""
    before, after = pieces_of(recorded), pieces_of(fresh)
    return before != after and max(_characters(before), _characters(after)) > LIVE_CHARACTERS


def _characters(pieces: Sequence[Piece]) -> int:
    return sum(
        len(piece.text)
        + sum(
            len(content)
            for mime, content in piece.data.items()
            if isinstance(content, str) and mime not in RASTER
        )
        for piece in pieces
    )


def _sentence(verdict: Judgement, counts: Coverage, stopped: str) -> str:
    if stopped:
        return f"{STOPPED}: {stopped}"
    if verdict is Judgement.IDENTICAL:
        return IDENTICAL
    if verdict is Judgement.EQUIVALENT:
        return EQUIVALENT
    if verdict is Judgement.RAN:
        return ASIDE if counts.outputs else NOTHING
    wrong = counts.different + counts.missing
    return DIFFERENT if counts.outputs == 1 else f"{DIFFERENT}: {wrong} of {counts.outputs} outputs"
