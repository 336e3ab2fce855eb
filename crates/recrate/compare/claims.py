"""The results that a study claims: cells that their author tagged, and what became of them."""

from collections.abc import Mapping, Sequence

from recrate.compare.hostile import cells_of, own_settings, tags_of
from recrate.model.study import Notebook
from recrate.model.verdict import (
    CellVerdict,
    Claim,
    Judgement,
    NotebookVerdict,
    OutputJudgement,
)

TAG = "recrate-claim"
_LONGEST = 200
_BAD = (OutputJudgement.DIFFERENT, OutputJudgement.MISSING, OutputJudgement.UNSTABLE)


def claims_of(
    recorded: Mapping[str, Notebook], notebooks: Sequence[NotebookVerdict]
) -> tuple[Claim, ...]:
    """Return the claims of the judged notebooks, each with its verdict.

    A cell is claimed by the tag `recrate-claim`, or by `metadata.recrate.claim`: true, or words.
    """
    found = []
    for notebook in notebooks:
        cells = cells_of(recorded.get(notebook.path, {}))
        for judged in notebook.cells:
            title = _title(cells[judged.index]) if judged.index < len(cells) else None
            if title is not None:
                found.append(_claim(notebook.path, judged, title))
    return tuple(found)


def _title(cell: object) -> str | None:
    """Return what a cell claims, empty where that has no words; None where it claims nothing."""
    own = own_settings(cell).get("claim")
    if isinstance(own, str) and own.strip():
        return " ".join(own.split())[:_LONGEST]
    return "" if own is True or TAG in tags_of(cell) else None


def _claim(path: str, judged: CellVerdict, title: str) -> Claim:
    bad = next((one for one in judged.outputs if one.verdict in _BAD), None)
    verdict = judged.verdict
    if bad is not None and bad.verdict is OutputJudgement.UNSTABLE and verdict in _HELD:
        verdict = Judgement.RAN  # a part of it is not the same twice: nobody can say
    reason = bad.reason if bad is not None else ""
    return Claim(path=path, cell=judged.index, title=title, verdict=verdict, reason=reason)


_HELD = (Judgement.IDENTICAL, Judgement.EQUIVALENT)
