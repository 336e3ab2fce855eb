"""A job's story as a file: one event a line, appended and never changed.

One process writes at a time: the desk before a worker starts and after it is gone, the worker in
between. A reader takes whole lines only, so a writer may die in the middle of one.
"""

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from recrate.model.errors import BadInput
from recrate.model.wire import from_plain
from recrate_server.jobs.model import Event, Problem, Progress, Status, document

_RESERVE_BYTES = 16 * 1024
"""Kept on the disk so that the last word can be written also when the disk is full."""


def now() -> str:
    """Return the present moment, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(kw_only=True)
class EventWriter:
    """Appends events to the file. As a context it is closed at the end.

    reserve: a file that gives its room to the last event on a full disk
    """

    path: Path
    reserve: Path
    clock: Callable[[], str] = now
    number: int = 0
    end: int = 0
    last_status: Status | None = None
    handle: int = -1

    @classmethod
    def open(cls, path: Path) -> "EventWriter":
        """Go on behind the last whole event; raises OSError when the disk lets us down."""
        writer = cls(path=path, reserve=path.with_name(".reserve"))
        writer.handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        content = path.read_bytes()
        writer.end = content.rfind(b"\n") + 1
        os.ftruncate(writer.handle, writer.end)
        events = parse(content[: writer.end])
        writer.number = events[-1].number + 1 if events else 0
        told = [event.status for event in events if event.status is not None]
        writer.last_status = told[-1] if told else None
        return writer

    def keep_reserve(self) -> None:
        """Take room for the last event now; on a disk that is full already there is none."""
        with contextlib.suppress(OSError), self.reserve.open("wb") as stream:
            stream.write(os.urandom(_RESERVE_BYTES))

    def status(self, status: Status, *, error: Problem | None = None) -> None:
        """Append that the status changed. A final one may take the room that was kept for it."""
        try:
            self._append(type="status", status=status, error=error)
        except OSError:
            self.reserve.unlink(missing_ok=True)
            self._append(type="status", status=status, error=error)
        self.last_status = status
        if status.final:
            self.reserve.unlink(missing_ok=True)

    def progress(self, progress: Progress) -> None:
        """Append a step; raises OSError when the disk lets us down."""
        self._append(type="progress", progress=progress)

    def note(self, message: str) -> None:
        """Append a sentence for the person; raises OSError when the disk lets us down."""
        self._append(type="note", message=message)

    def _append(self, **said: Any) -> None:
        event = Event(number=self.number, at=self.clock(), **said)
        line = json.dumps(document(event), ensure_ascii=True).encode() + b"\n"
        try:
            written = 0
            while written < len(line):
                written += os.pwrite(self.handle, line[written:], self.end + written)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self.handle, self.end)
            raise
        self.end += len(line)
        self.number += 1

    def close(self) -> None:
        """Let go of the file."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(kw_only=True)
class EventReader:
    """Reads what was appended since the last time."""

    path: Path
    offset: int = 0
    last_status: Status | None = field(default=None)

    def read(self) -> tuple[Event, ...]:
        """Return the new whole events; none when the file is not there yet or cannot be read."""
        try:
            with self.path.open("rb") as stream:
                stream.seek(self.offset)
                fresh = stream.read()
        except OSError:
            return ()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self.offset += len(whole)
        events = parse(whole)
        for event in events:
            self.last_status = event.status or self.last_status
        return events


def parse(lines: bytes) -> tuple[Event, ...]:
    """Return the events in whole lines; one that cannot be read is passed over."""
    events = []
    for line in lines.splitlines():
        with contextlib.suppress(ValueError, RecursionError, BadInput):
            events.append(from_plain(json.loads(line), Event))
    return tuple(events)
