"""The journal of a campaign: every task from its line in the list to its verdict, in SQLite.

One process writes, in one thread; a page or another command may read at the same time. Each change
is a transaction: whoever is killed finds the journal as it was after the last one.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from recrate.campaign.counting import count
from recrate.model.campaign import (
    AttemptRow,
    CampaignCounts,
    Entry,
    TaskLimits,
    TaskResult,
    TaskRow,
    TaskState,
)
from recrate.model.errors import BadInput, DiskFull, OutsideFailed
from recrate.model.wire import from_plain, to_plain

SCHEMA = 1
_BATCH = 500
_TABLES = """
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tasks (
    number INTEGER PRIMARY KEY,
    location TEXT NOT NULL, title TEXT NOT NULL, year INTEGER, kin TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'listed',
    crate TEXT NOT NULL DEFAULT '', identity TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL DEFAULT '', key TEXT NOT NULL DEFAULT '',
    environment TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0,
    origin TEXT, expected REAL, memory INTEGER, seconds REAL,
    not_before REAL NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    unlucky INTEGER NOT NULL DEFAULT 0,
    runner TEXT NOT NULL DEFAULT '', folder TEXT NOT NULL DEFAULT '', same_as INTEGER,
    verdict TEXT NOT NULL DEFAULT '', cause TEXT NOT NULL DEFAULT '',
    python TEXT NOT NULL DEFAULT '', result TEXT,
    message TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS tasks_next ON tasks (state, expected DESC, number);
CREATE INDEX IF NOT EXISTS tasks_key ON tasks (key);
CREATE INDEX IF NOT EXISTS tasks_twins ON tasks (same_as) WHERE same_as IS NOT NULL;
CREATE TABLE IF NOT EXISTS attempts (
    task INTEGER NOT NULL, number INTEGER NOT NULL, runner TEXT NOT NULL,
    submitted TEXT NOT NULL, started TEXT NOT NULL DEFAULT '', ended TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT '', host TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '', core_seconds REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (task, number)
) WITHOUT ROWID;
"""
_COLUMNS = (
    "number", "location", "title", "year", "kin", "state", "crate", "identity", "name", "key",
    "environment", "size", "expected", "memory", "seconds", "attempts", "runner", "folder",
    "same_as", "result", "message", "hint",
)  # fmt: skip
_ROW = ", ".join(_COLUMNS)


class Journal:
    """The journal in a file. Every method raises OutsideFailed when the disk does not do its part.

    Close it, or use it as a context.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        """Open the journal, and make it where there is none and it is not only to be read."""
        self._path = path
        with self._errors():
            place = f"{path.resolve().as_uri()}{'?mode=ro' if readonly else ''}"
            self._base = sqlite3.connect(place, uri=True, timeout=30, isolation_level=None)
            self._base.row_factory = sqlite3.Row
            if not readonly:
                # no WAL: its index is memory that machines sharing a file system do not share
                self._base.execute("PRAGMA journal_mode=TRUNCATE")
                self._base.execute("PRAGMA synchronous=NORMAL")
                self._base.executescript(_TABLES)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file; may be called more than once."""
        self._base.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            kind = DiskFull if "full" in str(error) else OutsideFailed
            raise kind(
                f"the campaign's journal: {error}",
                where=str(self._path),
                hint="free some space if the disk is full, then go on with --resume",
            ) from error
        except sqlite3.DatabaseError as error:
            raise BadInput(
                f"this is no journal of a campaign: {error}",
                where=str(self._path),
                hint="a campaign's folder is made by `recrate campaign LIST -o DIR`",
            ) from error

    def _do(self, sql: str, values: Iterable[object] | Mapping[str, object] = ()) -> sqlite3.Cursor:
        with self._errors():
            return self._base.execute(sql, values)  # type: ignore[arg-type]

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make all changes of the block one transaction."""
        self._do("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.rollback()
            raise
        self._do("COMMIT")

    def add(self, entries: Iterable[Entry]) -> int:
        """Append lines of the list as tasks, a few hundred in a transaction; return how many."""
        added = 0
        batch: list[Entry] = []
        for entry in entries:
            batch.append(entry)
            if len(batch) == _BATCH:
                added += self._add(batch)
                batch = []
        return added + self._add(batch)

    def _add(self, batch: list[Entry]) -> int:
        rows = [(one.where, one.title, one.year, one.group) for one in batch]
        with self.together(), self._errors():
            self._base.executemany(
                "INSERT INTO tasks (number, location, title, year, kin) VALUES "
                "((SELECT coalesce(max(number), -1) + 1 FROM tasks), ?, ?, ?, ?)",
                rows,
            )
        return len(rows)

    def note(self, name: str, value: str) -> None:
        """Keep a word about the campaign itself, such as that its list was read to the end."""
        self._do("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def noted(self, name: str) -> str:
        """Return such a word; empty where it was never said."""
        found = self._do("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def listed(self, limit: int, beyond: int = -1) -> tuple[TaskRow, ...]:
        """Return the first tasks after number `beyond` that nobody has looked at yet."""
        told = "state = 'listed' AND number > ? ORDER BY number LIMIT ?"
        return tuple(self._rows(told, (beyond, limit)))

    def next(self, limit: int, *, now: float, without: Iterable[str] = ()) -> tuple[TaskRow, ...]:
        """Return waiting tasks, those that took longest before first.

        now: seconds since 1970; a task that is to wait until later is left out
        without: environments that are not to be used now
        """
        left_out = json.dumps(list(without))
        return tuple(
            self._rows(
                "state = 'waiting' AND same_as IS NULL AND not_before <= ? AND environment NOT IN "
                "(SELECT value FROM json_each(?)) ORDER BY expected DESC, number LIMIT ?",
                (now, left_out, limit),
            )
        )

    def rows(self, *states: TaskState) -> Iterator[TaskRow]:
        """Return the tasks in the order of the list; `states` leaves out the others."""
        if not states:
            yield from self._rows("1 ORDER BY number", ())
            return
        marks = ", ".join("?" * len(states))
        yield from self._rows(f"state IN ({marks}) ORDER BY number", states)

    def row(self, number: int) -> TaskRow:
        """Return a task by its number."""
        return next(iter(self._rows("number = ?", (number,))))

    def _rows(self, where: str, values: Iterable[object]) -> Iterator[TaskRow]:
        told = f"SELECT {_ROW} FROM tasks WHERE {where}"  # noqa: S608 - our own words
        for row in self._do(told, tuple(values)):
            yield _task(row)

    def twin(self, key: str, number: int) -> TaskRow | None:
        """Return the first task of a key that is to be run or was; None for no other than this."""
        found = self._rows(
            "key = ? AND number <> ? AND same_as IS NULL AND state IN "
            "('waiting', 'running', 'judged', 'known') ORDER BY number LIMIT 1",
            (key, number),
        )
        return next(found, None)

    def put(self, task: TaskRow, *, not_before: float = 0.0, unlucky: int = 0) -> None:
        """Write a task as it now is.

        not_before: seconds since 1970; unlucky: so many more of its attempts were let down
        Tasks that share its verdict get it with it.
        """
        with self.together():
            self._put(task, not_before, unlucky)
            if task.state in {"judged", "known", "given up", "broken"}:
                for twin in tuple(self._rows("same_as = ?", (task.number,))):
                    self._put(
                        replace(
                            twin,
                            state="known" if task.state == "judged" else task.state,
                            result=task.result,
                            folder=task.folder,
                            message=task.message,
                            hint=task.hint,
                        ),
                        0.0,
                        0,
                    )

    def _put(self, task: TaskRow, not_before: float, unlucky: int) -> None:
        result = task.result
        self._do(
            "UPDATE tasks SET state = :state, crate = :crate, identity = :identity, name = :name, "
            "key = :key, environment = :environment, size = :size, expected = :expected, "
            "memory = :memory, seconds = :seconds, attempts = :attempts, runner = :runner, "
            "folder = :folder, same_as = :same_as, result = :result, verdict = :verdict, "
            "cause = :cause, python = :python, message = :message, hint = :hint, "
            "not_before = :not_before, unlucky = unlucky + :unlucky WHERE number = :number",
            {
                "number": task.number, "state": task.state, "crate": task.crate,
                "identity": task.identity, "name": task.name, "key": task.key,
                "environment": task.environment, "size": task.size_bytes,
                "expected": task.expected_seconds, "memory": task.limits.memory_bytes,
                "seconds": task.limits.seconds, "attempts": task.attempts,
                "runner": task.runner, "folder": task.folder, "same_as": task.same_as,
                "result": json.dumps(to_plain(result), ensure_ascii=False) if result else None,
                "verdict": result.verdict if result else "",
                "cause": result.cause if result else "",
                "python": result.python if result else "",
                "message": task.message, "hint": task.hint,
                "not_before": not_before, "unlucky": unlucky,
            },
        )  # fmt: skip

    def unlucky(self, number: int) -> int:
        """Return how many attempts of a task were let down by what lies outside the study."""
        return int(self._do("SELECT unlucky FROM tasks WHERE number = ?", (number,)).fetchone()[0])

    def keep_origin(self, number: int, origin: str | None) -> None:
        """Keep where a crate was brought from, as JSON."""
        self._do("UPDATE tasks SET origin = ? WHERE number = ?", (origin, number))

    def origin(self, number: int) -> str | None:
        """Return what `keep_origin` kept."""
        found = self._do("SELECT origin FROM tasks WHERE number = ?", (number,)).fetchone()
        return found[0] if found else None

    def begin(self, task: TaskRow, attempt: AttemptRow) -> None:
        """Note that an attempt begins, before it is handed to a runner."""
        with self.together():
            self._put(task, 0.0, 0)
            self._do(
                "INSERT INTO attempts (task, number, runner, submitted) VALUES (?, ?, ?, ?)",
                (attempt.task, attempt.number, attempt.runner, attempt.submitted),
            )

    def finish(
        self,
        attempt: AttemptRow,
        *,
        core_seconds: float = 0.0,
    ) -> None:
        """Note how an attempt ended."""
        self._do(
            "UPDATE attempts SET started = ?, ended = ?, outcome = ?, host = ?, note = ?, "
            "core_seconds = ? WHERE task = ? AND number = ?",
            (attempt.started, attempt.ended, attempt.outcome, attempt.host, attempt.note,
             core_seconds, attempt.task, attempt.number),
        )  # fmt: skip

    def attempts(self, task: int | None = None, *, open_only: bool = False) -> Iterator[AttemptRow]:
        """Return the attempts of a task, or of all; `open_only`: those that have not ended."""
        told, values = ["1"], []
        if task is not None:
            told.append("task = ?")
            values.append(task)
        if open_only:
            told.append("outcome = ''")
        what = "task, number, runner, submitted, started, ended, outcome, host, note"
        which = f"{' AND '.join(told)} ORDER BY task, number"
        asked = f"SELECT {what} FROM attempts WHERE {which}"  # noqa: S608 - our own words
        for row in self._do(asked, values):
            yield AttemptRow(**dict(row))

    def is_done(self) -> bool:
        """Say whether every task has come to an end."""
        told = "SELECT 1 FROM tasks WHERE state IN ('listed', 'waiting', 'running') LIMIT 1"
        return self._do(told).fetchone() is None

    def reopen(self) -> int:
        """Let the tasks that were given up be tried again, and return how many these are."""
        told = "UPDATE tasks SET state = 'listed', unlucky = 0, same_as = NULL WHERE state = ?"
        return self._do(told, ("given up",)).rowcount

    def next_moment(self) -> float | None:
        """Return when the first of the waiting tasks may be begun; None where none waits."""
        found = self._do("SELECT min(not_before) FROM tasks WHERE state = 'waiting'").fetchone()
        return None if found[0] is None else float(found[0])

    def counts(self) -> CampaignCounts:
        """Return where the campaign stands."""
        with self._errors():
            return count(self._base)


def _task(row: sqlite3.Row) -> TaskRow:
    told = row["result"]
    return TaskRow(
        number=row["number"],
        entry=Entry(where=row["location"], title=row["title"], year=row["year"], group=row["kin"]),
        state=row["state"],
        crate=row["crate"],
        identity=row["identity"],
        name=row["name"],
        key=row["key"],
        environment=row["environment"],
        size_bytes=row["size"],
        expected_seconds=row["expected"],
        limits=TaskLimits(memory_bytes=row["memory"], seconds=row["seconds"]),
        attempts=row["attempts"],
        runner=row["runner"],
        folder=row["folder"],
        same_as=row["same_as"],
        result=from_plain(json.loads(told), TaskResult) if told else None,
        message=row["message"],
        hint=row["hint"],
    )
