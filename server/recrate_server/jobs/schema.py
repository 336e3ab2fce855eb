"""The jobs' database: opened, brought up to date, and set aside when it is broken."""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from recrate.model.errors import BadInput, OutsideFailed
from recrate.outside.disk import disk_errors

WAIT_SECONDS = 10.0
"""How long one server waits for another one that is writing."""

_MIGRATIONS = (
    """
    CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        status TEXT NOT NULL,
        light INTEGER NOT NULL,
        subject TEXT NOT NULL,
        title TEXT NOT NULL,
        user TEXT NOT NULL,
        parent TEXT,
        created TEXT NOT NULL,
        started TEXT,
        ended TEXT,
        "order" TEXT NOT NULL,
        progress TEXT,
        error TEXT,
        summary TEXT,
        verdict TEXT,
        identity TEXT,
        search TEXT NOT NULL,
        owner TEXT,
        process TEXT
    );
    CREATE INDEX jobs_status ON jobs (status, user);
    CREATE INDEX jobs_subject ON jobs (subject, number);
    CREATE INDEX jobs_identity ON jobs (identity, number) WHERE identity IS NOT NULL;
    CREATE INDEX jobs_parent ON jobs (parent) WHERE parent IS NOT NULL;
    CREATE INDEX jobs_kind ON jobs (kind, number);
    CREATE INDEX jobs_verdict ON jobs (verdict, number) WHERE verdict IS NOT NULL;
    """,
    # Looked through from end to end for words: a quarter of the time that the whole rows take.
    "CREATE INDEX jobs_search ON jobs (search);",
)
"""Each brings the database from its place in this list to the next; none is ever changed."""

VERSION = len(_MIGRATIONS)


class BrokenDatabase(OutsideFailed):
    """The file is no database, or a damaged one."""


def open_database(path: Path) -> tuple[sqlite3.Connection, Path | None]:
    """Return a connection to the database at `path`, made or brought up to date.

    A broken one is set aside under a new name, which comes back too, and a new one is begun.
    Raises BadInput when a newer recrate wrote it, OutsideFailed when the disk lets us down.
    """
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return _open(path), None
    except BrokenDatabase:
        aside = _set_aside(path)
        return _open(path), aside


def _open(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise OutsideFailed(
            f"cannot be opened: {error}",
            where=str(path),
            hint="may the server write there, and is there room on the disk?",
        ) from error
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        # With a write-ahead log this keeps the database whole; a power cut may lose the last word.
        connection.execute("PRAGMA synchronous = NORMAL")
        _look_through(connection)
        _migrate(connection, path)
        connection.execute("SELECT count(*), max(process) FROM jobs").fetchone()
    except sqlite3.DatabaseError as error:
        connection.close()
        if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):
            raise OutsideFailed(
                f"the list of jobs cannot be used: {error}",
                where=str(path),
                hint="is the disk full, or another program using the file?",
            ) from error
        raise BrokenDatabase(f"the list of jobs is damaged: {error}", where=str(path)) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _look_through(connection: sqlite3.Connection) -> None:
    told = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if told != "ok":
        raise sqlite3.DatabaseError(told)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    with transaction(connection):
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > VERSION:
            raise BadInput(
                f"the list of jobs was written by a newer recrate (version {found})",
                where=str(path),
                hint=f"this one knows version {VERSION}: update recrate, or name another folder",
            )
        for script in _MIGRATIONS[found:]:
            for statement in script.split(";"):
                if statement.strip():
                    connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the right to write from the first statement on, so that reading and writing are one."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _set_aside(path: Path) -> Path:
    """Give the broken files a name of their own; nothing is deleted."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.name}.broken-{moment}")
    with disk_errors(path):
        for ending in ("", "-wal", "-shm"):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.rename(aside.with_name(aside.name + ending))
    return aside
