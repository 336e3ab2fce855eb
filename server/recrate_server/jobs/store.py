"""Jobs in SQLite: found again after a restart, claimed by one server at a time, paged by number.

Synchronous and for one thread; the desk calls it off the event loop. Several servers of one person
may share the database: whatever reads and then writes does so in one transaction.
"""

import json
import sqlite3
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate.model.errors import BadInput, Conflict, NotFound
from recrate.model.wire import from_plain, to_plain
from recrate_server.jobs.model import Job, JobPage, Kind, Progress, Status
from recrate_server.jobs.problems import TooMany
from recrate_server.jobs.processes import ProcessMark
from recrate_server.jobs.schema import open_database, transaction

_OPEN = "('queued', 'running')"

_JOB = "id, kind, status, subject, title, user, parent, created, started, ended"
_DOCUMENTS = ("order", "progress", "error", "summary")

_NEXT = """
    SELECT q.id FROM jobs q
    WHERE q.status = 'queued' AND q.light = :light
      AND NOT EXISTS (SELECT 1 FROM jobs s WHERE s.status = 'running' AND s.parent = q.parent)
    ORDER BY
      (SELECT count(*) FROM jobs r
       WHERE r.user = q.user AND r.status = 'running' AND r.light = :light),
      (SELECT coalesce(max(l.started), '') FROM jobs l WHERE l.user = q.user AND l.light = :light),
      q.number
    LIMIT 1
"""
"""The oldest of the person who has least at work; of equals, who has waited longest for a turn.

Two judgings of one run wait for one another: both write its verdict.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which jobs a page shows. `after` is `next` of the page before."""

    words: str = ""
    kind: Kind | None = None
    status: Status | None = None
    verdict: str | None = None
    subject: str | None = None
    identity: str | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A job that runs, whose server it is, and its worker's process as far as it is known."""

    job: Job
    owner: str | None
    process: ProcessMark | None


