"""The journal's tables, and how a task lies in them."""

import json
import sqlite3

from recrate.model.campaign import Entry, TaskLimits, TaskResult, TaskRow
from recrate.model.wire import from_plain, to_plain

TABLES = """
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
CREATE INDEX IF NOT EXISTS tasks_waiting ON tasks (environment, expected DESC, number)
    WHERE state = 'waiting' AND same_as IS NULL;
CREATE INDEX IF NOT EXISTS tasks_key ON tasks (key);
CREATE INDEX IF NOT EXISTS tasks_twins ON tasks (same_as) WHERE same_as IS NOT NULL;
CREATE TABLE IF NOT EXISTS attempts (
    task INTEGER NOT NULL, number INTEGER NOT NULL, runner TEXT NOT NULL,
    submitted TEXT NOT NULL, started TEXT NOT NULL DEFAULT '', ended TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT '', host TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '', core_seconds REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (task, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS judgings (
    task INTEGER PRIMARY KEY, before TEXT NOT NULL, after TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT ''
);
"""
_COLUMNS = (
    "number", "location", "title", "year", "kin", "state", "crate", "identity", "name", "key",
    "environment", "size", "expected", "memory", "seconds", "attempts", "runner", "folder",
    "same_as", "result", "message", "hint",
)  # fmt: skip
ROW = ", ".join(_COLUMNS)
WAITS = "state = 'waiting' AND same_as IS NULL"
"""Of a task that may be given, once its time has come."""
_INDEXED = "tasks INDEXED BY tasks_waiting"  # which the planner would not choose without numbers
_ENVIRONMENT = f"SELECT environment FROM {_INDEXED} WHERE {WAITS}"  # noqa: S608 - our own words
_FIRST = "ORDER BY environment LIMIT 1"
ENVIRONMENTS = (
    f"WITH RECURSIVE found (one) AS (SELECT ({_ENVIRONMENT} {_FIRST}) UNION ALL "  # noqa: S608 - the same
    f"SELECT ({_ENVIRONMENT} AND environment > one {_FIRST}) FROM found "
    "WHERE one IS NOT NULL LIMIT ?) SELECT one FROM found"
)
"""The environments of such tasks, one step in the index for each; the last row may be NULL."""
CHANGE = (
    "UPDATE tasks SET state = :state, crate = :crate, identity = :identity, name = :name, "
    "key = :key, environment = :environment, size = :size, expected = :expected, "
    "memory = :memory, seconds = :seconds, attempts = :attempts, runner = :runner, "
    "folder = :folder, same_as = :same_as, result = :result, verdict = :verdict, "
    "cause = :cause, python = :python, message = :message, hint = :hint, "
    "not_before = :not_before, unlucky = unlucky + :unlucky WHERE number = :number"
)


def values_of(task: TaskRow) -> dict[str, object]:
    """Return what `CHANGE` writes of a task; `not_before` and `unlucky` are not among it."""
    result = task.result
    return {
        "number": task.number,
        "state": task.state,
        "crate": task.crate,
        "identity": task.identity,
        "name": task.name,
        "key": task.key,
        "environment": task.environment,
        "size": task.size_bytes,
        "expected": task.expected_seconds,
        "memory": task.limits.memory_bytes,
        "seconds": task.limits.seconds,
        "attempts": task.attempts,
        "runner": task.runner,
        "folder": task.folder,
        "same_as": task.same_as,
        "result": json.dumps(to_plain(result), ensure_ascii=False) if result else None,
        "verdict": result.verdict if result else "",
        "cause": result.cause if result else "",
        "python": result.python if result else "",
        "message": task.message,
        "hint": task.hint,
    }


def turn_of(task: TaskRow) -> tuple[bool, float, int]:
    """Return what tasks are put in order by: as the database does, without a time they are last."""
    expected = task.expected_seconds
    return (expected is None, -(expected or 0.0), task.number)


def task_from(row: sqlite3.Row) -> TaskRow:
    """Return the task of a row that has the columns of `ROW`."""
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
