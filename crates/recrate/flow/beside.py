"""Beside: a cell that a reviewer just ran in a session, and what was published of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from recrate.compare.beside import (
    UNKNOWN_NOTEBOOK,
    Around,
    Beside,
    FreshCell,
    judge_beside,
    source_digest,
)
from recrate.compare.hostile import cells_of, identifier, is_code, sequence, source_of
from recrate.flow.earlier_runs import CellRun, keep_run
from recrate.flow.judging import draw_difference
from recrate.flow.sightings import Sighting, note_sighting
from recrate.flow.work import ReplayFolder, join_lines, read_notebook
from recrate.launch.session import Session
from recrate.model.errors import BadInput, NotFound
from recrate.model.launch import SessionHead
from recrate.model.policy import Policy
from recrate.model.study import Notebook
from recrate.model.verdict import CellVerdict, Judgement, OutputJudgement
from recrate.report.account import Language
from recrate.report.beside import CellAccount, render_beside
from recrate.report.fragment import Theme

_WHERE = "cell.outputs"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCell:
    """A code cell of a published notebook. `outputs`: how many are recorded."""

    index: int
    id: str | None
    source_sha256: str
    outputs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A cell that was just run, and the code cells around it.

    notebook: path in the study
    whole:    it was run in a whole run of the notebook, from its top in a fresh kernel
    """

    notebook: str
    cell: FreshCell
    around: tuple[Around, ...] = ()
    execution_count: int | None = None
    whole: bool = False


def recorded_cells(
    session: Session, head: SessionHead, notebook: str
) -> tuple[RecordedCell, ...] | None:
    """Return what is recorded in a notebook's code cells; None where it was not published."""
    if notebook not in head.notebooks:
        return None
    cells = enumerate(cells_of(_recorded(session, notebook)))
    return tuple(
        RecordedCell(
            index=index,
            id=identifier(cell) or None,
            source_sha256=source_digest(source_of(cell)),
            outputs=len(sequence(cell.get("outputs"))),
        )
        for index, cell in cells
        if is_code(cell)
    )


def recorded_outputs(session: Session, notebook: str, cell: int) -> int:
    """Return how many outputs are recorded of a cell."""
    return len(sequence(cells_of(_recorded(session, notebook))[cell].get("outputs")))


def judge_cell(session: Session, head: SessionHead, ran: Ran, *, policy: Policy) -> Beside:
    """Compare a fresh cell with the published one. Raises BadInput for outputs that are none."""
    if ran.notebook not in head.notebooks:
        return Beside(index=None, changed=False, verdict=None, cell=None, sentence=UNKNOWN_NOTEBOOK)
    recorded = _recorded(session, ran.notebook)
    return judge_beside(ran.notebook, recorded, _settled(ran.cell), ran.around, policy)


def remember_cell(session: Session, ran: Ran, found: Beside, *, now: str) -> None:
    """Write down that a published cell was run, and what it gave. Raises OutsideFailed."""
    if found.index is None:
        return
    source = source_digest(ran.cell.source)
    outputs = found.cell.outputs if found.cell else ()
    run = CellRun(
        source=source,
        outputs=tuple(_settled(ran.cell).outputs),
        differs=any(one.verdict is OutputJudgement.DIFFERENT for one in outputs),
    )
    keep_run(session, ran.notebook, found.index, run if ran.whole else None)
    note_sighting(
        session,
        Sighting(
            notebook=ran.notebook,
            cell=found.index,
            source=source,
            execution_count=ran.execution_count,
            at=now,
        ),
    )


def show_cell(
    session: Session,
    head: SessionHead,
    ran: Ran,
    *,
    policy: Policy,
    theme: Theme,
    language: Language,
) -> str:
    """Return the recorded outputs of a cell beside the fresh ones as an HTML document, no script.

    Raises NotFound for a cell that was not published, BadInput for outputs that are none.
    """
    found = judge_cell(session, head, ran, policy=policy)
    if found.index is None or found.cell is None:
        raise NotFound(
            found.sentence, where=ran.notebook, hint="there is nothing to show beside it"
        )
    published = cells_of(_recorded(session, ran.notebook))[found.index]
    recorded: Notebook = {"cells": [published], "metadata": {}}
    fresh = _settled(ran.cell).as_notebook()
    outputs = () if found.changed else found.cell.outputs
    cell = CellVerdict(
        index=0, verdict=found.verdict or Judgement.RAN, outputs=outputs, rerun_index=0
    )
    drawn = {one.index: draw_difference(recorded, fresh, cell, one) for one in outputs}
    account = CellAccount(
        path=ran.notebook,
        recorded=recorded,
        fresh=fresh,
        cell=cell,
        sentence=found.sentence,
        pictures={index: picture for index, picture in drawn.items() if picture is not None},
    )
    return render_beside(account, theme=theme, language=language)


def _settled(cell: FreshCell) -> FreshCell:
    """Return a cell with each text in one piece, as a notebook that was read has it."""
    outputs: Sequence[Any] = cell.outputs
    try:
        joined = join_lines({"cells": [{"outputs": list(outputs)}]})
    except (AttributeError, KeyError, TypeError) as error:
        raise BadInput(
            "these are no outputs of a notebook",
            where=_WHERE,
            hint="send them as nbformat 4 has them",
        ) from error
    return replace(cell, outputs=joined["cells"][0]["outputs"])


def _recorded(session: Session, notebook: str) -> Notebook:
    """Return a published notebook; of one that has not changed, without reading it again."""
    place = ReplayFolder(root=session.root).recorded(notebook)
    try:
        stamp = place.stat()
    except OSError as error:
        raise NotFound(
            "the published notebook is gone from the session", where=notebook, hint="open it anew"
        ) from error
    return _read(place, stamp.st_ino, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=8)
def _read(place: Path, *_stamp: int) -> Notebook:
    return read_notebook(place)
