"""Review: page through a run's outputs, and see one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from recrate.flow.judging import RASTER, completed_first, draw_difference
from recrate.flow.work import ReplayFolder, read_notebook
from recrate.model.errors import BadInput, NotFound
from recrate.model.policy import Waiver
from recrate.model.verdict import (
    Cause,
    CellVerdict,
    Failure,
    NotebookVerdict,
    OutputJudgement,
    OutputVerdict,
    Verdict,
)
from recrate.report.account import Language
from recrate.report.fragment import OutputAccount, Theme, render_output
from recrate.report.parts import cells_of, source_text
from recrate.report.reasons import reason_in_japanese
from recrate.report.reasons_causes import evidence_in_japanese

SOURCE_CHARACTERS = 2_000
_ONE_SIDED = (OutputJudgement.MISSING, OutputJudgement.ADDED)
_PICTURES = (*RASTER, "image/svg+xml")

Place = tuple[NotebookVerdict, CellVerdict, OutputVerdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputRow:
    """One output of a run, as a list shows it. Indices count from 0.

    output:       among the cell's recorded outputs; of an `added` one, among the rerun's
    rerun_cell, rerun_output: where the rerun has it; None where it has not
    source:       the first 2,000 characters of the cell's code
    waiver:       who took the difference on, and why; None where nobody did
    picture:      it is shown as a picture
    difference:   there is a difference picture
    cause:        why it does not hold; None where it does. evidence: what that follows from
    failure:      what stopped the notebook, at the outputs of the cell where it stopped
    """

    notebook: str
    cell: int
    output: int
    rerun_cell: int | None
    rerun_output: int | None
    mime: str
    verdict: OutputJudgement
    reason: str
    reason_ja: str
    cause: Cause | None
    evidence: str
    evidence_ja: str
    rules: tuple[str, ...]
    source: str
    waiver: Waiver | None
    picture: bool
    difference: bool
    failure: Failure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPage:
    """A stretch of a run's outputs.

    all:      how many the run has; `counts` of them per verdict
    total:    how many the filter lets through; `filtered` of them per verdict
    notebooks: paths of all notebooks of the run, in its order
    failures: path and failure of each notebook that was stopped
    """

    all: int
    counts: dict[str, int]
    total: int
    filtered: dict[str, int]
    notebooks: tuple[str, ...]
    failures: tuple[tuple[str, Failure], ...]
    offset: int
    outputs: tuple[OutputRow, ...]


def list_outputs(
    root: Path,
    *,
    notebook: str | None = None,
    verdicts: tuple[str, ...] = (),
    offset: int = 0,
    limit: int = 50,
) -> OutputPage:
    """Return a page of a run's outputs, in the order of the notebooks.

    notebook: only of this one; None means all
    verdicts: only with one of these; empty means all
    Raises NotFound when `root` is no judged replay or has no such notebook.
    """
    folder = ReplayFolder(root=root)
    verdict = _read_verdict(folder)
    paths = tuple(one.path for one in verdict.notebooks)
    if notebook is not None and notebook not in paths:
        raise NotFound(
            f"no notebook {notebook} in this run",
            where=str(root),
            hint="its notebooks: " + ", ".join(paths[:20]),
        )
    everything = list(_places(verdict))
    kept = [
        place
        for place in everything
        if (notebook is None or place[0].path == notebook)
        and (not verdicts or place[2].verdict.value in verdicts)
    ]
    waivers = {(one.path, one.cell, one.output): one for one in verdict.policy.waivers}
    begin = max(offset, 0)
    shown = kept[begin : begin + max(limit, 0)]
    return OutputPage(
        all=len(everything),
        counts=_counts(everything),
        total=len(kept),
        filtered=_counts(kept),
        notebooks=paths,
        failures=tuple((one.path, one.error) for one in verdict.notebooks if one.error),
        offset=begin,
        outputs=tuple(_row(folder, place, waivers) for place in shown),
    )


def show_output(
    root: Path,
    notebook: str,
    cell: int,
    output: int,
    *,
    theme: Theme = "light",
    language: Language = "en",
) -> str:
    """Return one output as an HTML document of its own, recorded beside rerun, without a script.

    A recorded output wins over an added one of the same indices. Only the verdict, this notebook
    and its reruns are read. Raises NotFound when there is no such output.
    """
    folder = ReplayFolder(root=root)
    verdict = _read_verdict(folder)
    judged, at, one = find_output(verdict, notebook, cell, output, root)
    observations = folder.observations()
    runs = completed_first(notebook, observations)
    wanted = runs if one.verdict is OutputJudgement.UNSTABLE else runs[:1]
    places = [folder.rerun(observations[number].repeat, seen) for number, seen in wanted]
    reruns = tuple(read_notebook(place) if place is not None else None for place in places)
    recorded = read_notebook(folder.recorded(notebook))
    account = OutputAccount(
        notebook=judged,
        cell=at,
        output=one,
        recorded=recorded,
        reruns=reruns,
        difference=draw_difference(recorded, reruns[0] if reruns else None, at, one),
    )
    return render_output(account, theme=theme, language=language)


def spot_of(notebook: str, cell: int, output: int) -> str:
    """Return where an output stands, for people."""
    return f"{notebook}, cell {cell}, output {output}"


def find_output(verdict: Verdict, notebook: str, cell: int, output: int, root: Path) -> Place:
    """Return an output's verdict with its cell's and notebook's; raises NotFound."""
    found = [
        place
        for place in _places(verdict)
        if (place[0].path, place[1].index, place[2].index) == (notebook, cell, output)
    ]
    if not found:
        raise NotFound(
            f"no output at {spot_of(notebook, cell, output)}",
            where=str(root),
            hint="indices count from 0; the report names them",
        )
    return min(found, key=lambda place: place[2].verdict is OutputJudgement.ADDED)


