"""Publish: the core's path, with the job as the deposit's mark, so that it goes on as the same."""

from pathlib import Path
from typing import Any

from recrate.flow.ledger import Ledger
from recrate.flow.publishing import PublishOrder as CoreOrder
from recrate.flow.publishing import publish as run_publish
from recrate.flow.publishing_documents import publish_result
from recrate.flow.settings import Settings
from recrate.model.errors import NotFound
from recrate.model.progress import Progress
from recrate_server.jobs.orders import Errand, PublishOrder


def publish(
    order: PublishOrder, errand: Errand, *, settings: Settings, progress: Progress
) -> dict[str, Any]:
    """Publish what the errand names and return the contract's `PublishResult`."""
    mark = errand.job.id
    done = run_publish(
        CoreOrder(
            location=Path(errand.source),
            place=order.place,
            mark=mark,
            answers={**order.answers, **errand.folders},
            draft=order.draft,
            new_version=order.new_version_of,
            resume=order.go_on or _was_begun(mark, settings),
        ),
        settings=settings,
        progress=progress,
    )
    return {"kind": "publish", **publish_result(done, settings=settings)}


def _was_begun(mark: str, settings: Settings) -> bool:
    """Say whether this very job has begun the deposit before: then it goes on."""
    try:
        Ledger(root=settings.publish.ledger).deposit(mark)
    except NotFound:
        return False
    return True
