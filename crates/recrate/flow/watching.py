"""Watch crates: replay those that are due, keep what came of it, and tell of what changed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from recrate.flow.settings import Settings
from recrate.flow.watching_documents import event_document, feed_entries, link_of
from recrate.flow.watching_run import run_watched
from recrate.flow.watching_settings import WatchSettings
from recrate.flow.watching_state import (
    HistoryEntry,
    Watched,
    WatchedFolder,
    WatchState,
    id_of,
    next_due_seconds,
)
from recrate.flow.watching_webhook import Delivery, Outbox, deliver
from recrate.locate.written import read_where
from recrate.model.errors import BadInput, Conflict, NotFound
from recrate.model.progress import Progress, silent
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate.report.feed import FeedLanguage, identifier, render_feed

__all__ = [
    "RunOrder",
    "WatchSettings",
    "WatchedRun",
    "add_watched",
    "feed_of",
    "remove_watched",
    "run_due",
    "watched_folder",
    "watched_folders",
]

SHORTEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder:
    """What a run is asked for.

    only:  ids or places of crates; empty: all of them
    now:   also what is not due
    today: also in an environment of today, for those that are not watched so anyway
    """

    only: tuple[str, ...] = ()
    now: bool = False
    today: bool = False
    confirm: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRun:
    """What a run did. `not_due`: how many crates were let be."""

    entries: tuple[tuple[Watched, HistoryEntry], ...]
    deliveries: tuple[Delivery, ...]
    not_due: int


Told = Callable[[Watched, HistoryEntry], None]
"""Is told of each crate as soon as it is done."""


def add_watched(
    where: str | Path,
    *,
    every_seconds: float,
    settings: Settings,
    to: Path | None = None,
    current: bool = False,
    today: bool = False,
) -> Watched:
    """Watch a crate from now on: a path, https address or DOI. Nothing is fetched or run.

    One that is watched already gets the new interval and choices, and keeps its history. Raises
    NotFound where no file or folder lies, Conflict where its replays would move to another folder,
    BadInput for an address that is none, or an interval that is too short.
    """
    if every_seconds < SHORTEST_SECONDS:
        raise BadInput("too often", hint=f"{SHORTEST_SECONDS:.0f} seconds is the shortest interval")
    place = _place(where)
    if not link_of(place) and not Path(place).exists():
        raise NotFound("no such file or folder", where=str(where), hint="is the path right?")
    folder = WatchedFolder(root=WatchState.of(settings).root / id_of(place))
    watched = Watched(
        id=folder.root.name,
        where=place,
        added=settings.clock().isoformat(timespec="seconds"),
        every_seconds=every_seconds,
        to=str(to.resolve()) if to is not None else None,
        current=current,
        today=today,
    )
    if (folder.root / "watched.json").is_file():
        earlier = folder.read()
        if to is not None and earlier.to != watched.to:
            raise Conflict(
                "is watched already, with its replays in another folder",
                where=place,
                hint=f"they lie in {folder.runs()}; `recrate watch remove` it first",
            )
        watched = replace(watched, added=earlier.added, to=earlier.to)
    folder.write(watched)
    return watched


def _place(where: str | Path) -> str:
    """Return the one way of writing where a crate is."""
    address = read_where(where)
    return str(address.resolve()) if isinstance(address, Path) else address.key


def watched_folders(settings: Settings) -> tuple[WatchedFolder, ...]:
    """Return what is watched, by the time it was added."""
    return WatchState.of(settings).folders()


def watched_folder(said: str, *, settings: Settings) -> WatchedFolder:
    """Return the watched crate of an id, the begin of one, a path, address or DOI.

    Raises NotFound for none, BadInput for several.
    """
    state = WatchState.of(settings)
    try:
        return state.folder(said)
    except NotFound:
        try:
            place = _place(said)
        except BadInput:
            place = said
        return state.folder(place)


def remove_watched(said: str, *, settings: Settings) -> Watched:
    """Watch a crate no longer; its history goes, and its replays unless they lie elsewhere.

    Raises Busy while a run is under way, and what `watched_folder` raises.
    """
    folder = watched_folder(said, settings=settings)
    with WatchState.of(settings).running():
        watched = folder.read()
        gone = folder.root.with_name(f".gone-{folder.root.name}")
        with disk_errors(folder.root):
            remove_tree(gone)
            folder.root.rename(gone)
        remove_tree(gone)
    return watched


def run_due(
    order: RunOrder,
    *,
    settings: Settings,
    watch: WatchSettings,
    progress: Progress = silent,
    told: Told | None = None,
) -> WatchedRun:
    """Replay what is due, one after the other, and tell the webhook of changes after each.

    What was cut off comes first, then what has waited longest. A crate that cannot be looked at
    does not stop the others. Raises Busy where another run is under way, OutsideFailed where the
    state cannot be written.
    """
    state = WatchState.of(settings)
    chosen = [watched_folder(one, settings=settings) for one in order.only] or state.folders()
    begun = settings.clock()
    outbox = Outbox(root=state.root / "outbox")
    entries: list[tuple[Watched, HistoryEntry]] = []
    with state.running():
        due = _due(dict.fromkeys(chosen), begun, now=order.now)
        deliveries = list(deliver(outbox, watch=watch, settings=settings))
        for folder in due:
            watched = folder.read()
            entry = run_watched(
                folder,
                date=begun.isoformat(timespec="seconds"),
                settings=settings,
                watch=watch,
                today=order.today,
                confirm=order.confirm,
                announce=_announcer(outbox, watched, watch),
                progress=progress,
            )
            entries.append((watched, entry))
            if told is not None:
                told(watched, entry)
            if not any(one.state == "waiting" for one in deliveries):
                deliveries += deliver(outbox, watch=watch, settings=settings)
    return WatchedRun(
        entries=tuple(entries),
        deliveries=tuple(deliveries),
        not_due=len(dict.fromkeys(chosen)) - len(due),
    )


def _announcer(
    outbox: Outbox, watched: Watched, watch: WatchSettings
) -> Callable[[HistoryEntry], None]:
    """Return what puts the changes of a run where the webhook is told of them."""

    def announce(entry: HistoryEntry) -> None:
        for seen in entry.seen if watch.webhook else ():
            if seen.change is not None:
                outbox.put(event_document(watched, entry, seen, seen.change), now=entry.ended)

    return announce


def _due(chosen: dict[WatchedFolder, None], begun: datetime, *, now: bool) -> list[WatchedFolder]:
    """Return what is to be replayed, in its order.

    What was cut off several times comes last: it may be what brings the machine down.
    """
    waits = {one: next_due_seconds(one.read(), one.history(), begun.timestamp()) for one in chosen}
    cut = {one: (one.under_way() or ("", 0))[1] for one in chosen}
    found = [one for one, seconds in waits.items() if now or seconds <= 0 or cut[one]]
    return sorted(found, key=lambda one: (cut[one] > 1, not cut[one], waits[one]))


def feed_of(
    settings: Settings,
    *,
    watch: WatchSettings,
    language: FeedLanguage = "en",
    link: str = "",
    most: int = 200,
) -> str:
    """Return the newest changes of all watched crates as an Atom feed.

    link: where the feed will be served
    """
    state = WatchState.of(settings)
    entries = sorted(feed_entries(state.folders()), key=lambda one: one.updated, reverse=True)
    return render_feed(
        entries[:most],
        id=_feed_id(state, settings),
        title=watch.title,
        agent=settings.agent,
        language=language,
        link=link,
    )


def _feed_id(state: WatchState, settings: Settings) -> str:
    """Return the feed's id, which is made once and kept: RFC 4287, 4.2.6."""
    file = state.root / "feed.json"
    try:
        kept = json.loads(file.read_bytes())["id"]
    except (OSError, ValueError, KeyError, TypeError):
        kept = None
    if isinstance(kept, str):
        return kept
    first = next((one.read().id for one in state.folders()), "")
    made = identifier("feed", first, settings.clock().isoformat())
    write_text(file, json.dumps({"id": made}) + "\n")
    return made
