"""What is watched and what came of it: one folder for each crate, every file written whole."""

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from recrate.flow.settings import Settings
from recrate.flow.work import ReplayFolder
from recrate.model.disagreement import Explanation
from recrate.model.errors import BadInput, Busy, NotFound
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, remove_tree, write_text

Track = Literal["published", "today"]
"""The environment as the crate locks it, or one resolved now from what the study declares."""
Outcome = Literal["judged", "not confirmed", "unlucky", "refused", "broken"]
"""`not confirmed`: two replays in a row differ; `unlucky`: a service, network or disk let us down;
`refused`: we will not run it; `broken`: there is no crate, or none that can be read. Only what was
judged, or is broken, can be a change; the rest is tried again at the next run."""
SETTLED: tuple[Outcome, ...] = ("judged", "broken")

_ID = re.compile(r"[0-9a-f]{12}")
_RUN = re.compile(r"\d{8}T\d{6}Z-(published|today)(-again)?")
"""The name of a replay's folder; what is called otherwise in a person's folder is theirs."""
_SLACK_SECONDS = 3600.0
"""A timer does not ring at the same second each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A crate that is watched. `where`: DOI, address, or absolute path.

    to:      folder for its replays, None for the data folder
    current: replayed with the kernel of this machine instead of the crate's lock
    today:   also replayed in an environment of today
    """

    id: str
    where: str
    added: str
    every_seconds: float
    to: str | None = None
    current: bool = False
    today: bool = False
    schema: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A verdict that is not what it was; an empty verdict: there was no crate that could be read.

    last_seen, first_seen: when the former verdict was seen last, and the new one first; ISO
    causes:    what differs between the two replays, the likeliest first; may be empty
    notebooks: (path, before, after) of those judged differently
    """

    before: str
    after: str
    last_seen: str
    first_seen: str
    causes: tuple[Explanation, ...] = ()
    notebooks: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one run saw in one of the two environments.

    notebooks: (path, verdict)
    crate:     identity of what was replayed
    folder:    name of the replay's folder, as long as it is kept
    message, hint: where nothing was judged, or two replays differed
    differs:   where the verdict of today is not that of the lock, what could be why
    """

    track: Track
    outcome: Outcome
    verdict: str = ""
    sentence: str = ""
    notebooks: tuple[tuple[str, str], ...] = ()
    crate: str = ""
    python: str = ""
    packages: int = 0
    restored: bool = False
    folder: str = ""
    message: str = ""
    hint: str = ""
    change: Change | None = None
    differs: tuple[Explanation, ...] = ()

    @property
    def state(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What has to differ for the verdict to have changed: of the study, or of a notebook."""
        return self.verdict, tuple(sorted(self.notebooks))


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One run. `date`: when it was due and begun; `ended`: when this crate was done; ISO."""

    date: str
    ended: str
    agent: str
    crate_name: str
    seen: tuple[Seen, ...]
    notes: tuple[str, ...] = ()

    def of(self, track: Track) -> Seen | None:
        """Return what was seen in one of the environments, None where it was not looked at."""
        return next((one for one in self.seen if one.track == track), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFolder:
    """The folder of one watched crate."""

    root: Path

    def read(self) -> Watched:
        """Return what is watched; raises NotFound where nothing is."""
        file = self.root / "watched.json"
        if not file.is_file():
            raise NotFound(
                "nothing is watched here",
                where=str(self.root),
                hint="recrate watch add CRATE begins to watch one; recrate watch list names them",
            )
        with disk_errors(file):
            return from_json(file.read_bytes(), Watched, where=str(file))

    def write(self, watched: Watched) -> None:
        """Keep what is watched."""
        write_text(self.root / "watched.json", to_json(watched))

    def history(self) -> tuple[HistoryEntry, ...]:
        """Return all runs, the oldest first; a line that cannot be read is left out."""
        file = self.root / "history.jsonl"
        if not file.is_file():
            return ()
        with disk_errors(file):
            lines = file.read_bytes().splitlines()
        found = []
        for line in lines:
            with contextlib.suppress(BadInput):
                found.append(from_json(line, HistoryEntry, where=str(file)))
        return tuple(found)

    def add_entry(self, entry: HistoryEntry) -> None:
        """Add a run; the whole file is written anew beside the old one, which stays until then."""
        file = self.root / "history.jsonl"
        with disk_errors(file):
            kept = file.read_text("utf-8") if file.is_file() else ""
        joined = kept if not kept or kept.endswith("\n") else kept + "\n"
        write_text(file, joined + to_json(entry, indent=None))

    def last(self, track: Track) -> tuple[str, Seen] | None:
        """Return the newest run that counts, as (date, what was seen); None before the first."""
        for entry in reversed(self.history()):
            seen = entry.of(track)
            if seen is not None and seen.outcome in SETTLED:
                return entry.date, seen
        return None

    def under_way(self) -> tuple[str, int] | None:
        """Return the date of a run that was begun and not finished, and how often it was begun."""
        file = self.root / "under-way.json"
        try:
            told = json.loads(file.read_bytes())
            date, times = str(told["date"]), int(told["times"])
            datetime.fromisoformat(date)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return date, times

    def begin(self, date: str, *, times: int = 1) -> None:
        """Note that a run is under way, begun for the so-manieth time."""
        told = json.dumps({"date": date, "times": times})
        write_text(self.root / "under-way.json", told + "\n")

    def finish(self) -> None:
        """Note that none is; what is not worth keeping goes."""
        (self.root / "under-way.json").unlink(missing_ok=True)
        self.prune()

    def runs(self) -> Path:
        """Return where this crate's replays lie."""
        to = self.read().to
        return Path(to) / self.root.name if to else self.root / "runs"

    def run(self, seen: Seen | None) -> Path | None:
        """Return the folder of a replay where it still lies and was judged."""
        place = self.runs() / seen.folder if seen is not None and seen.folder else None
        return place if place is not None and ReplayFolder(root=place).verdict.is_file() else None

    def prune(self) -> None:
        """Keep of the replays the latest, and the last that changed a verdict, of each kind."""
        keep: dict[tuple[Track, bool], str] = {}
        for entry in self.history():
            for seen in entry.seen:
                if seen.folder:
                    keep[seen.track, False] = seen.folder
                    if seen.change is not None:
                        keep[seen.track, True] = seen.folder
        runs = self.runs()
        for place in sorted(runs.iterdir()) if runs.is_dir() else ():
            if place.name not in keep.values() and _RUN.fullmatch(place.name):
                remove_tree(place)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchState:
    """All that is watched on this installation."""

    root: Path

    @staticmethod
    def of(settings: Settings) -> "WatchState":
        """Return the state of this installation."""
        return WatchState(root=settings.data / "watch")

    def folders(self) -> tuple[WatchedFolder, ...]:
        """Return the folder of each watched crate, by the time it was added."""
        if not self.root.is_dir():
            return ()
        found = [
            WatchedFolder(root=place)
            for place in self.root.iterdir()
            if _ID.fullmatch(place.name) and (place / "watched.json").is_file()
        ]
        return tuple(sorted(found, key=lambda one: (one.read().added, one.root.name)))

    def folder(self, said: str) -> WatchedFolder:
        """Return the folder of the crate that `said` names: its id, the begin of it, or its place.

        Raises NotFound for none, BadInput for several.
        """
        found = [
            one
            for one in self.folders()
            if said and (one.root.name.startswith(said) or one.read().where == said)
        ]
        if not found:
            raise NotFound(
                "no such crate is watched", where=said, hint="`recrate watch list` lists them"
            )
        if len(found) > 1:
            raise BadInput("means several crates", where=said, hint="give more of its id")
        return found[0]

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Hold the right to run; raises Busy where another run is under way."""
        with disk_errors(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.root / ".lock")
            try:
                lock.acquire(timeout=0)
            except Timeout:
                raise Busy(
                    "another `recrate watch` is at work",
                    where=str(self.root),
                    hint="it takes its time; this one need not wait, the next run does what is due",
                ) from None
        try:
            yield
        finally:
            lock.release()


def id_of(where: str) -> str:
    """Return the id under which a place is watched: the same place has one id."""
    return hashlib.sha256(where.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def next_due_seconds(watched: Watched, history: tuple[HistoryEntry, ...], now: float) -> float:
    """Return in how many seconds the next replay is due; 0 or less: now. `now`: of the epoch.

    What was not settled last time is due at once.
    """
    if not history:
        return 0.0
    last = history[-1]
    if any(one.outcome not in SETTLED for one in last.seen) or not last.seen:
        return 0.0
    begun = datetime.fromisoformat(last.date).timestamp()
    slack = min(_SLACK_SECONDS, watched.every_seconds / 20)
    return begun + watched.every_seconds - slack - now


def run_name(date: str, track: Track, *, again: bool = False) -> str:
    """Return the name of a replay's folder: `20261122T060000Z-published`."""
    moment = datetime.fromisoformat(date).astimezone(UTC)
    return f"{moment:%Y%m%dT%H%M%SZ}-{track}" + ("-again" if again else "")
