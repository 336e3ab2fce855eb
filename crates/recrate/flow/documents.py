"""What the verbs answer as JSON: the shapes that outside programs, and our own server, rely on."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrate.flow.overview import overview_document
from recrate.model.environment import Lock
from recrate.model.repair import DIFF, REPAIRED, Repaired
from recrate.model.verdict import NotebookVerdict, Verdict
from recrate.model.wire import to_plain

if TYPE_CHECKING:
    # At run time they bring scanning and comparing, a third of what a server needs to start.
    from recrate.flow.campaign_judging import CampaignJudged
    from recrate.flow.pack import Packed
    from recrate.flow.replay import Replayed
    from recrate.model.campaign import CampaignStatus, TaskRow

__all__ = [
    "notebook_document",
    "overview_document",
    "pack_document",
    "repair_part",
    "replay_document",
    "verdict_document",
]


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """Return verdict, coverage and notebooks as `replay --json` and `judge --json` print them."""
    return {
        "verdict": verdict.verdict.value,
        "sentence": verdict.sentence,
        "policy": verdict.policy.name,
        "usual": to_plain(verdict.usual),
        "claims": to_plain(verdict.claims),
        "coverage": to_plain(verdict.coverage),
        "notebooks": [notebook_document(notebook) for notebook in verdict.notebooks],
        "findings": to_plain(verdict.findings),
        "files": to_plain(verdict.files),
        **({"candidates": to_plain(verdict.candidates)} if verdict.candidates else {}),
    }


def notebook_document(notebook: NotebookVerdict) -> dict[str, Any]:
    """Return one notebook's part."""
    return {
        "path": notebook.path,
        "verdict": notebook.verdict.value,
        "seconds": notebook.seconds,
        "error": to_plain(notebook.error),
        "coverage": to_plain(notebook.coverage),
        "cells": [to_plain(cell) for cell in notebook.cells],
        "files": to_plain(notebook.files),
    }


def pack_document(packed: "Packed") -> dict[str, Any]:
    """Return the JSON document of `pack --json`; docs/schemas/pack.json describes it."""
    lock = packed.lock
    return {
        "crate": packed.crate.location,
        "identity": packed.crate.identity,
        "notebooks": list(packed.crate.notebooks),
        "findings": to_plain(packed.findings),
        "environment": lock_document(lock) if lock is not None else None,
        "changes": to_plain(packed.changes),
        **({"sealed": str(packed.sealed)} if packed.sealed is not None else {}),
    }


def lock_document(lock: Lock) -> dict[str, Any]:
    """Return what is told of a lock: how many packages, of which date, from where."""
    return {
        "language": lock.language,
        "python": lock.python,
        "packages": len(lock.packages),
        "as_of": lock.as_of,
        "source": lock.source,
        "notes": list(lock.notes),
        "unrestored": to_plain(lock.unrestored),
    }


def replay_document(done: "Replayed") -> dict[str, Any]:
    """Return the JSON document of `replay --json`; docs/schemas/replay.json describes it."""
    seen = done.observations[0].environment
    return {
        **verdict_document(done.verdict),
        "environment": {
            "python": seen.python if seen else None,
            "packages": len(seen.packages) if seen else 0,
            "restored": bool(seen and seen.restored),
            "seconds": seen.seconds if seen else 0.0,
        },
        "crate": done.crate.identity,
        "sandbox": done.observations[0].sandbox,
        "run_crate": str(done.folder.root),
        "report": str(done.folder.report),
        **repair_part(done.repaired, done.folder.root),
    }


def repair_part(repaired: Repaired | None, root: Path) -> dict[str, Any]:
    """Return the key `repair` of what `replay --json` and `judge --json` print, where there is one.

    root: the replay's folder
    """
    if repaired is None:
        return {}
    verdict = repaired.verdict
    place = root / REPAIRED
    told = {
        "verdict": verdict.verdict.value if verdict is not None else None,
        "sentence": verdict.sentence if verdict is not None else "",
        "coverage": to_plain(verdict.coverage) if verdict is not None else None,
        "patches": to_plain(repaired.repair.patches),
        "rounds": repaired.repair.rounds,
        "left": list(repaired.repair.left),
        "dated": list(repaired.repair.dated),
        "diff": str(place / DIFF) if repaired.repair.patches else None,
        "report": str(place / "report.html") if verdict is not None else None,
    }
    return {"repair": told}


def campaign_judged_document(done: "CampaignJudged", folder: Path) -> dict[str, Any]:
    """Return what `recrate judge CAMPAIGN --json` prints; docs/schemas/judge-campaign.json."""
    return {
        "campaign": done.status.head.id,
        "folder": str(folder),
        "policy": done.policy or None,
        "judge": done.judge,
        "judged": done.judged,
        "went_on": done.went_on,
        "unsigned": done.unsigned,
        "changed": [
            {
                **_of_task(one.task),
                "from": one.judging.before,
                "to": one.judging.after,
                "reason": one.task.result.reason if one.task.result else "",
            }
            for one in done.changed
        ],
        "unjudged": [
            {**_of_task(one.task), "message": one.judging.note, "hint": one.judging.hint}
            for one in done.unjudged
        ],
        "verdicts": done.status.counts.verdicts,
        "causes": done.status.counts.causes,
        "page": str(folder / "index.html"),
    }


def _of_task(task: "TaskRow") -> dict[str, Any]:
    return {
        "task": task.number,
        "where": task.entry.where,
        "name": task.name,
        "run": task.folder,
    }


def campaign_document(status: "CampaignStatus", folder: Path) -> dict[str, Any]:
    """Return how a campaign stands, as `recrate campaign --json` prints it."""
    counts = status.counts
    return {
        "campaign": status.head.id,
        "folder": str(folder),
        "tasks": counts.total,
        "states": counts.states,
        "verdicts": counts.verdicts,
        "causes": counts.causes,
        "attempts": counts.attempts,
        "core_seconds": round(counts.core_seconds, 3),
        "seconds": round(status.elapsed_seconds, 3),
        "page": str(folder / "index.html"),
    }
