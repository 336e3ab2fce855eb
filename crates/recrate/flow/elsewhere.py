"""One crate replayed on another runner than this machine: a campaign of one.

It lies in a hidden folder beside the destination until its verdict is there, so that a replay that
was cut off goes on with `--resume`, wherever it was.
"""

from dataclasses import replace
from pathlib import Path

from recrate.flow.campaign_beginning import CampaignOrder
from recrate.flow.campaign_folder import CampaignFolder
from recrate.flow.campaigning import campaign
from recrate.flow.replay import Replayed, ReplayOrder
from recrate.flow.settings import Settings
from recrate.flow.work import ReplayFolder
from recrate.model.campaign import CampaignOptions, CampaignStatus, TaskLimits, TaskRow
from recrate.model.errors import BadInput, Conflict, OutsideFailed
from recrate.model.progress import Progress, silent
from recrate.outside.disk import disk_errors, remove_tree


def replay_on(
    runner: str,
    order: ReplayOrder,
    *,
    settings: Settings,
    config: Path | None = None,
    progress: Progress = silent,
) -> Replayed:
    """Replay a crate on a runner, and return what `replay` would; the destination is the same.

    config: a configuration file that the worker reads as well
    Raises Conflict for a destination that has something in it, BadInput for a crate that is none,
    and OutsideFailed when no verdict could be had there.
    """
    place = _free(order.destination.resolve())
    hidden = place.with_name(f".{place.name}.on-{runner}")
    folder = CampaignFolder(root=hidden)

    def show(status: CampaignStatus, _journal: object) -> None:
        queued = f", {status.queued} waiting in the queue" if status.queued else ""
        progress("replay", 0, 0, f"{runner}: {status.workers} workers{queued}")

    campaign(
        CampaignOrder(
            list=str(order.location.resolve()),
            destination=hidden,
            runner=runner,
            options=_options(order, settings),
            resume=order.resume and hidden.is_dir(),
            config=config,
            origin=order.origin,
            language=order.language,
        ),
        settings=settings,
        show=show,
        progress=progress,
    )
    with folder.journal() as journal:
        task = journal.row(0)
    if task.state != "judged":
        raise _without_verdict(task, hidden)
    with disk_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        folder.run(0).rename(place)
    remove_tree(hidden)
    done = ReplayFolder(root=place)
    return Replayed(
        crate=done.read_crate(),
        folder=done,
        observations=done.observations(),
        verdict=done.read_verdict(),
    )


def _free(place: Path) -> Path:
    with disk_errors(place):
        if place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise Conflict(
                "has something in it", where=str(place), hint="choose another folder with -o"
            )
    return place


def _options(order: ReplayOrder, settings: Settings) -> CampaignOptions:
    told = settings.replay
    return CampaignOptions(
        notebooks=order.notebooks,
        repeats=order.repeats,
        parameters=told.parameters,
        current=order.current,
        allow_network=told.allow_network,
        unsandboxed=not told.sandboxed,
        limits=TaskLimits(memory_bytes=told.memory_bytes, seconds=told.total_timeout_seconds),
        notebook_seconds=told.notebook_timeout_seconds,
        cell_seconds=told.cell_timeout_seconds,
        again=True,
    )


def _without_verdict(task: TaskRow, hidden: Path) -> BadInput | OutsideFailed:
    if task.state == "broken":
        return BadInput(task.message, where=task.entry.where, hint=task.hint)
    return OutsideFailed(
        task.message or "it came to no verdict",
        where=str(hidden),
        hint=task.hint or "--resume tries again",
    )


def on_each(order: ReplayOrder, runners: tuple[str, ...]) -> dict[str, ReplayOrder]:
    """Return an order for each runner, with a folder of its own in the destination."""
    return {
        name: replace(order, destination=order.destination / name)
        for name in dict.fromkeys(runners)
    }
