"""Verdicts that this installation has already: what was replayed under the same conditions."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from recrate.model.campaign import TaskResult
from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.wire import from_plain, to_plain
from recrate.outside.disk import disk_errors

_TABLE = """
CREATE TABLE IF NOT EXISTS known (
    key TEXT PRIMARY KEY, identity TEXT NOT NULL, folder TEXT NOT NULL, result TEXT NOT NULL,
    date TEXT NOT NULL
) WITHOUT ROWID
"""
_INDEX = "CREATE INDEX IF NOT EXISTS known_identity ON known (identity, date)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A verdict that is there. `folder`: of its replay; `date`: ISO, of its end."""

    folder: Path
    result: TaskResult
    date: str


class KnownVerdicts:
    """The verdicts of all campaigns of a person, by what they were made of.

    Several processes may use it at once, each from one thread. It is a help, no record: where it
    cannot be read, nothing is known. Close it, or use it as a context.
    """

    def __init__(self, path: Path) -> None:
        """Use the file; it is made with the first verdict."""
        self._path = path
        self._base: sqlite3.Connection | None = None
        self._gathering = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file; may be called more than once."""
        if self._base is not None:
            self._base.close()
            self._base = None

    def _opened(self) -> sqlite3.Connection:
        """Return the connection: a new one where somebody took the file away."""
        if self._base is not None and not self._base.in_transaction and not self._path.exists():
            self.close()
        if self._base is None:
            self._base = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        return self._base

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            self.close()  # what was not written by now is not known
            raise OutsideFailed(
                f"the list of known verdicts: {error}",
                where=str(self._path),
                hint="free some space, or take the file away: it is only a help",
            ) from error

    def find(self, key: str) -> Known | None:
        """Return the verdict of a key whose folder is still there with it."""
        for folder, result, date in self._ask(
            "SELECT folder, result, date FROM known WHERE key = ?", key
        ):
            if (Path(folder) / "verdict.json").is_file():
                with contextlib.suppress(BadInput, ValueError):  # written by another version
                    kept = from_plain(json.loads(result), TaskResult)
                    return Known(folder=Path(folder), result=kept, date=date)
        return None

    def forget(self, folder: Path) -> None:
        """Know nothing any more of a replay's folder; raises OutsideFailed when that fails."""
        if self._path.is_file():
            with self._errors():
                base = self._opened()
                base.execute(_TABLE)
                base.execute("DELETE FROM known WHERE folder = ?", (str(folder.resolve()),))

    def seconds_of(self, identity: str) -> float | None:
        """Return how long the last replay of a crate took; None where nobody knows."""
        return self._last(identity, "$.seconds")

    def core_seconds_of(self, identity: str) -> float | None:
        """Return what processor time that took; None where nobody knows."""
        return self._last(identity, "$.core_seconds")

    def _last(self, identity: str, what: str) -> float | None:
        found = self._ask(
            "SELECT json_extract(result, ?) FROM known WHERE identity = ? "
            "ORDER BY date DESC LIMIT 1",
            what,
            identity,
        )
        return float(found[0][0]) if found and found[0][0] is not None else None

    def _ask(self, sql: str, *values: str) -> list[tuple[str, str, str]]:
        if not self._path.is_file():
            return []
        try:
            return self._opened().execute(sql, values).fetchall()
        except sqlite3.Error:
            return []

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make all verdicts that the block keeps one transaction, also where the block raises.

        Raises OutsideFailed when they cannot be written.
        """
        self._gathering = True
        try:
            yield
        finally:
            self._gathering = False
            if self._base is not None and self._base.in_transaction:
                with self._errors():
                    self._base.execute("COMMIT")

    def keep(self, key: str, identity: str, known: Known) -> None:
        """Keep a verdict; raises OutsideFailed when it cannot be written."""
        with disk_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        told = json.dumps(to_plain(known.result), ensure_ascii=False)
        with self._errors():
            base = self._opened()
            if not base.in_transaction:
                base.execute(_TABLE)
                base.execute(_INDEX)
                if self._gathering:
                    base.execute("BEGIN IMMEDIATE")
            base.execute(
                "INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?)",
                (key, identity, str(known.folder.resolve()), told, known.date),
            )
