"""Differences that a person takes on: what a waiver does to an output, and which did nothing."""

from collections.abc import Sequence
from dataclasses import replace

from recrate.model.finding import Finding, Severity, find
from recrate.model.policy import Policy, Waiver, WaiverKind
from recrate.model.verdict import NotebookVerdict, OutputJudgement, OutputVerdict

_HOLDS = (OutputJudgement.IDENTICAL, OutputJudgement.EQUIVALENT)


def waived(verdict: OutputVerdict, waiver: Waiver) -> OutputVerdict:
    """Return an output's verdict under a waiver; the reason keeps what the comparison said.

    An output that holds needs nobody's acceptance and stays what it is; one that is to be left
    unjudged (`waive`) is left so in any case.
    """
    if waiver.kind is WaiverKind.ACCEPT and verdict.verdict in _HOLDS:
        return verdict
    seen = f"{verdict.verdict.value}: {verdict.reason}"
    if verdict.reason == verdict.verdict.value:
        seen = verdict.reason
    return replace(verdict, verdict=OutputJudgement.WAIVED, reason=f"{told(waiver)} (was {seen})")


def told(waiver: Waiver) -> str:
    """Tell a waiver: `accepted by Aoi on 2026-01-02: another colour map`."""
    word = "accepted" if waiver.kind is WaiverKind.ACCEPT else "waived"
    who = f" by {waiver.person}" if waiver.person else ""
    when = f" on {waiver.date[:10]}" if waiver.date else ""
    return f"{word}{who}{when}: {waiver.reason}"


def idle_waivers(policy: Policy, notebooks: Sequence[NotebookVerdict]) -> tuple[Finding, ...]:
    """Return a note for each waiver that changed no output: it names none, or one that holds."""
    waiting = {(one.path, one.cell, one.output): one for one in policy.waivers}
    for notebook in notebooks:
        for cell in notebook.cells:
            for output in cell.outputs:
                if output.verdict is OutputJudgement.WAIVED:
                    waiting.pop((notebook.path, cell.index, output.index), None)
    return tuple(
        find(
            Severity.NOTE,
            "waiver-idle",
            f"the waiver of output {waiver.output} changed nothing: {told(waiver)}",
            hint="there is no such recorded output, or it holds without a waiver",
            path=waiver.path,
            cell=waiver.cell,
        )
        for waiver in waiting.values()
    )
