"""Outputs that are not there because an error is: it ended the run, or was only shown. Pure."""

from collections.abc import Collection

from recrate.compare.causes import failure_of_output
from recrate.compare.outputs import NOTHING_HERE
from recrate.compare.pieces import ERROR, Piece
from recrate.model.verdict import Cause, NotebookVerdict, OutputJudgement, OutputVerdict

Why = tuple[Cause, str]


def of_failure(notebook: NotebookVerdict, cell: int, output: OutputVerdict) -> Why | None:
    """Return the cause of a notebook that stopped, for what it never reached."""
    failure = notebook.error
    stopped = failure is not None and (failure.cell is None or failure.cell <= cell)
    if failure is None or not stopped or output.verdict is not OutputJudgement.MISSING:
        return None
    behind = failure.cell is not None and failure.cell < cell
    held_up = any(one.wants is not None for one in notebook.cells)
    if behind and not held_up and output.reason == NOTHING_HERE:
        return None  # the run went on behind what only showed an error
    where = f"at cell {failure.cell}" if failure.cell is not None else "before its end"
    return failure.cause, f"the notebook stopped {where}: {failure.name}"


def of_shown_error(
    output: OutputVerdict, recorded: Collection[Piece], rerun: Collection[Piece], source: str
) -> Why | None:
    """Return the cause of an error that the cell shows in place of an output, where it is known.

    recorded, rerun: all that the cell showed then, and shows now
    """
    error = next((piece for piece in rerun if piece.kind == ERROR), None)
    meant = any(piece.kind == ERROR for piece in recorded)
    if error is None or meant or output.verdict is not OutputJudgement.MISSING:
        return None
    failure = failure_of_output(error, None, source)
    if failure.cause is Cause.NOT_KNOWN:
        return None
    return failure.cause, f"the cell shows an error instead: {failure.evidence}"
