"""The journal of a campaign: every task from its line in the list to its verdict, in SQLite.

One process writes, in one thread; a page or another command may read at the same time. Each change
is a transaction: whoever is killed finds the journal as it was after the last one.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from recrate.campaign.counting import count
from recrate.campaign.journal_tables import (
    CHANGE,
    ENVIRONMENTS,
    ROW,
    TABLES,
    WAITS,
    task_from,
    turn_of,
    values_of,
)
from recrate.model.campaign import AttemptRow, CampaignCounts, Entry, Judging, TaskRow, TaskState
from recrate.model.errors import BadInput, DiskFull, OutsideFailed

_BATCH = 500
_WITH_REPLAY = "folder <> '' AND same_as IS NULL AND state IN ('judged', 'known')"
_NOT_YET = "AND number NOT IN (SELECT task FROM judgings)"
_FEW = 20
"""Environments that are asked for one by one, rather than all waiting tasks gone through."""


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
                self._base.executescript(TABLES)

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
        """Make all changes of the block one transaction.

        A block within a block is part of it; one that raises takes back what it changed itself.
        """
        inner = self._base.in_transaction
        self._do("SAVEPOINT inner" if inner else "BEGIN IMMEDIATE")
        try:
            yield
            self._do("RELEASE inner" if inner else "COMMIT")
        except BaseException:
            if self._base.in_transaction:  # a disk that is full has ended it already
                self._do("ROLLBACK TO inner" if inner else "ROLLBACK")
            raise

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
        left_out = tuple(without)
        turn = "ORDER BY expected DESC, number LIMIT ?"
        few = self._waiting_environments(left_out) if left_out else None
        if few is None:
            others = "environment NOT IN (SELECT value FROM json_each(?))"
            told = f"{WAITS} AND not_before <= ? AND {others} {turn}"
            return tuple(self._rows(told, (now, json.dumps(left_out), limit)))
        told = f"{WAITS} AND environment = ? AND not_before <= ? {turn}"
        found = [row for one in few for row in self._rows(told, (one, now, limit))]
        return tuple(sorted(found, key=turn_of)[:limit])

    def _waiting_environments(self, left_out: Collection[str]) -> list[str] | None:
        """Return the environments that tasks wait for, each found by a step in the index.

        None where there are many: the first tasks of all are then soon one that may be given.
        """
        limit = len(left_out) + _FEW
        found = [row[0] for row in self._do(ENVIRONMENTS, (limit + 1,)) if row[0] is not None]
        return [one for one in found if one not in left_out] if len(found) <= limit else None

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
        told = f"SELECT {ROW} FROM tasks WHERE {where}"  # noqa: S608 - our own words
        for row in self._do(told, tuple(values)):
            yield task_from(row)

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
        told = values_of(task)
        self._do(CHANGE, told | {"not_before": not_before, "unlucky": unlucky})

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

    def begin_judging(self, mark: str) -> bool:
        """Begin to judge all results again; True where one of this mark broke off, and goes on."""
        if self.noted("judging") == mark:
            return True
        with self.together():
            self._do("DELETE FROM judgings")
            self.note("judging", mark)
        return False

    def end_judging(self, mark: str) -> None:
        """Note that all results were judged by what this mark is of."""
        with self.together():
            self.note("judging", "")
            self.note("judged", mark)

    def to_judge(self, limit: int, beyond: int = -1) -> tuple[TaskRow, ...]:
        """Return the first tasks after number `beyond` with a replay not yet judged again."""
        told = f"{_WITH_REPLAY} AND number > ? {_NOT_YET} ORDER BY number LIMIT ?"
        return tuple(self._rows(told, (beyond, limit)))

    def counted_to_judge(self) -> tuple[int, int]:
        """Return how many tasks have a replay of their own, and how many were judged again."""
        told = f"SELECT count(*) FROM tasks WHERE {_WITH_REPLAY}"  # noqa: S608 - our own words
        done = self._do("SELECT count(*) FROM judgings").fetchone()[0]
        return int(self._do(told).fetchone()[0]), int(done)

    def judge(self, task: TaskRow, judging: Judging) -> None:
        """Write down what a task was judged now, with its result as it now is."""
        with self.together():
            if not judging.note:
                self.put(task)
            self._do(
                "INSERT OR REPLACE INTO judgings VALUES (?, ?, ?, ?, ?)",
                (judging.task, judging.before, judging.after, judging.note, judging.hint),
            )

    def judgings(self) -> Iterator[Judging]:
        """Return the tasks whose verdict changed, or that could not be judged again."""
        told = "SELECT * FROM judgings WHERE before <> after OR note <> '' ORDER BY task"
        for row in self._do(told):
            yield Judging(**dict(row))

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
