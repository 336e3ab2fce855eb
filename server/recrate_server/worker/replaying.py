"""Replay into a job's folder, going on where an earlier worker stopped."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from recrate.flow.documents import replay_document, verdict_document
from recrate.flow.replay import Replayed
from recrate.flow.replay import ReplayOrder as CoreOrder
from recrate.flow.replay import replay as run_replay
from recrate.flow.settings import Settings
from recrate.flow.work import MARKER
from recrate.model.progress import Progress
from recrate.model.verdict import Verdict
from recrate.outside.disk import remove_tree, write_text
from recrate.report.authors import authors_line
from recrate.report.candidates import candidates_line
from recrate.report.text import summarise
from recrate_server.jobs.folder import JobFolder
from recrate_server.jobs.orders import Errand, ReplayOrder, VerifyOrder

_HERE = "local"

_LEFT_OUT = ("run_crate", "report", "policy", "usual", "claims", "files", "candidates")
"""Places on this machine, as over the wire a run is named by its job; and what its report tells."""


def replay_into(
    order: ReplayOrder | VerifyOrder,
    crate: Path,
    destination: Path,
    *,
    settings: Settings,
    config: Path,
    progress: Progress,
) -> Replayed:
    """Replay `crate` into `destination`, which becomes its run crate; raises what replaying does.

    config: what workers on another runner are to read
    Where a replay was begun there, it goes on at the first notebook not done.
    """
    elsewhere = order.runner != _HERE
    begun = (destination / MARKER).is_file()
    if elsewhere and destination.exists():
        # It came whole, and we were killed before that was written down: nothing to go on with.
        for left in (destination, *destination.parent.glob(f".{destination.name}.on-*")):
            remove_tree(left)
    elif not begun:
        remove_tree(destination)
    usual = settings.replay
    limited = replace(
        usual,
        notebook_timeout_seconds=order.notebook_timeout_seconds or usual.notebook_timeout_seconds,
        cell_timeout_seconds=order.cell_timeout_seconds or usual.cell_timeout_seconds,
    )
    wanted = CoreOrder(
        location=crate,
        destination=destination,
        notebooks=order.notebooks,
        repeats=order.repeats,
        resume=begun or elsewhere,
        current=order.environment == "current",
        language=order.language,
    )
    settings = replace(settings, replay=limited)
    if elsewhere:
        from recrate.flow.elsewhere import replay_on  # noqa: PLC0415 - only who goes there loads it

        return replay_on(order.runner, wanted, settings=settings, config=config, progress=progress)
    return run_replay(wanted, settings=settings, progress=progress)


def worker_config(folder: JobFolder, errand: Errand) -> Path:
    """Return the file from which workers of other runners read what this server is configured to.

    It holds no tokens: an errand has none.
    """
    place = folder.root / "recrate_config.json"
    write_text(place, json.dumps(errand.settings) + "\n")
    return place


def replay_result(
    kind: str, done: Replayed, *, packing: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Return the contract's `ReplayResult`: lean, for the outputs are asked for page by page."""
    whole = replay_document(done)
    found = {name: value for name, value in whole.items() if name not in _LEFT_OUT}
    return judged_again({**found, "kind": kind, "packing": packing or []}, done.verdict)


def judged_again(result: dict[str, Any], verdict: Verdict) -> dict[str, Any]:
    """Return a run's result with another verdict in the place of its own."""
    whole = verdict_document(verdict)
    judged = {name: value for name, value in whole.items() if name not in _LEFT_OUT}
    noted = {one["path"]: one["notes"] for one in result["notebooks"] if "notes" in one}
    notebooks = [
        {name: value for name, value in one.items() if name not in {"cells", "files"}}
        | ({"notes": noted[one["path"]]} if one["path"] in noted else {})
        for one in judged["notebooks"]
    ]
    return {
        **result,
        **judged,
        "notebooks": notebooks,
        "findings": [*result["packing"], *judged["findings"]],
        "sentence_ja": summarise(verdict, language="ja").splitlines()[0]
        + candidates_line(verdict, "ja")
        + authors_line(verdict, "ja"),
    }