class Store:
    """The database of one data folder. `set_aside`: where a broken one went, for the log."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection, self.set_aside = open_database(path)

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def add(self, job: Job, *, most_per_user: int | None = None) -> None:
        """Add a job; raises TooMany when its person has `most_per_user` that wait or run."""
        with transaction(self._connection):
            if most_per_user is not None:
                self._refuse_more(job.user, most_per_user)
            values = _values(job)
            names = ", ".join(f'"{name}"' for name in values)
            marks = ", ".join(f":{name}" for name in values)
            try:
                self._connection.execute(f"INSERT INTO jobs ({names}) VALUES ({marks})", values)  # noqa: S608 - names are ours
            except sqlite3.IntegrityError as error:
                raise Conflict("there is a job of this id", where=job.id) from error

    def _refuse_more(self, user: str, most: int) -> None:
        rows = self._connection.execute(
            f"SELECT progress FROM jobs WHERE user = ? AND status IN {_OPEN}",  # noqa: S608 - a constant
            (user,),
        ).fetchall()
        if len(rows) < most:
            return
        waits = [
            left
            for row in rows
            if row["progress"] and (left := json.loads(row["progress"]).get("seconds_left"))
        ]
        raise TooMany(
            f"{len(rows)} of your jobs wait or run, and {most} may",
            hint="wait until one is done, or cancel one",
            retry_after_seconds=min(600.0, max(5.0, min(waits, default=15.0))),
        )

    def read(self, job_id: str) -> Job:
        """Return a job; raises NotFound."""
        return _job(self._row(job_id))

    def claim_of(self, job_id: str) -> Claim:
        """Return a job with who minds it; raises NotFound."""
        return _claim(self._row(job_id))

    def _row(self, job_id: str) -> sqlite3.Row:
        row = self._connection.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
        if row is None:
            raise NotFound("no such job", where=job_id, hint="it may have been deleted")
        found: sqlite3.Row = row
        return found

    def page(self, query: Query) -> JobPage:
        """Return the jobs that match, newest first; raises BadInput for an `after` not ours."""
        where, values = _conditions(query)
        if query.words:
            return self._page_of_words(query, where, values)
        total = self._connection.execute(
            f"SELECT count(*) FROM jobs WHERE {where}",  # noqa: S608 - conditions are ours
            values,
        ).fetchone()[0]
        if query.after is not None:
            where += " AND number < :after"
            values["after"] = _cursor(query.after)
        rows = self._connection.execute(
            f"SELECT * FROM jobs WHERE {where} ORDER BY number DESC LIMIT :most",  # noqa: S608
            {**values, "most": query.limit + 1},
        ).fetchall()
        return _page(rows, query.limit, total)

    def _page_of_words(self, query: Query, where: str, values: dict[str, Any]) -> JobPage:
        """Look through all jobs once, for their number and the page together."""
        found = self._connection.execute(
            f"SELECT number FROM jobs WHERE {where}",  # noqa: S608 - conditions are ours
            values,
        ).fetchall()
        numbers = sorted((row["number"] for row in found), reverse=True)
        if query.after is not None:
            after = _cursor(query.after)
            numbers = [number for number in numbers if number < after]
        wanted = ", ".join(map(str, numbers[: query.limit + 1]))
        rows = self._connection.execute(
            f"SELECT * FROM jobs WHERE number IN ({wanted}) ORDER BY number DESC"  # noqa: S608
        ).fetchall()
        return _page(rows, query.limit, len(found))

    def claim_next(self, owner: str, *, light: bool, at_once: int, moment: str) -> Job | None:
        """Make the next queued job ours and running, if fewer than `at_once` of its kind run."""
        with transaction(self._connection):
            running = self._connection.execute(
                "SELECT count(*) FROM jobs WHERE status = 'running' AND light = ?", (light,)
            ).fetchone()[0]
            if running >= at_once:
                return None
            row = self._connection.execute(_NEXT, {"light": light}).fetchone()
            if row is None:
                return None
            self._connection.execute(
                "UPDATE jobs SET status = 'running', owner = ?, process = NULL, ended = NULL,"
                " started = coalesce(started, ?) WHERE id = ?",
                (owner, moment, row["id"]),
            )
            return _job(self._row(row["id"]))

    def running(self) -> tuple[Claim, ...]:
        """Return all jobs that run, as far as the database knows."""
        rows = self._connection.execute("SELECT * FROM jobs WHERE status = 'running'").fetchall()
        return tuple(_claim(row) for row in rows)

    def adopt(self, job_id: str, *, instead_of: str | None, owner: str) -> bool:
        """Take over a running job from a server that is gone; only one of several succeeds."""
        with transaction(self._connection):
            done = self._connection.execute(
                "UPDATE jobs SET owner = ? WHERE id = ? AND status = 'running' AND owner IS ?",
                (owner, job_id, instead_of),
            )
            return done.rowcount == 1

    def release(self, owner: str) -> None:
        """Leave our running jobs to the next server."""
        self._connection.execute("UPDATE jobs SET owner = NULL WHERE owner = ?", (owner,))

    def keep_process(self, job_id: str, process: ProcessMark) -> None:
        """Remember the worker's process."""
        self._connection.execute(
            "UPDATE jobs SET process = ? WHERE id = ?", (_text(process), job_id)
        )

    def keep_progress(self, progress: Mapping[str, Progress]) -> None:
        """Remember how far running jobs are, by their ids."""
        with transaction(self._connection):
            self._connection.executemany(
                "UPDATE jobs SET progress = ? WHERE id = ? AND status = 'running'",
                [(_text(one), job_id) for job_id, one in progress.items()],
            )

    def put(self, job: Job, *, only_from: tuple[Status, ...]) -> bool:
        """Write a job's state if it still stands at one of `only_from`; say whether it did."""
        values = _values(job)
        sets = ", ".join(f'"{name}" = :{name}' for name in values if name != "id")
        allowed = ", ".join(f"'{status.value}'" for status in only_from)
        with transaction(self._connection):
            done = self._connection.execute(
                f"UPDATE jobs SET {sets} WHERE id = :id AND status IN ({allowed})",  # noqa: S608
                values,
            )
            return done.rowcount == 1

    def queue_again(self, job: Job, *, most_per_user: int) -> bool:
        """Let an ended job wait for its turn again; raises TooMany as `add` does."""
        with transaction(self._connection):
            self._refuse_more(job.user, most_per_user)
            done = self._connection.execute(
                "UPDATE jobs SET status = 'queued', ended = NULL, error = NULL, progress = NULL,"
                " owner = NULL, process = NULL"
                " WHERE id = ? AND status IN ('failed', 'cancelled', 'interrupted')",
                (job.id,),
            )
            return done.rowcount == 1

    def remove(self, job_id: str, *, beside: Callable[[], None]) -> None:
        """Forget a job; raises Conflict while it, or a judging of it, waits or runs.

        beside: what is done at the same time; when that raises, the job is not forgotten
        """
        with transaction(self._connection):
            self._row(job_id)
            busy = self._connection.execute(
                f"SELECT id FROM jobs WHERE (id = :id OR parent = :id) AND status IN {_OPEN}",  # noqa: S608
                {"id": job_id},
            ).fetchone()
            if busy is not None:
                raise Conflict(
                    "the job has not ended", where=job_id, hint="cancel it first, then delete it"
                )
            self._connection.execute("DELETE FROM jobs WHERE id = ?", (job_id,))
            beside()

    def ids(self) -> frozenset[str]:
        """Return the ids of all jobs."""
        return frozenset(row["id"] for row in self._connection.execute("SELECT id FROM jobs"))


