"""Campaigns as they lie when all was replayed, made without running anything."""

from pathlib import Path
from typing import Any

from recrate.campaign.journal import Journal
from recrate.flow.campaign_folder import CampaignFolder
from recrate.flow.tasks import with_verdict
from recrate.flow.work import ReplayFolder
from recrate.model.campaign import CampaignHead, CampaignOptions, Entry, TaskResult, TaskRow
from replayed_folders import replayed

BY_USUAL = "a" * 64
"""What the keys of the tasks begin with: of all that was run."""


def printed(number: float, **metadata: Any) -> dict[str, Any]:
    """Return a notebook of one cell that shows a number."""
    shown = {"output_type": "execute_result", "data": {"text/plain": str(number)},
             "metadata": {}, "execution_count": 1}  # fmt: skip
    cell = {"cell_type": "code", "source": "f()", "metadata": {}, "outputs": [shown],
            "execution_count": 1, "id": "c0"}  # fmt: skip
    return {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def judged_campaign(root: Path, drifts: list[float]) -> Path:
    """Make a campaign of a task for each drift: how far the rerun's number is from 1.

    The last task is the twin of the first, and shares its verdict.
    """
    folder = CampaignFolder(root=root)
    root.mkdir(parents=True)
    folder.write_head(
        CampaignHead(
            id="c" * 12,
            list="crates",
            runners=("local",),
            options=CampaignOptions(),
            agent="recrate 0.1.0",
            started="2026-01-01T00:00:00+00:00",
        )
    )
    with folder.journal() as journal:
        journal.add(Entry(where=f"{number}.crate.zip") for number in range(len(drifts) + 1))
        for number, drift in enumerate(drifts):
            _add(journal, root, number, drift)
        first = journal.row(0)
        journal.put(_twin(first, len(drifts)))
        journal.note("seconds", "60")
    return root


def _add(journal: Journal, root: Path, number: int, drift: float) -> None:
    run = replayed(
        root / "runs" / str(number), {"a.ipynb": printed(1.0)}, {"a.ipynb": printed(1.0 + drift)}
    )
    measured = TaskResult(outcome="judged", seconds=1.0, ended="2026-01-01T00:01:00+00:00")
    journal.put(
        TaskRow(
            number=number,
            entry=Entry(where=f"{number}.crate.zip"),
            state="judged",
            identity=f"{number}" * 64,
            name=f"Study {number}",
            key=f"{number}{BY_USUAL[1:]}-usual",
            folder=f"runs/{number}",
            attempts=1,
            result=with_verdict(measured, ReplayFolder(root=run).read_verdict()),
        )
    )


def _twin(first: TaskRow, number: int) -> TaskRow:
    return TaskRow(
        number=number,
        entry=Entry(where=f"{number}.crate.zip"),
        state="known",
        key=first.key,
        folder=first.folder,
        same_as=0,
        result=first.result,
    )
