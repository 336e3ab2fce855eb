"""One watched crate, replayed once: in its lock, and where asked for in an environment of today."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from recrate.crate.read import read_crate
from recrate.flow.locating import Here, here
from recrate.flow.references import is_withheld
from recrate.flow.replay import Replayed, ReplayOrder, replay
from recrate.flow.settings import Settings, keep_to_lock
from recrate.flow.watching_change import change_between, differences_of_today
from recrate.flow.watching_settings import WatchSettings
from recrate.flow.watching_state import (
    SETTLED,
    HistoryEntry,
    Outcome,
    Seen,
    Track,
    Watched,
    WatchedFolder,
    run_name,
)
from recrate.flow.watching_today import replay_today
from recrate.model.crate import Crate
from recrate.model.errors import BadInput, Busy, Conflict, OutsideFailed, RecrateError
from recrate.model.progress import Progress, silent
from recrate.outside.disk import disk_errors, remove_tree

Way = Callable[..., Replayed | None]


def run_watched(
    folder: WatchedFolder,
    *,
    date: str,
    settings: Settings,
    watch: WatchSettings,
    today: bool = False,
    confirm: bool = True,
    announce: Callable[[HistoryEntry], None] | None = None,
    progress: Progress = silent,
) -> HistoryEntry:
    """Replay a watched crate, add what came of it to its history, and return that.

    date:     ISO, when this run began; a run that was cut off goes on under its own date
    announce: is handed what came of it before that stands in the history: twice after a crash
              rather than never
    A verdict is a change only where it is settled, another than the last settled one, and with
    `confirm` the same in a second replay right away. Errors of the crate, the network or the disk
    are part of the answer; raises OutsideFailed where its own state cannot be written.
    """
    watched = folder.read()
    work = _Work(
        folder=folder,
        watched=watched,
        date=_take_up(folder, date, watch),
        settings=keep_to_lock(settings),
        watch=watch,
        confirm=confirm,
        progress=progress,
    )
    try:
        entry = work.run_safely(today=today or watched.today)
        if announce is not None:
            announce(entry)
        folder.add_entry(entry)
    finally:
        work.clear()
    folder.finish()
    return entry


def _take_up(folder: WatchedFolder, date: str, watch: WatchSettings) -> str:
    """Return the date of a run that was cut off, where it is worth going on, else `date`."""
    history = folder.history()
    date_then, times = folder.under_way() or ("", 0)
    if date_then and not (history and history[-1].date == date_then):
        gone = datetime.fromisoformat(date) - datetime.fromisoformat(date_then)
        if 0 <= gone.total_seconds() <= watch.stale_seconds:
            date = date_then
    else:
        times = 0
    folder.begin(date, times=times + 1)
    return date


@dataclass(kw_only=True)
class _Work:
    """What the steps of one run share."""

    folder: WatchedFolder
    watched: Watched
    date: str
    settings: Settings
    watch: WatchSettings
    confirm: bool
    progress: Progress
    notes: list[str] = field(default_factory=list)
    name: str = ""

    def run_safely(self, *, today: bool) -> HistoryEntry:
        """Look at the crate; whatever goes wrong with it, the others have their turn."""
        try:
            return self.run(today=today)
        except Exception as error:  # noqa: BLE001 - see above
            told = f"{type(error).__name__}: {error}"[:500]
            hint = "this is a mistake in recrate: please tell its authors"
            return self._entry(
                [Seen(track="published", outcome="unlucky", message=told, hint=hint)]
            )

    def run(self, *, today: bool) -> HistoryEntry:
        """Look at the crate in both environments, as far as that is asked for."""
        place = self._locate()
        if isinstance(place, Seen):
            return self._entry([self._settled(place, self._look_again)])
        found, crate = place
        self.notes += found.notes
        self.name = crate.name
        order = ReplayOrder(
            location=found.path,
            destination=self.folder.runs(),
            current=self.watched.current,
            origin=found.origin,
            resume=True,
        )
        published = self._track("published", replay, order, crate)
        seen = [published]
        if today and not self.watched.current and published.outcome in SETTLED:
            other = self._track("today", replay_today, order, crate)
            if other.outcome == "judged" and other.state != published.state:
                places = [self.folder.run(one) for one in (published, other)]
                other = replace(other, differs=differences_of_today(*places))
            if other.crate or other.message:
                seen.append(other)
        return self._entry(seen)

    def _locate(self) -> tuple[Here, Crate] | Seen:
        """Return the crate as it is published now, or why there is none."""
        try:
            found = here(
                self.watched.where, settings=self.settings, agreed=True, progress=self.progress
            )
            return found, read_crate(found.path)
        except RecrateError as error:
            return _without_verdict("published", error)

    def _look_again(self) -> Seen:
        place = self._locate()
        if isinstance(place, Seen):
            return place
        told = "no crate could be read, and right after that one could"
        return Seen(track="published", outcome="unlucky", message=told)

    def clear(self) -> None:
        """Take away what was fetched and built for this run alone."""
        remove_tree(self._private())

    def _entry(self, seen: list[Seen]) -> HistoryEntry:
        return HistoryEntry(
            date=self.date,
            ended=self.settings.clock().isoformat(timespec="seconds"),
            agent=self.settings.agent,
            crate_name=self.name or self._name_then(),
            seen=tuple(seen),
            notes=tuple(self.notes),
        )

    def _name_then(self) -> str:
        """Return how a crate was called when it could be read."""
        names = (entry.crate_name for entry in reversed(self.folder.history()))
        return next((name for name in names if name), "")

    def _track(self, track: Track, way: Way, order: ReplayOrder, crate: Crate) -> Seen:
        """Replay in one of the environments, and again where that would be a change."""
        first = self._attempt(track, way, order, crate, again=False)
        return self._settled(first, lambda: self._attempt(track, way, order, crate, again=True))

    def _settled(self, seen: Seen, once_more: Callable[[], Seen]) -> Seen:
        """Return what was seen with the change that it is, confirmed where that is wanted."""
        last = self.folder.last(seen.track)
        if last is None or seen.outcome not in SETTLED or last[1].state == seen.state:
            return seen
        if self.confirm:
            again = once_more()
            if again.outcome not in SETTLED:
                return replace(again, message=f"while it was confirmed: {again.message}")
            if again.state != seen.state:
                told = f"{seen.verdict}, and right after that {again.verdict}"
                return replace(seen, outcome="not confirmed", folder="", message=told)
        before = (last[0], last[1], self.folder.run(last[1]))
        change = change_between(before, (self.date, seen, self.folder.run(seen)))
        return replace(seen, change=change)

    def _attempt(
        self, track: Track, way: Way, order: ReplayOrder, crate: Crate, *, again: bool
    ) -> Seen:
        place = self.folder.runs() / run_name(self.date, track, again=again)
        try:
            fresh = self._fresh(crate, again=again)
            order = replace(order, destination=place)
            try:
                done = way(order, settings=fresh, progress=self.progress)
            except Conflict:
                remove_tree(place)  # the crate is another than when this run was cut off
                done = way(order, settings=fresh, progress=self.progress)
        except RecrateError as error:
            remove_tree(place)
            return _without_verdict(track, error)
        finally:
            if again:
                remove_tree(place)
        if done is None:
            return Seen(track=track, outcome="judged")
        return _judged(track, done, place.name)

    def _private(self) -> Path:
        return self.settings.cache / "watch" / self.watched.id

    def _fresh(self, crate: Crate, *, again: bool) -> Settings:
        """Return settings under which data are fetched and environments are built anew.

        A copy that was kept says nothing about what an address or an index gives today. A replay
        that only confirms another is neither signed nor remembered.
        """
        private = self._private()
        with disk_errors(private):
            private.mkdir(parents=True, exist_ok=True)
            remove_tree(private / "data")
            self._lend_data(crate, private)
            environment = replace(self.settings.environment, cache=private)
            python = self.settings.environment.cache.resolve() / "python"
            python.mkdir(parents=True, exist_ok=True)
            if not (private / "python").is_symlink():
                (private / "python").symlink_to(python)  # interpreters are no matter of an index
        fresh = replace(self.settings, cache=private, environment=environment)
        if not again:
            return fresh
        unsigned = replace(fresh.signing, key=None)
        forgotten = replace(fresh.publish, ledger=private / "deposits")
        return replace(fresh, signing=unsigned, publish=forgotten)

    def _lend_data(self, crate: Crate, private: Path) -> None:
        """Hand over kept copies of what is not published, or too large to be fetched each time."""
        for one in crate.references:
            large = one.size_bytes > self.watch.data_bytes
            place = Path("data") / one.sha256[:2] / one.sha256
            kept = self.settings.cache / place
            if not (large or is_withheld(one)) or not kept.is_file():
                continue
            (private / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(kept, private / place)
            if large and f"{one.path} " not in "".join(self.notes):
                self.notes.append(f"{one.path} is large: a kept copy was taken, not fetched anew")


def _judged(track: Track, done: Replayed, name: str) -> Seen:
    seen = done.observations[0].environment if done.observations else None
    return Seen(
        track=track,
        outcome="judged",
        verdict=done.verdict.verdict.value,
        sentence=done.verdict.sentence,
        notebooks=tuple((one.path, one.verdict.value) for one in done.verdict.notebooks),
        crate=done.crate.identity,
        python=seen.python if seen else "",
        packages=len(seen.packages) if seen else 0,
        restored=bool(seen and seen.restored),
        folder=name,
    )


def _without_verdict(track: Track, error: RecrateError) -> Seen:
    """Return what an error means: no crate, bad luck, or something that we will not do."""
    outcome: Outcome = "refused"
    if isinstance(error, BadInput):
        outcome = "broken"
    elif isinstance(error, OutsideFailed | Busy):
        outcome = "unlucky"
    return Seen(track=track, outcome=outcome, message=str(error), hint=error.hint)
