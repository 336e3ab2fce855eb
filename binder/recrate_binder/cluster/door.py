"""A port of this machine that nodes are to reach, and what one says there."""

import contextlib
import json
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from recrate.model.errors import OutsideFailed
from recrate_binder.cluster.options import Pilot

_SAID_BYTES = 64 * 1024
_TALK_SECONDS = 5.0


@dataclass(kw_only=True)
class Door:
    """A port that is open. `word`: who does not know it is not heard."""

    listening: socket.socket
    port: int
    word: str = field(default_factory=lambda: secrets.token_hex(16))

    def hear(self, seconds: float) -> dict[str, Any] | None:
        """Wait so long for somebody who knows the word, and return what they told."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.listening.settimeout(left)
            try:
                line, _ = self.listening.accept()
            except OSError:
                return None
            with line:
                told = _read(line)
            if isinstance(told, dict) and told.get("word") == self.word:
                return told
        return None


def _read(line: socket.socket) -> object:
    """Return what a connection brings as JSON, None for what is none, too long or too slow."""
    said, end = b"", time.monotonic() + _TALK_SECONDS
    with contextlib.suppress(OSError, ValueError, RecursionError):
        while (left := end - time.monotonic()) > 0 and len(said) <= _SAID_BYTES:
            line.settimeout(left)
            block = line.recv(4096)
            if not block:
                return json.loads(said)
            said += block
    return None


@contextlib.contextmanager
def open_door(pilot: Pilot) -> Iterator[Door]:
    """Listen on one of the ports that nodes are to connect to; raises OutsideFailed for none.

    Nobody needs to hear: the system takes connections.
    """
    first, last = pilot.ports
    for port in range(first, last + 1):
        with contextlib.closing(socket.socket()) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind(("", port))
                listening.listen(4)
            except OSError:
                continue
            yield Door(listening=listening, port=port)
            return
    raise OutsideFailed(
        f"none of the ports {first}-{last} is free on this machine",
        where="ports",
        hint="name other ports for this site",
    )
