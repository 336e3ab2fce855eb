"""The results that a study claims: cells and outputs that its author named, and how they held."""

from collections.abc import Iterator, Mapping, Sequence

from recrate.compare.hostile import cells_of
from recrate.model.asked import (
    AskedClaim,
    asked_of_cell,
    asked_of_notebook,
    claims_asked,
)
from recrate.model.finding import CLAIM_NOT_FOUND, Finding, Severity, find
from recrate.model.study import Notebook
from recrate.model.verdict import (
    CellVerdict,
    Claim,
    Judgement,
    NotebookVerdict,
    OutputJudgement,
    OutputVerdict,
)

_BAD = (OutputJudgement.DIFFERENT, OutputJudgement.MISSING, OutputJudgement.UNSTABLE)
_HELD = (Judgement.IDENTICAL, Judgement.EQUIVALENT)


def claims_of(
    recorded: Mapping[str, Notebook], notebooks: Sequence[NotebookVerdict]
) -> tuple[Claim, ...]:
    """Return the claims of the judged notebooks, each with its verdict.

    A cell is claimed by a line of its notebook's list, by its own metadata or tag, or with all
    cells by its notebook's metadata; a line may name one output. They come as the cells do.
    """
    found: list[Claim] = []
    for notebook in notebooks:
        document = recorded.get(notebook.path, {})
        listed, _ = claims_asked(document)
        by_cell: dict[int | None, list[AskedClaim]] = {}
        for one in listed:
            by_cell.setdefault(one.cell, []).append(one)
        cells, whole = cells_of(document), asked_of_notebook(document)
        for judged in notebook.cells:
            lines = [one for one in by_cell.get(judged.index, []) if _is_there(judged, one)]
            found += [_listed(notebook.path, judged, one) for one in lines]
            if lines or judged.index >= len(cells):
                continue
            own = asked_of_cell(cells[judged.index])
            title = own.claim
            if title is None and not own.unclaimed and judged.outputs:
                title = whole.claim
            if title is not None:
                found.append(_claim(notebook.path, judged, title))
    return tuple(found)


def asked_findings(
    recorded: Mapping[str, Notebook], notebooks: Sequence[NotebookVerdict]
) -> Iterator[Finding]:
    """Yield notes on what authors asked for and cannot be done: bad values, claims of nothing."""
    for notebook in notebooks:
        document = recorded.get(notebook.path, {})
        listed, complaints = claims_asked(document)
        for said in (*asked_of_notebook(document).complaints, *complaints):
            yield _ignored(said, notebook.path)
        for index, cell in enumerate(cells_of(document)):
            for said in asked_of_cell(cell).complaints:
                yield _ignored(said, notebook.path, index)
        judged = {cell.index: cell for cell in notebook.cells}
        for one in listed:
            cell_verdict = judged.get(one.cell) if one.cell is not None else None
            if cell_verdict is None or not _is_there(cell_verdict, one):
                yield _not_found(one, notebook.path)


def _ignored(said: str, path: str, cell: int | None = None) -> Finding:
    return find(
        Severity.NOTE,
        "setting-ignored",
        f"not heeded: {said}",
        hint="docs/researchers.md shows what metadata and tags may say",
        path=path,
        cell=cell,
    )


def _not_found(one: AskedClaim, path: str) -> Finding:
    output = f", output {one.output}" if one.output is not None else ""
    return find(
        Severity.WARNING,
        CLAIM_NOT_FOUND,
        f"claim {one.number} of the list names cell {one.named}{output}, and there is none",
        hint="name the cell by its id, its index from 0 or a tag that no other cell has",
        path=path,
        subject=one.title or None,
    )


def _is_there(judged: CellVerdict, one: AskedClaim) -> bool:
    return one.output is None or _output(judged, one.output) is not None


def _output(judged: CellVerdict, index: int) -> OutputVerdict | None:
    """Return the verdict of a recorded output."""
    for one in judged.outputs:
        if one.index == index and one.verdict is not OutputJudgement.ADDED:
            return one
    return None


def _listed(path: str, judged: CellVerdict, one: AskedClaim) -> Claim:
    output = _output(judged, one.output) if one.output is not None else None
    if output is None:
        return _claim(path, judged, one.title, title_ja=one.title_ja)
    return Claim(
        path=path,
        cell=judged.index,
        output=output.index,
        title=one.title,
        title_ja=one.title_ja,
        verdict=_of_output(output, judged),
        reason=output.reason if output.verdict in _BAD else "",
    )


def _of_output(output: OutputVerdict, judged: CellVerdict) -> Judgement:
    """Return the verdict of one output as that of a claim; what nobody compared only `ran`."""
    if output.verdict is OutputJudgement.IDENTICAL:
        return Judgement.IDENTICAL
    if output.verdict is OutputJudgement.EQUIVALENT:
        return Judgement.EQUIVALENT
    if output.verdict in (OutputJudgement.DIFFERENT, OutputJudgement.MISSING):
        worse = (Judgement.FAILED, Judgement.NOT_RESTORED)
        return judged.verdict if judged.verdict in worse else Judgement.DIFFERENT
    return Judgement.RAN


def _claim(path: str, judged: CellVerdict, title: str, *, title_ja: str = "") -> Claim:
    bad = next((one for one in judged.outputs if one.verdict in _BAD), None)
    verdict = judged.verdict
    if bad is not None and bad.verdict is OutputJudgement.UNSTABLE and verdict in _HELD:
        verdict = Judgement.RAN  # a part of it is not the same twice: nobody can say
    return Claim(
        path=path,
        cell=judged.index,
        title=title,
        title_ja=title_ja,
        verdict=verdict,
        reason=bad.reason if bad is not None else "",
    )
