"""The spool: what the far side keeps of campaigns that are driven from elsewhere, all of it files.

    SPOOL/contents/ab/ab12…            by address: `agent_store.py`
    SPOOL/campaigns/ID/campaign.json   site and workers; `closed` beside it ends it all
                      /keeper.lock     held by the keeper that lives; keeper.log: what it printed
                      /keeper.json     how its pool stands; failed.json: why there is none
                      /attempts/ATTEMPT/task.json   what was asked for, in the order it came
                                       /attempt/    order.json and what the worker leaves
                                       /replay/     the replay's folder
                                       /given/      crate and data files
                                       /cancel, ended.json   marks

Every mark is written whole or not at all, so whoever is killed is continued by the next one.
"""

import contextlib
import json
import os
import re
import stat
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from recrate.model.errors import BadInput, NotFound, Refused
from recrate.model.runner import Attempt, Ended
from recrate.model.wire import from_json, to_json
from recrate.outside.archive import Archive, complaint_of
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate.runners.agent_store import Store

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_UNUSED_SECONDS = 30 * 24 * 3600.0
ORDER, RESULT, STARTED = "order.json", "result.json", "started.json"
ALIVE, READY = "alive", "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a campaign wants of this side: `campaign.json`. `workers` 0: what the site says."""

    id: str
    site: str
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A content that an order names: its SHA-256, and the name it goes by."""

    sha256: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An attempt as it arrives.

    order:  its order.json, as it was but for paths
    crate:  None where the order names none
    data:   by the path within the crate
    replay: a zip of what an attempt before had done, None where there is nothing
    """

    id: str
    order: Mapping[str, Any]
    crate: Content | None = None
    data: Mapping[str, Content] = field(default_factory=dict)
    replay: Content | None = None
    memory_bytes: int | None = None
    seconds: float | None = None
    processors: int = 1

    @property
    def contents(self) -> tuple[Content, ...]:
        """All contents that it needs."""
        single = tuple(one for one in (self.crate, self.replay) if one is not None)
        return (*single, *self.data.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`task.json`: an attempt that was taken. `came`: nanoseconds since 1970."""

    attempt: Attempt
    came: int


def checked_id(name: str) -> str:
    """Return an id that is a plain name; raises BadInput for another."""
    if not _ID.fullmatch(name):
        raise BadInput(f"not an id: {name[:80]!r}", hint="letters, digits, `-` and `_`")
    return name


def spool_at(folder: str) -> Path:
    """Return the spool's folder, made for its owner alone.

    Raises Refused where it is somebody else's or open to others' writing.
    """
    place = Path(folder).expanduser().absolute()
    with disk_errors(place):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        info = place.stat()
    if sys.platform != "win32" and (info.st_uid != os.geteuid() or info.st_mode & stat.S_IWOTH):
        raise Refused(
            "the spool's folder belongs to another account, or anybody may write into it",
            where=str(place),
            hint="name another `folder` for this site, one of your own",
        )
    return place


class Folder:
    """The folder of one attempt."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.attempt = place / "attempt"
        self.replay = place / "replay"
        self.given = place / "given"

    @property
    def id(self) -> str:
        """The attempt's id."""
        return self.place.name

    def task(self) -> Task:
        """Return what was asked for."""
        return from_json((self.place / "task.json").read_bytes(), Task, where=str(self.place))

    def is_taken(self) -> bool:
        """Say whether all of it has arrived."""
        return (self.place / "task.json").is_file()

    def has_result(self) -> bool:
        """Say whether the worker left a result."""
        return (self.attempt / RESULT).is_file()

    def ended(self) -> Ended | None:
        """Return how it ended, None before."""
        try:
            return from_json((self.place / "ended.json").read_bytes(), Ended)
        except FileNotFoundError:
            return None

    def end(self, how: Ended) -> None:
        """Write how it ended; the first to say so is believed."""
        if not (self.place / "ended.json").exists():
            write_text(self.place / "ended.json", to_json(replace(how, attempt=self.id)))

    def put_aside(self) -> None:
        """Take it off the list: its results were fetched."""
        with contextlib.suppress(FileNotFoundError), disk_errors(self.place):
            (self.place / "task.json").rename(self.place / "fetched.json")

    def mark(self, name: str) -> None:
        """Leave a mark: that it is to be ended, `cancel`."""
        with disk_errors(self.place):
            (self.place / name).touch()

    def is_marked(self, name: str) -> bool:
        """Say whether a mark was left."""
        return (self.place / name).exists()

    def take(self, what: Submission, store: Store) -> None:
        """Lay out all that the worker needs; `task.json` last. Twice is as good as once."""
        if self.is_taken():
            return
        with disk_errors(self.place):
            self.attempt.mkdir(parents=True, exist_ok=True, mode=0o700)
        order = {name: told for name, told in what.order.items() if name not in OUR_PATHS}
        order["destination"] = str(self.replay)
        if what.crate is not None:
            order["crate"] = str(self._given(what.crate, "crate", store))
        if what.data:
            order["data"] = {
                path: str(self._given(content, f"data{number}", store))
                for number, (path, content) in enumerate(sorted(what.data.items()))
            }
        if what.replay is not None and not self.replay.exists():
            packed = self._given(what.replay, "before", store)
            with Archive(packed) as archive:
                archive.extract({path: path for path in archive.entries}, self.replay, expected={})
        write_text(self.attempt / ORDER, json.dumps(order, ensure_ascii=False, indent=2) + "\n")
        attempt = Attempt(
            id=self.id,
            folder=str(self.attempt),
            memory_bytes=what.memory_bytes,
            seconds=what.seconds,
            processors=what.processors,
        )
        write_text(self.place / "task.json", to_json(Task(attempt=attempt, came=time.time_ns())))

    def _given(self, content: Content, folder: str, store: Store) -> Path:
        complaint = complaint_of(content.name)
        if complaint or "/" in content.name:
            raise Refused(
                f"{complaint or 'a path for a name'}: {content.name[:80]!r}",
                hint="give the file another name, and list the crate again",
            )
        place = self.given / folder / content.name
        store.lend(content.sha256, place)
        return place


OUR_PATHS = ("crate", "destination", "cache", "config", "data")
"""Keys of an order that hold paths of one side: written anew on the other, or left out."""


class Campaign:
    """The folder of one campaign."""

    def __init__(self, spool: Path, name: str) -> None:
        self.place = spool / "campaigns" / checked_id(name)
        self.attempts = self.place / "attempts"
        self.lock = self.place / "keeper.lock"
        self.log = self.place / "keeper.log"

    def begin(self, wanted: Wanted) -> None:
        """Write what is wanted; what is there of it stays."""
        with disk_errors(self.place):
            self.attempts.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_text(self.place / "campaign.json", to_json(wanted))

    def wanted(self) -> Wanted:
        """Return what is wanted; raises NotFound where there is no such campaign."""
        place = self.place / "campaign.json"
        try:
            return from_json(place.read_bytes(), Wanted, where=str(place))
        except FileNotFoundError as error:
            raise NotFound(
                "no such campaign is open here",
                where=str(self.place),
                hint="it was closed, or its spool was removed: start the campaign again",
            ) from error

    def folder(self, attempt: str) -> Folder:
        """Return the folder of an attempt, there or not."""
        return Folder(self.attempts / checked_id(attempt))

    def folders(self) -> list[Folder]:
        """Return the attempts that arrived, in the order they came."""
        try:
            found = [Folder(one) for one in self.attempts.iterdir()]
        except FileNotFoundError:
            return []
        return sorted((one for one in found if one.is_taken()), key=lambda one: one.task().came)

    def note(self, name: str, said: Mapping[str, Any]) -> None:
        """Write a small record of the keeper's."""
        write_text(self.place / name, json.dumps(said, ensure_ascii=False) + "\n")

    def noted(self, name: str) -> dict[str, Any] | None:
        """Return such a record, None where there is none."""
        try:
            found: dict[str, Any] = json.loads((self.place / name).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return found

    def touch(self) -> None:
        """Say that somebody still asks for this campaign."""
        with disk_errors(self.place):
            (self.place / "asked").touch()

    def quiet_seconds(self) -> float:
        """Return for how long nobody has asked."""
        try:
            return time.time() - (self.place / "asked").stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def close(self) -> None:
        """Mark it as over: its keeper takes everything away."""
        with disk_errors(self.place):
            (self.place / "closed").touch()
            (self.place / "failed.json").unlink(missing_ok=True)

    @property
    def is_closed(self) -> bool:
        """Whether it is over."""
        return (self.place / "closed").exists()

    def remove(self) -> None:
        """Take its folder away."""
        remove_tree(self.place)


def forgotten(spool: Path) -> list[str]:
    """Return the ids of campaigns that nobody asked for since a month."""
    folder = spool / "campaigns"
    found = sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []
    return [
        name
        for name in found
        if _ID.fullmatch(name) and Campaign(spool, name).quiet_seconds() > _UNUSED_SECONDS
    ]
