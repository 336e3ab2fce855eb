"""A notebook's cells as the page shows them: prose, source, and each output with its verdict."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from recrate.model.study import Notebook
from recrate.model.verdict import (
    CellVerdict,
    Judgement,
    NotebookVerdict,
    OutputJudgement,
    OutputVerdict,
)
from recrate.report.allowance import Allowance
from recrate.report.characters import escaped, visible
from recrate.report.outputs import Comparison, compare_panels
from recrate.report.parts import Output, cells_of, outputs_of, source_text
from recrate.report.prose import render_prose
from recrate.report.say import say

QUIET = frozenset({"identical", "equivalent", "skipped", "waived"})
"""Output verdicts that need nobody's attention: their cells begin closed."""


@dataclass(frozen=True, slots=True)
class OutputShown:
    """One output: `verdict` is empty where nothing was judged."""

    anchor: str
    index: int
    heading: Markup
    verdict: str
    reason: str
    rules: tuple[str, ...]
    mime: str
    comparison: Comparison
    cause: str = ""
    evidence: str = ""

    @property
    def figure(self) -> bool:
        """Whether a picture is among what is shown."""
        return any(panel.kind == "picture" for panel in self.comparison.panels)


@dataclass(frozen=True, slots=True)
class CellShown:
    """One cell; `marks` counts its output verdicts in the order they first appear."""

    anchor: str
    index: int
    prose: bool
    number: str
    source: Markup
    snippet: str
    lines: int
    outputs: tuple[OutputShown, ...]
    rendered: bool = False
    """Whether `source` is Markdown written out, not its text."""
    stopped: bool = False
    not_reached: bool = False
    figure: bool = False
    heading: bool = False
    marks: Mapping[str, int] = field(default_factory=dict)

    @property
    def loud(self) -> bool:
        """Whether something in it wants to be seen: its source begins open too."""
        if self.not_reached:  # what stopped the run is told at its own cell
            return False
        return self.stopped or any(verdict not in QUIET for verdict in self.marks)

    @property
    def opened(self) -> bool:
        """Whether the cell begins open."""
        return self.loud or (self.figure and not self.not_reached)

    @property
    def has(self) -> str:
        """What the filter looks for."""
        return " ".join(self.marks)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the cells of one notebook are made from."""

    anchor: str
    path: str
    recorded: Notebook | None
    reruns: Sequence[Notebook | None]
    pictures: Mapping[tuple[str, int, int], bytes]
    allowance: Allowance
    figures_open: bool = False
    """Whether cells with a figure begin open even when nothing in them wants attention."""
    alone: bool = False
    """Whether one output has the page to itself: it gets all the room there is for one."""


def show_cells(verdict: NotebookVerdict, desk: Desk) -> tuple[CellShown, ...]:
    """Return the recorded notebook's cells in order; the rerun's when nothing was recorded."""
    judged = {cell.index: cell for cell in verdict.cells}
    first = desk.reruns[0] if desk.reruns else None
    cells = cells_of(desk.recorded) or cells_of(first)
    count = max([len(cells), *(index + 1 for index in judged if 0 <= index < 1_000_000)])
    ended = verdict.error.cell if verdict.error else None
    shown = []
    for index in range(count):
        cell = cells[index] if index < len(cells) else {}
        if index not in judged and index >= len(cells):
            continue
        shown.append(_cell(index, cell, judged.get(index), ended, desk))
    return tuple(shown)


def show_one(cell: CellVerdict, output: OutputVerdict, desk: Desk) -> OutputShown:
    """Return one judged output of a notebook, recorded beside rerun."""
    cells = cells_of(desk.recorded)
    recorded = outputs_of(cells[cell.index]) if 0 <= cell.index < len(cells) else {}
    place = cell.rerun_index if cell.rerun_index is not None else -1
    reruns = [_rerun_outputs(notebook, place) for notebook in desk.reruns]
    return _judged(cell.index, output, recorded, reruns, desk)


def _cell(
    index: int, cell: Mapping[str, Any], verdict: CellVerdict | None, ended: int | None, desk: Desk
) -> CellShown:
    prose = cell.get("cell_type", "code") in ("markdown", "raw")
    source = source_text(cell)
    html = None
    if source and cell.get("cell_type") == "markdown":
        html = render_prose(source, desk.allowance, cell.get("attachments"))
    room = 0 if html is not None else desk.allowance.room_for_text(len(source), loud=True)
    text = escaped(source[:room])
    if html is None and room < len(source):
        text += Markup('\n<i class="fold">{}</i>').format(say("cut", size=f"{len(source):,}"))
    outputs = () if prose else _outputs(index, cell, verdict, desk)
    counts = Counter(output.verdict for output in outputs if output.verdict)
    number = cell.get("execution_count")
    return CellShown(
        anchor=f"{desk.anchor}-c{index}",
        index=index,
        prose=prose,
        number=str(number) if isinstance(number, int) else "",
        source=text if html is None else html,
        rendered=html is not None,
        heading=prose and source.lstrip().startswith("#"),
        snippet=_snippet(source, prose=prose),
        lines=source.count("\n") + 1 if source else 0,
        outputs=outputs,
        stopped=ended == index,
        not_reached=not prose and ended is not None and index > ended and _is_unreached(verdict),
        figure=desk.figures_open and any(output.figure for output in outputs),
        marks=dict(counts),
    )


def _is_unreached(verdict: CellVerdict | None) -> bool:
    """Say whether a cell behind a failure never ran: where the network was missing, some did."""
    if verdict is None:
        return True
    failed = verdict.verdict is Judgement.FAILED and verdict.wants is None
    return failed and all(one.verdict is OutputJudgement.MISSING for one in verdict.outputs)


def _snippet(source: str, *, prose: bool) -> str:
    """Return the first line that says something, for a closed cell; prose without its marks."""
    marks = "#*_>` " if prose else ""
    lines = (line.strip().strip(marks or None) for line in source[:4_000].split("\n"))
    first = next((line for line in lines if line), "")
    if prose:
        first = first.replace("**", "").replace("`", "")
    return visible(first[:90] + ("…" if len(first) > 90 else ""))


def _outputs(
    index: int, cell: Mapping[str, Any], verdict: CellVerdict | None, desk: Desk
) -> tuple[OutputShown, ...]:
    recorded = outputs_of(cell) if desk.recorded else {}
    rerun_index = verdict.rerun_index if verdict and verdict.rerun_index is not None else index
    reruns = [_rerun_outputs(notebook, rerun_index) for notebook in desk.reruns]
    shown = [
        _judged(index, output, recorded, reruns, desk)
        for output in (verdict.outputs if verdict else ())
    ]
    judged = verdict.outputs if verdict else ()
    seen = {output.index for output in judged if output.verdict != "added"}
    seen_rerun = {_place(output) for output in judged if not _gone(output)}
    left = [index for index, output in recorded.items() if index not in seen and not output.empty]
    first = reruns[0] if reruns else {}
    right = [
        index for index, output in first.items() if index not in seen_rerun and not output.empty
    ]
    for place in range(max(len(left), len(right))):
        one = recorded[left[place]] if place < len(left) else None
        other = first[right[place]] if place < len(right) else None
        shown.append(_unjudged(index, one, other, desk))
    return tuple(shown)


def _gone(output: OutputVerdict) -> bool:
    """Say whether the rerun has no counterpart: also of an output that holds or was waived."""
    return output.verdict == "missing" or (output.rerun_index is None and output.verdict != "added")


def _place(output: OutputVerdict) -> int:
    return output.rerun_index if output.rerun_index is not None else output.index


def _rerun_outputs(notebook: Notebook | None, index: int) -> dict[int, Output]:
    cells = cells_of(notebook)
    return outputs_of(cells[index]) if 0 <= index < len(cells) else {}


def _judged(
    cell: int,
    output: OutputVerdict,
    recorded: Mapping[int, Output],
    reruns: Sequence[Mapping[int, Output]],
    desk: Desk,
) -> OutputShown:
    verdict = output.verdict.value
    added = verdict == "added"
    one = None if added else recorded.get(output.index)
    sides = [side.get(_place(output)) for side in reruns]
    other = None if _gone(output) or not sides else sides[0]
    letter = "a" if added else "o"
    return OutputShown(
        anchor=f"{desk.anchor}-c{cell}-{letter}{_place(output) if added else output.index}",
        index=_place(output) if added else output.index,
        heading=say("output.new") if added else say("output", index=output.index),
        verdict=verdict,
        reason=output.reason,
        rules=output.rules,
        mime=output.mime,
        comparison=compare_panels(
            one,
            other,
            output.mime,
            desk.allowance,
            loud=desk.alone or verdict not in QUIET,
            difference=desk.pictures.get((desk.path, cell, output.index)),
            others=sides[1:] if verdict == "unstable" else (),
        ),
        cause=output.cause.value if output.cause is not None else "",
        evidence=output.evidence,
    )


def _unjudged(cell: int, one: Output | None, other: Output | None, desk: Desk) -> OutputShown:
    """Return outputs without a verdict (parameters changed, a stop halfway) beside one another."""
    first = one or other
    place = first.whole[0] if first else 0
    return OutputShown(
        anchor=f"{desk.anchor}-c{cell}-u{place}",
        index=place,
        heading=say("output", index=place) if one is not None else say("output.new"),
        verdict="",
        reason="",
        rules=(),
        mime="",
        comparison=compare_panels(one, other, "", desk.allowance, loud=desk.alone),
    )
