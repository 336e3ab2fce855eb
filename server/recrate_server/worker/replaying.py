"""Replay into a job's folder, going on where an earlier worker stopped."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from recrate.flow.documents import replay_document, verdict_document
from recrate.flow.replay import Replayed
from recrate.flow.replay import ReplayOrder as CoreOrder
from recrate.flow.replay import replay as run_replay
from recrate.flow.settings import Settings
from recrate.flow.work import MARKER
from recrate.model.errors import BadInput
from recrate.model.progress import Progress
from recrate.model.verdict import Verdict
from recrate.outside.disk import remove_tree
from recrate.report.text import summarise
from recrate_server.jobs.orders import ReplayOrder, VerifyOrder

_HERE = "local"

_LEFT_OUT = ("run_crate", "report")
"""Places on this machine; over the wire a run is named by its job."""


def replay_into(
    order: ReplayOrder | VerifyOrder,
    crate: Path,
    destination: Path,
    *,
    settings: Settings,
    progress: Progress,
) -> Replayed:
    """Replay `crate` into `destination`, which becomes its run crate; raises what replaying does.

    Where a replay was begun there, it goes on at the first notebook not done.
    """
    if order.runner != _HERE:
        raise BadInput(
            f"no runner called {order.runner}", where="runner", hint=f"there is one: {_HERE}"
        )
    begun = (destination / MARKER).is_file()
    if not begun:
        remove_tree(destination)
    usual = settings.replay
    limited = replace(
        usual,
        notebook_timeout_seconds=order.notebook_timeout_seconds or usual.notebook_timeout_seconds,
        cell_timeout_seconds=order.cell_timeout_seconds or usual.cell_timeout_seconds,
    )
    return run_replay(
        CoreOrder(
            location=crate,
            destination=destination,
            notebooks=order.notebooks,
            repeats=order.repeats,
            resume=begun,
            current=order.environment == "current",
            language=order.language,
        ),
        settings=replace(settings, replay=limited),
        progress=progress,
    )


def replay_result(
    kind: str, done: Replayed, *, packing: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Return the contract's `ReplayResult`: lean, for the outputs are asked for page by page."""
    whole = replay_document(done)
    found = {name: value for name, value in whole.items() if name not in _LEFT_OUT}
    return judged_again({**found, "kind": kind, "packing": packing or []}, done.verdict)


def judged_again(result: dict[str, Any], verdict: Verdict) -> dict[str, Any]:
    """Return a run's result with another verdict in the place of its own."""
    judged = verdict_document(verdict)
    noted = {one["path"]: one["notes"] for one in result["notebooks"] if "notes" in one}
    notebooks = [
        {name: value for name, value in one.items() if name != "cells"}
        | ({"notes": noted[one["path"]]} if one["path"] in noted else {})
        for one in judged["notebooks"]
    ]
    return {
        **result,
        **judged,
        "notebooks": notebooks,
        "findings": [*result["packing"], *judged["findings"]],
        "sentence_ja": summarise(verdict, language="ja").splitlines()[0],
    }
