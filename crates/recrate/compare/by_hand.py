"""What a person ran by hand: which cells of the published notebook it can be judged by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from recrate.compare.beside import same_source, settled, source_digest, unrecorded_error
from recrate.compare.cells import align_cells
from recrate.compare.hostile import cells_of, is_code, mapping, source_of
from recrate.compare.pieces import pieces_of
from recrate.model.observation import SetAside
from recrate.model.study import Notebook

CHANGED = "not judged: the reviewer changed this cell"
DELETED = "not judged: the reviewer deleted this cell"
NOT_RUN = "not judged: the reviewer did not run this cell"
OTHER = "not judged: it was last run with another source"
UNSAVED = "not judged: what it gave when it was run was not saved"

_NOTED = {
    CHANGED: "changed by the reviewer, not judged",
    DELETED: "deleted by the reviewer, not judged",
    NOT_RUN: "not run by the reviewer, not judged",
    OTHER: "last run with another source, not judged",
    UNSAVED: "run, but not saved afterwards, not judged",
}
_MOST_NAMED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A cell as it was last seen to be run in the session. `source`: digest of what was run."""

    source: str
    execution_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandRun:
    """A notebook as a person left it. Indices are those of the recorded notebook.

    judged:    cells that were run as published
    set_aside: all other code cells that are not empty
    stopped:   the first judged cell with an error that was not recorded, and where the person's
               notebook has it; None where there is none
    notes:     what should be known of how it was run
    """

    judged: tuple[int, ...]
    set_aside: tuple[SetAside, ...]
    stopped: tuple[int, int] | None
    notes: tuple[str, ...]

    @property
    def was_run(self) -> bool:
        """Whether the person ran anything of it."""
        untouched = {NOT_RUN, DELETED}
        return bool(self.judged) or any(one.reason not in untouched for one in self.set_aside)


def account_for(
    recorded: Notebook, saved: Notebook, seen: Mapping[int, Seen], *, started: str
) -> HandRun:
    """Say which cells of a notebook were run as published in a session.

    saved:   the person's notebook
    seen:    by index of the recorded cell, what the session's server saw being run
    started: when the session began, ISO with a zone
    A notebook that nobody ran looks like one in which all came out the same. So a cell counts as
    run only where that was seen, where Jupyter noted when it ran, or where its number or outputs
    are not those that were recorded. Raises nothing on malformed notebooks.
    """
    cells, standing = cells_of(recorded), cells_of(saved)
    pairs = align_cells(recorded, saved)
    aside: list[SetAside] = []
    judged: list[tuple[int, int]] = []
    for index, cell in enumerate(cells):
        if not is_code(cell) or not settled(source_of(cell)):
            continue
        at = pairs.get(index)
        fresh = None if at is None else standing[at]
        reason = _why_not(cell, fresh, seen.get(index), started)
        if reason:
            aside.append(SetAside(cell=index, reason=reason))
        elif at is not None:
            judged.append((index, at))
    stopped = next(
        ((index, at) for index, at in judged if unrecorded_error(cells[index], standing[at])), None
    )
    added = [
        cell
        for at, cell in enumerate(standing)
        if at not in pairs.values() and is_code(cell) and _number_of(cell) is not None
    ]
    numbers = [(index, _number_of(standing[at])) for index, at in judged]
    return HandRun(
        judged=tuple(index for index, _ in judged),
        set_aside=tuple(aside),
        stopped=stopped,
        notes=(*_told(aside), *_added(len(added)), *_out_of_order(numbers)),
    )


def _why_not(cell: object, fresh: object, seen: Seen | None, started: str) -> str:
    """Return why a cell is not to be judged, empty when it is."""
    if fresh is None:
        return DELETED
    if not same_source(source_of(cell), source_of(fresh)):
        return CHANGED
    number = _number_of(fresh)
    if seen is not None:
        if seen.source != source_digest(source_of(cell)):
            return OTHER
        return "" if number is not None and seen.execution_count in (None, number) else UNSAVED
    return "" if number is not None and _has_run(cell, fresh, number, started) else NOT_RUN


def _has_run(cell: object, fresh: object, number: int, started: str) -> bool:
    if number != _number_of(cell) or pieces_of(cell) != pieces_of(fresh):
        return True
    before, after = _times_of(cell), _times_of(fresh)
    return any(_is_later(said, started) for name, said in after.items() if before.get(name) != said)


def _number_of(cell: object) -> int | None:
    number = mapping(cell).get("execution_count")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _times_of(cell: object) -> Mapping[str, Any]:
    """Return when Jupyter says that a cell ran, as far as it was told to write that down.

    Source: https://nbformat.readthedocs.io/en/latest/format_description.html#cell-metadata
    """
    return mapping(mapping(mapping(cell).get("metadata")).get("execution"))


def _is_later(said: object, started: str) -> bool:
    try:
        return datetime.fromisoformat(str(said)) >= datetime.fromisoformat(started)
    except (TypeError, ValueError):  # no time, or one without a zone
        return False


def _told(aside: list[SetAside]) -> Iterator[str]:
    for reason, told in _NOTED.items():
        cells = [str(one.cell) for one in aside if one.reason == reason]
        if cells:
            more = f" and {len(cells) - _MOST_NAMED} more" if len(cells) > _MOST_NAMED else ""
            yield f"{told}: cells {', '.join(cells[:_MOST_NAMED])}{more}"


def _added(count: int) -> Iterator[str]:
    if count:
        yield f"added and run by the reviewer: {count} cells"


def _out_of_order(numbers: list[tuple[int, int | None]]) -> Iterator[str]:
    """Name the first place where a cell was run before the one above it."""
    for (above, first), (below, second) in pairwise(numbers):
        if first is not None and second is not None and second <= first:
            yield f"run out of order: cell {above} as number {first}, cell {below} as {second}"
            return
