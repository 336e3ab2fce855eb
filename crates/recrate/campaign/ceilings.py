"""Ceilings that all campaigns of an account share: how much may be under way at once."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

from recrate.outside.disk import disk_errors


class Ceilings:
    """Each attempt holds one place below every ceiling while it is under way.

    A place is a lock on a file, so it is free again when whoever held it is gone, however that was.
    Used from one thread.
    """

    def __init__(self, folder: Path, limits: Mapping[str, int]) -> None:
        """Use ceilings by name; `folder`: where all campaigns of the account look."""
        self._folder = folder
        self._limits = limits
        self._held: dict[str, list[FileLock]] = {}
        self._ours: set[str] = set()

    def take(self, attempt: str) -> str:
        """Hold a place for an attempt; return which ceiling is reached, empty when it has one.

        Raises OutsideFailed when the disk lets us down.
        """
        taken: list[FileLock] = []
        for name, limit in self._limits.items():
            place = self._place(name, limit)
            if place is None:
                self._release(taken)
                return name
            taken.append(place)
        self._held[attempt] = taken
        return ""

    def give(self, attempt: str) -> None:
        """Let the places of an attempt go; nothing happens for one that has none."""
        self._release(self._held.pop(attempt, []))

    def close(self) -> None:
        """Let all places go."""
        for attempt in tuple(self._held):
            self.give(attempt)

    def _place(self, name: str, limit: int) -> FileLock | None:
        folder = self._folder / quote(name, safe="").replace(".", "%2E")
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            files = (str(folder / f"{number}.lock") for number in range(limit))
            for file in files:
                if file in self._ours:  # asking the disk for thousands of them takes too long
                    continue
                lock = FileLock(file)
                with contextlib.suppress(Timeout):
                    lock.acquire(timeout=0)
                    self._ours.add(file)
                    return lock
        return None

    def _release(self, places: list[FileLock]) -> None:
        for place in places:
            place.release()
            self._ours.discard(place.lock_file)
