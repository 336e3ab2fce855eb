"""A campaign in a job's folder: begun, or gone on with where an earlier worker stopped."""

from pathlib import Path
from typing import Any

from recrate.campaign.journal import Journal
from recrate.flow.campaign_beginning import CampaignOrder as CoreOrder
from recrate.flow.campaign_pages import shown_in
from recrate.flow.campaigning import campaign
from recrate.flow.documents import campaign_document
from recrate.flow.settings import Settings
from recrate.model.campaign import CampaignCounts, CampaignOptions, CampaignStatus, TaskLimits
from recrate.model.progress import Progress
from recrate.report.campaign_page import MARKS
from recrate.report.campaign_page import done as done_of
from recrate.report.campaign_tables import campaign_text
from recrate_server.jobs.folder import JobFolder
from recrate_server.jobs.orders import CampaignOrder, Errand
from recrate_server.worker.replaying import worker_config

_LEFT_OUT = ("folder", "page")
"""Places on this machine; over the wire a campaign is named by its job."""
_STAGE = "campaign"


def replay_all(
    order: CampaignOrder,
    errand: Errand,
    folder: JobFolder,
    *,
    settings: Settings,
    progress: Progress,
) -> dict[str, Any]:
    """Replay every crate of the list and return the contract's `CampaignResult`.

    Raises what a campaign does, and passes KeyboardInterrupt on once all that ran is kept.
    """
    page = shown_in(folder.campaign, language=order.language)

    def show(status: CampaignStatus, journal: Journal) -> None:
        page(status, journal)
        folder.write_standing(campaign_result(status, folder.campaign))
        progress(_STAGE, done_of(status), status.counts.total, counted(status.counts))

    def step(stage: str, done: int, total: int, message: str) -> None:
        if stage != _STAGE:  # of that one `show` tells more
            progress(stage, done, total, message)

    status = campaign(
        CoreOrder(
            list=order.list.strip() or errand.source,
            destination=folder.campaign,
            runner=order.runner,
            workers=order.workers,
            resume=True,
            agreed=order.agreed,
            config=worker_config(folder, errand),
            options=_options(order, settings),
        ),
        settings=settings,
        show=show,
        progress=step,
    )
    return campaign_result(status, folder.campaign)


def campaign_result(status: CampaignStatus, folder: Path) -> dict[str, Any]:
    """Return how a campaign stands, without the places on this machine."""
    whole = campaign_document(status, folder)
    return {
        "kind": "campaign",
        **{name: value for name, value in whole.items() if name not in _LEFT_OUT},
        "sentence": campaign_text(status),
        "sentence_ja": campaign_text(status, language="ja"),
    }


def counted(counts: CampaignCounts) -> str:
    """Return how many tasks ended how, best first: `3 identical, 1 different, 1 broken`."""
    ends = {**counts.states, **counts.verdicts}
    return ", ".join(f"{ends[mark]} {mark}" for mark in MARKS if ends.get(mark))


def _options(order: CampaignOrder, settings: Settings) -> CampaignOptions:
    usual = settings.replay
    return CampaignOptions(
        repeats=order.repeats,
        current=order.environment == "current",
        allow_network=usual.allow_network,
        unsandboxed=not usual.sandboxed,
        limits=TaskLimits(
            memory_bytes=order.memory_bytes or usual.memory_bytes,
            seconds=order.seconds or usual.total_timeout_seconds,
        ),
        ceiling=TaskLimits(memory_bytes=order.memory_ceiling_bytes, seconds=order.seconds_ceiling),
        notebook_seconds=usual.notebook_timeout_seconds,
        cell_seconds=order.cell_timeout_seconds or usual.cell_timeout_seconds,
        tries=order.tries,
        again=order.again,
    )
