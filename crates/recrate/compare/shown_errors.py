"""Errors that stand in a rerun and not in the record, of which nothing else is known."""

from collections.abc import Sequence

from recrate.compare.causes import failure_of_output
from recrate.compare.cells import align_cells
from recrate.compare.hostile import cells_of, is_code, mapping, source_of, tags_of
from recrate.compare.pieces import ERROR, pieces_of
from recrate.model.study import Notebook
from recrate.model.verdict import Failure


def unrecorded_error(recorded: Notebook, reruns: Sequence[Notebook]) -> tuple[Failure | None, bool]:
    """Return the first error of a rerun that the author neither recorded nor allowed.

    And whether cells behind it were run all the same: what draws a picture may fail while the cell
    that asked for it ends well.
    """
    cells = cells_of(recorded)
    for rerun in reruns:
        places = {after: before for before, after in align_cells(recorded, rerun).items()}
        for index, cell in enumerate(cells_of(rerun)):
            if not is_code(cell) or "raises-exception" in tags_of(cell):
                continue
            error = next((piece for piece in pieces_of(cell) if piece.kind == ERROR), None)
            before = places.get(index)
            known = before is not None and any(
                piece.kind == ERROR for piece in pieces_of(cells[before])
            )
            if error is not None and not known:
                behind = cells_of(rerun)[index + 1 :]
                ran_on = any(is_code(one) and _was_run(one) for one in behind)
                return failure_of_output(error, before, source_of(cell)), ran_on
    return None, False


def _was_run(cell: object) -> bool:
    return mapping(cell).get("execution_count") is not None or bool(pieces_of(cell))
