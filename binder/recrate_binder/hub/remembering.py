"""What target `hub` started on hubs, so that what a kill left behind is found again."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from recrate.model.errors import BadInput
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import write_text
from recrate.outside.process import same_process, started_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A launch on a hub, and the process of ours that ends it: its number and when it began.

    way, name: `service` and the launch's id, or `server` and the server's name
    """

    base: str
    user: str
    way: Literal["service", "server"]
    name: str
    pid: int
    process: float


def remember(
    folder: Path, *, base: str, user: str, way: Literal["service", "server"], name: str
) -> Path:
    """Write down that this process launched something; returns where."""
    pid = os.getpid()
    note = Remembered(
        base=base, user=user, way=way, name=name, pid=pid, process=started_at(pid) or 0.0
    )
    mark = folder / f"{secrets.token_hex(8)}.json"
    write_text(mark, to_json(note))
    return mark


def forget(mark: Path) -> None:
    """Forget what was ended."""
    mark.unlink(missing_ok=True)


def left_behind(folder: Path) -> Iterator[tuple[Path, Remembered]]:
    """Yield what was launched by processes that are no more."""
    for mark in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            note = from_json(mark.read_bytes(), Remembered, where=str(mark))
        except (OSError, BadInput):
            continue
        if not same_process(note.pid, note.process):
            yield mark, note
