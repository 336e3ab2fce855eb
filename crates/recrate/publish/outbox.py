"""Announcements that wait until they can be sent: one file each, sent once, forgotten never."""

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from recrate.model.errors import BadInput, Busy, Conflict, OutsideFailed, RecrateError
from recrate.model.secret import Secret
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, write_text
from recrate.outside.web import WebSettings
from recrate.publish.notify import announce

_NAME = re.compile(r"urn:uuid:([0-9a-f-]{36})")


class Delivery(StrEnum):
    """Where an announcement stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"
    """The receiver said no, and would again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One announcement. `made`, `ended`: ISO moments; `trouble`: why it was not delivered yet.

    location: where the receiver keeps it, where it said so
    """

    mark: str
    inbox: str
    payload: dict[str, Any]
    made: str
    status: Delivery = Delivery.WAITING
    tries: int = 0
    trouble: str = ""
    location: str | None = None
    ended: str = ""
    schema: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """A folder of announcements; it need not exist yet."""

    root: Path

    def add(self, payload: dict[str, Any], inbox: str, *, now: str) -> Announcement:
        """Keep an announcement to be sent; the same one twice is one.

        Raises Conflict where another announcement has its id.
        """
        mark = payload["id"]
        with self._held():
            known = self._read(self._place(mark))
            if known is not None:
                if (known.payload, known.inbox) != (payload, inbox):
                    raise Conflict(
                        "another announcement has this id",
                        where=mark,
                        hint="give each announcement an id of its own",
                    )
                return known
            made = Announcement(mark=mark, inbox=inbox, payload=payload, made=now)
            self._keep(made)
        return made

    def announcements(self) -> tuple[Announcement, ...]:
        """Return all that can be read, the oldest first."""
        found = [self._read(place) for place in sorted(self.root.glob("*.json"))]
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one.made))

    def send(
        self,
        *,
        web: WebSettings,
        now: str,
        token: Callable[[str], Secret | None] = lambda _: None,
        only: str | None = None,
    ) -> tuple[Announcement, ...]:
        """Send what waits, and return how each of it stands now; no failure is an exception.

        token: gives the token of an inbox, where it wants one
        only:  the mark of the one to send
        What could not be sent for a failing network goes on waiting. Raises Busy where somebody
        else sends from this folder just now.
        """
        with self._held(seconds=0.0):
            return tuple(
                self._send(one, web=web, now=now, token=token)
                for one in self.announcements()
                if one.status is Delivery.WAITING and only in {None, one.mark}
            )

    def _send(
        self,
        one: Announcement,
        *,
        web: WebSettings,
        now: str,
        token: Callable[[str], Secret | None],
    ) -> Announcement:
        tried = replace(one, tries=one.tries + 1)
        try:
            location = announce(one.payload, one.inbox, web=web, secret=token(one.inbox))
            tried = replace(
                tried, status=Delivery.DELIVERED, location=location, ended=now, trouble=""
            )
        except (OutsideFailed, Busy) as error:
            tried = replace(tried, trouble=str(error))
        except RecrateError as error:
            tried = replace(tried, status=Delivery.REFUSED, trouble=str(error), ended=now)
        self._keep(tried)
        return tried

    def _place(self, mark: str) -> Path:
        found = _NAME.fullmatch(mark)
        if found is None:
            raise BadInput("no urn:uuid", where=mark, hint="the id of an announcement is one")
        return self.root / f"{found[1]}.json"

    def _read(self, place: Path) -> Announcement | None:
        if not place.is_file():
            return None
        with disk_errors(place), contextlib.suppress(BadInput):
            return from_json(place.read_bytes(), Announcement, where=str(place))
        return None

    def _keep(self, one: Announcement) -> None:
        write_text(self._place(one.mark), to_json(one))

    @contextlib.contextmanager
    def _held(self, *, seconds: float = 10.0) -> Iterator[None]:
        with disk_errors(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / ".lock")
        try:
            lock.acquire(timeout=seconds)
        except Timeout as error:
            raise Busy(
                "announcements are being sent already",
                where=str(self.root),
                hint="wait until that is done",
            ) from error
        try:
            yield
        finally:
            lock.release()
