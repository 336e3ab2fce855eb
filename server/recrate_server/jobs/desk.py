"""The desk: takes orders for long work, tells how it stands, and ends it when asked.

For one event loop. Whatever touches a disk, a process or the database happens in threads. What it
knows lies in the database and in the jobs' folders, so that another desk goes on where it stopped.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from recrate.model.errors import BadInput, Conflict, NotFound, OutsideFailed
from recrate_server.jobs.care import Care, Listener
from recrate_server.jobs.events import EventReader, EventWriter, now
from recrate_server.jobs.folder import JobFolder
from recrate_server.jobs.following import Story
from recrate_server.jobs.minding import Minded, Variables
from recrate_server.jobs.model import Event, Job, JobPage, Status
from recrate_server.jobs.orders import Errand, JudgeOrder, Order, PackOrder, order_document
from recrate_server.jobs.settings import DeskSettings
from recrate_server.jobs.store import Query, Store
from recrate_server.jobs.threads import Threads

_WAIT_SECONDS = 20.0
"""How long a cancelled job may take to be seen as ended, where another server minds it."""


class Desk:
    """The doors of this room: `await Desk.open(settings)`, and at the end `await desk.close()`."""

    def __init__(self, care: Care) -> None:
        self._care = care
        self._store, self._threads, self._folders = care.store, care.threads, care.folders
        self.settings = care.settings

    @classmethod
    async def open(
        cls,
        settings: DeskSettings,
        *,
        log: logging.Logger | None = None,
        variables: Variables = lambda _job: {},
    ) -> "Desk":
        """Open the database, take up what an earlier server left, and begin to mind jobs.

        variables: gives what a job's worker finds in its environment beside our own: tokens
        Raises BadInput when a newer recrate wrote the database, OutsideFailed for a bad disk.
        """
        log = log or logging.getLogger("recrate.jobs")
        threads = Threads()
        try:
            store = await threads.ask(Store, settings.folder / "jobs.sqlite")
        except BaseException:
            threads.close()
            raise
        if store.set_aside is not None:
            log.warning("the list of jobs was damaged; it was set aside as %s", store.set_aside)
        care = Care(settings, store, threads, log, variables)
        await care.begin()
        return cls(care)

    async def close(self) -> None:
        """Let go of everything. What runs goes on, unless `end_workers` says otherwise."""
        await self._care.close()
        await self._threads.ask(self._store.close)
        self._threads.close()

    def on_change(self, listener: Listener) -> None:
        """Call `listener` with the job, on the event loop, whenever a job's status changes here."""
        self._care.listeners.append(listener)

    async def accept(
        self,
        order: Order,
        *,
        user: str,
        title: str,
        source: Path | None = None,
        destination: Path | None = None,
        folders: Mapping[str, Path] | None = None,
    ) -> Job:
        """Take an order and return the job, queued.

        source, destination: the real places of `order.path` and `order.destination`
        folders: the real places of a publishing's answers that name folders
        A judging has its source from the run it names. Raises TooMany (a Busy) when the person has
        enough that waits or runs, NotFound or Conflict where a job that is named cannot serve.
        """
        parent = order.run if isinstance(order, JudgeOrder) else None
        if parent is not None:
            source = await self._judgeable(parent)
        if source is None:
            raise BadInput("nothing to work on", where="path", hint="name a study or a crate")
        verified_by = order.verified_by if isinstance(order, PackOrder) else None
        if verified_by is not None:
            await self.read(verified_by)
        job = Job(
            id=uuid.uuid4().hex,
            kind=order.job,
            status=Status.QUEUED,
            subject=order.path,
            title=title,
            created=now(),
            order=order_document(order),
            user=user,
            parent=parent,
        )
        errand = Errand(
            job=job,
            source=str(source),
            destination=str(destination) if destination is not None else None,
            settings=self.settings.workers,
            unsandboxed=self.settings.unsandboxed,
            verified_by=str(self._folders.of(verified_by).root) if verified_by else None,
            folders={name: str(real) for name, real in (folders or {}).items()},
        )
        return await self._enter(errand)

    async def _enter(self, errand: Errand) -> Job:
        job, folder = errand.job, self._folders.of(errand.job)
        try:
            await self._threads.look(_make, folder, errand)
            await self._threads.ask(self._store.add, job, most_per_user=self.settings.per_user)
        except BaseException:
            await self._threads.look(folder.discard)
            await self._threads.look(self._folders.finish_discarding)
            raise
        self._care.changed(job)
        self._care.want_round()
        return job

    async def _judgeable(self, run_id: str) -> Path:
        run = await self.read(run_id)
        if not run.kind.is_run:
            raise BadInput(
                "only a replay, a verification or a review can be judged again",
                where=run_id,
                hint="name the job that ran the notebooks",
            )
        if run.status is not Status.DONE:
            raise Conflict("this run is not done", where=run_id, hint="wait for it, or resume it")
        return self._folders.of(run_id).root

    async def read(self, job_id: str) -> Job:
        """Return a job as it stands now; raises NotFound."""
        return self._as_now(await self._threads.ask(self._store.read, job_id))

    async def page(self, query: Query) -> JobPage:
        """Return the jobs that `query` asks for, newest first; raises BadInput for a bad mark."""
        found = await self._threads.ask(self._store.page, query)
        return replace(found, jobs=tuple(self._as_now(job) for job in found.jobs))

    def _as_now(self, job: Job) -> Job:
        """Lay over what is known here and not yet in the database."""
        if job.id in self._care.unsaved:
            return self._care.unsaved[job.id]
        minded = self._care.minded.get(job.id)
        if minded is not None and minded.progress is not None and job.status is Status.RUNNING:
            return replace(job, progress=minded.progress)
        return job

    async def cancel(self, job_id: str) -> Job:
        """End a job with every process it started, and return it; one that ended is left alone.

        It is asked first, and has `patience_seconds` to save what it saw.
        """
        job = await self.read(job_id)
        if job.status is Status.QUEUED:
            ended = replace(job, status=Status.CANCELLED, ended=now(), resumable=True)
            if await self._threads.ask(self._store.put, ended, only_from=(Status.QUEUED,)):
                await self._threads.look(_say, self._folders.of(job), ended)
                self._care.changed(ended)
                return ended
        job = await self.read(job_id)
        if job.status is not Status.RUNNING:
            return job
        minded = self._care.minded.get(job_id) or Minded.of(job, self._folders.of(job))
        await self._threads.wait(minded.end, self.settings.patience_seconds)
        until = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < until:
            news = self._care.news_of(job_id)
            job = await self.read(job_id)
            if job.status is not Status.RUNNING:
                break
            await _heard(news, 0.3)
        return job

    async def resume(self, job_id: str) -> Job:
        """Let a job that was interrupted, cancelled or failed go on, and return it, queued.

        Raises Conflict while it waits or runs and when it is done, TooMany as `accept` does.
        """
        job = await self.read(job_id)
        if job.parent is not None and job.status.resumable:
            await self._judgeable(job.parent)
        await self._care.save(job_id)
        if not await self._threads.ask(
            self._store.queue_again, job, most_per_user=self.settings.per_user
        ):
            raise Conflict(
                f"a job that is {job.status.value} cannot be resumed",
                where=job_id,
                hint="start it again",
            )
        job = await self.read(job_id)
        self._care.changed(job)
        self._care.want_round()
        return job

    async def delete(self, job_id: str) -> None:
        """Forget a job that ended, with its folder; raises Conflict while it waits or runs."""
        folder = self._folders.of(job_id)
        await self._care.save(job_id)
        await self._threads.ask(self._store.remove, job_id, beside=folder.discard)
        self._care.unsaved.pop(job_id, None)
        await self._threads.wait(self._folders.finish_discarding)

    async def events(self, job_id: str, after: int = -1) -> tuple[Job, tuple[Event, ...]]:
        """Return the job, and its events with a number above `after`; raises NotFound."""
        reader = EventReader(path=self._folders.of(job_id).events)
        found = await self._threads.look(reader.read)
        job = await self.read(job_id)
        return job, tuple(event for event in found if event.number > after)

    async def follow(self, job_id: str, after: int = -1) -> AsyncIterator[Event]:
        """Yield the events above `after`: those there are, then each as it happens.

        Ends after the last event of a job that has ended; `read` knows by then that it has, and the
        event carries the job. Ends, too, when the job is deleted. Raises NotFound.
        """
        job = await self.read(job_id)
        story = Story(EventReader(path=self._folders.of(job_id).events), after)
        while True:
            news = self._care.news_of(job_id)
            await self._threads.look(story.read)
            try:
                job = await self.read(job_id)
            except NotFound:
                return
            for event in story.told(job):
                yield event
            if story.over:
                return
            await _heard(news, 2.0 if job_id in self._care.minded else 0.3)

    async def result(self, job_id: str) -> dict[str, Any]:
        """Return what a job that is done gave; raises Conflict when it is not, NotFound."""
        job = await self.read(job_id)
        if job.status is not Status.DONE:
            raise Conflict(
                f"this job is {job.status.value}, not done",
                where=job_id,
                hint="wait for it, or resume it",
            )
        return await self._threads.look(self._folders.of(job_id).read_result)

    def folder(self, job_id: str) -> JobFolder:
        """Return where a job's files lie; ask `read` first whether there is such a job."""
        return self._folders.of(job_id)


async def _heard(news: asyncio.Event, seconds: float) -> None:
    """Wait until there is news, at most so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await news.wait()


def _make(folder: JobFolder, errand: Errand) -> None:
    folder.make(errand)
    try:
        _say(folder, errand.job, strict=True)
    except OSError as error:
        raise OutsideFailed(
            error.strerror or str(error), where="the jobs' folder", hint="is the disk full?"
        ) from error


def _say(folder: JobFolder, job: Job, *, strict: bool = False) -> None:
    """Append a job's status to its story; `strict` raises OSError when it cannot be."""
    try:
        with EventWriter.open(folder.events) as writer:
            writer.status(job.status, error=job.error)
    except OSError:
        if strict:
            raise
