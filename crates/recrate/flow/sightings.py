"""What a session's server saw being run: a line a cell in `sightings.jsonl`, the last one counts.

A saved notebook does not tell a cell that was run again from one that nobody touched: where all
came out the same, number and outputs are what the author recorded.
"""

import contextlib
import os
from dataclasses import dataclass

from recrate.compare.by_hand import Seen
from recrate.launch.session import Session
from recrate.model.errors import BadInput
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors

SIGHTINGS = "sightings.jsonl"
_MOST_BYTES = 32 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A cell that was just run.

    notebook: path in the study
    cell:     index among all cells of the recorded notebook
    source:   digest of what was run, as `compare.beside.source_digest` makes it
    at:       ISO 8601 with a zone
    """

    notebook: str
    cell: int
    source: str
    execution_count: int | None
    at: str


def note_sighting(session: Session, sighting: Sighting) -> None:
    """Write a sighting down; above 32 MiB of them, nothing more is.

    Raises OutsideFailed when the disk lets us down.
    """
    place = session.root / SIGHTINGS
    line = to_json(sighting, indent=None).encode("utf-8", "replace")
    with disk_errors(place):
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(handle).st_size < _MOST_BYTES:
                os.write(handle, line)
        finally:
            os.close(handle)


def seen_in(session: Session) -> dict[str, dict[int, Seen]]:
    """Return what was last seen of each cell: notebook → index of the recorded cell → `Seen`.

    A line that was cut off, or is none of ours, is passed over.
    """
    place = session.root / SIGHTINGS
    if not place.is_file():
        return {}
    with disk_errors(place):
        lines = place.read_bytes().splitlines()
    found: dict[str, dict[int, Seen]] = {}
    for line in lines:
        with contextlib.suppress(BadInput):
            one = from_json(line, Sighting, where=SIGHTINGS)
            seen = Seen(source=one.source, execution_count=one.execution_count)
            found.setdefault(one.notebook, {})[one.cell] = seen
    return found
