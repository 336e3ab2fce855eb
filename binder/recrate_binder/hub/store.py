"""Launches that outlive the service: one SQLite file, written whenever a stage changes."""

import contextlib
import sqlite3
import statistics
from collections.abc import Iterable, Iterator
from pathlib import Path

from recrate.model.errors import DiskFull, NotFound, OutsideFailed
from recrate.model.wire import from_json, to_json
from recrate_binder.hub.model import HELD, Launch, StageName

_TABLES = """
CREATE TABLE IF NOT EXISTS launches (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, status TEXT NOT NULL, created REAL NOT NULL,
    updated REAL NOT NULL, document TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS launches_of ON launches (user, created);
CREATE TABLE IF NOT EXISTS times (
    stage TEXT NOT NULL, size INTEGER NOT NULL, seconds REAL NOT NULL, moment REAL NOT NULL);
CREATE TABLE IF NOT EXISTS failures (user TEXT NOT NULL, moment REAL NOT NULL);
CREATE TABLE IF NOT EXISTS used (prepared TEXT PRIMARY KEY, moment REAL NOT NULL);
"""
_MEMORY = 200
"""So many of the latest times of a stage are looked at."""
_LEAST = 3
"""Nobody is told how long a stage will take before it was seen so often."""


def unknown_launch(launch_id: str) -> NotFound:
    """Return what is raised for a launch that is not there, or not the asker's."""
    return NotFound(
        "no such launch", where=launch_id[:64], hint="open the page anew: it lists your launches"
    )


class Store:
    """The service's memory. Calls take a millisecond; one event loop makes them."""

    def __init__(self, path: Path) -> None:
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._path = path
            self._base = sqlite3.connect(path, isolation_level=None, timeout=10)
            path.chmod(0o600)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=NORMAL")
            self._base.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def put(self, launch: Launch) -> None:
        """Remember a launch as it stands; raises OutsideFailed when the disk lets us down."""
        with _told(self._path):
            self._base.execute(
                "INSERT OR REPLACE INTO launches VALUES (?, ?, ?, ?, ?, ?)",
                (
                    launch.id,
                    launch.user,
                    launch.status,
                    launch.created,
                    launch.updated,
                    to_json(launch, indent=None),
                ),
            )

    def read(self, launch_id: str) -> Launch:
        """Return a launch; raises NotFound."""
        row = self._base.execute(
            "SELECT document FROM launches WHERE id = ?", (launch_id,)
        ).fetchone()
        if row is None:
            raise unknown_launch(launch_id)
        return _launch(row[0])

    def of_user(self, user: str, *, most: int = 50) -> tuple[Launch, ...]:
        """Return a person's launches, newest first."""
        rows = self._base.execute(
            "SELECT document FROM launches WHERE user = ? ORDER BY created DESC, id LIMIT ?",
            (user, most),
        )
        return tuple(_launch(row[0]) for row in rows)

    def held(self) -> tuple[Launch, ...]:
        """Return all launches that hold something, oldest first."""
        marks = ", ".join("?" for _ in HELD)
        rows = self._base.execute(
            f"SELECT document FROM launches WHERE status IN ({marks}) ORDER BY created",  # noqa: S608 - question marks only
            HELD,
        )
        return tuple(_launch(row[0]) for row in rows)

    def begun_since(self, user: str, moment: float) -> tuple[float, ...]:
        """Return when a person began launches after a moment, oldest first."""
        rows = self._base.execute(
            "SELECT created FROM launches WHERE user = ? AND created > ? ORDER BY created",
            (user, moment),
        )
        return tuple(row[0] for row in rows)

    def forget_before(self, moment: float) -> None:
        """Forget launches that ended before a moment, and what is older than that."""
        marks = ", ".join("?" for _ in HELD)
        with _told(self._path):
            self._base.execute(
                f"DELETE FROM launches WHERE updated < ? AND status NOT IN ({marks})",  # noqa: S608 - question marks only
                (moment, *HELD),
            )
            self._base.execute("DELETE FROM failures WHERE moment < ?", (moment,))

    def note_failure(self, user: str, moment: float) -> None:
        """Remember that a person named an address behind which nothing was found."""
        with _told(self._path):
            self._base.execute("INSERT INTO failures VALUES (?, ?)", (user, moment))

    def failures_since(self, user: str, moment: float) -> tuple[float, ...]:
        """Return when that happened after a moment, oldest first."""
        rows = self._base.execute(
            "SELECT moment FROM failures WHERE user = ? AND moment > ? ORDER BY moment",
            (user, moment),
        )
        return tuple(row[0] for row in rows)

    def note_time(self, stage: StageName, size_bytes: int, seconds: float, moment: float) -> None:
        """Remember how long a stage took for a crate of that size."""
        with _told(self._path):
            self._base.execute(
                "INSERT INTO times VALUES (?, ?, ?, ?)", (stage, size_bytes, seconds, moment)
            )

    def expected_seconds(self, stage: StageName, size_bytes: int | None) -> float | None:
        """Return the median time of a stage: of crates of like size where enough were seen."""
        rows = self._base.execute(
            "SELECT size, seconds FROM times WHERE stage = ? ORDER BY moment DESC LIMIT ?",
            (stage, _MEMORY),
        ).fetchall()
        if size_bytes is not None:
            like = [row for row in rows if size_bytes / 4 <= row[0] <= size_bytes * 4]
            rows = like if len(like) >= _LEAST else rows
        if len(rows) < _LEAST:
            return None
        return round(float(statistics.median(row[1] for row in rows)), 1)

    def note_use(self, prepared: Iterable[str], moment: float) -> None:
        """Remember that what was made ready is used at this moment."""
        with _told(self._path):
            self._base.executemany(
                "INSERT OR REPLACE INTO used VALUES (?, ?)", [(one, moment) for one in prepared]
            )

    def uses(self) -> dict[str, float]:
        """Return when each was last used."""
        return dict(self._base.execute("SELECT prepared, moment FROM used").fetchall())


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        raise (DiskFull if full else OutsideFailed)(
            f"the list of launches cannot be written: {error}",
            where=path.name,
            hint="free some space" if full else "the service's log says more",
        ) from error


def _launch(document: str) -> Launch:
    return from_json(document, Launch, where="launches")
