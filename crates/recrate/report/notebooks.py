"""The notebooks of a replay as the page shows them, and what of them is told again on top."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from recrate.model.observation import NotebookObservation
from recrate.model.study import Notebook
from recrate.model.verdict import NotebookVerdict, OutputJudgement
from recrate.report.account import Account
from recrate.report.allowance import Allowance
from recrate.report.cells import CellShown, Desk, show_cells
from recrate.report.files import FileShown, show_files

_WHOLE_STUDY = 60
"""Up to so many outputs, cells that hold a figure begin open although nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One output in the strip of its notebook: a small sign that leads to it."""

    anchor: str
    verdict: str
    cell: int
    output: int


@dataclass(frozen=True, slots=True)
class Told:
    """An output named again outside its cell: among the differences, or as set aside."""

    path: str
    anchor: str
    verdict: str
    cell: int
    output: int
    reason: str
    cause: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class NotebookShown:
    """One notebook: its verdict, what was seen of its run, its cells."""

    anchor: str
    verdict: NotebookVerdict
    run: NotebookObservation | None
    cells: tuple[CellShown, ...]
    marks: tuple[Mark, ...]
    files: tuple[FileShown, ...] = ()

    @property
    def failed_at(self) -> str:
        """The anchor of the cell that stopped the run; the notebook's own when none did."""
        failure = self.verdict.error
        cell = next((cell for cell in self.cells if failure and cell.index == failure.cell), None)
        return cell.anchor if cell else self.anchor


def show_notebooks(account: Account) -> tuple[NotebookShown, ...]:
    """Return every judged notebook in the verdict's order, within one page's allowance."""
    allowance = Allowance()
    figures = account.verdict.coverage.outputs <= _WHOLE_STUDY
    shown = []
    for place, verdict in enumerate(account.verdict.notebooks):
        runs, reruns = _runs(verdict.path, account)
        desk = Desk(
            anchor=f"n{place}",
            path=verdict.path,
            recorded=account.recorded.get(verdict.path),
            reruns=reruns,
            pictures=account.pictures,
            allowance=allowance,
            figures_open=figures,
        )
        cells = show_cells(verdict, desk)
        run = runs[0] if runs else None
        files = show_files(verdict.path, verdict.files, account.file_pictures, allowance)
        shown.append(NotebookShown(desk.anchor, verdict, run, cells, _marks(cells), files))
    return tuple(shown)


def _runs(path: str, account: Account) -> tuple[list[NotebookObservation], list[Notebook | None]]:
    """Return the runs of one notebook and their results, those first that came to the end.

    The judge compares the first run that completed: the page must show the same one.
    """
    runs: list[tuple[NotebookObservation | None, Notebook | None]] = []
    for place, rerun in enumerate(account.reruns):
        observed = account.observations[place].notebooks if _has(account, place) else ()
        run = next((seen for seen in observed if seen.path == path), None)
        runs.append((run, rerun.get(path)))
    completed = [run for run in runs if run[0] is not None and run[0].status == "completed"]
    runs = completed + [run for run in runs if run not in completed]
    return [run for run, _ in runs if run is not None], [rerun for _, rerun in runs]


def _has(account: Account, place: int) -> bool:
    return place < len(account.observations)


def _marks(cells: tuple[CellShown, ...]) -> tuple[Mark, ...]:
    return tuple(
        Mark(output.anchor, output.verdict, cell.index, output.index)
        for cell in cells
        for output in cell.outputs
        if output.verdict
    )


def told_again(notebooks: tuple[NotebookShown, ...], verdicts: frozenset[str]) -> tuple[Told, ...]:
    """Return the outputs with one of `verdicts`, in the page's order."""
    return tuple(
        Told(
            notebook.verdict.path,
            output.anchor,
            output.verdict,
            cell.index,
            output.index,
            output.reason,
            output.cause,
            output.evidence,
        )
        for notebook in notebooks
        for cell in notebook.cells
        for output in cell.outputs
        if output.verdict in verdicts and not (cell.not_reached and output.verdict == "missing")
    )


def causes_counted(told: tuple[Told, ...]) -> tuple[tuple[str, int], ...]:
    """Return the causes of outputs with how many each has, most first."""
    return tuple(Counter(one.cause for one in told if one.cause).most_common())


DIFFERENCES = frozenset({"different", "missing"})
ASIDE = frozenset({"unstable", "skipped", "waived", "added"})


def rules_used(notebooks: tuple[NotebookShown, ...]) -> Mapping[str, int]:
    """Return the normalising rules that mattered, with how many outputs each; most used first."""
    counts: dict[str, int] = {}
    for notebook in notebooks:
        for cell in notebook.verdict.cells:
            for output in cell.outputs:
                for rule in output.rules:
                    counts[rule] = counts.get(rule, 0) + 1
        for rule in (rule for file in notebook.files for rule in file.rules):
            counts[rule] = counts.get(rule, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def verdicts_present(notebooks: tuple[NotebookShown, ...]) -> tuple[str, ...]:
    """Return the output verdicts that occur: what the page can be filtered by."""
    present = {mark.verdict for notebook in notebooks for mark in notebook.marks}
    return tuple(kind.value for kind in OutputJudgement if kind.value in present)