def _page(rows: list[sqlite3.Row], limit: int, total: int) -> JobPage:
    """Return a page of `rows`; one more than `limit` says that there is another page."""
    shown = rows[:limit]
    return JobPage(
        jobs=tuple(_job(row) for row in shown),
        next=str(shown[-1]["number"]) if len(rows) > limit else None,
        total=total,
    )


def _conditions(query: Query) -> tuple[str, dict[str, Any]]:
    parts, values = ["1"], dict[str, Any]()
    for name in ("kind", "status", "verdict", "subject", "identity"):
        value = getattr(query, name)
        if value is not None:
            parts.append(f"{name} = :{name}")
            values[name] = str(value)
    for number, word in enumerate(folded(query.words).split()[:20]):
        # Not an index of words: a Japanese word is two letters, and stands without spaces.
        parts.append(f"instr(search, :word{number})")
        values[f"word{number}"] = word
    return " AND ".join(parts), values


def _cursor(after: str) -> int:
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        raise BadInput("not a mark of a page", where="after", hint="send `next` as it came")
    return int(after)


def folded(text: str) -> str:
    """Return text as it is searched: capitals, widths and compatible letters made one."""
    return unicodedata.normalize("NFKC", text).casefold()


def _text(value: object) -> str | None:
    return None if value is None else json.dumps(to_plain(value), ensure_ascii=False)


def _values(job: Job) -> dict[str, Any]:
    summary = job.summary
    verdict = summary.verdict if summary else None
    words = (job.title, job.subject, job.kind.value, verdict or "", job.user)
    return {
        **{name: getattr(job, name) for name in _JOB.split(", ")},
        **{name: _text(getattr(job, name)) for name in _DOCUMENTS},
        "light": job.kind.light,
        "verdict": verdict,
        "identity": summary.identity if summary else None,
        "search": folded("\n".join(words)),
    }


def _job(row: sqlite3.Row) -> Job:
    plain = {name: row[name] for name in _JOB.split(", ")}
    for name in _DOCUMENTS:
        plain[name] = json.loads(row[name]) if row[name] is not None else None
    plain["resumable"] = Status(row["status"]).resumable
    return from_plain(plain, Job, where=row["id"])


def _claim(row: sqlite3.Row) -> Claim:
    process = json.loads(row["process"]) if row["process"] else None
    return Claim(
        job=_job(row),
        owner=row["owner"],
        process=from_plain(process, ProcessMark) if process else None,
    )
