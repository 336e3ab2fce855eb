"""Where the desk stands in a Jupyter Server: opened with it, heard by it, closed with it."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from logging import Logger
from pathlib import Path
from typing import Any

from jupyter_events import EventLogger

from recrate.model.errors import RecrateError
from recrate_server.jobs.desk import Desk
from recrate_server.jobs.minding import Variables
from recrate_server.jobs.model import Job, Status
from recrate_server.jobs.settings import DeskSettings
from recrate_server.jobs.store import Query

SCHEMA = Path(__file__).parent / "events" / "job-status.yaml"
SCHEMA_ID = "urn:recrate:events:job-status"
LOOK_SECONDS = 60.0


class Office:
    """Keeps one desk. `busy` is called while jobs run, so that nobody takes the server for idle."""

    def __init__(
        self,
        settings: DeskSettings,
        *,
        events: EventLogger,
        busy: Callable[[datetime], None],
        log: Logger,
        variables: Variables = lambda _job: {},
    ) -> None:
        self._settings = settings
        self._variables = variables
        self._events = events
        self._busy = busy
        self._log = log
        self._desk: Desk | None = None
        self._opening = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None
        if SCHEMA_ID not in events.schemas:
            events.register_event_schema(SCHEMA)

    async def desk(self) -> Desk:
        """Return the desk, opened by whoever asks first; raises RecrateError when it cannot be."""
        async with self._opening:
            if self._desk is None:
                desk = await Desk.open(self._settings, log=self._log, variables=self._variables)
                desk.on_change(self._tell)
                self._desk = desk
                self._watch = asyncio.create_task(self._look(desk))
            return self._desk

    async def begin(self) -> None:
        """Open the desk as the server starts: jobs that an earlier one left are taken up."""
        try:
            await self.desk()
        except Exception:  # noqa: BLE001  whoever asks for jobs is told; the server itself goes on
            self._log.exception("recrate: the jobs cannot be opened")

    async def close(self) -> None:
        """Close the desk as the server stops; jobs go on or end, as configured."""
        async with self._opening:
            if self._watch is not None:
                self._watch.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await self._watch
            if self._desk is not None:
                await self._desk.close()
            self._desk = self._watch = None

    def _tell(self, job: Job) -> None:
        self._busy(datetime.now(UTC))
        self._events.emit(schema_id=SCHEMA_ID, data=event_of(job))

    async def _look(self, desk: Desk) -> None:
        """Say once a minute that there is work, while there is."""
        while True:
            with contextlib.suppress(RecrateError):  # the desk tells the log what is wrong
                running = await desk.page(Query(status=Status.RUNNING, limit=1))
                if running.total:
                    self._busy(datetime.now(UTC))
            await asyncio.sleep(LOOK_SECONDS)


def event_of(job: Job) -> dict[str, Any]:
    """Return what an operator's log is told of a change; no titles, and no names of files."""
    summary = job.summary
    return {
        "job": job.id,
        "kind": job.kind.value,
        "status": job.status.value,
        "user": job.user,
        "verdict": summary.verdict if summary else None,
        "reason": job.error.reason if job.error else None,
    }
