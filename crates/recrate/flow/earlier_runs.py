"""What a reviewer's cells gave when they were run before: a session keeps the last two results.

With them chance is told apart from change in a verdict by hand, as by the repeats of a replay. Only
whole runs count, each from the notebook's top in a fresh kernel: a cell that is run twice in one
kernel may rightly give something else.
"""

import hashlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate.compare.beside import source_digest
from recrate.compare.cells import align_cells
from recrate.compare.hostile import cells_of, source_of
from recrate.compare.pieces import pieces_of
from recrate.launch.session import Session
from recrate.model.errors import BadInput
from recrate.model.study import Notebook
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, write_text

RUNS = "runs"
_KEPT = 2
_MOST_BYTES = 8 << 20
"""Of one cell; larger results are not kept, and such a cell is judged by its last run alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRun:
    """What a cell gave in a whole run of its notebook.

    source:  digest of what was run
    outputs: as nbformat 4 has them
    differs: from what is published
    """

    source: str
    outputs: tuple[Any, ...]
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """The last results of a cell that are not the same, the newest at the end."""

    runs: tuple[CellRun, ...]


def keep_run(session: Session, notebook: str, cell: int, run: CellRun | None) -> None:
    """Keep what a cell gave just now; results of another source are forgotten.

    notebook: path in the study; cell: index among all cells of the recorded notebook
    run:      None where it was no whole run; then nothing is known of chance any more
    Raises OutsideFailed when the disk lets us down.
    """
    place, document = _place(session, notebook, cell), ""
    if run is not None:
        before = [one for one in _read(place) if one.source == run.source and not _same(one, run)]
        document = to_json(_Kept(runs=(*before, run)[-_KEPT:]), indent=None)
    if not document or len(document) > _MOST_BYTES:
        with disk_errors(place):
            place.unlink(missing_ok=True)
        return
    with disk_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_text(place, document)


def earlier_runs(
    session: Session, notebook: str, recorded: Notebook, judged: Sequence[int]
) -> dict[int, tuple[Any, ...]]:
    """Return what judged cells that differ gave before what they gave last: index → outputs."""
    found: dict[int, tuple[Any, ...]] = {}
    cells = cells_of(recorded)
    for index in judged:
        runs = _read(_place(session, notebook, index))
        digest = source_digest(source_of(cells[index]))
        is_of_it = len(runs) == _KEPT and all(one.source == digest for one in runs)
        if is_of_it and runs[-1].differs:
            found[index] = runs[0].outputs
    return found


def as_run_before(
    saved: Notebook, recorded: Notebook, earlier: Mapping[int, Sequence[Any]]
) -> Notebook:
    """Return a person's notebook with what some of its cells gave before.

    earlier: by index of the recorded cell, its outputs
    """
    made, pairs = deepcopy(saved), align_cells(recorded, saved)
    standing = cells_of(made)
    for index, outputs in earlier.items():
        if index in pairs:
            standing[pairs[index]]["outputs"] = list(outputs)
    return made


def _place(session: Session, notebook: str, cell: int) -> Path:
    folder = hashlib.sha256(notebook.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return session.root / RUNS / folder / f"{cell}.json"


def _read(place: Path) -> tuple[CellRun, ...]:
    try:
        return from_json(place.read_bytes(), _Kept, where=RUNS).runs
    except (OSError, BadInput):
        return ()


def _same(one: CellRun, other: CellRun) -> bool:
    return pieces_of({"outputs": list(one.outputs)}) == pieces_of({"outputs": list(other.outputs)})
