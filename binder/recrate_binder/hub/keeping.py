"""What is kept in the shared folder within its quota: least recently used goes, never what is used.

Nothing is taken away while a worker runs, so none finds something that vanishes under it.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from recrate.outside.disk import remove_tree
from recrate_binder.hub.fetching import size_of
from recrate_binder.hub.model import HELD, Launch
from recrate_binder.hub.settings import HubSettings
from recrate_binder.hub.store import Store
from recrate_binder.hub.works import Works

_COUNT_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One crate or environment that is kept, and which launches' keys speak of it."""

    path: Path
    size_bytes: int
    keys: frozenset[str]
    used: float


class Keeper:
    """Counts now and then, and makes room when the quota is passed."""

    def __init__(
        self, settings: HubSettings, works: Works, store: Store, log: logging.Logger
    ) -> None:
        self._settings, self._works, self._store, self._log = settings, works, store, log
        self._counted = 0.0
        self._one = asyncio.Lock()

    async def sweep(self) -> None:
        """Take away what works left half made; nothing while a worker runs."""
        if not self._works.is_still():
            return
        async with self._works.stillness():
            await asyncio.to_thread(_sweep, self._settings.shared / "cache")

    async def make_room(self, launches: Iterable[Launch]) -> None:
        """Take away what was not used for longest, if more is kept than the quota."""
        async with self._one:
            if time.monotonic() - self._counted < _COUNT_SECONDS and self._counted:
                return
            shared, uses = self._settings.shared, self._store.uses()
            kept = await asyncio.to_thread(holdings, shared, uses)
            self._counted = time.monotonic()
            if sum(one.size_bytes for one in kept) <= self._settings.quota_bytes:
                return
            async with self._works.stillness():
                held = {one.prepared for one in launches if one.status in HELD and one.prepared}
                kept = await asyncio.to_thread(holdings, shared, self._store.uses())
                going = surplus(kept, held, self._settings.quota_bytes)
                await asyncio.to_thread(take_away, shared, going)
                for one in going:
                    self._log.info("made room: %s, %d bytes", one.path, one.size_bytes)


def _sweep(cache: Path) -> None:
    """Remove environments that were never finished, and what works laid aside for themselves."""
    for home in (cache / "environments").glob("*"):
        if home.is_dir() and not (home / "complete.json").is_file():
            remove_tree(home)
    for folder in (cache / "scratch").glob("*"):
        remove_tree(folder)


def holdings(shared: Path, uses: dict[str, float]) -> tuple[Holding, ...]:
    """Return all crates, environments and data in the shared folder, with when each was used."""
    keys: dict[Path, set[str]] = {}
    for note in (shared / "launches").glob("*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(note.read_bytes())
            environments = [Path(one["folder"]).parent for one in told["environments"].values()]
            for path in (shared / told["location"], *environments):
                keys.setdefault(_unit(shared, path), set()).add(note.stem)
    found = []
    cache = shared / "cache"
    patterns = ("crates/files/*/*", "environments/*", "data/*/*", "crates/parts/*.part")
    for path in (one for pattern in patterns for one in cache.glob(pattern)):
        if path.suffix == ".lock":
            continue
        with contextlib.suppress(OSError):
            own = keys.get(path.resolve(), set())
            used = max((uses.get(key, 0.0) for key in own), default=path.stat().st_mtime)
            found.append(
                Holding(path=path, size_bytes=size_of(path), keys=frozenset(own), used=used)
            )
    return tuple(found)


def _unit(shared: Path, path: Path) -> Path:
    """Return the folder that is taken away as a whole."""
    files = shared / "cache" / "crates" / "files"
    with contextlib.suppress(ValueError):
        inner = path.relative_to(files).parts
        return files.joinpath(*inner[:2]).resolve()
    return path.resolve()


def surplus(kept: Iterable[Holding], held: set[str], quota_bytes: int) -> tuple[Holding, ...]:
    """Return what goes so that the rest is within the quota: never what a launch holds."""
    kept = sorted(kept, key=lambda one: one.used)
    over = sum(one.size_bytes for one in kept) - quota_bytes
    going = []
    for one in kept:
        if over <= 0:
            break
        if not one.keys & held:
            going.append(one)
            over -= one.size_bytes
    return tuple(going)


def take_away(shared: Path, going: Iterable[Holding]) -> None:
    """Remove what goes; first what says that it is there."""
    going = tuple(going)
    for key in {key for one in going for key in one.keys}:
        (shared / "launches" / f"{key}.json").unlink(missing_ok=True)
    for one in going:
        remove_tree(one.path)
