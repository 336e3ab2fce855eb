"""Passes to one campaign's page: its frame is of no origin and sends no cookie.

An address that nobody can guess stands for the right to read that one campaign's files, and nothing
else. Passes live in this server's memory; who is signed in is given a new one at any time.
"""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PATTERN = r"[A-Za-z0-9_-]{43}"
HOURS = 12.0
_SECONDS = HOURS * 3600


@dataclass(kw_only=True)
class Passes:
    """The passes that were given. `clock`: seconds, never backwards."""

    clock: Callable[[], float] = time.monotonic
    _given: dict[str, tuple[str, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def give(self, job: str) -> str:
        """Return a pass to a campaign, by its job: the one that is known, good for hours again."""
        with self._lock:
            now = self.clock()
            self._given = {key: one for key, one in self._given.items() if one[1] > now}
            known = next((key for key, one in self._given.items() if one[0] == job), None)
            key = known or secrets.token_urlsafe(32)
            self._given[key] = (job, now + _SECONDS)
            return key

    def job_of(self, key: str) -> str | None:
        """Return the job that a pass is for; None for one that was never given or is too old."""
        with self._lock:
            job, until = self._given.get(key, ("", 0.0))
            return job if job and until > self.clock() else None