def _places(verdict: Verdict) -> Iterator[Place]:
    for notebook in verdict.notebooks:
        for cell in notebook.cells:
            for output in cell.outputs:
                yield notebook, cell, output


def _counts(places: list[Place]) -> dict[str, int]:
    counts = Counter(output.verdict for _, _, output in places)
    return {kind.value: counts[kind] for kind in OutputJudgement if counts[kind]}


def _row(
    folder: ReplayFolder, place: Place, waivers: dict[tuple[str, int, int], Waiver]
) -> OutputRow:
    notebook, cell, output = place
    drawn = output.mime in RASTER and output.verdict is not OutputJudgement.IDENTICAL
    failure = notebook.error
    waived = output.verdict is OutputJudgement.WAIVED
    return OutputRow(
        notebook=notebook.path,
        cell=cell.index,
        output=output.index,
        rerun_cell=cell.rerun_index,
        rerun_output=output.rerun_index,
        mime=output.mime,
        verdict=output.verdict,
        reason=output.reason,
        reason_ja=reason_in_japanese(output.reason),
        cause=output.cause,
        evidence=output.evidence,
        evidence_ja=evidence_in_japanese(output.evidence),
        rules=output.rules,
        source=_source(folder, place),
        waiver=waivers.get((notebook.path, cell.index, output.index)) if waived else None,
        picture=output.mime in _PICTURES,
        difference=drawn and output.rerun_index is not None and output.verdict not in _ONE_SIDED,
        failure=failure if failure is not None and failure.cell == cell.index else None,
    )


def _source(folder: ReplayFolder, place: Place) -> str:
    """Return the code of a cell; empty where its notebook can no longer be read."""
    notebook, cell, _ = place
    try:
        path = folder.recorded(notebook.path)
        stamp = path.stat()
        sources = _sources(path, stamp.st_mtime_ns, stamp.st_size)
    except (OSError, BadInput):
        return ""
    return sources[cell.index] if cell.index < len(sources) else ""


def _read_verdict(folder: ReplayFolder) -> Verdict:
    """Return the folder's verdict; of one that has not changed, without reading it again."""
    folder.settle()
    try:
        stamp = folder.verdict.stat()
    except OSError:
        return folder.read_verdict()
    return _verdicts(folder, stamp.st_ino, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=4)
def _verdicts(folder: ReplayFolder, *_stamp: int) -> Verdict:
    return folder.read_verdict()


@lru_cache(maxsize=64)
def _sources(path: Path, *_stamp: int) -> tuple[str, ...]:
    """Return the beginning of each cell's source: a notebook of large pictures is parsed once."""
    return tuple(source_text(cell)[:SOURCE_CHARACTERS] for cell in cells_of(read_notebook(path)))
