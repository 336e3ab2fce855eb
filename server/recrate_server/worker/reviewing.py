"""Review: what a person ran in a session becomes a run, with the same result as a replay's."""

from pathlib import Path
from typing import Any

from recrate.flow.settings import Settings
from recrate.flow.witnessing import WitnessOrder, witness
from recrate.flow.work import ReplayFolder
from recrate.launch.session import Session
from recrate.model.observation import NotebookObservation
from recrate.model.progress import Progress
from recrate.model.wire import to_plain
from recrate.model.witness import Witness
from recrate.outside.disk import remove_tree
from recrate_server.jobs.orders import ReviewOrder
from recrate_server.worker.replaying import replay_result


def review(
    order: ReviewOrder,
    session: Path,
    destination: Path,
    *,
    settings: Settings,
    progress: Progress,
) -> dict[str, Any]:
    """Judge the notebooks as they are saved now and return the contract's `ReplayResult`.

    What an earlier worker left in `destination` goes: nothing of it took long.
    """
    remove_tree(destination)
    done = witness(
        Session(root=session),
        WitnessOrder(
            reviewer=order.reviewer,
            opinion=order.opinion,
            statement=order.statement,
            notebooks=order.notebooks or (),
            language=order.language,
        ),
        destination=destination,
        settings=settings,
        progress=progress,
    )
    said = ReplayFolder(root=destination).read_witness()
    assert said is not None, "it was just written"
    result = replay_result("review", done)
    return {
        **result,
        "notebooks": _noted(result, done.observations[0].notebooks),
        "witness": _said(said),
    }


def _noted(result: dict[str, Any], seen: tuple[NotebookObservation, ...]) -> list[dict[str, Any]]:
    """Return the notebooks, each with what is to be known of how it was run."""
    notes = {one.path: list(one.notes) for one in seen}
    return [{**one, "notes": notes.get(one["path"], [])} for one in result["notebooks"]]


def _said(witness: Witness) -> dict[str, Any]:
    return {
        "reviewer": to_plain(witness.reviewer),
        "opinion": witness.opinion,
        "statement": witness.statement,
        "target": witness.target,
        "notes": list(witness.notes),
    }
